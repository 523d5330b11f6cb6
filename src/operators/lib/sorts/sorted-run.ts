import type { Pieces } from '../../../common/pieces.ts';
import type { VectorContext } from '../../../kernels/vectors.ts';
import { Arena } from '../../../memory/arena.ts';
import type { LinearMemory, Owner } from '../../../memory/linear-memory.ts';
import { type RowSpan, rowSpans } from '../rows/row-blocks.ts';
import type { SortKeyLayout } from './sort-keys.ts';

/** Rows in order: a u64 prefix of the key and the u32 address of each. */
export type SortedRun = { readonly keys: number; readonly rows: number; readonly count: number };

/** Which bytes of the keys make the prefix. */
export type PrefixPlan = {
  /** From the start of a row; at most 8, most significant first. */
  readonly offsets: readonly number[];
  /** Equal prefixes mean equal keys. */
  readonly isWhole: boolean;
};

/** Rows that a kernel call works on at most: calls stay short, so that the engine may replace their code by better code. */
const CHUNK = 32_768;
/** Rows that are copied between two looks at the clock. */
const COPIED = 1 << 20;
/** Below this, all bytes are sorted at once in the cache. */
const CACHED = 98_304;

type Context = Pick<VectorContext, 'memory' | 'kernels'> & { readonly owner: Owner };

/** Masks of no keys: what `keyBits` adds to. */
export function newKeyBits(target: Arena, { headBytes }: SortKeyLayout): number {
  const masks = target.alloc(2 * headBytes);
  const { u8 } = target.memory;
  u8.fill(0xff, masks, masks + headBytes);
  u8.fill(0, masks + headBytes, masks + 2 * headBytes);
  return masks;
}

/**
 * Adds the keys of a chain to two masks of `headBytes` bytes at `target`: which bits all keys have, and which any has.
 */
export function* keyBits(
  { memory, kernels }: Context,
  layout: SortKeyLayout,
  first: number,
  rowBytes: number,
  target: number,
): Pieces {
  const words = layout.headBytes >>> 3;
  for (const { address, count } of rowSpans(memory, first)) {
    kernels.sort_bits(address + layout.bytesAt, rowBytes, words, count, target);
    yield;
  }
}

/** Chooses the prefix from the masks of all chains: the first bytes that are not the same in all keys. */
export function prefixPlan(memory: LinearMemory, layout: SortKeyLayout, masks: readonly number[]): PrefixPlan {
  const { headBytes, bytesAt, fixedBytes } = layout;
  const { fixed } = sameBytes(memory, headBytes, masks);
  const differing = Array.from(fixed.keys(), b => bytesAt + b).filter((_, b) => fixed[b] === 0);
  return { offsets: differing.slice(0, 8), isWhole: fixedBytes > 0 && differing.length <= 8 };
}

/** Bytes that all keys of the chains with these masks have, marked in `fixed` by 0xff; what is in `same` elsewhere means nothing. */
export function sameBytes(
  { u8 }: LinearMemory,
  headBytes: number,
  masks: readonly number[],
): { readonly same: Uint8Array; readonly fixed: Uint8Array } {
  const same = new Uint8Array(headBytes);
  const fixed = new Uint8Array(headBytes);
  for (let b = 0; b < headBytes; b++) {
    const all = masks.reduce((bits, m) => bits & u8[m + b]!, 0xff);
    const any = masks.reduce((bits, m) => bits | u8[m + headBytes + b]!, 0);
    same[b] = all;
    fixed[b] = all === any ? 0xff : 0;
  }
  return { same, fixed };
}

/** Sorts a chain's rows; the result's memory is `target`'s. */
export function* sortRun(
  ctx: Context,
  layout: SortKeyLayout,
  chain: { readonly first: number; readonly count: number; readonly rowBytes: number },
  plan: PrefixPlan,
  target: Arena,
): Pieces<SortedRun> {
  const { memory, kernels, owner } = ctx;
  const n = chain.count;
  const run: SortedRun = { keys: target.alloc(n * 8), rows: target.alloc(n * 4), count: n };
  if (n === 0) return run;
  const work = new Arena(memory, owner);
  yield* readPrefixes(ctx, run, chain, plan, work);
  if (plan.offsets.length > 0) {
    const temp: SortedRun = { keys: work.alloc(n * 8), rows: work.alloc(n * 4), count: n };
    const sorter = new RadixSorter(ctx, run, temp, work.alloc(8 * 1024));
    yield* sorter.sort(0, n, plan.offsets.length);
  }
  if (!plan.isWhole) {
    const temp = work.alloc(n * 4);
    for (let at = 0; at < n; ) {
      at = kernels.sort_ties(run.keys, run.rows, at, Math.min(n, at + CHUNK), n, 0, layout.fixedBytes, temp) >>> 0;
      yield;
    }
  }
  work.release();
  return run;
}

/** The run of a chain whose rows are in order already. */
export function* orderedRun(
  ctx: Context,
  chain: { readonly first: number; readonly count: number; readonly rowBytes: number },
  plan: PrefixPlan,
  target: Arena,
): Pieces<SortedRun> {
  const n = chain.count;
  const run: SortedRun = { keys: target.alloc(n * 8), rows: target.alloc(n * 4), count: n };
  const work = new Arena(ctx.memory, ctx.owner);
  if (n > 0) yield* readPrefixes(ctx, run, chain, plan, work);
  work.release();
  return run;
}

function* readPrefixes(
  { memory, kernels }: Context,
  run: SortedRun,
  chain: { readonly first: number; readonly rowBytes: number },
  { offsets }: PrefixPlan,
  work: Arena,
): Pieces {
  const list = work.alloc(4 * 8);
  memory.u32.set(offsets, list >>> 2);
  let at = 0;
  for (const { address, count } of rowSpans(memory, chain.first) as Iterable<RowSpan>) {
    kernels.sort_prefixes(address, chain.rowBytes, count, list, offsets.length, run.keys + 8 * at, run.rows + 4 * at);
    at += count;
    yield;
  }
}

/** Sorts prefixes: large ranges are split by their first byte until they fit the cache. */
class RadixSorter {
  readonly #ctx: Context;
  readonly #run: SortedRun;
  readonly #temp: SortedRun;
  readonly #counts: number;

  constructor(ctx: Context, run: SortedRun, temp: SortedRun, counts: number) {
    this.#ctx = ctx;
    this.#run = run;
    this.#temp = temp;
    this.#counts = counts;
  }

  /** Sorts `n` rows from index `from` by their lowest `bytes` bytes. */
  *sort(from: number, n: number, bytes: number): Pieces {
    if (bytes === 0 || n < 2) return;
    const { kernels } = this.#ctx;
    const { keys, rows } = this.#run;
    if (n <= CACHED) {
      const { keys: k, rows: r } = this.#temp;
      kernels.sort_radix(keys + 8 * from, rows + 4 * from, n, bytes, k + 8 * from, r + 4 * from, this.#counts);
      yield;
      return;
    }
    const ends = yield* this.#split(from, n, 8 * (bytes - 1));
    let start = from;
    for (const end of ends) {
      yield* this.sort(start, end - start, bytes - 1);
      start = end;
    }
  }

  /** Brings rows with equal bytes at bit `shift` together, in order; returns where each byte value ends. */
  *#split(from: number, n: number, shift: number): Pieces<number[]> {
    const { memory, kernels } = this.#ctx;
    const { keys, rows } = this.#run;
    const counts = this.#counts;
    memory.u32.fill(0, counts >>> 2, (counts >>> 2) + 256);
    for (let at = from; at < from + n; at += CHUNK) {
      kernels.sort_count(keys + 8 * at, Math.min(CHUNK, from + n - at), shift, counts);
      yield;
    }
    // A wait may have come between: views are taken anew.
    const u32 = memory.u32;
    const ends: number[] = [];
    let next = from;
    for (let v = 0; v < 256; v++) {
      const count = u32[(counts >>> 2) + v]!;
      u32[(counts >>> 2) + v] = next;
      next += count;
      ends.push(next);
      if (count === n) return ends;
    }
    const temp = this.#temp;
    for (let at = from; at < from + n; at += CHUNK) {
      const chunk = Math.min(CHUNK, from + n - at);
      kernels.sort_scatter(keys + 8 * at, rows + 4 * at, chunk, shift, counts, temp.keys, temp.rows);
      yield;
    }
    for (let at = from; at < from + n; at += COPIED) {
      const end = Math.min(at + COPIED, from + n);
      memory.u8.copyWithin(keys + 8 * at, temp.keys + 8 * at, temp.keys + 8 * end);
      memory.u8.copyWithin(rows + 4 * at, temp.rows + 4 * at, temp.rows + 4 * end);
      yield;
    }
    return ends;
  }
}

/** Reads several runs as one, in order. */
export class RunMerge {
  readonly #ctx: Pick<VectorContext, 'memory' | 'kernels'>;
  readonly #layout: SortKeyLayout;
  readonly #isWhole: boolean;
  readonly #runs: readonly SortedRun[];
  readonly #state: number;
  #position = 0;

  /** @param target holds the runs' positions */
  constructor(
    ctx: Pick<VectorContext, 'memory' | 'kernels'>,
    layout: SortKeyLayout,
    isWhole: boolean,
    runs: readonly SortedRun[],
    target: Arena,
  ) {
    this.#ctx = ctx;
    this.#layout = layout;
    this.#isWhole = isWhole;
    this.#runs = runs.filter(r => r.count > 0);
    this.#state = target.alloc(16 * this.#runs.length);
    const words = this.#runs.flatMap(r => [r.keys, r.rows, 0, r.count]);
    ctx.memory.u32.set(words, this.#state >>> 2);
  }

  /** Nothing to do before `next`. */
  *prepare(): Pieces {}

  close(): void {}

  /** The addresses (u32) of the next rows, at most `limit`; they may be in `arena`. */
  next(limit: number, arena: Arena): { readonly rows: number; readonly count: number } {
    const [only, other] = this.#runs;
    if (only === undefined) return { rows: 0, count: 0 };
    if (other === undefined) {
      const rows = only.rows + 4 * this.#position;
      const count = Math.min(limit, only.count - this.#position);
      this.#position += count;
      return { rows, count };
    }
    const rows = arena.alloc(limit * 4);
    const whole = this.#isWhole ? 1 : 0;
    const count = this.#ctx.kernels.sort_merge(
      this.#state,
      this.#runs.length,
      limit,
      0,
      this.#layout.fixedBytes,
      whole,
      0,
      rows,
    );
    return { rows, count };
  }
}
