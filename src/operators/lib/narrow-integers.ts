import { allRows } from '../../batch/batch.ts';
import { Vector } from '../../batch/vector.ts';
import type { VectorPart } from '../../kernels/concat-vectors.ts';
import { valueKind } from '../../kernels/value-kind.ts';
import { flatten, type VectorContext } from '../../kernels/vectors.ts';
import { type DataType, INT8, INT16, INT32, INT64, UINT8, UINT16, UINT32, UINT64 } from '../../types/data-type.ts';
import { type PhysicalType, physicalType, widthOf } from '../../types/physical.ts';

/** The type that holds integers which need half the bytes. */
const HALF: Partial<Record<PhysicalType, DataType>> = {
  i128: INT64,
  i64: INT32,
  i32: INT16,
  i16: INT8,
  u128: UINT64,
  u64: UINT32,
  u32: UINT16,
  u16: UINT8,
};

/** The same values as flat vectors; those of integer kinds (also decimals, dates, times) of the fewest bytes that all parts fit in. */
export function narrowIntegers(ctx: VectorContext, parts: readonly VectorPart[]): readonly Vector[] {
  let vectors = parts.map(({ vector, count }) => flatten(ctx, vector, allRows(count)));
  for (;;) {
    const half = vectors[0] === undefined ? undefined : HALF[vectors[0].physical];
    if (half === undefined) return vectors;
    const halves: Vector[] = [];
    for (const [i, { count }] of parts.entries()) {
      const vector = convertIntegers(ctx, vectors[i]!, half, count);
      if (vector === undefined) return vectors;
      halves.push(vector);
    }
    vectors = halves;
  }
}

/** Integers that were made narrow as those of their type. */
export function widenIntegers(ctx: VectorContext, vector: Vector, type: DataType, count: number): Vector {
  return convertIntegers(ctx, vector, type, count)!;
}

/** Undefined where a value does not fit; what stands where there is none counts too. */
function convertIntegers(ctx: VectorContext, vector: Vector, type: DataType, count: number): Vector | undefined {
  const to = physicalType(type);
  const { kernels, arena } = ctx;
  const wide = Math.max(widthOf(vector.physical), widthOf(to)) > 8;
  const cast = wide ? kernels.cast_wide : kernels.cast_number;
  const data = arena.alloc(count * widthOf(to));
  const status = cast(valueKind(vector.physical), valueKind(to), vector.data, -1, 0, count, data, 0);
  return status < 0 ? undefined : Vector.flat(type, count, data, vector.validity);
}
