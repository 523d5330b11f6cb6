import type { Arena } from '../memory/arena.ts';
import type { LinearMemory } from '../memory/linear-memory.ts';
import type { DataType } from '../types/data-type.ts';
import { childTypes, physicalType } from '../types/physical.ts';
import { Vector } from './vector.ts';

const FORMS = ['flat', 'constant', 'dictionary'] as const;

/**
 * Describes a vector in linear memory, so that other threads and kernels can read it. u32 words: form, length, data,
 * validity, then the addresses of the children's descriptions (of the dictionary's, for a dictionary vector).
 * @returns its address, in `arena`
 */
export function describeVector(memory: LinearMemory, arena: Arena, vector: Vector): number {
  const inner = vector.dictionary === undefined ? vector.children : [vector.dictionary];
  const children = inner.map(c => describeVector(memory, arena, c));
  const address = arena.alloc(16 + 4 * children.length);
  memory.u32.set([FORMS.indexOf(vector.form), vector.length, vector.data, vector.validity, ...children], address >>> 2);
  return address;
}

/** The vector that a description names. */
export function readVector(memory: LinearMemory, type: DataType, address: number): Vector {
  const u32 = memory.u32;
  const at = address >>> 2;
  const form = FORMS[u32[at]!]!;
  const [length, data, validity] = [u32[at + 1]!, u32[at + 2]!, u32[at + 3]!];
  if (form === 'dictionary') return Vector.coded(readVector(memory, type, u32[at + 4]!), length, data, validity);
  const nested = physicalType(type) === 'struct' || physicalType(type) === 'list';
  const children = nested ? childTypes(type).map((t, i) => readVector(memory, t, u32[at + 4 + i]!)) : [];
  return form === 'flat'
    ? Vector.flat(type, length, data, validity, children)
    : Vector.constant(type, length, data, validity, children);
}
