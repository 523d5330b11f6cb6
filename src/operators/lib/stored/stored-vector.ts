import { allRows, type Rows } from '../../../batch/batch.ts';
import { Vector } from '../../../batch/vector.ts';
import { bitmapBytes, flatten, gather, indexesOf, type VectorContext } from '../../../kernels/vectors.ts';
import type { Arena } from '../../../memory/arena.ts';
import { widthOf } from '../../../types/physical.ts';

/**
 * A compact deep copy of a vector's rows whose memory is all in `target`, with texts and nested values: flat, or
 * constant when the vector is. `ctx.arena` takes what is needed in between.
 */
export function storeVector(ctx: VectorContext, target: Arena, vector: Vector, rows: Rows): Vector {
  if (vector.form === 'constant') {
    const single = Vector.flat(vector.type, 1, vector.data, vector.validity, vector.children);
    const stored = copyFlat(ctx, target, single, 0, 1);
    return Vector.constant(vector.type, rows.selected, stored.data, stored.validity, stored.children);
  }
  const flat = flatten(ctx, vector, rows);
  const indexes = rows.selection === 0 ? 0 : indexesOf(ctx, rows);
  return copyFlat(ctx, target, flat, indexes, rows.selected);
}

/** Copies the positions `indexes[0 … n)` (0 … n when 0) of a flat vector. */
function copyFlat(ctx: VectorContext, target: Arena, vector: Vector, indexes: number, n: number): Vector {
  const validity = copyValidity(ctx, target, vector.validity, indexes, n);
  if (vector.physical === 'struct') {
    const children = vector.children.map(c => copyChild(ctx, target, c, indexes, n));
    return Vector.flat(vector.type, n, 0, validity, children);
  }
  const data = copyValues(ctx, target, vector, indexes, n);
  if (vector.physical === 'ref') {
    const heap = target.alloc(ctx.kernels.stored_text_bytes(data, validity, n) >>> 0);
    ctx.kernels.stored_text(data, validity, n, heap);
  } else if (vector.physical === 'list') {
    const count = ctx.kernels.stored_elements(data, validity, n) >>> 0;
    const elements = ctx.arena.alloc(count * 4);
    ctx.kernels.stored_element_indexes(data, validity, n, elements);
    return Vector.flat(vector.type, n, data, validity, [copyChild(ctx, target, vector.children[0]!, elements, count)]);
  }
  return Vector.flat(vector.type, n, data, validity);
}

/** Children may have any form; a struct's child has the struct's positions. */
function copyChild(ctx: VectorContext, target: Arena, child: Vector, indexes: number, n: number): Vector {
  if (child.form === 'constant') return storeVector(ctx, target, child, allRows(n));
  return copyFlat(ctx, target, flatten(ctx, child, allRows(child.length)), indexes, n);
}

function copyValues(
  { memory, kernels }: VectorContext,
  target: Arena,
  vector: Vector,
  indexes: number,
  n: number,
): number {
  if (indexes !== 0) {
    // A bare vector of the same width: neither text nor elements are looked at here.
    const bare = Vector.flat(vector.type, vector.length, vector.data);
    return gather({ memory, kernels, arena: target }, bare, indexes, n).data;
  }
  const bytes = n * widthOf(vector.physical);
  const data = target.alloc(bytes);
  memory.u8.copyWithin(data, vector.data, vector.data + bytes);
  return data;
}

function copyValidity(ctx: VectorContext, target: Arena, validity: number, indexes: number, n: number): number {
  if (validity === 0) return 0;
  const copy = target.alloc(bitmapBytes(n));
  if (indexes !== 0) return ctx.kernels.gather_bits(validity, indexes, n, copy) === 0 ? 0 : copy;
  ctx.memory.u8.copyWithin(copy, validity, validity + ((n + 7) >> 3));
  return copy;
}
