import { Arena } from '../../../memory/arena.ts';
import type { OpenContext } from '../../../protocol/context.ts';
import { rowSpans } from '../rows/row-blocks.ts';
import { copyRows, SortRows } from '../sorts/sort-rows.ts';
import type { SpilledMerge } from '../sorts/spilled-merge.ts';
import type { WindowLayout } from './window-layout.ts';
import { WindowUnit } from './window-unit.ts';

/** Rows taken from the merge at a time. */
const TAKEN = 4096;
/** The mark of a partition's first row. */
const PARTITION = 2;

/**
 * Units of whole partitions of rows that are merged from files. Each is copied to memory, and gone when the next one is
 * asked for: so the rows of one partition must fit, not those of all. Undefined stands for a turn's worth of work.
 * @param unitRows partitions are taken together until there are so many rows
 */
export function* spilledUnits(
  ctx: OpenContext,
  layout: WindowLayout,
  merge: SpilledMerge,
  unitRows: number,
): Generator<WindowUnit | undefined, void, undefined> {
  const work = new Arena(ctx.memory, ctx.owner);
  const unitArena = new Arena(ctx.memory, ctx.owner);
  const newRows = (): SortRows => new SortRows({ ...ctx, arena: work }, layout.rows);
  let rows = newRows();
  let last = 0;
  for (const _ of merge.prepare()) yield undefined;
  for (;;) {
    work.reset();
    const taken = merge.next(TAKEN, work);
    if (taken.count === 0) break;
    const isEnough = rows.count + taken.count >= unitRows;
    const start = isEnough ? lastStart(ctx, layout, work, last, taken) : -1;
    const before = start < 0 ? taken.count : start;
    if (before > 0) last = copyRows(ctx, layout.rows, taken.rows, before, rows);
    if (start < 0) {
      yield undefined;
      continue;
    }
    const next = newRows();
    last = copyRows(ctx, layout.rows, taken.rows + 4 * start, taken.count - start, next);
    yield unitOf(ctx, layout, unitArena, rows);
    rows.release();
    rows = next;
  }
  merge.close();
  if (rows.count > 0) yield unitOf(ctx, layout, unitArena, rows);
  rows.release();
  work.release();
  unitArena.release();
}

/**
 * The number of the last of the rows that starts a partition, other than the very first row; -1 for none.
 * @param last address of the row before them, 0: there is none
 */
function lastStart(
  { memory, kernels }: OpenContext,
  { rows: { key }, partitionBytes, peerBytes, lengthAt }: WindowLayout,
  work: Arena,
  last: number,
  { rows, count }: { readonly rows: number; readonly count: number },
): number {
  const list = work.alloc(4 * (count + 1));
  const marks = work.allocZeroed(count + 1);
  const { u8, u32 } = memory;
  u32[list >>> 2] = last;
  u8.copyWithin(list + 4, rows, rows + 4 * count);
  const first = last === 0 ? 2 : 1;
  const isFixed = key.fixedBytes > 0 ? 1 : 0;
  if (first <= count) kernels.window_marks(list, first, count + 1, isFixed, partitionBytes, peerBytes, lengthAt, marks);
  return u8.subarray(marks + 1, marks + 1 + count).lastIndexOf(PARTITION);
}

/** All rows as a unit, in an arena that is reset for it. */
function unitOf({ memory, kernels }: OpenContext, layout: WindowLayout, arena: Arena, rows: SortRows): WindowUnit {
  const { key, rowBytes } = layout.rows;
  arena.reset();
  const { count, blocks } = rows;
  const addresses = arena.alloc(4 * count);
  const marks = arena.alloc(count);
  let at = 0;
  for (const span of rowSpans(memory, blocks.first)) {
    kernels.row_addresses(span.address, rowBytes, span.count, addresses + 4 * at);
    at += span.count;
  }
  const isFixed = key.fixedBytes > 0 ? 1 : 0;
  kernels.window_marks(addresses, 0, count, isFixed, layout.partitionBytes, layout.peerBytes, layout.lengthAt, marks);
  return new WindowUnit({ memory, kernels, arena }, layout, addresses, marks, count);
}
