import type { Rows } from '../../batch/batch.ts';
import type { Arena } from '../../memory/arena.ts';
import type { LinearMemory } from '../../memory/linear-memory.ts';

/** `count` of the rows after the first `from`: a part of their selection, or a new one in `ctx.arena`. */
export function sliceRows(
  ctx: { readonly memory: LinearMemory; readonly arena: Arena },
  rows: Rows,
  from: number,
  count: number,
): Rows {
  if (rows.selection !== 0) return { count: rows.count, selection: rows.selection + 2 * from, selected: count };
  const selection = ctx.arena.alloc((count + 1) * 2);
  const u16 = ctx.memory.u16;
  for (let j = 0; j < count; j++) u16[(selection >>> 1) + j] = from + j;
  return { count: rows.count, selection, selected: count };
}
