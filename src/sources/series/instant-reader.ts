import { allRows, batchOf } from '../../batch/batch.ts';
import { buildVector } from '../../batch/builder.ts';
import type { Split } from '../../plan/logical-plan.ts';
import type { OpenContext } from '../../protocol/context.ts';
import { EXHAUSTED, ready, type Step } from '../../protocol/step.ts';
import type { ScanRequest, SplitReader } from '../../protocol/table-function.ts';
import { addInterval } from '../../types/add-interval.ts';
import type { RawInterval } from '../../types/raw-value.ts';
import type { InstantSeries } from './instants.ts';

/** Writes a series of timestamps, batch by batch. */
export class InstantReader implements SplitReader {
  readonly #scan: ScanRequest;
  readonly #ctx: OpenContext;
  #next = 0n;
  #step: RawInterval = { months: 0, days: 0, micros: 0n };
  #left = 0;
  #split = 0;

  constructor(scan: ScanRequest, ctx: OpenContext) {
    this.#scan = scan;
    this.#ctx = ctx;
  }

  start(split: Split, index: number): void {
    const { from, months, days, micros, count } = split.state as InstantSeries;
    this.#next = BigInt(from);
    this.#step = { months, days, micros: BigInt(micros) };
    this.#left = count;
    this.#split = index;
  }

  pull(): Step {
    const count = Math.min(this.#left, this.#ctx.batchRows);
    if (count === 0) return EXHAUSTED;
    this.#left -= count;
    const values: bigint[] = [];
    for (let i = 0; i < count; i++, this.#next = addInterval(this.#next, this.#step)) values.push(this.#next);
    const columns = this.#scan.types.map(type => buildVector(this.#ctx, type, values));
    return ready(batchOf(this.#scan.select(columns, allRows(count)), columns, this.#split));
  }

  close(): void {}
}
