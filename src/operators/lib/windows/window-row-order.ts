import { allRows } from '../../../batch/batch.ts';
import { Vector } from '../../../batch/vector.ts';
import type { AggregateContext } from '../../../functions/function.ts';
import { gather } from '../../../kernels/vectors.ts';
import { Arena } from '../../../memory/arena.ts';
import type { Owner } from '../../../memory/linear-memory.ts';
import { type PhysicalSortKey, typeOf } from '../../../plan/expr.ts';
import { UINT32 } from '../../../types/data-type.ts';
import { physicalType, widthOf } from '../../../types/physical.ts';
import { BatchExprs } from '../batch-exprs.ts';
import { SortKeyEncoder } from '../sorts/sort-keys.ts';
import { gatherPayload, SortRows, sortRowLayout } from '../sorts/sort-rows.ts';
import { keyBits, newKeyBits, prefixPlan, sortRun } from '../sorts/sorted-run.ts';
import type { WindowUnit } from './window-unit.ts';

/** Rows encoded at a time. */
const CHUNK = 4096;

/** Rows that take part, see `WindowCall.nonNulls`. */
export type RowsAmong = { readonly rows: number; readonly before: number };

/** A unit's rows in an order of their own; all of them in the unit's arena. */
export type RowOrder = {
  /** Rows that take part; undefined for all. */
  readonly among: RowsAmong | undefined;
  /** How many take part. */
  readonly count: number;
  /** Their numbers in order (u32); equal ones stay in the window's order. */
  readonly rows: number;
  /** By row number (u32): its place in the order, and where its peers begin and end. */
  readonly place: number;
  readonly first: number;
  readonly end: number;
};

/** Sorts the rows of a unit that take part. */
export function* sortRows(
  { kernels, memory, owner }: Pick<AggregateContext, 'kernels' | 'memory'> & { readonly owner: Owner },
  unit: WindowUnit,
  keys: readonly PhysicalSortKey[],
  among: RowsAmong | undefined,
): Generator<undefined, RowOrder> {
  const { arena } = unit.ctx;
  const m = among === undefined ? unit.count : memory.u32[(among.before >>> 2) + unit.count]!;
  const scratch = new Arena(memory, owner);
  const ctx = { kernels, memory, owner, arena: scratch };
  const inputs = keys.map((k, index) => ({ ...k, expr: { kind: 'input', index, type: typeOf(k.expr) } as const }));
  const number: PhysicalSortKey = {
    expr: { kind: 'input', index: inputs.length, type: UINT32 },
    descending: false,
    nullsFirst: false,
  };
  const layout = sortRowLayout([...inputs, number], [UINT32]);
  const exprs = new BatchExprs(ctx);
  const encoder = new SortKeyEncoder(ctx, exprs, layout.key);
  const sortedRows = new SortRows(ctx, layout);
  const columns = keys.map(k => unit.column(k.expr));
  for (let from = 0; from < m; from += CHUNK) {
    scratch.reset();
    const count = Math.min(CHUNK, m - from);
    let numbers = scratch.alloc(count * 4);
    if (among === undefined) kernels.window_states(from, 1, 0, 0, count, numbers);
    else numbers = among.rows + 4 * from;
    const vector = Vector.flat(UINT32, count, numbers);
    exprs.start([...columns.map(c => gather(ctx, c, numbers, count)), vector]);
    sortedRows.append(encoder.encode(allRows(count)), [vector], allRows(count));
    yield;
  }
  const masks = newKeyBits(scratch, layout.key);
  yield* keyBits(ctx, layout.key, sortedRows.blocks.first, sortedRows.blocks.rowBytes, masks);
  const sorted = new Arena(memory, owner);
  const plan = prefixPlan(memory, layout.key, [masks]);
  const run = yield* sortRun(ctx, layout.key, sortedRows.blocks, plan, sorted);
  const marks = sorted.alloc(m);
  const { fixedBytes } = layout.key;
  const peerBytes = inputs.reduce((sum, k) => sum + 1 + widthOf(physicalType(k.expr.type)), 0);
  const rows = arena.alloc(m * 4);
  for (let from = 0; from < m; from += CHUNK) {
    scratch.reset();
    const count = Math.min(CHUNK, m - from);
    kernels.window_marks(run.rows, from, from + count, fixedBytes > 0 ? 1 : 0, 0, peerBytes, -1, marks);
    const [numbers] = gatherPayload(ctx, layout.payload, run.rows + 4 * from, count);
    memory.u8.copyWithin(rows + 4 * from, numbers!.data, numbers!.data + 4 * count);
    yield;
  }
  const place = arena.allocZeroed(unit.count * 4);
  const first = arena.allocZeroed(unit.count * 4);
  const end = arena.allocZeroed(unit.count * 4);
  kernels.window_order_places(rows, marks, m, place, first, end);
  exprs.close();
  sortedRows.release();
  sorted.release();
  scratch.release();
  return { among, count: m, rows, place, first, end };
}
