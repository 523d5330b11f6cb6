import type { Pieces } from '../../../common/pieces.ts';
import type { VectorContext } from '../../../kernels/vectors.ts';
import { Arena } from '../../../memory/arena.ts';
import type { LinearMemory, Owner } from '../../../memory/linear-memory.ts';
import { type GroupArray, readGroupArray } from './direct-groups.ts';
import type { MergedRows } from './group-table.ts';

/** How the range of several arrays' keys is cut: slice i has the values from `base + i × width` on. */
type Slices = { readonly base: bigint; readonly width: number };

/** A range may have so many values for each group. */
const SPAN_PER_GROUP = 32n;

/** Whether all clones handed on arrays, and their ranges together are worth walking. */
export function canMergeDirectly(memory: LinearMemory, arrays: readonly number[], groups: number): boolean {
  if (arrays.includes(0)) return false;
  const { base, end } = rangeOf(arrays.map(a => readGroupArray(memory, a)));
  return end - base <= SPAN_PER_GROUP * BigInt(groups);
}

/** Merges groups that clones found through arrays over their keys' range, slice of the range by slice: no hashing. */
export class DirectMerge {
  readonly #ctx: VectorContext & { readonly owner: Owner };
  readonly #arrays: readonly GroupArray[];
  readonly #slices: Slices;

  /** @param arrays their structs' addresses; the same at all clones */
  constructor(ctx: VectorContext & { readonly owner: Owner }, arrays: readonly number[], count: number) {
    this.#ctx = ctx;
    this.#arrays = arrays.map(a => readGroupArray(ctx.memory, a));
    this.#slices = slicesOf(this.#arrays, count);
  }

  /**
   * The rows that stand for the groups of a slice; the NULL group is in slice 0.
   * @param target takes the result's addresses
   * @param merge folds `count` source rows into their targets (u32 addresses)
   */
  *run(
    slice: number,
    target: Arena,
    merge: (targets: number, sources: number, count: number) => void,
  ): Pieces<MergedRows> {
    const { memory, owner, kernels } = this.#ctx;
    const { base, width } = this.#slices;
    const from = base + BigInt(slice) * BigInt(width);
    const work = new Arena(memory, owner);
    // One more than the slice has values: NULL's.
    const table = work.allocZeroed((width + 1) * 4);
    const kept = target.alloc((width + 1) * 4);
    const targets = work.alloc(width * 4);
    const sources = work.alloc(width * 4);
    const pairs = work.alloc(4);
    let count = 0;
    const mergeEntries = (entries: number, n: number, at: number): void => {
      if (n <= 0) return;
      count += kernels.direct_merge(entries, n, at, kept + 4 * count, targets, sources, pairs);
      const merged = memory.u32[pairs >>> 2]!;
      if (merged > 0) merge(targets, sources, merged);
    };
    for (const { base: start, span, entries } of this.#arrays) {
      const skipped = Number(from - start);
      const first = Math.max(0, skipped);
      const end = Math.min(span, skipped + width);
      mergeEntries(entries + 4 * first, end - first, table + 4 * (first - skipped));
      if (slice === 0) mergeEntries(entries + 4 * span, 1, table + 4 * width);
      yield;
    }
    work.release();
    return { address: kept, count };
  }
}

function slicesOf(arrays: readonly GroupArray[], count: number): Slices {
  const { base, end } = rangeOf(arrays);
  return { base, width: Math.ceil(Number(end - base) / count) };
}

function rangeOf(arrays: readonly GroupArray[]): { readonly base: bigint; readonly end: bigint } {
  let [base, end] = [arrays[0]!.base, arrays[0]!.base];
  for (const a of arrays) {
    const last = a.base + BigInt(a.span);
    if (a.base < base) base = a.base;
    if (last > end) end = last;
  }
  return { base, end };
}
