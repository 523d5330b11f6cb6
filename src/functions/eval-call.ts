import { allRows, type Rows } from '../batch/batch.ts';
import { asConstant, buildConstant } from '../batch/builder.ts';
import { valueReader } from '../batch/read.ts';
import { Vector } from '../batch/vector.ts';
import { RayexecError, type Span } from '../common/errors.ts';
import { combineValidity, flatten, selectValid } from '../kernels/vectors.ts';
import type { Arena } from '../memory/arena.ts';
import type { DataType } from '../types/data-type.ts';
import { type Columns, type EvalEnv, type EvalNode, noRows, nullConstant, operand, selectTrue } from './eval-node.ts';
import type { EvalContext, LambdaBody, ScalarOverload } from './function.ts';

/** The parts of an overload that running needs; casts and IN are made of them, too. */
export type Runnable = Pick<ScalarOverload, 'nulls' | 'canFail' | 'volatile' | 'takesDictionaries' | 'run' | 'select'>;

/** Larger dictionaries are decoded: positions of selections are u16. */
const MAX_DICTIONARY = 65_535;

/** A call: folds constants, propagates NULL, works once per dictionary value where it can, and places errors. */
export class CallNode implements EvalNode {
  readonly type: DataType;
  readonly isConstant: boolean;
  readonly #env: EvalEnv;
  readonly #fn: Runnable;
  readonly #args: readonly EvalNode[];
  readonly #span: Span | undefined;
  readonly #lambda: LambdaBody | undefined;
  readonly #dictionaryResults: DictionaryResults;
  #folded: Vector | undefined;

  constructor(
    env: EvalEnv,
    fn: Runnable,
    args: readonly EvalNode[],
    type: DataType,
    span: Span | undefined,
    lambda?: LambdaBody,
  ) {
    this.#env = env;
    this.#fn = fn;
    this.#args = args;
    this.type = type;
    this.#span = span;
    this.#lambda = lambda;
    this.isConstant = fn.volatile !== true && args.every(a => a.isConstant);
    this.#dictionaryResults = new DictionaryResults(env);
  }

  evaluate(columns: Columns, rows: Rows): Vector {
    if (rows.selected === 0) return nullConstant(this.#env, this.type, rows.count);
    if (this.isConstant) {
      this.#folded ??= this.#fold(columns);
      return this.#folded.slice(0, rows.count);
    }
    const args = this.#args.map(a => a.evaluate(columns, rows));
    return this.#early(args, rows) ?? this.#run(this.#env, this.#flat(args, rows), rows);
  }

  select(columns: Columns, rows: Rows): Rows {
    if (rows.selected === 0) return rows;
    const fn = this.#fn;
    if (fn.select === undefined || this.isConstant) return selectTrue(this.#env, this.evaluate(columns, rows), rows);
    const args = this.#args.map(a => a.evaluate(columns, rows));
    const early = this.#early(args, rows);
    if (early !== undefined) return selectTrue(this.#env, early, rows);
    return this.#place(() => {
      const call = this.#prepare(this.#env, this.#flat(args, rows), rows);
      return call.rows.selected === 0 ? noRows(this.#env, rows) : fn.select!(this.#env, call);
    });
  }

  /** Results that need not look at every row; undefined when it has to. */
  #early(args: readonly Vector[], rows: Rows): Vector | undefined {
    const fn = this.#fn;
    if (fn.nulls === 'propagate' && args.some(a => a.isNullConstant(this.#env.memory))) {
      return nullConstant(this.#env, this.type, rows.count);
    }
    if (fn.volatile === true) return undefined;
    if (args.length > 0 && args.every(a => a.form === 'constant')) {
      const first = args.map(a => a.slice(0, 1));
      return asConstant(this.#one(this.#env, first), rows.count);
    }
    return this.#perDictionary(args, rows);
  }

  #fold(columns: Columns): Vector {
    const ctx: EvalContext = { ...contextOf(this.#env), arena: this.#env.longLived };
    const args = this.#args.map(a => a.evaluate(columns, allRows(1)));
    if (this.#fn.nulls === 'propagate' && args.some(a => a.isNullConstant(ctx.memory)))
      return nullConstant(ctx, this.type, 1);
    // What the arguments are made of, and the result may point into, ends with this batch: the value is copied.
    const value = valueReader(ctx.memory, this.#run(ctx, args, allRows(1)))(0);
    return buildConstant(ctx, this.type, value, 1);
  }

  /** The result of one row: not a code of a dictionary, as those of enums are. */
  #one(ctx: EvalContext, args: readonly Vector[]): Vector {
    const result = this.#run(ctx, args, allRows(1));
    return result.form === 'dictionary' ? flatten(ctx, result, allRows(1)) : result;
  }

  /** One dictionary argument among constants: the result is the dictionary of results under the same codes. */
  #perDictionary(args: readonly Vector[], rows: Rows): Vector | undefined {
    const fn = this.#fn;
    if (fn.nulls !== 'propagate' || fn.takesDictionaries === true) return undefined;
    const at = args.findIndex(a => a.form === 'dictionary');
    if (at === -1 || !this.#args.every((a, i) => i === at || a.isConstant)) return undefined;
    const coded = args[at]!;
    const dictionary = coded.dictionary!;
    const result = this.#dictionaryResults.get(dictionary, rows.selected, ctx => {
      const { length } = dictionary;
      const inputs = args.map((a, i) => (i === at ? dictionary : a.slice(0, length)));
      return flatten(ctx, this.#run(ctx, inputs, allRows(length)), allRows(length));
    });
    return result === undefined ? undefined : Vector.coded(result, rows.count, coded.data, coded.validity);
  }

  #flat(args: readonly Vector[], rows: Rows): readonly Vector[] {
    return this.#fn.takesDictionaries === true ? args : args.map(a => operand(this.#env, a, rows));
  }

  #prepare(ctx: EvalContext, args: readonly Vector[], rows: Rows) {
    if (this.#fn.nulls === 'handles') return { args, rows, validity: 0, type: this.type, lambda: this.#lambda };
    const validity = combineValidity(ctx, args, rows);
    const valid = this.#fn.canFail === true ? selectValid(ctx, validity, rows) : rows;
    return { args, rows: valid, validity, type: this.type, lambda: this.#lambda };
  }

  #run(ctx: EvalContext, args: readonly Vector[], rows: Rows): Vector {
    return this.#place(() => {
      const call = this.#prepare(ctx, args, rows);
      return call.rows.selected === 0 ? nullConstant(ctx, this.type, rows.count) : this.#fn.run(ctx, call);
    });
  }

  /** Gives errors the place of the call in the query. */
  #place<T>(run: () => T): T {
    try {
      return run();
    } catch (e) {
      if (!(e instanceof RayexecError) || e.span !== undefined || this.#span === undefined) throw e;
      const { code, summary, hint, where, cause } = e;
      throw new RayexecError(code, summary, { hint, where, cause, span: this.#span });
    }
  }
}

const contextOf = ({ memory, kernels, arena }: EvalContext): EvalContext => ({ memory, kernels, arena });

/** The results of a call on the last dictionary that it met. */
class DictionaryResults {
  readonly #env: EvalEnv;
  #dictionary: Vector | undefined;
  #result: Vector | undefined;
  /** Rows of this dictionary that were decoded because it seemed too large. */
  #missed = 0;
  /** Two in turn: a result handed out for the last dictionary may still be read when the next comes. */
  #arenas: [Arena, Arena] | undefined;

  constructor(env: EvalEnv) {
    this.#env = env;
  }

  /**
   * The results for a dictionary, computed once; undefined when decoding is better: more values than rows seen so far, or a
   * value that fails, which perhaps no row has.
   */
  get(dictionary: Vector, rows: number, compute: (ctx: EvalContext) => Vector): Vector | undefined {
    if (this.#dictionary !== dictionary) {
      this.#dictionary = dictionary;
      this.#result = undefined;
      this.#missed = 0;
    }
    if (this.#result !== undefined) return this.#result;
    this.#missed += rows;
    if (dictionary.length > Math.min(MAX_DICTIONARY, this.#missed)) return undefined;
    const { memory, kernels, newArena } = this.#env;
    this.#arenas ??= [newArena(), newArena()];
    this.#arenas.reverse();
    const arena = this.#arenas[0];
    arena.reset();
    try {
      this.#result = compute({ memory, kernels, arena });
    } catch (e) {
      if (!(e instanceof RayexecError)) throw e;
      this.#missed = Number.NEGATIVE_INFINITY;
    }
    return this.#result;
  }
}
