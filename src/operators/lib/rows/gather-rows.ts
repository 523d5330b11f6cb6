import { Vector } from '../../../batch/vector.ts';
import type { Kernels } from '../../../kernels/kernels.ts';
import { bitmapBytes, type VectorContext } from '../../../kernels/vectors.ts';
import type { DataType } from '../../../types/data-type.ts';
import { childTypes, physicalType, widthOf } from '../../../types/physical.ts';
import type { RowField } from './row-layout.ts';

/**
 * Addresses of rows (u32 at `address`, 0 gives NULL). Row k goes to position `selection[k]` of `length` positions, or
 * to k when `selection` is 0.
 */
export type RowAddresses = {
  readonly address: number;
  readonly count: number;
  readonly selection: number;
  readonly length: number;
};

/** `count` rows to the positions 0 … count. */
export const denseRows = (address: number, count: number): RowAddresses => ({
  address,
  count,
  selection: 0,
  length: count,
});

/** One field of many rows as a flat vector in `ctx.arena`; texts are refs into the rows and their heap. */
export function gatherField(ctx: VectorContext, field: RowField, rows: RowAddresses): Vector {
  const { kernels, arena } = ctx;
  const { address, count, selection, length } = rows;
  if (field.form === 'nested') {
    const pairs = selection === 0 ? arena.alloc(length * 8) : arena.allocZeroed(length * 8);
    kernels.row_gather_nested(address, count, field.offset, field.nullOffset, field.nullBit, selection, pairs);
    return gatherPairs(ctx, field.type, pairs, length);
  }
  const data = arena.alloc(length * widthOf(physicalType(field.type)));
  const gather = gatherKernel(kernels, field);
  const nulls = gather(address, count, field.offset, field.nullOffset, field.nullBit, selection, data);
  let validity = 0;
  if (nulls > 0) {
    validity = arena.alloc(bitmapBytes(length));
    kernels.row_gather_validity(address, count, field.nullOffset, field.nullBit, selection, validity);
  }
  return Vector.flat(field.type, length, data, validity);
}

function gatherKernel(kernels: Kernels, field: RowField): Kernels['row_gather_8'] {
  if (field.form === 'text') return kernels.row_gather_text;
  switch (field.width) {
    case 1:
      return kernels.row_gather_8;
    case 2:
      return kernels.row_gather_16;
    case 4:
      return kernels.row_gather_32;
    case 8:
      return kernels.row_gather_64;
    default:
      return kernels.row_gather_128;
  }
}

/** The values that {description u32, position u32} pairs name, of any type; {0, 0} gives NULL. */
export function gatherPairs(ctx: VectorContext, type: DataType, pairs: number, n: number): Vector {
  const { kernels, arena } = ctx;
  const bits = arena.alloc(bitmapBytes(n));
  const validity = kernels.pair_validity(pairs, n, bits) === 0 ? 0 : bits;
  const physical = physicalType(type);
  if (physical === 'struct') {
    const children = childTypes(type).map((child, i) => {
      const inner = arena.alloc(n * 8);
      kernels.pair_fields(pairs, n, i, inner);
      return gatherPairs(ctx, child, inner, n);
    });
    return Vector.flat(type, n, 0, validity, children);
  }
  const width = widthOf(physical);
  const data = arena.alloc(n * width);
  kernels.pair_values(pairs, n, width, data);
  if (physical !== 'list') return Vector.flat(type, n, data, validity);
  const count = kernels.stored_elements(data, validity, n) >>> 0;
  const elements = arena.alloc(count * 8);
  kernels.pair_elements(pairs, n, data, validity, elements);
  return Vector.flat(type, n, data, validity, [gatherPairs(ctx, childTypes(type)[0]!, elements, count)]);
}
