import type { Vector } from '../../batch/vector.ts';
import type { UpdateCall } from '../function.ts';

/** The mask of a kernel operand: -1 for a vector, 0 for a constant. */
export const maskOf = (vector: Vector): number => (vector.form === 'constant' ? 0 : -1);

/** What the update kernels of one argument take: operand, states, rows. */
export function oneArgument(call: UpdateCall): [number, number, number, number, number, number, number] {
  const x = call.args[0]!;
  const { states, statesMask, offset, rows } = call;
  return [x.data, maskOf(x), states, statesMask, offset, rows.selection, rows.selected];
}
