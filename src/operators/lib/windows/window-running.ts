import type { Vector } from '../../../batch/vector.ts';
import type { Pieces } from '../../../common/pieces.ts';
import type { WindowFrameRows } from '../../../functions/function.ts';
import { Arena } from '../../../memory/arena.ts';
import type { OpenContext } from '../../../protocol/context.ts';
import {
  allAtOnce,
  argColumns,
  FOLD_ROWS,
  type FoldedCall,
  includedRows,
  resultsOf,
  stateAddresses,
  WindowFold,
} from './window-fold.ts';
import type { PlacedRows } from './window-placing.ts';
import { previousRows } from './window-previous.ts';
import type { WindowUnit } from './window-unit.ts';
import type { WindowValues } from './window-values.ts';

/**
 * An aggregate over frames that start with their partition (or end with it: `backwards`). Every row has a state, of all
 * rows from the partition's start: its own row's, and the state of the row before merged in.
 */
export class RunningAggregate implements WindowValues {
  readonly #ctx: OpenContext;
  readonly #folded: FoldedCall;
  readonly #frame: () => WindowFrameRows;
  readonly #backwards: 0 | 1;
  readonly #isDistinct: boolean;
  readonly #scratch: Arena;
  readonly #heap: Arena;
  #base = 0;
  #empty = 0;

  constructor(ctx: OpenContext, folded: FoldedCall, frame: () => WindowFrameRows, backwards: boolean) {
    this.#ctx = ctx;
    this.#folded = allAtOnce(folded);
    this.#isDistinct = folded.call.isDistinct;
    this.#frame = frame;
    this.#backwards = backwards ? 1 : 0;
    this.#scratch = new Arena(ctx.memory, ctx.owner);
    this.#heap = new Arena(ctx.memory, ctx.owner);
  }

  *prepare(unit: WindowUnit): Pieces {
    const { kernels, memory, owner } = this.#ctx;
    const { call, size } = this.#folded;
    this.#heap.release();
    const ctx = { kernels, memory, owner, arena: this.#scratch, heap: this.#heap };
    const n = unit.count;
    this.#base = unit.ctx.arena.alloc((n + 1) * size);
    this.#empty = this.#base + n * size;
    kernels.row_clear(this.#base, (n + 1) * size);
    const included = this.#isDistinct ? yield* this.#firstSeen(unit) : includedRows(this.#folded, unit);
    const fold = new WindowFold(ctx, this.#folded, unit, included);
    const chunks = Math.ceil(n / FOLD_ROWS);
    for (let c = 0; c < chunks; c++) {
      const from = FOLD_ROWS * (this.#backwards === 1 ? chunks - 1 - c : c);
      this.#scratch.reset();
      const count = Math.min(FOLD_ROWS, n - from);
      const states = stateAddresses(ctx, this.#base, size, from, count);
      fold.range(from, count, states);
      const sources = this.#scratch.alloc(count * 4);
      const pairs = kernels.window_running(
        unit.marks,
        n,
        from,
        count,
        this.#backwards,
        this.#base,
        size,
        states,
        sources,
      );
      const { offset, argTypes, aggregate, overload } = call;
      overload.merge(ctx, { targets: states, sources, count: pairs, offset, argTypes, type: aggregate.type });
      yield;
    }
  }

  mostRows(): number {
    return Number.POSITIVE_INFINITY;
  }

  evaluate({ count }: PlacedRows): Vector {
    const { arena, kernels } = this.#ctx;
    const { size } = this.#folded;
    const { start, end } = this.#frame();
    const states = arena.alloc(count * 4);
    kernels.window_running_states(start, end, count, this.#backwards, this.#base, size, this.#empty, states);
    return resultsOf(this.#ctx, this.#folded, this.#heap, states, count);
  }

  close(): void {
    this.#scratch.release();
    this.#heap.release();
  }

  /** The rows that have their arguments first in their partition. */
  *#firstSeen(unit: WindowUnit): Generator<undefined, number> {
    const { kernels, memory, owner } = this.#ctx;
    const { arena } = unit.ctx;
    const ctx = { kernels, memory, owner, arena };
    const columns = argColumns(this.#folded, unit);
    const taken = includedRows(this.#folded, unit);
    const previous = yield* previousRows(ctx, columns, this.#folded.call.argTypes, unit.count, taken);
    const included = arena.alloc(unit.count);
    kernels.window_first_seen(previous, unit.marks, unit.count, included);
    return included;
  }
}
