import type { Pieces } from '../../../common/pieces.ts';
import type { WindowFrameRows, WindowPlaces } from '../../../functions/function.ts';
import { NO_ROW } from '../../../kernels/vectors.ts';
import type { PhysicalSortKey } from '../../../plan/expr.ts';
import type { OpenContext } from '../../../protocol/context.ts';
import type { PlacedRows } from './window-placing.ts';
import { type RowOrder, type RowsAmong, sortRows } from './window-row-order.ts';
import type { WindowUnit } from './window-unit.ts';
import type { ListedRows } from './window-value-counter.ts';

/**
 * A unit's rows in an order of their own, for functions that look at their frame in that order: `rank(ORDER BY x)`,
 * `first_value(y ORDER BY x)`, `median(x)`. Frames are never sorted: a wavelet matrix of the rows' places in the order
 * counts and selects, see kernels/assembly/window-order.ts.
 */
export class FrameOrder {
  readonly #ctx: OpenContext;
  readonly #keys: readonly PhysicalSortKey[];
  #order: RowOrder = { among: undefined, count: 0, rows: 0, place: 0, first: 0, end: 0 };
  #levels = 0;
  #matrix = 0;

  constructor(ctx: OpenContext, keys: readonly PhysicalSortKey[]) {
    this.#ctx = ctx;
    this.#keys = keys;
  }

  /** @param among the rows that take part; all when undefined */
  *prepare(unit: WindowUnit, among: RowsAmong | undefined): Pieces {
    const { kernels } = this.#ctx;
    const { arena } = unit.ctx;
    this.#order = yield* sortRows(this.#ctx, unit, this.#keys, among);
    const m = this.#order.count;
    this.#levels = Math.max(1, Math.ceil(Math.log2(Math.max(2, m))));
    this.#matrix = arena.alloc(kernels.window_order_bytes(m, this.#levels));
    kernels.window_order_build(this.#inRowOrder(unit), arena.alloc(m * 4), m, this.#levels, this.#matrix);
  }

  /** The rows' places in their frames as if these were partitions in the order. */
  placesOf(placed: PlacedRows, frame: WindowFrameRows): WindowPlaces {
    const { arena } = this.#ctx;
    const { from, count } = placed;
    const { place, first, end } = this.#order;
    const start = arena.allocZeroed(count * 4);
    return {
      row: this.#below(placed, frame, place + 4 * from),
      partitionStart: start,
      partitionEnd: this.countsOf(placed, frame),
      peerStart: this.#below(placed, frame, first + 4 * from),
      peerEnd: this.#below(placed, frame, end + 4 * from),
      peers: start,
    };
  }

  /** How many rows of the frames take part (u32). */
  countsOf(placed: PlacedRows, frame: WindowFrameRows): number {
    return this.#below(placed, frame, 0);
  }

  /** The rows with some ranks (u32 from 0, or NO_ROW) in their frames, by number. */
  rowsOf(placed: PlacedRows, frame: WindowFrameRows, ranks: number): number {
    const { arena, kernels } = this.#ctx;
    const out = arena.alloc(placed.count * 4);
    const ranges = arena.alloc(48);
    kernels.window_order_select(...this.#among(placed, frame), ranks, this.#order.rows, ranges, out);
    return out;
  }

  /** The first rows of each frame in the order, `most` of them at most: lists of rows (u32), NO_ROW between them. */
  topOf(placed: PlacedRows, frame: WindowFrameRows, most: number): ListedRows {
    const { arena, memory } = this.#ctx;
    const { count } = placed;
    const sizes = this.countsOf(placed, frame) >>> 2;
    const few = Math.min(
      most,
      memory.u32.subarray(sizes, sizes + count).reduce((a, b) => Math.max(a, b), 0),
    );
    const total = count * few;
    const [rows, lists, ranks] = [arena.alloc(total * 4), arena.alloc(count * 8), arena.alloc(count * 4)];
    for (let k = 0; k < count; k++)
      memory.u32.set([k * few, Math.min(few, memory.u32[sizes + k]!)], (lists >>> 2) + 2 * k);
    const mark = arena.mark();
    for (let rank = 0; rank < few; rank++) {
      for (let k = 0; k < count; k++) memory.u32[(ranks >>> 2) + k] = rank < memory.u32[sizes + k]! ? rank : NO_ROW;
      const found = this.rowsOf(placed, frame, ranks) >>> 2;
      for (let k = 0; k < count; k++) memory.u32[(rows >>> 2) + k * few + rank] = memory.u32[found + k]!;
      arena.rewind(mark);
    }
    return { lists, rows, total };
  }

  /** How many rows of the frames come before a place (u32 by position); 0 for the end. */
  #below(placed: PlacedRows, frame: WindowFrameRows, bounds: number): number {
    const out = this.#ctx.arena.alloc(placed.count * 4);
    this.#ctx.kernels.window_order_below(...this.#among(placed, frame), bounds, out);
    return out;
  }

  /** What the kernels take of the matrix and the frames. */
  #among({ from, count, places }: PlacedRows, { start, end, exclude }: WindowFrameRows) {
    const { among, count: m } = this.#order;
    const frames = [start, end, exclude, from, count, places.peerStart, places.peerEnd] as const;
    return [this.#matrix, m, this.#levels, among?.before ?? 0, ...frames] as const;
  }

  /** A copy of the places of the rows that take part, in the window's order. */
  #inRowOrder(unit: WindowUnit): number {
    const { kernels, memory } = this.#ctx;
    const { among, count, place } = this.#order;
    const out = unit.ctx.arena.alloc(count * 4);
    if (among === undefined) memory.u8.copyWithin(out, place, place + 4 * count);
    else kernels.gather_32(place, among.rows, count, out);
    return out;
  }
}
