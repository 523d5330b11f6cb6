import type { Vector } from '../../../batch/vector.ts';
import { finishPieces, type Pieces } from '../../../common/pieces.ts';
import type { OpenContext } from '../../../protocol/context.ts';
import {
  argumentOf,
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
import type { WindowUnit } from './window-unit.ts';
import { longestFrame, ValueCounter } from './window-value-counter.ts';
import type { WindowValues } from './window-values.ts';

/** Rows of frames that are folded at a time, unless a single frame has more values. */
const CHUNK = 32_768;

/** An aggregate whose result holds all distinct values of its frame: `list(DISTINCT x)`, `string_agg(DISTINCT x)`. */
export class DistinctList implements WindowValues {
  readonly #ctx: OpenContext;
  readonly #framed: FramedCall;
  /** Its heap is of the states of the rows evaluated last. */
  readonly #work: FoldContext;
  readonly #counter: ValueCounter;

  constructor(ctx: OpenContext, framed: FramedCall) {
    const { call } = framed;
    const isOrdered = call.overload.ordered === true && call.aggregate.orderBy !== undefined;
    this.#ctx = ctx;
    // The counter finds each value once: there are no others to leave out.
    this.#framed = { ...framed, call: { ...call, isDistinct: false, isCollected: isOrdered } };
    this.#work = foldContext(ctx);
    const keys = call.aggregate.args
      .map((_, i) => ({ expr: argumentOf(framed, i), descending: false, nullsFirst: false }))
      .filter(k => k.expr.kind !== 'literal');
    this.#counter = new ValueCounter(ctx, keys, 'first');
  }

  prepare(unit: WindowUnit): Pieces {
    return this.#counter.prepare(unit, rowsAmong(unit, includedRows(this.#framed, unit)));
  }

  mostRows(unit: WindowUnit): number {
    return rowsOfLists(unit);
  }

  evaluate(placed: PlacedRows): Vector {
    const { arena } = this.#ctx;
    const { heap } = this.#work;
    const { unit, count, places } = placed;
    const frame = this.#framed.frame();
    heap.release();
    const { states } = freshStates(this.#ctx, this.#framed, count);
    const fold = new WindowFold(this.#work, this.#framed, unit, 0);
    const values = Math.min(this.#counter.known.count, longestFrame(this.#ctx, placed, frame));
    const some = Math.max(1, Math.floor(CHUNK / Math.max(1, values)));
    for (let first = 0; first < count && !this.#ctx.cancelled(); first += some) {
      const mark = arena.mark();
      this.#work.arena.reset();
      const at = (address: number): number => address + 4 * first;
      const part: PlacedRows = {
        ...placed,
        from: placed.from + first,
        count: Math.min(some, count - first),
        places: { ...places, peerStart: at(places.peerStart), peerEnd: at(places.peerEnd) },
      };
      const of = { ...frame, start: at(frame.start), end: at(frame.end) };
      const { lists, rows } = this.#counter.topOf(part, of, Number.POSITIVE_INFINITY);
      this.#fold(fold, part.count, { lists, rows, states: at(states) });
      arena.rewind(mark);
    }
    finishPieces(fold.finish(heap));
    return resultsOf(this.#ctx, this.#framed, heap, states, count);
  }

  close(): void {
    releaseFold(this.#work);
  }

  /** Folds lists of rows into states. */
  #fold(fold: WindowFold, count: number, at: Readonly<Record<'lists' | 'rows' | 'states', number>>): void {
    const { memory } = this.#ctx;
    const [lists, rows, states] = [at.lists >>> 2, at.rows >>> 2, at.states >>> 2];
    let total = 0;
    for (let k = 0; k < count; k++) total += memory.u32[lists + 2 * k + 1]!;
    const picked = this.#work.arena.alloc(total * 4) >>> 2;
    const targets = this.#work.arena.alloc(total * 4) >>> 2;
    let next = 0;
    for (let k = 0; k < count; k++) {
      const [offset, length] = memory.u32.subarray(lists + 2 * k, lists + 2 * k + 2);
      memory.u32.copyWithin(picked + next, rows + offset!, rows + offset! + length!);
      memory.u32.fill(memory.u32[states + k]!, targets + next, targets + next + length!);
      next += length!;
    }
    for (let from = 0; from < total; from += CHUNK)
      fold.picked(4 * (picked + from), Math.min(CHUNK, total - from), 4 * (targets + from));
  }
}
