import type { Vector } from '../../../batch/vector.ts';
import { finishPieces } from '../../../common/pieces.ts';
import type { WindowFrameRows } from '../../../functions/function.ts';
import { Arena } from '../../../memory/arena.ts';
import type { OpenContext } from '../../../protocol/context.ts';
import { type FoldedCall, freshStates, includedRows, resultsOf, WindowFold } from './window-fold.ts';
import type { PlacedRows } from './window-placing.ts';
import type { WindowUnit } from './window-unit.ts';
import type { WindowValues } from './window-values.ts';

/** Rows of frames that are folded at a time. */
const CHUNK = 32_768;
/** In units of more rows than this, frames may be so large that few are evaluated at a time. */
const LARGE = 4096;
const FEW_ROWS = 128;

/**
 * An aggregate that takes the rows of each frame one by one: because its result holds them all (list, string_agg), or
 * because it wants them distinct or in an order of their own.
 */
export class ExpandedAggregate implements WindowValues {
  readonly #ctx: OpenContext;
  readonly #folded: FoldedCall;
  readonly #frame: () => WindowFrameRows;
  readonly #scratch: Arena;
  /** Of the states of the rows evaluated last. */
  readonly #heap: Arena;
  #included = 0;

  constructor(ctx: OpenContext, folded: FoldedCall, frame: () => WindowFrameRows) {
    this.#ctx = ctx;
    this.#folded = folded;
    this.#frame = frame;
    this.#scratch = new Arena(ctx.memory, ctx.owner);
    this.#heap = new Arena(ctx.memory, ctx.owner);
  }

  prepare(unit: WindowUnit): Iterable<undefined> {
    this.#included = includedRows(this.#folded, unit);
    return [];
  }

  mostRows(unit: WindowUnit): number {
    return unit.count > LARGE ? FEW_ROWS : Number.POSITIVE_INFINITY;
  }

  evaluate({ unit, from, count, places }: PlacedRows): Vector {
    const { arena, kernels, memory, owner } = this.#ctx;
    const frame = this.#frame();
    this.#heap.release();
    const { states } = freshStates(this.#ctx, this.#folded, count);
    const fold = new WindowFold(
      { kernels, memory, owner, arena: this.#scratch, heap: this.#heap },
      this.#folded,
      unit,
      0,
    );
    const cursor = arena.allocZeroed(12);
    const rows = arena.alloc(CHUNK * 4);
    const targets = arena.alloc(CHUNK * 4);
    while (memory.u32[cursor >>> 2]! < count && !this.#ctx.cancelled()) {
      this.#scratch.reset();
      const found = kernels.window_expand(
        cursor,
        frame.start,
        frame.end,
        frame.exclude,
        from,
        count,
        places.peerStart,
        places.peerEnd,
        this.#included,
        states,
        CHUNK,
        rows,
        targets,
      );
      fold.picked(rows, found, targets);
    }
    finishPieces(fold.finish(this.#heap));
    return resultsOf(this.#ctx, this.#folded, this.#heap, states, count);
  }

  close(): void {
    this.#scratch.release();
    this.#heap.release();
  }
}
