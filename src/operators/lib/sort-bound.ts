import type { Rows } from '../../batch/batch.ts';
import type { Vector } from '../../batch/vector.ts';
import type { VectorContext } from '../../kernels/vectors.ts';
import type { PhysicalSortKey } from '../../plan/expr.ts';
import type { BatchExprs } from './batch-exprs.ts';

/** Comparison operators of the select kernels. */
const LESS_OR_EQUAL = 3;
const GREATER_OR_EQUAL = 5;

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
  const select = selectKernel(ctx, bound);
  if (select === undefined) return rows;
  const column = exprs.plain(index, rows);
  const mask = column.form === 'constant' ? 0 : -1;
  if (mask === 0 && column.validity !== 0) return rows;
  const out = ctx.arena.alloc((rows.selected + 1) * 2);
  const op = key.descending ? GREATER_OR_EQUAL : LESS_OR_EQUAL;
  const selected = select(op, column.data, mask, bound.data, 0, column.validity, rows.selection, rows.selected, out);
  return { count: rows.count, selection: out, selected };
}

function selectKernel({ kernels }: VectorContext, { physical }: Vector) {
  switch (physical) {
    case 'i8':
    case 'i16':
    case 'i32':
    case 'i64':
    case 'u8':
    case 'u16':
    case 'u32':
    case 'u64':
    case 'f32':
    case 'f64':
    case 'ref':
      return kernels[`select_${physical}`];
    default:
      return undefined;
  }
}
