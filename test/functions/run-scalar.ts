import type { Rows } from '../../src/batch/batch.ts';
import type { ScalarFunction } from '../../src/functions/function.ts';
import { combineValidity, selectValid } from '../../src/kernels/vectors.ts';
import { literalType } from '../../src/types/coercion.ts';
import { type DataType, NULL, UTF8 } from '../../src/types/data-type.ts';
import type { RawValue } from '../../src/types/raw-value.ts';
import {
  constantOf,
  positionsOf,
  rowsOf,
  type TestContext,
  testContext,
  valuesOf,
  vectorOf,
} from '../support/engine.ts';

/** An argument: a column, or a constant. */
export type Argument =
  | { readonly type: DataType; readonly values: readonly RawValue[] }
  | { readonly type: DataType; readonly constant: RawValue };

export type ScalarRun = {
  readonly args: readonly Argument[];
  readonly count: number;
  /** Rows to compute; absent: all. */
  readonly positions?: readonly number[];
};

/**
 * Runs a scalar function on the overload that fits best, without casts: the arguments' types must be what it takes.
 * @returns the values at the rows; and, for a function with `select`, that it agrees is checked.
 */
export function runScalar(
  fn: ScalarFunction,
  { args, count, positions }: ScalarRun,
  ctx: TestContext = testContext(),
): RawValue[] {
  const types = args.map(a =>
    'constant' in a && a.type === UTF8 ? literalType({ type: a.type, value: a.constant as string }) : a.type,
  );
  const fits = fn.overloads.map(overload => ({ overload, fit: overload.fit(types) })).filter(f => f.fit !== undefined);
  if (fits.length === 0) throw new Error(`no overload of ${fn.name}`);
  const { overload, fit } = fits.sort((a, b) => a.fit!.cost - b.fit!.cost)[0]!;
  const vectors = args.map((a, i) => {
    const wanted = a.type.kind === 'null' ? NULL : fit!.args[i]!;
    return 'constant' in a ? constantOf(ctx, wanted, a.constant, count) : vectorOf(ctx, wanted, a.values);
  });
  const rows: Rows = positions === undefined ? { count, selection: 0, selected: count } : rowsOf(ctx, count, positions);
  const propagate = overload.nulls === 'propagate';
  const validity = propagate ? combineValidity(ctx, vectors, rows) : 0;
  // NULL refs must never be followed: make them point nowhere.
  for (const vector of vectors) poison(ctx, vector);
  const call = {
    args: vectors,
    rows: overload.canFail && propagate ? selectValid(ctx, validity, rows) : rows,
    validity,
    type: fit!.returns,
  };
  const result = valuesOf(ctx, overload.run(ctx, call), rows);
  if (overload.select !== undefined) {
    const selected = positionsOf(ctx, overload.select(ctx, call));
    const expected = positionsOf(ctx, rows).filter((_, j) => result[j] === true);
    if (selected.join() !== expected.join()) throw new Error(`select gives ${selected}, run ${expected}`);
  }
  return result;
}

function poison({ memory }: TestContext, vector: ReturnType<typeof vectorOf>): void {
  if (vector.physical !== 'ref' || vector.form === 'constant') return;
  for (let i = 0; i < vector.length; i++) {
    if (vector.isNull(memory, i))
      memory.u32.fill(0xffff_fff0, (vector.data >>> 2) + 2 * i, (vector.data >>> 2) + 2 * i + 2);
  }
}
