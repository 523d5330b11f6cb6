import type { Vector } from '../../../batch/vector.ts';
import type { Pieces } from '../../../common/pieces.ts';
import type { WindowFrameRows } from '../../../functions/function.ts';
import type { OpenContext } from '../../../protocol/context.ts';
import {
  allAtOnce,
  argColumns,
  FOLD_ROWS,
  type FoldContext,
  type FramedCall,
  foldContext,
  freshStates,
  includedRows,
  releaseFold,
  resultsOf,
  stateAddresses,
  WindowFold,
} from './window-fold.ts';
import type { PlacedRows } from './window-placing.ts';
import { previousRows } from './window-previous.ts';
import type { WindowUnit } from './window-unit.ts';
import type { WindowValues } from './window-values.ts';

/** A node's children: see kernels/assembly/window-distinct.ts. */
const FAN_BITS = 4;
/** Rows that no whole node covers, of one part of a frame at most. */
const MOST_LEAVES = 30;
/** Nodes of a level in a frame at most. */
const MOST_NODES = 32;
/** Frames whose nodes are merged at a time. */
const FRAMES = 128;
/** Rows folded for the holes of EXCLUDE at a time. */
const MENDS = 8192;

/**
 * An aggregate of distinct arguments over any frames, from a merge sort tree, see kernels/assembly/window-distinct.ts.
 * EXCLUDE GROUP and TIES take as many steps as a row has peers.
 */
export class DistinctAggregate implements WindowValues {
  readonly #ctx: OpenContext;
  readonly #framed: FramedCall;
  /** No frame has more rows. */
  readonly #longest: number;
  readonly #work: FoldContext;
  #fold: WindowFold | undefined;
  #previous = 0;
  #next = 0;
  #before = 0;
  /** For each level the addresses of its sorted values and of its states (u32). */
  #tree = 0;
  #levels = 0;

  constructor(ctx: OpenContext, framed: FramedCall, longest: number) {
    this.#ctx = ctx;
    this.#framed = allAtOnce(framed);
    this.#longest = longest;
    this.#work = foldContext(ctx);
  }

  *prepare(unit: WindowUnit): Pieces {
    const { kernels, memory, owner } = this.#ctx;
    const { arena } = unit.ctx;
    const n = unit.count;
    this.#work.heap.release();
    this.#fold = new WindowFold(this.#work, this.#framed, unit, 0);
    const included = includedRows(this.#framed, unit);
    const ctx = { kernels, memory, owner, arena };
    const columns = argColumns(this.#framed, unit);
    this.#previous = yield* previousRows(ctx, columns, this.#framed.call.argTypes, n, included);
    this.#next = arena.alloc(n * 4);
    this.#before = arena.alloc((n + 1) * 4);
    const order = arena.alloc(n * 4);
    const m = kernels.window_distinct_order(this.#previous, n, this.#next, this.#before, order);
    const longest = Math.min(n, this.#longest);
    this.#levels = Math.max(0, Math.floor(Math.log2(Math.max(1, longest)) / FAN_BITS));
    this.#tree = arena.alloc(this.#levels * 8);
    const work = { order, m, cursors: arena.alloc(4 * (n + 1)), rows: arena.alloc(m * 4) };
    for (let level = 1; level <= this.#levels; level++) yield* this.#build(unit, level, work);
  }

  evaluate(placed: PlacedRows): Vector {
    const frame = this.#framed.frame();
    this.#work.arena.reset();
    const { base, states } = freshStates(this.#ctx, this.#framed, placed.count);
    for (let part = 0; part < 3; part += 2) {
      if (part > 0 && frame.exclude === 0) break;
      this.#leaves(placed, frame, part, base);
      for (let from = 0; from < placed.count; from += FRAMES) this.#nodes(placed, frame, part, base, from);
    }
    if (frame.exclude !== 0) this.#mend(placed, frame, base);
    return resultsOf(this.#ctx, this.#framed, this.#work.heap, states, placed.count);
  }

  close(): void {
    releaseFold(this.#work);
  }

  *#build(
    unit: WindowUnit,
    level: number,
    work: { readonly order: number; readonly m: number; readonly cursors: number; readonly rows: number },
  ): Pieces {
    const { kernels, memory } = this.#ctx;
    const { size } = this.#framed;
    const { order, m, cursors, rows } = work;
    const shift = level * FAN_BITS;
    const sorted = unit.ctx.arena.alloc(m * 4);
    kernels.window_distinct_level(order, m, unit.count, shift, this.#previous, this.#before, cursors, rows, sorted);
    const base = unit.ctx.arena.alloc(m * size);
    kernels.row_clear(base, m * size);
    memory.u32.set([sorted, base], (this.#tree >>> 2) + 2 * (level - 1));
    for (let from = 0; from < m; from += FOLD_ROWS) {
      this.#work.arena.reset();
      const count = Math.min(FOLD_ROWS, m - from);
      const states = stateAddresses(this.#work, base, size, from, count);
      this.#fold!.picked(rows + 4 * from, count, states);
      const sources = this.#work.arena.alloc(count * 4);
      const pairs = kernels.window_distinct_running(rows, shift, from, count, base, size, states, sources);
      this.#merge(states, sources, pairs);
      yield;
    }
  }

  #leaves(placed: PlacedRows, frame: WindowFrameRows, part: number, base: number): void {
    const { from, count, places } = placed;
    const rows = this.#work.arena.alloc(count * MOST_LEAVES * 4);
    const states = this.#work.arena.alloc(count * MOST_LEAVES * 4);
    const found = this.#ctx.kernels.window_distinct_leaves(
      part,
      ...([frame.start, frame.end, frame.exclude, from, count, places.peerStart, places.peerEnd] as const),
      this.#previous,
      base,
      this.#framed.size,
      rows,
      states,
    );
    this.#fold!.picked(rows, found, states);
  }

  /** Merges the nodes that cover the frames of the rows first…first+FRAMES of those placed. */
  #nodes({ from, count, places }: PlacedRows, frame: WindowFrameRows, part: number, base: number, first: number): void {
    if (this.#levels === 0) return;
    const { size } = this.#framed;
    const mark = this.#work.arena.mark();
    const frames = Math.min(FRAMES, count - first);
    const targets = this.#work.arena.alloc(frames * this.#levels * MOST_NODES * 4);
    const sources = this.#work.arena.alloc(frames * this.#levels * MOST_NODES * 4);
    const pairs = this.#ctx.kernels.window_distinct_nodes(
      part,
      frame.start + 4 * first,
      frame.end + 4 * first,
      frame.exclude,
      from + first,
      frames,
      places.peerStart + 4 * first,
      places.peerEnd + 4 * first,
      this.#before,
      this.#tree,
      this.#levels,
      base + first * size,
      size,
      targets,
      sources,
    );
    this.#merge(targets, sources, pairs);
    this.#work.arena.rewind(mark);
  }

  /** Adds the values of rows after a hole that EXCLUDE makes which rows in the hole have as well. */
  #mend({ from, count, places }: PlacedRows, frame: WindowFrameRows, base: number): void {
    const { kernels, memory } = this.#ctx;
    const cursor = this.#ctx.arena.allocZeroed(8);
    while (memory.u32[cursor >>> 2]! < count && !this.#ctx.cancelled()) {
      this.#work.arena.reset();
      const rows = this.#work.arena.alloc(MENDS * 4);
      const states = this.#work.arena.alloc(MENDS * 4);
      const found = kernels.window_distinct_mends(
        cursor,
        frame.start,
        frame.end,
        frame.exclude,
        from,
        count,
        places.peerStart,
        places.peerEnd,
        this.#previous,
        this.#next,
        base,
        this.#framed.size,
        MENDS,
        rows,
        states,
      );
      this.#fold!.picked(rows, found, states);
    }
  }

  #merge(targets: number, sources: number, count: number): void {
    if (count === 0) return;
    const { offset, argTypes, aggregate, overload } = this.#framed.call;
    overload.merge(this.#work, { targets, sources, count, offset, argTypes, type: aggregate.type });
  }
}
