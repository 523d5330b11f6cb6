import type { Vector } from '../../../batch/vector.ts';
import { finishPieces } from '../../../common/pieces.ts';
import type { OpenContext } from '../../../protocol/context.ts';
import {
  type FoldContext,
  type FramedCall,
  foldContext,
  freshStates,
  includedRows,
  releaseFold,
  resultsOf,
  rowsAmong,
  rowsOfLists,
  WindowFold,
} from './window-fold.ts';
import type { PlacedRows } from './window-placing.ts';
import type { RowsAmong } from './window-row-order.ts';
import type { WindowUnit } from './window-unit.ts';
import type { WindowValues } from './window-values.ts';

/** Rows of frames that are folded at a time. */
const CHUNK = 32_768;

/** An aggregate that takes the rows of each frame one by one, because its result holds them all (list, string_agg). */
export class ExpandedAggregate implements WindowValues {
  readonly #ctx: OpenContext;
  readonly #framed: FramedCall;
  /** Its heap is of the states of the rows evaluated last. */
  readonly #work: FoldContext;
  #among: RowsAmong | undefined;

  constructor(ctx: OpenContext, framed: FramedCall) {
    this.#ctx = ctx;
    this.#framed = framed;
    this.#work = foldContext(ctx);
  }

  prepare(unit: WindowUnit): Iterable<undefined> {
    this.#among = rowsAmong(unit, includedRows(this.#framed, unit));
    return [];
  }

  mostRows(unit: WindowUnit): number {
    return rowsOfLists(unit);
  }

  evaluate({ unit, from, count, places }: PlacedRows): Vector {
    const { arena, kernels, memory } = this.#ctx;
    const { heap } = this.#work;
    const { start, end, exclude } = this.#framed.frame();
    heap.release();
    const { states } = freshStates(this.#ctx, this.#framed, count);
    const fold = new WindowFold(this.#work, this.#framed, unit, 0);
    const cursor = arena.allocZeroed(12);
    const [rows, targets] = [arena.alloc(CHUNK * 4), arena.alloc(CHUNK * 4)];
    const frames = [start, end, exclude, from, count, places.peerStart, places.peerEnd] as const;
    const among = [this.#among?.rows ?? 0, this.#among?.before ?? 0] as const;
    while (memory.u32[cursor >>> 2]! < count && !this.#ctx.cancelled()) {
      this.#work.arena.reset();
      const found = kernels.window_expand(cursor, ...frames, ...among, states, CHUNK, rows, targets);
      fold.picked(rows, found, targets);
    }
    finishPieces(fold.finish(heap));
    return resultsOf(this.#ctx, this.#framed, heap, states, count);
  }

  close(): void {
    releaseFold(this.#work);
  }
}
