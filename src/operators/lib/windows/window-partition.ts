import type { Vector } from '../../../batch/vector.ts';
import type { Pieces } from '../../../common/pieces.ts';
import { gather } from '../../../kernels/vectors.ts';
import { Arena } from '../../../memory/arena.ts';
import type { OpenContext } from '../../../protocol/context.ts';
import { FOLD_ROWS, type FoldedCall, includedRows, resultsOf, stateAddresses, WindowFold } from './window-fold.ts';
import type { PlacedRows } from './window-placing.ts';
import type { WindowUnit } from './window-unit.ts';
import type { WindowValues } from './window-values.ts';

/** An aggregate over whole partitions: one state each. */
export class PartitionAggregate implements WindowValues {
  readonly #ctx: OpenContext;
  readonly #folded: FoldedCall;
  readonly #scratch: Arena;
  readonly #heap: Arena;
  /** One for each partition of the unit. */
  #results: Vector | undefined;
  /** Partitions that begin before the next row to evaluate. */
  #begun = 0;

  constructor(ctx: OpenContext, folded: FoldedCall) {
    this.#ctx = ctx;
    this.#folded = folded;
    this.#scratch = new Arena(ctx.memory, ctx.owner);
    this.#heap = new Arena(ctx.memory, ctx.owner);
  }

  *prepare(unit: WindowUnit): Pieces {
    const { kernels, memory, owner } = this.#ctx;
    const { size } = this.#folded;
    this.#heap.release();
    const ctx = { kernels, memory, owner, arena: this.#scratch, heap: this.#heap };
    const partitions = kernels.window_count_partitions(unit.marks, unit.count);
    const base = unit.ctx.arena.allocZeroed(partitions * size);
    const fold = new WindowFold(ctx, this.#folded, unit, includedRows(this.#folded, unit));
    let begun = 0;
    for (let from = 0; from < unit.count; from += FOLD_ROWS) {
      this.#scratch.reset();
      const count = Math.min(FOLD_ROWS, unit.count - from);
      const states = this.#scratch.alloc(count * 4);
      begun = kernels.window_partition_states(unit.marks, from, count, begun, base, size, states);
      fold.range(from, count, states);
      yield;
    }
    yield* fold.finish(this.#heap);
    const states = stateAddresses(unit.ctx, base, size, 0, partitions);
    this.#results = resultsOf(unit.ctx, this.#folded, this.#heap, states, partitions);
    this.#begun = 0;
  }

  mostRows(): number {
    return Number.POSITIVE_INFINITY;
  }

  evaluate({ unit, from, count }: PlacedRows): Vector {
    const { arena, kernels } = this.#ctx;
    const numbers = arena.alloc(count * 4);
    this.#begun = kernels.window_partition_states(unit.marks, from, count, this.#begun, 0, 1, numbers);
    return gather(this.#ctx, this.#results!, numbers, count);
  }

  close(): void {
    this.#scratch.release();
    this.#heap.release();
  }
}
