import { Vector } from '../../batch/vector.ts';
import { INT64 } from '../../types/data-type.ts';
import type { EvalContext, ScalarCall } from '../function.ts';
import { maskOf } from '../operand.ts';

/** How many elements each list has. */
export function listLengths({ arena, kernels, memory }: EvalContext, { args, rows, validity }: ScalarCall): Vector {
  const list = args[0]!;
  const lengths = arena.allocZeroed(rows.selected * 4);
  kernels.list_lengths(list.data, maskOf(list), list.validity, rows.selection, rows.selected, lengths);
  const data = arena.alloc(rows.count * 8);
  const { i64, u16, u32 } = memory;
  for (let j = 0; j < rows.selected; j++) {
    const position = rows.selection === 0 ? j : u16[(rows.selection >>> 1) + j]!;
    i64[(data >>> 3) + position] = BigInt(u32[(lengths >>> 2) + j]!);
  }
  return Vector.flat(INT64, rows.count, data, validity);
}
