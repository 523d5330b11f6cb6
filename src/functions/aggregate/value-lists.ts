import type { Rows } from '../../batch/batch.ts';
import { buildVector } from '../../batch/builder.ts';
import { valueReader } from '../../batch/read.ts';
import type { Vector } from '../../batch/vector.ts';
import { RayexecError } from '../../common/errors.ts';
import type { DataType } from '../../types/data-type.ts';
import { type RawValue, rawToScalar, scalarToRaw } from '../../types/raw-value.ts';
import type { ScalarValue } from '../../types/scalar.ts';
import type { AggregateContext, AggregateOverload, ResultCall, UpdateCall } from '../function.ts';
import {
  COLLECTOR_BYTES,
  collected,
  collectRows,
  listRanges,
  mergeCollected,
  parameterInHeap,
  partialCollected,
  readParameter,
} from './collected.ts';
import { fromStored, storedType, toStored } from './nested-value.ts';

/** What an aggregate makes of all its rows' values that are not NULL (at least one) and its other arguments, which are constants. */
export type OfValues = (values: readonly RawValue[], constants: readonly RawValue[], call: ResultCall) => RawValue;

/**
 * An overload that keeps its rows' values of the first argument until JavaScript computes the result, NULL without rows: for
 * aggregates that are rare.
 * @param overload its `fit` may have any number of arguments; all but the first must be the same in all rows
 */
export function valueListOverload(
  overload: Pick<AggregateOverload, 'key' | 'signature' | 'fit'>,
  compute: OfValues,
): AggregateOverload {
  return {
    ...overload,
    nullable: true,
    skipsNulls: true,
    stateBytes: () => COLLECTOR_BYTES,
    update: (ctx, call) => {
      if (call.rows.selected === 0) return;
      const parameter = call.args.length > 1 ? parameterInHeap(ctx, constantsOf(ctx, call)) : 0;
      collectRows(ctx, call, toStored(ctx, call.args[0]!, call.rows), parameter);
    },
    mergeConsumes: true,
    merge: mergeCollected,
    partial: partialCollected,
    result: (ctx, call) => results(ctx, call, compute),
  };
}

/** The arguments after the first, which are the same in all rows, as JSON. @throws RayexecError `invalid-argument` when rows differ in them */
export function constantsOf(ctx: AggregateContext, { args, rows }: UpdateCall): Uint8Array {
  const values = args.slice(1).map((arg, i) => constantOf(ctx, arg, rows, i + 2));
  return new TextEncoder().encode(JSON.stringify(values));
}

function constantOf({ memory }: AggregateContext, vector: Vector, rows: Rows, place: number): ScalarValue {
  const read = valueReader(memory, vector);
  const row = (j: number): number => (rows.selection === 0 ? j : memory.u16[(rows.selection >>> 1) + j]!);
  const { value } = rawToScalar(vector.type, read(row(0)));
  if (vector.form === 'constant') return value;
  const text = JSON.stringify(value);
  for (let j = 1; j < rows.selected; j++) {
    if (JSON.stringify(rawToScalar(vector.type, read(row(j))).value) === text) continue;
    throw new RayexecError('invalid-argument', `argument ${place} of this aggregate must be the same in all rows`);
  }
  return value;
}

/** The values that `constantsOf` made JSON. @param types theirs */
export const constantsFrom = (json: Uint8Array, types: readonly DataType[]): readonly RawValue[] =>
  (JSON.parse(new TextDecoder().decode(json)) as readonly ScalarValue[]).map((value, i) =>
    scalarToRaw({ type: types[i]!, value }),
  );

function results(ctx: AggregateContext, call: ResultCall, compute: OfValues): Vector {
  const [type, ...others] = call.argTypes;
  const { values, lists, parameter } = collected(ctx, call, storedType(type!));
  const constants = parameter === 0 ? [] : constantsFrom(readParameter(ctx, parameter), others);
  const read = valueReader(ctx.memory, fromStored(ctx, values, type!));
  const found = listRanges(ctx, lists, call.count).map(([from, length]) =>
    length === 0
      ? null
      : compute(
          Array.from({ length }, (_, i) => read(from + i)),
          constants,
          call,
        ),
  );
  return buildVector(ctx, call.type, found);
}
