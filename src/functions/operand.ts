import type { Vector } from '../batch/vector.ts';

/** The mask of a kernel operand: -1 for a vector, 0 for a constant. */
export const maskOf = (vector: Vector): 0 | -1 => (vector.form === 'constant' ? 0 : -1);
