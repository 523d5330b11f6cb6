import type { Vector } from '../../../batch/vector.ts';
import type { Pieces } from '../../../common/pieces.ts';
import type { WindowFrameRows } from '../../../functions/function.ts';
import type { OpenContext } from '../../../protocol/context.ts';
import {
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
import type { WindowUnit } from './window-unit.ts';
import type { WindowValues } from './window-values.ts';

/** A node's children: see kernels/assembly/window-aggregates.ts. */
const FAN_BITS = 4;
/** Rows that no whole node covers, on one side of a frame at most. */
const MOST_LEAVES = 30;
/** Nodes of a level in a frame at most. */
const MOST_NODES = 32;
/** Frames whose nodes are merged at a time. */
const FRAMES = 128;

/**
 * An aggregate over any frames, from a segment tree: nodes hold the states of 16, 256, … consecutive rows, and a frame is
 * put together from the largest that it covers and the rows at its ends (Leis et al., "Efficient Processing of Window
 * Functions in Analytical SQL Queries", VLDB 2015).
 */
export class TreeAggregate implements WindowValues {
  readonly #ctx: OpenContext;
  readonly #framed: FramedCall;
  readonly #work: FoldContext;
  #included = 0;
  /** Addresses of the levels' first states (u32), the lowest level first. */
  #levels = 0;
  #levelCount = 0;
  #stack = 0;
  #fold: WindowFold | undefined;

  constructor(ctx: OpenContext, framed: FramedCall) {
    this.#ctx = ctx;
    this.#framed = framed;
    this.#work = foldContext(ctx);
  }

  *prepare(unit: WindowUnit): Pieces {
    const { kernels, memory } = this.#ctx;
    const { size } = this.#framed;
    this.#work.heap.release();
    this.#included = includedRows(this.#framed, unit);
    this.#fold = new WindowFold(this.#work, this.#framed, unit, this.#included);
    const nodes: number[] = [];
    for (let n = unit.count; n > 1; ) {
      n = Math.ceil(n / 2 ** FAN_BITS);
      nodes.push(n);
    }
    const bases = nodes.map(n => {
      const base = unit.ctx.arena.alloc(n * size);
      kernels.row_clear(base, n * size);
      return base;
    });
    for (let from = 0; from < unit.count && bases.length > 0; from += FOLD_ROWS) {
      this.#work.arena.reset();
      const count = Math.min(FOLD_ROWS, unit.count - from);
      const states = this.#work.arena.alloc(count * 4);
      kernels.window_states(bases[0]!, size, FAN_BITS, from, count, states);
      this.#fold.range(from, count, states);
      yield;
    }
    for (let level = 1; level < bases.length; level++) yield* this.#mergeLevel(bases, level, nodes[level - 1]!);
    this.#levelCount = bases.length;
    this.#levels = unit.ctx.arena.alloc(bases.length * 4);
    memory.u32.set(bases, this.#levels >>> 2);
    this.#stack = unit.ctx.arena.alloc(bases.length * 16);
  }

  evaluate(placed: PlacedRows): Vector {
    const { count } = placed;
    const frame = this.#framed.frame();
    this.#work.arena.reset();
    const { base, states } = freshStates(this.#ctx, this.#framed, count);
    for (let part = 0; part < 3; part++) {
      if (part > 0 && frame.exclude === 0) break;
      this.#leaves(placed, frame, 0, part, base);
      for (let from = 0; from < count; from += FRAMES) this.#nodes(placed, frame, part, base, from);
      this.#leaves(placed, frame, 1, part, base);
    }
    return resultsOf(this.#ctx, this.#framed, this.#work.heap, states, count);
  }

  close(): void {
    releaseFold(this.#work);
  }

  *#mergeLevel(bases: readonly number[], level: number, children: number): Pieces {
    const { kernels } = this.#ctx;
    const { size } = this.#framed;
    for (let from = 0; from < children; from += FOLD_ROWS) {
      this.#work.arena.reset();
      const count = Math.min(FOLD_ROWS, children - from);
      const targets = this.#work.arena.alloc(count * 4);
      kernels.window_states(bases[level]!, size, FAN_BITS, from, count, targets);
      const sources = stateAddresses(this.#work, bases[level - 1]!, size, from, count);
      this.#merge(targets, sources, count);
      yield;
    }
  }

  #leaves({ from, count, places }: PlacedRows, frame: WindowFrameRows, side: 0 | 1, part: number, base: number): void {
    const { kernels } = this.#ctx;
    const rows = this.#work.arena.alloc(count * MOST_LEAVES * 4);
    const states = this.#work.arena.alloc(count * MOST_LEAVES * 4);
    const found = kernels.window_leaves(
      side,
      part,
      frame.start,
      frame.end,
      frame.exclude,
      from,
      count,
      places.peerStart,
      places.peerEnd,
      this.#included,
      base,
      this.#framed.size,
      rows,
      states,
    );
    this.#fold!.picked(rows, found, states);
  }

  /** Merges the nodes that cover the frames of the rows first…first+FRAMES of those placed. */
  #nodes({ from, count, places }: PlacedRows, frame: WindowFrameRows, part: number, base: number, first: number): void {
    if (this.#levelCount === 0) return;
    const { kernels } = this.#ctx;
    const { size } = this.#framed;
    const mark = this.#work.arena.mark();
    const frames = Math.min(FRAMES, count - first);
    const targets = this.#work.arena.alloc(frames * this.#levelCount * MOST_NODES * 4);
    const sources = this.#work.arena.alloc(frames * this.#levelCount * MOST_NODES * 4);
    const pairs = kernels.window_nodes(
      part,
      frame.start + 4 * first,
      frame.end + 4 * first,
      frame.exclude,
      from + first,
      frames,
      places.peerStart + 4 * first,
      places.peerEnd + 4 * first,
      this.#levels,
      this.#levelCount,
      this.#stack,
      base + first * size,
      size,
      targets,
      sources,
    );
    this.#merge(targets, sources, pairs);
    this.#work.arena.rewind(mark);
  }

  #merge(targets: number, sources: number, count: number): void {
    if (count === 0) return;
    const { offset, argTypes, aggregate, overload } = this.#framed.call;
    overload.merge(this.#work, { targets, sources, count, offset, argTypes, type: aggregate.type });
  }
}
