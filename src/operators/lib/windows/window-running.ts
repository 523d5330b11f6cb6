import type { Vector } from '../../../batch/vector.ts';
import type { Pieces } from '../../../common/pieces.ts';
import type { WindowFrameRows } from '../../../functions/function.ts';
import { Arena } from '../../../memory/arena.ts';
import type { OpenContext } from '../../../protocol/context.ts';
import { keyColumn, keyLayout, originalColumns } from '../groups/group-keys.ts';
import { GroupTable } from '../groups/group-table.ts';
import { argColumns, FOLD_ROWS, type FoldedCall, includedRows, WindowFold } from './window-fold.ts';
import type { PlacedRows } from './window-placing.ts';
import type { WindowUnit } from './window-unit.ts';
import type { WindowValues } from './window-values.ts';

/** Bytes of a group's row that hold the number of the last row with its values, see `window_first_seen`. */
const LAST_BYTES = 8;

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
    this.#folded = { ...folded, call: { ...folded.call, isCollected: false, isDistinct: false } };
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
    const included = this.#isDistinct ? this.#firstSeen(unit) : includedRows(this.#folded, unit);
    const fold = new WindowFold(ctx, this.#folded, unit, included);
    const chunks = Math.ceil(n / FOLD_ROWS);
    for (let c = 0; c < chunks; c++) {
      const from = FOLD_ROWS * (this.#backwards === 1 ? chunks - 1 - c : c);
      this.#scratch.reset();
      const count = Math.min(FOLD_ROWS, n - from);
      const states = this.#scratch.alloc(count * 4);
      kernels.window_states(this.#base, size, 0, from, count, states);
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
    const { call, size } = this.#folded;
    const { start, end } = this.#frame();
    const states = arena.alloc(count * 4);
    kernels.window_running_states(start, end, count, this.#backwards, this.#base, size, this.#empty, states);
    const { offset, argTypes, aggregate, overload } = call;
    const ctx = { ...this.#ctx, heap: this.#heap };
    return overload.result(ctx, { states, count, offset, argTypes, type: aggregate.type });
  }

  close(): void {
    this.#scratch.release();
    this.#heap.release();
  }

  /** The rows that have their arguments first in their partition. */
  #firstSeen(unit: WindowUnit): number {
    const { kernels, memory, owner } = this.#ctx;
    let included = includedRows(this.#folded, unit);
    if (included === 0) {
      included = unit.ctx.arena.alloc(unit.count);
      memory.u8.fill(1, included, included + unit.count);
    }
    const scratch = new Arena(memory, owner);
    const ctx = { kernels, memory, owner, arena: scratch };
    const { argTypes } = this.#folded.call;
    const layout = keyLayout(argTypes, () => LAST_BYTES);
    const table = new GroupTable(ctx, layout);
    const lastAt = layout.rowBytes - LAST_BYTES;
    const columns = argColumns(this.#folded, unit);
    let partition = 0;
    for (let from = 0; from < unit.count; from += FOLD_ROWS) {
      scratch.reset();
      const count = Math.min(FOLD_ROWS, unit.count - from);
      const selection = scratch.alloc((count + 1) * 2);
      const selected = kernels.window_select(included, from, count, selection);
      const rows = { count, selection, selected };
      const values = columns.map(c => c.slice(from, count));
      const found =
        selected === 0
          ? 0
          : table.find(
              values.map(v => keyColumn(ctx, v, rows)),
              originalColumns(argTypes, values),
              rows,
            );
      partition = kernels.window_first_seen(
        included,
        from,
        count,
        selection,
        selected,
        found,
        lastAt,
        unit.marks,
        partition,
      );
    }
    table.seal();
    table.rows.release();
    scratch.release();
    return included;
  }
}
