import type { Vector } from '../../../batch/vector.ts';
import type { Pieces } from '../../../common/pieces.ts';
import type { OpenContext } from '../../../protocol/context.ts';
import {
  allAtOnce,
  argColumns,
  FOLD_ROWS,
  type FoldContext,
  type FramedCall,
  foldContext,
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

/**
 * An aggregate over frames that start with their partition (or end with it: `backwards`). Every row has a state, of all
 * rows from the partition's start: its own row's, and the state of the row before merged in.
 */
export class RunningAggregate implements WindowValues {
  readonly #ctx: OpenContext;
  readonly #framed: FramedCall;
  readonly #backwards: 0 | 1;
  readonly #isDistinct: boolean;
  readonly #work: FoldContext;
  #base = 0;
  #empty = 0;

  constructor(ctx: OpenContext, framed: FramedCall, backwards: boolean) {
    this.#ctx = ctx;
    this.#framed = allAtOnce(framed);
    this.#isDistinct = framed.call.isDistinct;
    this.#backwards = backwards ? 1 : 0;
    this.#work = foldContext(ctx);
  }

  *prepare(unit: WindowUnit): Pieces {
    const { kernels } = this.#ctx;
    const { call, size } = this.#framed;
    const ctx = this.#work;
    ctx.heap.release();
    const n = unit.count;
    this.#base = unit.ctx.arena.alloc((n + 1) * size);
    this.#empty = this.#base + n * size;
    kernels.row_clear(this.#base, (n + 1) * size);
    const included = this.#isDistinct ? yield* this.#firstSeen(unit) : includedRows(this.#framed, unit);
    const fold = new WindowFold(ctx, this.#framed, unit, included);
    const chunks = Math.ceil(n / FOLD_ROWS);
    for (let c = 0; c < chunks; c++) {
      const from = FOLD_ROWS * (this.#backwards === 1 ? chunks - 1 - c : c);
      this.#work.arena.reset();
      const count = Math.min(FOLD_ROWS, n - from);
      const states = stateAddresses(ctx, this.#base, size, from, count);
      fold.range(from, count, states);
      const sources = this.#work.arena.alloc(count * 4);
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

  evaluate({ count }: PlacedRows): Vector {
    const { arena, kernels } = this.#ctx;
    const { size } = this.#framed;
    const { start, end } = this.#framed.frame();
    const states = arena.alloc(count * 4);
    kernels.window_running_states(start, end, count, this.#backwards, this.#base, size, this.#empty, states);
    return resultsOf(this.#ctx, this.#framed, this.#work.heap, states, count);
  }

  close(): void {
    releaseFold(this.#work);
  }

  /** The rows that have their arguments first in their partition. */
  *#firstSeen(unit: WindowUnit): Generator<undefined, number> {
    const { kernels, memory, owner } = this.#ctx;
    const { arena } = unit.ctx;
    const ctx = { kernels, memory, owner, arena };
    const columns = argColumns(this.#framed, unit);
    const taken = includedRows(this.#framed, unit);
    const previous = yield* previousRows(ctx, columns, this.#framed.call.argTypes, unit.count, taken);
    const included = arena.alloc(unit.count);
    kernels.window_first_seen(previous, unit.marks, unit.count, included);
    return included;
  }
}
