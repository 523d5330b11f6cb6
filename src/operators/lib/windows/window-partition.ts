import type { Vector } from '../../../batch/vector.ts';
import type { Pieces } from '../../../common/pieces.ts';
import { gather } from '../../../kernels/vectors.ts';
import type { OpenContext } from '../../../protocol/context.ts';
import {
  FOLD_ROWS,
  type FoldContext,
  type FoldedCall,
  foldContext,
  includedRows,
  releaseFold,
  resultsOf,
  stateAddresses,
  WindowFold,
} from './window-fold.ts';
import type { PlacedRows } from './window-placing.ts';
import type { WindowUnit } from './window-unit.ts';
import type { WindowValues } from './window-values.ts';

/** An aggregate over whole partitions: one state each. */
export class PartitionAggregate implements WindowValues {
  readonly #ctx: OpenContext;
  readonly #folded: FoldedCall;
  readonly #work: FoldContext;
  /** One for each partition of the unit. */
  #results: Vector | undefined;
  /** Partitions that begin before the next row to evaluate. */
  #begun = 0;

  constructor(ctx: OpenContext, folded: FoldedCall) {
    this.#ctx = ctx;
    this.#folded = folded;
    this.#work = foldContext(ctx);
  }

  *prepare(unit: WindowUnit): Pieces {
    const { kernels } = this.#ctx;
    const { size } = this.#folded;
    const ctx = this.#work;
    ctx.heap.release();
    const partitions = kernels.window_count_partitions(unit.marks, unit.count);
    const base = unit.ctx.arena.allocZeroed(partitions * size);
    const fold = new WindowFold(ctx, this.#folded, unit, includedRows(this.#folded, unit));
    let begun = 0;
    for (let from = 0; from < unit.count; from += FOLD_ROWS) {
      this.#work.arena.reset();
      const count = Math.min(FOLD_ROWS, unit.count - from);
      const states = this.#work.arena.alloc(count * 4);
      begun = kernels.window_partition_states(unit.marks, from, count, begun, base, size, states);
      fold.range(from, count, states);
      yield;
    }
    yield* fold.finish(this.#work.heap);
    const states = stateAddresses(unit.ctx, base, size, 0, partitions);
    this.#results = resultsOf(unit.ctx, this.#folded, this.#work.heap, states, partitions);
    this.#begun = 0;
  }

  evaluate({ unit, from, count }: PlacedRows): Vector {
    const { arena, kernels } = this.#ctx;
    const numbers = arena.alloc(count * 4);
    this.#begun = kernels.window_partition_states(unit.marks, from, count, this.#begun, 0, 1, numbers);
    return gather(this.#ctx, this.#results!, numbers, count);
  }

  close(): void {
    releaseFold(this.#work);
  }
}
