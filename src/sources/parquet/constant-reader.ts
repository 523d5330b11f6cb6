import { buildConstant } from '../../batch/builder.ts';
import { Vector } from '../../batch/vector.ts';
import type { Arena } from '../../memory/arena.ts';
import type { LinearMemory } from '../../memory/linear-memory.ts';
import { scalarToRaw } from '../../types/raw-value.ts';
import type { Scalar } from '../../types/scalar.ts';
import type { ColumnReader } from './column-reader.ts';

/** A column that a file has not: its path, a partition's value, or NULL. `arena` holds the value until it is reset. */
export function constantReader(memory: LinearMemory, arena: Arena, scalar: Scalar): ColumnReader {
  const vector = buildConstant({ memory, arena }, scalar.type, scalarToRaw(scalar), 1);
  return {
    pages: [],
    start: () => {},
    read: rows => Vector.constant(vector.type, rows, vector.data, vector.validity, vector.children),
    skip: () => {},
    finish: () => {},
  };
}
