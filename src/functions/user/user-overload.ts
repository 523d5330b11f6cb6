import type { Rows } from '../../batch/batch.ts';
import { buildVector } from '../../batch/builder.ts';
import { valueReader as vectorReader } from '../../batch/read.ts';
import type { Vector } from '../../batch/vector.ts';
import { RayexecError } from '../../common/errors.ts';
import { columnArray } from '../../types/column-array.ts';
import { jsToRaw } from '../../types/js-to-raw.ts';
import { valueReader } from '../../types/raw-to-js.ts';
import type { RawValue } from '../../types/raw-value.ts';
import { typeName } from '../../types/type-name.ts';
import type { EvalContext, ScalarCall, ScalarFunction, ScalarOverload } from '../function.ts';
import { fitTypes } from '../overload.ts';
import { knownOverloads } from './known-overloads.ts';
import { codeOf } from './user-code.ts';
import { isUserKey, type UserFunction, userFunctionOf, userKey } from './user-function.ts';

/** The overload of a user's function that a plan names. */
export function userOverload(key: string): ScalarOverload | undefined {
  if (!isUserKey(key)) return undefined;
  const known = knownOverloads.get(key);
  if (known !== undefined) return known;
  const made = overloadOf(userFunctionOf(key));
  knownOverloads.set(key, made);
  return made;
}

/** A user's function as calls find it. */
export function userScalarFunction(fn: UserFunction): ScalarFunction {
  const args = fn.args.map((_, i) => `arg${i + 1}`);
  const doc = { summary: 'A function of this program.', args, examples: [], category: 'system' } as const;
  return { name: fn.name, doc, overloads: [overloadOf(fn)] };
}

function overloadOf(fn: UserFunction): ScalarOverload {
  const types = fn.args.map(a => a.type);
  return {
    key: userKey(fn),
    signature: `(${types.map(typeName).join(', ')}) -> ${typeName(fn.returns.type)}`,
    fit: args => fitTypes(args, types, fn.returns.type),
    nulls: fn.args.some(a => a.nullable) ? 'handles' : 'propagate',
    canFail: true,
    volatile: fn.volatile,
    run: (ctx, call) => (fn.vectorized ? runOnColumns(fn, ctx, call) : runOnValues(fn, ctx, call)),
  };
}

/** The positions of the rows to compute. */
function positionsOf({ memory }: EvalContext, { count, selected, selection }: Rows): number[] {
  if (selection === 0) return Array.from({ length: count }, (_, i) => i);
  return Array.from({ length: selected }, (_, j) => memory.u16[(selection >>> 1) + j]!);
}

/** Reads each argument by position: raw values, in which NULL is to be told before they are JavaScript's. */
function rawReaders({ memory }: EvalContext, args: readonly Vector[]): ((position: number) => RawValue)[] {
  return args.map(a => vectorReader(memory, a));
}

const jsReaders = (fn: UserFunction): ((raw: RawValue) => unknown)[] =>
  fn.args.map(({ type }, i) => valueReader(`argument ${i + 1} of ${fn.name}`, type, { int64: fn.int64 }));

function runOnValues(fn: UserFunction, ctx: EvalContext, { args, rows }: ScalarCall): Vector {
  const code = codeOf(fn);
  const raw = rawReaders(ctx, args);
  const js = jsReaders(fn);
  const values: RawValue[] = new Array(rows.count).fill(null);
  const given: unknown[] = new Array(args.length);
  each: for (const position of positionsOf(ctx, rows)) {
    for (let a = 0; a < args.length; a++) {
      const value = raw[a]!(position);
      if (value === null && !fn.args[a]!.nullable) continue each;
      given[a] = value === null ? null : js[a]!(value);
    }
    values[position] = resultOf(
      fn,
      called(fn, () => code(...given)),
    );
  }
  return buildVector(ctx, fn.returns.type, values);
}

function runOnColumns(fn: UserFunction, ctx: EvalContext, { args, rows }: ScalarCall): Vector {
  const code = codeOf(fn);
  const raw = rawReaders(ctx, args);
  const js = jsReaders(fn);
  const columns: unknown[][] = args.map(() => []);
  const positions = positionsOf(ctx, rows).filter(p =>
    raw.every((read, a) => fn.args[a]!.nullable || read(p) !== null),
  );
  for (const position of positions) {
    for (let a = 0; a < args.length; a++) {
      const value = raw[a]!(position);
      columns[a]!.push(value === null ? null : js[a]!(value));
    }
  }
  const values: RawValue[] = new Array(rows.count).fill(null);
  if (positions.length > 0) {
    const arrays = columns.map((column, a) => columnArray(fn.args[a]!.type, column));
    const results = called(fn, () => code(...arrays, positions.length)) as ArrayLike<unknown>;
    if (typeof results !== 'object' || results === null || results.length !== positions.length) {
      const found = (results as ArrayLike<unknown> | null)?.length ?? results;
      throw new RayexecError('invalid-argument', `${fn.name}: got ${positions.length} rows and gave ${found} values`, {
        hint: 'a vectorized function returns an array with a value for each row',
      });
    }
    positions.forEach((position, i) => {
      values[position] = resultOf(fn, results[i]);
    });
  }
  return buildVector(ctx, fn.returns.type, values);
}

/** Calls a user's code; what it throws becomes the query's error. */
function called(fn: UserFunction, call: () => unknown): unknown {
  try {
    return call();
  } catch (cause) {
    const message = cause instanceof Error ? cause.message : String(cause);
    throw new RayexecError('invalid-argument', `${fn.name} failed: ${message}`, { cause });
  }
}

function resultOf(fn: UserFunction, value: unknown): RawValue {
  if (value === null || value === undefined) {
    if (fn.returns.nullable) return null;
    throw new RayexecError('constraint', `${fn.name} gave ${value}, but it is declared never to give NULL`, {
      hint: "a question mark after its type allows it: 'float64?'",
    });
  }
  if (value instanceof Promise) {
    value.catch(() => undefined);
    throw new RayexecError('unsupported', `${fn.name} gave a promise: functions answer at once`);
  }
  return jsToRaw(`result of ${fn.name}`, fn.returns.type, value);
}
