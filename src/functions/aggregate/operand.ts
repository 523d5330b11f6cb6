import type { UpdateCall } from '../function.ts';
import { maskOf } from '../operand.ts';

/** What the update kernels of one argument take: operand, states, rows. */
export function oneArgument(call: UpdateCall): [number, number, number, number, number, number, number] {
  const x = call.args[0]!;
  const { states, statesMask, offset, rows } = call;
  return [x.data, maskOf(x), states, statesMask, offset, rows.selection, rows.selected];
}
