import type { Rows } from '../../../batch/batch.ts';
import { Vector } from '../../../batch/vector.ts';
import { type VectorContext, validityOf } from '../../../kernels/vectors.ts';
import type { Arena } from '../../../memory/arena.ts';
import type { LinearMemory } from '../../../memory/linear-memory.ts';
import { BINARY, type DataType } from '../../../types/data-type.ts';
import { childTypes, type PhysicalType, physicalType } from '../../../types/physical.ts';
import { describeVector } from '../stored/stored-vector.ts';

/** Numbered as in kernels/assembly/nested.ts. */
const PHYSICAL: readonly PhysicalType[] = [
  'bool',
  'i8',
  'i16',
  'i32',
  'i64',
  'i128',
  'u8',
  'u16',
  'u32',
  'u64',
  'u128',
  'f32',
  'f64',
  'interval',
  'ref',
  'list',
  'struct',
];

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

/** A type as a tree of u32 words {physical, number of children, children …}. */
function describeType(memory: LinearMemory, arena: Arena, type: DataType): number {
  const children = childTypes(type).map(t => describeType(memory, arena, t));
  const address = arena.alloc(8 + 4 * children.length);
  memory.u32.set([PHYSICAL.indexOf(physicalType(type)), children.length, ...children], address >>> 2);
  return address;
}
