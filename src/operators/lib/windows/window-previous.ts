import type { Vector } from '../../../batch/vector.ts';
import type { AggregateContext } from '../../../functions/function.ts';
import { Arena } from '../../../memory/arena.ts';
import type { Owner } from '../../../memory/linear-memory.ts';
import type { DataType } from '../../../types/data-type.ts';
import { keyColumn, keyLayout, originalColumns } from '../groups/group-keys.ts';
import { GroupTable } from '../groups/group-table.ts';
import { FOLD_ROWS } from './window-fold.ts';

/** Bytes of a group's row that hold the number of the last row with its values, see `window_previous`. */
const LAST_BYTES = 8;

/**
 * For each of n rows the number + 1 of the row before it that has the same values (0: none does), or NO_ROW when the row is
 * not included. u32 by row number, in `ctx.arena`.
 * @param included bytes by row, 0 keeps a row out; the address 0 includes all
 */
export function* previousRows(
  { kernels, memory, owner, arena }: Pick<AggregateContext, 'kernels' | 'memory' | 'arena'> & { readonly owner: Owner },
  columns: readonly Vector[],
  types: readonly DataType[],
  n: number,
  included: number,
): Generator<undefined, number> {
  const previous = arena.alloc(n * 4);
  memory.u8.fill(0xff, previous, previous + n * 4);
  const scratch = new Arena(memory, owner);
  const ctx = { kernels, memory, owner, arena: scratch };
  const layout = keyLayout(types, () => LAST_BYTES);
  const table = new GroupTable(ctx, layout);
  for (let from = 0; from < n; from += FOLD_ROWS) {
    scratch.reset();
    const count = Math.min(FOLD_ROWS, n - from);
    const selection = scratch.alloc((count + 1) * 2);
    const selected = kernels.window_select(included, from, count, selection);
    if (selected === 0) continue;
    const rows = { count, selection, selected };
    const values = columns.map(c => c.slice(from, count));
    const keys = values.map(v => keyColumn(ctx, v, rows));
    const found = table.find(keys, originalColumns(types, values), rows);
    kernels.window_previous(from, selection, selected, found, layout.rowBytes - LAST_BYTES, previous);
    yield;
  }
  table.seal();
  table.rows.release();
  scratch.release();
  return previous;
}
