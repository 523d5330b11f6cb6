import type { Arena } from '../memory/arena.ts';
import type { LinearMemory } from '../memory/linear-memory.ts';
import type { DataType } from '../types/data-type.ts';
import { childTypes, type PhysicalType, physicalType } from '../types/physical.ts';

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

/** A type as a tree of u32 words {physical, number of children, children …}, for kernels. Returns its address. */
export function describeType(memory: LinearMemory, arena: Arena, type: DataType): number {
  const children = childTypes(type).map(t => describeType(memory, arena, t));
  const address = arena.alloc(8 + 4 * children.length);
  memory.u32.set([PHYSICAL.indexOf(physicalType(type)), children.length, ...children], address >>> 2);
  return address;
}
