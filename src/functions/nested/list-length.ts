import { Vector } from '../../batch/vector.ts';
import type { EvalContext, ScalarCall } from '../function.ts';
import { maskOf } from '../operand.ts';

/** How many elements each list has. */
export function listLengths({ arena, kernels }: EvalContext, { args, rows, type, validity }: ScalarCall): Vector {
  const list = args[0]!;
  const data = arena.alloc(rows.count * 8);
  kernels.list_count(list.data, maskOf(list), rows.selection, rows.selected, data);
  return Vector.flat(type, rows.count, data, validity);
}
