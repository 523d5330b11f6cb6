import { allRows, batchOf } from '../../batch/batch.ts';
import { Vector } from '../../batch/vector.ts';
import type { Split } from '../../plan/logical-plan.ts';
import type { OpenContext } from '../../protocol/context.ts';
import { EXHAUSTED, ready, type Step } from '../../protocol/step.ts';
import type { ScanRequest, SplitReader } from '../../protocol/table-function.ts';
import { INT64 } from '../../types/data-type.ts';
import { fillSafeIntegers } from '../fill-integers.ts';

/** Writes the numbers of a split, batch by batch. */
export class IntegerReader implements SplitReader {
  readonly #scan: ScanRequest;
  readonly #ctx: OpenContext;
  #next = 0n;
  #step = 1n;
  #left = 0;
  #split = 0;

  constructor(scan: ScanRequest, ctx: OpenContext) {
    this.#scan = scan;
    this.#ctx = ctx;
  }

  start(split: Split, index: number): void {
    const { from, count, step } = split.state as { from: string; count: number; step: string };
    this.#next = BigInt(from);
    this.#step = BigInt(step);
    this.#left = count;
    this.#split = index;
  }

  pull(): Step {
    const count = Math.min(this.#left, this.#ctx.batchRows);
    if (count === 0) return EXHAUSTED;
    this.#left -= count;
    const columns = this.#scan.columns.map(() => this.#numbers(count));
    this.#next += BigInt(count) * this.#step;
    return ready(batchOf(this.#scan.select(columns, allRows(count)), columns, this.#split));
  }

  close(): void {}

  #numbers(count: number): Vector {
    const { arena, memory } = this.#ctx;
    const data = arena.alloc(8 * count);
    const first = this.#next;
    const last = first + BigInt(count - 1) * this.#step;
    const safe = (n: bigint) => n <= BigInt(Number.MAX_SAFE_INTEGER) && n >= BigInt(Number.MIN_SAFE_INTEGER);
    if (safe(first) && safe(last)) fillSafeIntegers(memory.i32, data >>> 2, count, Number(first), Number(this.#step));
    else {
      const i64 = memory.i64;
      for (let i = 0, n = first; i < count; i++, n += this.#step) i64[(data >>> 3) + i] = n;
    }
    return Vector.flat(INT64, count, data);
  }
}
