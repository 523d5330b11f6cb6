import type { Batch, Rows } from '../../../batch/batch.ts';
import type { OpenContext } from '../../../protocol/context.ts';
import { EXHAUSTED, ready, type Step } from '../../../protocol/step.ts';
import type { DataType } from '../../../types/data-type.ts';
import { KeptBatches, keptPieces } from '../kept-batches.ts';
import { sliceRows } from '../slice-rows.ts';

/** The rows after the first `offset`, `count` of them or all. */
export type RowRange = { readonly offset: number; readonly count?: number | undefined };

/** What a clone has kept, by splits that rise. */
type Stream = { readonly kept: KeptBatches; batch: Batch | undefined };

/** Hands up rows that `BatchParts` kept, in the order of their source: batches of one split are of one clone. */
export class KeptRows {
  readonly #ctx: OpenContext;
  readonly #streams: readonly Stream[];
  #current: Stream | undefined;
  #toSkip = 0;
  #toGive = Number.POSITIVE_INFINITY;

  constructor(ctx: OpenContext, types: readonly DataType[], range?: RowRange) {
    this.#ctx = ctx;
    this.#streams = keptPieces(ctx, ctx.shared).map(pieces => {
      const kept = new KeptBatches(ctx, types, pieces);
      return { kept, batch: kept.next() };
    });
    if (range !== undefined) this.cut(range);
  }

  /** Rows of all clones. */
  get rows(): number {
    return this.#streams.reduce((sum, s) => sum + s.kept.rows, 0);
  }

  /** A batch of the rows; before the first `pull`. */
  get first(): Batch | undefined {
    return this.#streams.find(s => s.batch !== undefined)?.batch;
  }

  /** Says which rows to hand up, before the first `pull`. */
  cut({ offset, count }: RowRange): void {
    this.#toSkip = offset;
    this.#toGive = count ?? Number.POSITIVE_INFINITY;
  }

  pull(): Step {
    while (this.#toGive > 0) {
      const batch = this.#next();
      if (batch === undefined) break;
      const from = Math.min(this.#toSkip, batch.count);
      this.#toSkip -= from;
      const count = Math.min(batch.count - from, this.#toGive);
      if (count === 0) continue;
      this.#toGive -= count;
      const rows: Rows = count === batch.count ? batch : sliceRows(this.#ctx, batch, from, count);
      return ready({ ...batch, ...rows });
    }
    return EXHAUSTED;
  }

  close(): void {
    for (const s of this.#streams) s.kept.close();
  }

  /** The next batch of the lowest split, of the first clone that has one. */
  #next(): Batch | undefined {
    if (this.#current !== undefined) this.#current.batch = this.#current.kept.next();
    let lowest: Stream | undefined;
    for (const s of this.#streams) {
      if (s.batch !== undefined && (lowest === undefined || s.batch.split < lowest.batch!.split)) lowest = s;
    }
    this.#current = lowest;
    return lowest?.batch;
  }
}
