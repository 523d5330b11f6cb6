import type { Rows } from '../batch/batch.ts';
import { describeType } from '../batch/describe-type.ts';
import { describeVector } from '../batch/describe-vector.ts';
import { Vector } from '../batch/vector.ts';
import { BINARY } from '../types/data-type.ts';
import { type VectorContext, validityOf } from './vectors.ts';

/**
 * The rows' values (of any type) as bytes: equal values have equal bytes, and the bytes' order is the values' order,
 * NULLs inside lists and structs last. NULL stays NULL. Aligned with the positions, in `ctx.arena`.
 */
export function encodeNested(ctx: VectorContext, vector: Vector, rows: Rows): Vector {
  const { memory, kernels, arena } = ctx;
  const validity = validityOf(ctx, vector, rows);
  const type = describeType(memory, arena, vector.type);
  const description = describeVector(memory, arena, vector);
  const bytes = kernels.nested_bytes(type, description, rows.selection, rows.selected) >>> 0;
  const heap = arena.alloc(bytes);
  const refs = arena.alloc(rows.count * 8);
  kernels.nested_encode(type, description, rows.selection, rows.selected, heap, refs);
  return Vector.flat(BINARY, rows.count, refs, validity);
}
