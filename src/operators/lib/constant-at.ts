import { Vector } from '../../batch/vector.ts';
import type { Arena } from '../../memory/arena.ts';
import type { LinearMemory } from '../../memory/linear-memory.ts';
import { widthOf } from '../../types/physical.ts';

/** The value at a position as a constant of `length` positions; shares the vector's memory. */
export function constantAt(
  ctx: { readonly memory: LinearMemory; readonly arena: Arena },
  vector: Vector,
  position: number,
  length: number,
): Vector {
  const { memory, arena } = ctx;
  if (vector.form === 'constant') return vector.slice(0, length);
  const isNull = vector.validity !== 0 && ((memory.u8[vector.validity + (position >> 3)]! >> (position & 7)) & 1) === 0;
  const validity = isNull ? arena.allocZeroed(1) : 0;
  if (vector.form === 'dictionary') {
    // The code of a NULL is arbitrary.
    const code = isNull ? 0 : memory.u32[(vector.data >>> 2) + position]!;
    const value = constantAt(ctx, vector.dictionary!, code, length);
    return isNull ? Vector.constant(value.type, length, value.data, validity, value.children) : value;
  }
  const children =
    vector.physical === 'struct' ? vector.children.map(c => constantAt(ctx, c, position, length)) : vector.children;
  return Vector.constant(vector.type, length, vector.data + position * widthOf(vector.physical), validity, children);
}
