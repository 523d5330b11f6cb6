import type { Rows } from '../batch/batch.ts';
import type { Vector } from '../batch/vector.ts';
import { assertNever, RayexecError } from '../common/errors.ts';
import { constantVector } from '../kernels/vectors.ts';
import { Arena } from '../memory/arena.ts';
import type { Owner } from '../memory/linear-memory.ts';
import { type AnyExpr, type LambdaExpr, type PhysicalExpr, typeOf } from '../plan/expr.ts';
import { partsOfExpr } from '../plan/physical-expr.ts';
import { BOOLEAN, type DataType } from '../types/data-type.ts';
import type { Scalar } from '../types/scalar.ts';
import { TimeZone } from '../types/time-zone.ts';
import { typeName } from '../types/type-name.ts';
import { findCast, toNulls } from './cast.ts';
import { runnableCast } from './cast-call.ts';
import { CaseNode, CoalesceNode } from './eval-branches.ts';
import { CallNode } from './eval-call.ts';
import { LogicNode } from './eval-logic.ts';
import { type Columns, type EvalEnv, type EvalNode, selectTrue } from './eval-node.ts';
import type { EvalContext, LambdaBody } from './function.ts';
import { inSet } from './in-set.ts';
import { builtinFunctions, type FunctionRegistry } from './registry.ts';

/**
 * Runs one expression over batches. Belongs to one partition; results live in the context's arena, constants and
 * results per dictionary in arenas of its own, which `close` gives back.
 */
export class ExprEvaluator {
  readonly #root: EvalNode;
  readonly #arenas: Arena[] = [];
  readonly #expr: PhysicalExpr;
  readonly #functions: FunctionRegistry;

  constructor(
    expr: PhysicalExpr,
    ctx: EvalContext & { readonly owner: Owner },
    functions: FunctionRegistry = builtinFunctions,
  ) {
    const { memory, kernels, arena, owner } = ctx;
    this.#expr = expr;
    this.#functions = functions;
    const newArena = (): Arena => {
      const made = new Arena(memory, owner);
      this.#arenas.push(made);
      return made;
    };
    this.#root = compile({ memory, kernels, arena, longLived: newArena(), newArena }, expr, functions);
  }

  /** The values of the rows, aligned with the batch's positions; other positions are undefined. */
  evaluate(columns: Columns, rows: Rows): Vector {
    return this.#root.evaluate(columns, rows);
  }

  /** The rows where a boolean expression is true (neither false nor NULL). */
  select(columns: Columns, rows: Rows): Rows {
    return this.#root.select(columns, rows);
  }

  /** It neither fails nor varies: it may meet other rows than those that it is written for. */
  get isSteady(): boolean {
    return isSteady(this.#expr, this.#functions);
  }

  close(): void {
    for (const arena of this.#arenas) arena.release();
  }
}

function compile(env: EvalEnv, expr: PhysicalExpr, functions: FunctionRegistry): EvalNode {
  const child = (e: PhysicalExpr): EvalNode => compile(env, e, functions);
  switch (expr.kind) {
    case 'input':
      return new InputNode(env, expr.index, expr.type);
    case 'literal':
      return new LiteralNode(env, expr.value);
    case 'call': {
      const overload = functions.scalarOverload(expr.fn, expr.overload);
      const args = expr.args.map(child);
      if (expr.lambda === undefined) return new CallNode(env, overload, args, expr.type, expr.span);
      const volatile = overload.volatile === true || isVolatile(expr.lambda.body, functions);
      // What is folded once outlives the batch.
      const arena = !volatile && args.every(a => a.isConstant) ? env.longLived : env.arena;
      const lambda = lambdaBody(compile({ ...env, arena }, expr.lambda.body, functions), expr.lambda);
      return new CallNode(env, { ...overload, volatile }, args, expr.type, expr.span, lambda);
    }
    case 'cast': {
      const input = child(expr.input);
      const zone = expr.zone === undefined ? undefined : TimeZone.named(expr.zone);
      const cast = findCast(input.type, expr.type, zone) ?? (expr.try ? toNulls : undefined);
      if (cast === undefined) {
        const summary = `${typeName(input.type)} can't be cast to ${typeName(expr.type)}`;
        throw new RayexecError('bind', summary, { span: expr.span });
      }
      return new CallNode(env, runnableCast(cast, input.type, expr.type, expr.try), [input], expr.type, expr.span);
    }
    case 'and':
    case 'or':
      return new LogicNode(
        env,
        expr.kind,
        expr.args.map(child),
        expr.args.map(e => isSteady(e, functions)),
      );
    case 'case': {
      const branches = expr.branches.map(b => ({ when: child(b.when), result: child(b.result) }));
      return new CaseNode(env, branches, child(expr.otherwise), expr.type);
    }
    case 'coalesce':
      return new CoalesceNode(env, expr.args.map(child), expr.type);
    case 'in': {
      const type = typeOf(expr.input);
      return new CallNode(env, inSet(env, type, expr.items, expr.negated), [child(expr.input)], BOOLEAN, undefined);
    }
    default:
      return assertNever(expr);
  }
}

function isSteady(expr: AnyExpr, functions: FunctionRegistry): boolean {
  if (expr.kind === 'call') {
    const { canFail, volatile } = functions.scalarOverload(expr.fn, expr.overload);
    if (canFail === true || volatile === true) return false;
  }
  if (expr.kind === 'cast' && !expr.try) {
    const zone = expr.zone === undefined ? undefined : TimeZone.named(expr.zone);
    if (findCast(typeOf(expr.input), expr.type, zone)?.canFail !== false) return false;
  }
  return partsOfExpr(expr).every(e => isSteady(e, functions));
}

function isVolatile(expr: AnyExpr, functions: FunctionRegistry): boolean {
  if (expr.kind === 'call' && functions.scalarOverload(expr.fn, expr.overload).volatile === true) return true;
  return partsOfExpr(expr).some(e => isVolatile(e, functions));
}

const lambdaBody = (body: EvalNode, { params, captured }: LambdaExpr): LambdaBody => ({
  params: params.length,
  captured,
  type: body.type,
  evaluate: (columns, rows) => body.evaluate(columns, rows),
  select: (columns, rows) => body.select(columns, rows),
});

class InputNode implements EvalNode {
  readonly type: DataType;
  readonly isConstant = false;
  readonly #env: EvalEnv;
  readonly #index: number;

  constructor(env: EvalEnv, index: number, type: DataType) {
    this.#env = env;
    this.#index = index;
    this.type = type;
  }

  evaluate(columns: Columns): Vector {
    const column = columns[this.#index];
    // Not by `invariant`: this is run for each batch, and the text would be made each time.
    if (column === undefined) throw new RayexecError('internal', `the batch has no column ${this.#index}`);
    return column;
  }

  select(columns: Columns, rows: Rows): Rows {
    return selectTrue(this.#env, this.evaluate(columns), rows);
  }
}

class LiteralNode implements EvalNode {
  readonly type: DataType;
  readonly isConstant = true;
  readonly #env: EvalEnv;
  #vector: Vector;

  constructor(env: EvalEnv, value: Scalar) {
    this.#env = env;
    this.type = value.type;
    this.#vector = constantVector({ ...env, arena: env.longLived }, value, 1);
  }

  evaluate(_columns: Columns, rows: Rows): Vector {
    if (this.#vector.length !== rows.count) this.#vector = this.#vector.slice(0, rows.count);
    return this.#vector;
  }

  select(columns: Columns, rows: Rows): Rows {
    return selectTrue(this.#env, this.evaluate(columns, rows), rows);
  }
}
