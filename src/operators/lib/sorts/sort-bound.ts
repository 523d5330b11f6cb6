import type { Rows } from '../../../batch/batch.ts';
import type { Vector } from '../../../batch/vector.ts';
import { COMPARISONS, selectKernel } from '../../../kernels/comparisons.ts';
import type { VectorContext } from '../../../kernels/vectors.ts';
import type { PhysicalSortKey } from '../../../plan/expr.ts';
import type { BatchExprs } from '../batch-exprs.ts';

/**
 * Rejects most rows of a batch by the first sort key alone, before whole keys are encoded: keeps those that are not
 * after `bound`, a constant of that key. Keeps all rows where that can't be told cheaply.
 */
export function rowsUpTo(
  ctx: VectorContext,
  key: PhysicalSortKey,
  exprs: BatchExprs,
  index: number,
  bound: Vector,
  rows: Rows,
): Rows {
  if (key.nullsFirst || bound.isNullConstant(ctx.memory)) return rows;
  const select = selectKernel(ctx.kernels, bound.physical);
  if (select === undefined) return rows;
  const column = exprs.plain(index, rows);
  const mask = column.form === 'constant' ? 0 : -1;
  if (mask === 0 && column.validity !== 0) return rows;
  const out = ctx.arena.alloc((rows.selected + 1) * 2);
  const op = COMPARISONS[key.descending ? '>=' : '<='];
  const selected = select(op, column.data, mask, bound.data, 0, column.validity, rows.selection, rows.selected, out);
  return { count: rows.count, selection: out, selected };
}
