import type { Rows } from '../../../batch/batch.ts';
import type { Arena } from '../../../memory/arena.ts';
import type { OpenContext } from '../../../protocol/context.ts';
import type { EncodedKeys } from './sort-keys.ts';
import type { SortRowLayout } from './sort-rows.ts';
import { masksOf, planOf, sortedRuns } from './sorted-parts.ts';
import { type PrefixPlan, type SortedRun, sameBytes } from './sorted-run.ts';

/** One of how many prefixes is a sample; as in kernels/assembly/asof.ts. */
const SAMPLED = 64;

/** Finds places of keys in the sorted runs of all clones, by the prefixes that the runs are sorted by. */
export class RunSearch {
  readonly #ctx: OpenContext;
  readonly #layout: SortRowLayout;
  readonly #plan: PrefixPlan;
  readonly #runs: number;
  readonly #runCount: number;
  /** Addresses of the bytes that all keys have, of where they are, and of the prefix's offsets. */
  readonly #same: number;
  readonly #fixed: number;
  readonly #offsets: number;

  /** @param heap holds what the search needs, until the clone is through */
  constructor(ctx: OpenContext, layout: SortRowLayout, heap: Arena) {
    this.#ctx = ctx;
    this.#layout = layout;
    this.#plan = planOf(ctx, layout);
    const runs = sortedRuns(ctx).filter(r => r.count > 0);
    const samples = runs.map(run => this.#samples(run, heap));
    this.#runs = heap.alloc(20 * runs.length);
    this.#runCount = runs.length;
    const { headBytes, bytesAt } = layout.key;
    [this.#same, this.#fixed, this.#offsets] = [heap.alloc(headBytes), heap.alloc(headBytes), heap.alloc(4 * 8)];
    const { memory } = ctx;
    const { same, fixed } = sameBytes(memory, headBytes, masksOf(ctx));
    memory.u32.set(
      runs.flatMap((r, i) => [r.keys, r.rows, 0, r.count, samples[i]!]),
      this.#runs >>> 2,
    );
    memory.u8.set(same, this.#same);
    memory.u8.set(fixed, this.#fixed);
    memory.u32.set(
      this.#plan.offsets.map(o => o - bytesAt),
      this.#offsets >>> 2,
    );
  }

  /** There are no rows. */
  get isEmpty(): boolean {
    return this.#runCount === 0;
  }

  /**
   * For each of the rows, whose keys are encoded, the address (u32, in the batch arena) of the last row of the runs that
   * is not after it (or is before it: `isStrict`) and whose first `equalBytes` bytes are the same; 0 where there is none,
   * and for rows that `validity` leaves out. Where keys vary, their `headLengths` say how many bytes must be the same.
   */
  lastBefore(
    encoded: EncodedKeys,
    rows: Rows,
    { validity, equalBytes, isStrict }: { validity: number; equalBytes: number; isStrict: boolean },
  ): number {
    const { arena, kernels } = this.#ctx;
    const { offsets, isWhole } = this.#plan;
    const { fixedBytes, headBytes } = this.#layout.key;
    const { address, count: n, headLengths } = encoded;
    const prefixes = arena.alloc(n * 8);
    const sides = arena.alloc(n);
    const [same, fixed] = [this.#same, this.#fixed];
    const kinds = [this.#offsets, offsets.length, prefixes, sides] as const;
    kernels.asof_prefixes(address, fixedBytes, n, headBytes, same, fixed, ...kinds);
    const found = arena.alloc(n * 4);
    kernels.asof_search(
      this.#runs,
      this.#runCount,
      address,
      fixedBytes,
      prefixes,
      sides,
      isWhole ? 1 : 0,
      equalBytes,
      headLengths,
      validity,
      rows.selection,
      n,
      isStrict ? 1 : 0,
      found,
    );
    return found;
  }

  #samples({ keys, count }: SortedRun, heap: Arena): number {
    const samples = heap.alloc(8 * Math.ceil(count / SAMPLED));
    this.#ctx.kernels.asof_samples(keys, count, samples);
    return samples;
  }
}
