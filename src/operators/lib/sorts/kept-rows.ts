import type { Batch, Rows } from '../../../batch/batch.ts';
import type { OpenContext } from '../../../protocol/context.ts';
import { EXHAUSTED, ready, type Step } from '../../../protocol/step.ts';
import type { DataType } from '../../../types/data-type.ts';
import { recordsOfParts } from '../batch-parts.ts';
import { sliceRows } from '../slice-rows.ts';
import { readRecord } from '../stored/stored-batches.ts';

/** The rows after the first `offset`, `count` of them or all. */
export type RowRange = { readonly offset: number; readonly count?: number | undefined };

/** Hands up rows that `BatchParts` kept, in the order of their source. */
export class KeptRows {
  readonly #ctx: OpenContext;
  readonly batches: readonly Batch[];
  #next = 0;
  #toSkip = 0;
  #toGive = Number.POSITIVE_INFINITY;

  constructor(ctx: OpenContext, types: readonly DataType[], range?: RowRange) {
    const { memory, shared } = ctx;
    this.#ctx = ctx;
    // Sorting is stable: batches of one split are of one clone and keep its order.
    this.batches = recordsOfParts(memory, shared)
      .map(r => readRecord(memory, types, r))
      .sort((a, b) => a.split - b.split);
    if (range !== undefined) this.cut(range);
  }

  /** Says which rows to hand up, before the first `pull`. */
  cut({ offset, count }: RowRange): void {
    this.#toSkip = offset;
    this.#toGive = count ?? Number.POSITIVE_INFINITY;
  }

  pull(): Step {
    for (;;) {
      const batch = this.batches[this.#next];
      if (batch === undefined || this.#toGive <= 0) return EXHAUSTED;
      this.#next++;
      const from = Math.min(this.#toSkip, batch.count);
      this.#toSkip -= from;
      const count = Math.min(batch.count - from, this.#toGive);
      if (count === 0) continue;
      this.#toGive -= count;
      const rows: Rows = count === batch.count ? batch : sliceRows(this.#ctx, batch, from, count);
      return ready({ ...batch, ...rows });
    }
  }
}
