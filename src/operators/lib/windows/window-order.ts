import { allRows } from '../../../batch/batch.ts';
import { Vector } from '../../../batch/vector.ts';
import type { Pieces } from '../../../common/pieces.ts';
import type { WindowFrameRows, WindowPlaces } from '../../../functions/function.ts';
import { gather } from '../../../kernels/vectors.ts';
import { Arena } from '../../../memory/arena.ts';
import { type PhysicalSortKey, typeOf } from '../../../plan/expr.ts';
import type { OpenContext } from '../../../protocol/context.ts';
import { UINT32 } from '../../../types/data-type.ts';
import { physicalType, widthOf } from '../../../types/physical.ts';
import { BatchExprs } from '../batch-exprs.ts';
import { SortKeyEncoder } from '../sorts/sort-keys.ts';
import { gatherPayload, SortRows, sortRowLayout } from '../sorts/sort-rows.ts';
import { keyBits, keyBitsBytes, prefixPlan, sortRun } from '../sorts/sorted-run.ts';
import type { PlacedRows } from './window-placing.ts';
import type { WindowUnit } from './window-unit.ts';

/** Rows encoded at a time. */
const CHUNK = 4096;

/** Rows that take part, see `WindowCall.nonNulls`. */
export type RowsAmong = { readonly rows: number; readonly before: number };

/**
 * A unit's rows in an order of their own, for functions that look at their frame in that order: `rank(ORDER BY x)`,
 * `first_value(y ORDER BY x)`. Frames are never sorted: a wavelet matrix of the rows' places in the order counts and
 * selects, see kernels/assembly/window-order.ts.
 */
export class FrameOrder {
  readonly #ctx: OpenContext;
  readonly #keys: readonly PhysicalSortKey[];
  #among: RowsAmong | undefined;
  /** Rows that take part; the matrix of their places. */
  #count = 0;
  #levels = 0;
  #matrix = 0;
  /** Rows in order (u32); and by row number its place, and where its peers begin and end. */
  #rows = 0;
  #place = 0;
  #first = 0;
  #end = 0;

  constructor(ctx: OpenContext, keys: readonly PhysicalSortKey[]) {
    this.#ctx = ctx;
    this.#keys = keys;
  }

  /** @param among the rows that take part; all when undefined */
  *prepare(unit: WindowUnit, among: RowsAmong | undefined): Pieces {
    const { kernels, memory } = this.#ctx;
    const { arena } = unit.ctx;
    const n = unit.count;
    this.#among = among;
    this.#count = among === undefined ? n : memory.u32[(among.before >>> 2) + n]!;
    const m = this.#count;
    this.#rows = arena.alloc(m * 4);
    yield* this.#sort(unit, m);
    this.#levels = Math.max(1, Math.ceil(Math.log2(Math.max(2, m))));
    this.#matrix = arena.alloc(kernels.window_order_bytes(m, this.#levels));
    const places = this.#inRowOrder(unit, m);
    kernels.window_order_build(places, arena.alloc(m * 4), m, this.#levels, this.#matrix);
  }

  /** The rows' places in their frames as if these were partitions in the order. */
  placesOf(placed: PlacedRows, frame: WindowFrameRows): WindowPlaces {
    const { arena } = this.#ctx;
    const { from, count } = placed;
    const below = (bounds: number): number => this.#below(placed, frame, bounds);
    const start = arena.allocZeroed(count * 4);
    return {
      row: below(this.#place + 4 * from),
      partitionStart: start,
      partitionEnd: below(0),
      peerStart: below(this.#first + 4 * from),
      peerEnd: below(this.#end + 4 * from),
      peers: start,
    };
  }

  /** The rows with some ranks (u32 from 0, or NO_ROW) in their frames, by number. */
  rowsOf(placed: PlacedRows, frame: WindowFrameRows, ranks: number): number {
    const { arena, kernels } = this.#ctx;
    const { from, count, places } = placed;
    const out = arena.alloc(count * 4);
    kernels.window_order_select(
      this.#matrix,
      this.#count,
      this.#levels,
      this.#among?.before ?? 0,
      frame.start,
      frame.end,
      frame.exclude,
      from,
      count,
      places.peerStart,
      places.peerEnd,
      ranks,
      this.#rows,
      arena.alloc(48),
      out,
    );
    return out;
  }

  #below({ from, count, places }: PlacedRows, frame: WindowFrameRows, bounds: number): number {
    const { arena, kernels } = this.#ctx;
    const out = arena.alloc(count * 4);
    kernels.window_order_below(
      this.#matrix,
      this.#count,
      this.#levels,
      this.#among?.before ?? 0,
      frame.start,
      frame.end,
      frame.exclude,
      from,
      count,
      places.peerStart,
      places.peerEnd,
      bounds,
      out,
    );
    return out;
  }

  /** Sorts the rows that take part; equal ones stay in the window's order. */
  *#sort(unit: WindowUnit, m: number): Pieces {
    const { kernels, memory, owner } = this.#ctx;
    const { arena } = unit.ctx;
    const scratch = new Arena(memory, owner);
    const ctx = { kernels, memory, owner, arena: scratch };
    const inputs = this.#keys.map((k, index) => ({
      ...k,
      expr: { kind: 'input', index, type: typeOf(k.expr) } as const,
    }));
    const number: PhysicalSortKey = {
      expr: { kind: 'input', index: inputs.length, type: UINT32 },
      descending: false,
      nullsFirst: false,
    };
    const layout = sortRowLayout([...inputs, number], [UINT32]);
    const exprs = new BatchExprs(ctx);
    const encoder = new SortKeyEncoder(ctx, exprs, layout.key);
    const rows = new SortRows(ctx, layout);
    const columns = this.#keys.map(k => unit.column(k.expr));
    for (let from = 0; from < m; from += CHUNK) {
      scratch.reset();
      const count = Math.min(CHUNK, m - from);
      let numbers = scratch.alloc(count * 4);
      if (this.#among === undefined) kernels.window_states(from, 1, 0, 0, count, numbers);
      else numbers = this.#among.rows + 4 * from;
      const vector = Vector.flat(UINT32, count, numbers);
      exprs.start([...columns.map(c => gather(ctx, c, numbers, count)), vector]);
      rows.append(encoder.encode(allRows(count)), [vector], allRows(count));
      yield;
    }
    const masks = scratch.alloc(keyBitsBytes(layout.key));
    yield* keyBits(ctx, layout.key, rows.blocks.first, rows.blocks.rowBytes, masks);
    const sorted = new Arena(memory, owner);
    const run = yield* sortRun(ctx, layout.key, rows.blocks, prefixPlan(memory, layout.key, [masks]), sorted);
    const marks = sorted.alloc(m);
    const { fixedBytes } = layout.key;
    const peerBytes = inputs.reduce((sum, k) => sum + 1 + widthOf(physicalType(k.expr.type)), 0);
    for (let from = 0; from < m; from += CHUNK) {
      scratch.reset();
      const count = Math.min(CHUNK, m - from);
      kernels.window_marks(run.rows, from, from + count, fixedBytes > 0 ? 1 : 0, 0, peerBytes, -1, marks);
      const [numbers] = gatherPayload(ctx, layout.payload, run.rows + 4 * from, count);
      memory.u8.copyWithin(this.#rows + 4 * from, numbers!.data, numbers!.data + 4 * count);
      yield;
    }
    this.#place = arena.allocZeroed(unit.count * 4);
    this.#first = arena.allocZeroed(unit.count * 4);
    this.#end = arena.allocZeroed(unit.count * 4);
    kernels.window_order_places(this.#rows, marks, m, this.#place, this.#first, this.#end);
    exprs.close();
    rows.release();
    sorted.release();
    scratch.release();
  }

  /** A copy of the places of the rows that take part, in the window's order. */
  #inRowOrder(unit: WindowUnit, m: number): number {
    const { kernels, memory } = this.#ctx;
    const out = unit.ctx.arena.alloc(m * 4);
    if (this.#among === undefined) memory.u8.copyWithin(out, this.#place, this.#place + 4 * m);
    else kernels.gather_32(this.#place, this.#among.rows, m, out);
    return out;
  }
}
