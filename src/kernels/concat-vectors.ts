import { allRows } from '../batch/batch.ts';
import { Vector } from '../batch/vector.ts';
import type { DataType } from '../types/data-type.ts';
import { childTypes, physicalType, widthOf } from '../types/physical.ts';
import { bitmapBytes, flatten, type VectorContext } from './vectors.ts';

/** The first `count` positions of a vector. */
export type VectorPart = { readonly vector: Vector; readonly count: number };

/**
 * The parts one after the other, as a flat vector whose structs have flat fields. Texts, and the elements of lists that all parts
 * share, are not copied. There may be more positions than a batch has.
 */
export function concatVectors(ctx: VectorContext, type: DataType, parts: readonly VectorPart[]): Vector {
  const flat = parts.map(({ vector, count }) => ({ vector: flatten(ctx, vector, allRows(count)), count }));
  const total = flat.reduce((sum, part) => sum + part.count, 0);
  const validity = concatValidity(ctx, flat, total);
  const physical = physicalType(type);
  if (physical === 'struct') {
    const children = childTypes(type).map((child, i) =>
      concatVectors(
        ctx,
        child,
        flat.map(({ vector, count }) => ({ vector: vector.children[i]!, count })),
      ),
    );
    return Vector.flat(type, total, 0, validity, children);
  }
  if (physical === 'list') return concatLists(ctx, type, flat, total, validity);
  const width = widthOf(physical);
  const only = flat.length === 1 ? flat[0] : undefined;
  if (only !== undefined) return Vector.flat(type, total, only.vector.data, validity);
  const data = ctx.arena.alloc(total * width);
  const { u8 } = ctx.memory;
  let at = data;
  for (const { vector, count } of flat) {
    u8.copyWithin(at, vector.data, vector.data + count * width);
    at += count * width;
  }
  return Vector.flat(type, total, data, validity);
}

/** Elements that several parts have in common stand there once. */
function concatLists(
  ctx: VectorContext,
  type: DataType,
  parts: readonly VectorPart[],
  total: number,
  validity: number,
): Vector {
  const starts = new Map<Vector, number>();
  let elements = 0;
  for (const { vector } of parts) {
    const [child] = vector.children;
    if (child === undefined || starts.has(child)) continue;
    starts.set(child, elements);
    elements += child.length;
  }
  const data = ctx.arena.alloc(total * 8);
  let at = data;
  for (const { vector, count } of parts) {
    ctx.kernels.shift_pairs(vector.data, count, starts.get(vector.children[0]!) ?? 0, at);
    at += count * 8;
  }
  const children = [...starts.keys()];
  const child =
    children.length === 1
      ? children[0]!
      : concatVectors(
          ctx,
          childTypes(type)[0]!,
          children.map(vector => ({ vector, count: vector.length })),
        );
  return Vector.flat(type, total, data, validity, [child]);
}

function concatValidity({ arena, kernels }: VectorContext, parts: readonly VectorPart[], total: number): number {
  if (parts.every(p => p.vector.validity === 0)) return 0;
  const only = parts.length === 1 ? parts[0] : undefined;
  if (only !== undefined) return only.vector.validity;
  const bits = arena.alloc(bitmapBytes(total));
  let at = 0;
  for (const { vector, count } of parts) {
    kernels.append_bits(vector.validity, count, bits, at);
    at += count;
  }
  return bits;
}
