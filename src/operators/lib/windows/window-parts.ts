import type { Rows } from '../../../batch/batch.ts';
import type { Vector } from '../../../batch/vector.ts';
import type { Pieces } from '../../../common/pieces.ts';
import { Arena } from '../../../memory/arena.ts';
import type { OpenContext } from '../../../protocol/context.ts';
import type { Step } from '../../../protocol/step.ts';
import { claim, PART_HEADER, type Part, partsOf, partWord, publishPart, setPartWord } from '../shared-parts.ts';
import { RunFiles, SORTING_BYTES } from '../sorts/run-files.ts';
import type { EncodedKeys } from '../sorts/sort-keys.ts';
import { SortRows } from '../sorts/sort-rows.ts';
import { type PrefixPlan, prefixPlan, RunMerge, sortRun } from '../sorts/sorted-run.ts';
import { SpilledMerge } from '../sorts/spilled-merge.ts';
import { Backlog } from '../spill/backlog.ts';
import { filesAt, putFiles } from '../spill/row-format.ts';
import type { WindowLayout } from './window-layout.ts';

/** With several clones, rows are spread over 2^RADIX_BITS lists by hash of PARTITION BY. */
const RADIX_BITS = 4;
/** Tests that force spilling have so many rows in a clone's first files, and twice as many in the next ones, but for the last. */
const FORCED_ROWS = 64;

/**
 * Words of a part: how many lists; then for each the masks of its keys' bits, the sorted run, and the list of the runs in
 * files that came before it.
 */
const LISTS = 0;
const LIST_WORDS = 5;
const MASKS = 1;
const RUN_KEYS = 2;
const RUN_ROWS = 3;
const RUN_COUNT = 4;
const FILES = 5;

/** One clone's rows on their way to sorted runs, one for each list, published at `ctx.shared`. */
export class WindowParts {
  readonly rows: readonly SortRows[];
  readonly #ctx: OpenContext;
  readonly #layout: WindowLayout;
  /** Lives until the source is through. */
  readonly #heap: Arena;
  readonly #backlog = new Backlog();
  readonly #files: readonly RunFiles[];
  #forcedRows = FORCED_ROWS;
  #part: Part = 0;

  constructor(ctx: OpenContext, layout: WindowLayout) {
    const lists = layout.partitionKeys > 0 && ctx.partitions > 1 ? 2 ** RADIX_BITS : 1;
    this.#ctx = ctx;
    this.#layout = layout;
    this.rows = Array.from({ length: lists }, () => new SortRows(ctx, layout.rows));
    this.#heap = new Arena(ctx.memory, ctx.owner);
    this.#files = this.rows.map(() => new RunFiles(ctx, layout.rows, this.#heap));
  }

  /** Whether the rows should go to files before there are more. */
  get isPressing(): boolean {
    const bytes = this.rows.reduce((sum, r) => sum + (r.count > 0 ? r.bytes : 0), 0);
    const count = this.rows.reduce((sum, r) => sum + r.count, 0);
    return this.#ctx.spill.isPressing(bytes, SORTING_BYTES * count);
  }

  /** Moves the rows to files when memory is short; `pending` while that takes. */
  makeRoom(): Step | undefined {
    const rows = this.rows.reduce((sum, r) => sum + r.count, 0);
    const isEnough = !this.#ctx.spill.isForced || rows >= this.#forcedRows;
    if (this.#backlog.isEmpty && isEnough && this.isPressing) this.#backlog.begin(this.#spill());
    return this.#backlog.step();
  }

  *#spill(): Pieces {
    this.#forcedRows *= 2;
    for (const [r, rows] of this.rows.entries()) yield* this.#files[r]!.spill(rows);
  }

  /** Puts rows into the lists of their partitions. */
  spread(keys: EncodedKeys, values: readonly Vector[], rows: Rows): void {
    const { arena, kernels, memory } = this.#ctx;
    const { rows: layout, partitionBytes } = this.#layout;
    const n = keys.count;
    const counts = arena.alloc(4 << RADIX_BITS);
    const picks = arena.alloc(n * 2);
    const { fixedBytes } = layout.key;
    const numbers = arena.alloc(n);
    kernels.window_radix(
      keys.address,
      fixedBytes,
      partitionBytes,
      keys.headLengths,
      rows.selection,
      n,
      RADIX_BITS,
      counts,
      picks,
      numbers,
    );
    const ends = Array.from(memory.u32.subarray(counts >>> 2, (counts >>> 2) + 2 ** RADIX_BITS));
    let from = 0;
    for (const [r, end] of ends.entries()) {
      if (end > from) this.rows[r]!.append(keys, values, rows, picks + 2 * from, end - from);
      from = end;
    }
  }

  /** All rows are there. Where sorting them would take too much memory they go to files, too. */
  *publish(): Pieces {
    const { memory, shared, partition } = this.#ctx;
    if (this.isPressing) yield* this.#spill();
    const words: number[] = [];
    for (const [r, rows] of this.rows.entries()) {
      const { masks, files } = this.#files[r]!;
      yield* this.#files[r]!.note(rows);
      words.push(masks, 0, 0, 0, files.length === 0 ? 0 : putFiles(this.#heap, files));
    }
    this.#part = this.#heap.alloc(4 * (PART_HEADER + 1 + words.length));
    publishPart(memory, shared, this.#part, partition, [this.rows.length, ...words]);
  }

  /** Sorts each list; after every clone has published. */
  *sort(): Pieces {
    const { memory, shared } = this.#ctx;
    const parts = partsOf(memory, shared);
    for (const [r, { blocks }] of this.rows.entries()) {
      const plan = planOf(this.#ctx, this.#layout, parts, r);
      const run = yield* sortRun(this.#ctx, this.#layout.rows.key, blocks, plan, this.#heap);
      const at = LIST_WORDS * r;
      setPartWord(memory, this.#part, at + RUN_KEYS, run.keys);
      setPartWord(memory, this.#part, at + RUN_ROWS, run.rows);
      setPartWord(memory, this.#part, at + RUN_COUNT, run.count);
    }
  }
}

/** The prefix that all clones' runs of a list are sorted by. */
function planOf({ memory }: OpenContext, layout: WindowLayout, parts: readonly Part[], list: number): PrefixPlan {
  return prefixPlan(
    memory,
    layout.rows.key,
    parts.map(p => partWord(memory, p, LIST_WORDS * list + MASKS)),
  );
}

/**
 * The sorted rows of one list, in memory: addresses, and marks of where partitions and peers begin, complete after
 * `marking`.
 */
export type WindowRun = {
  readonly kind: 'memory';
  readonly rows: number;
  readonly marks: number;
  readonly count: number;
  readonly marking: Pieces;
};

/** The sorted rows of one list, some of them in files. */
type SpilledRun = { readonly kind: 'files'; readonly merge: SpilledMerge };

/** Rows merged or marked at a time. */
const CHUNK = 32_768;

/** Hands out the lists of all clones' rows, each to one clone of the source. */
export class WindowRuns {
  readonly #ctx: OpenContext;
  readonly #layout: WindowLayout;
  readonly #claimed: number;
  readonly #arena: Arena;

  /** @param claimed address of the counter that the clones share */
  constructor(ctx: OpenContext, layout: WindowLayout, claimed: number) {
    this.#ctx = ctx;
    this.#layout = layout;
    this.#claimed = claimed;
    this.#arena = new Arena(ctx.memory, ctx.owner);
  }

  /** The next list that has rows; the one before is gone. */
  next(): WindowRun | SpilledRun | undefined {
    const { memory, shared } = this.#ctx;
    const parts = partsOf(memory, shared);
    const lists = parts.length === 0 ? 0 : partWord(memory, parts[0]!, LISTS);
    for (let r = claim(memory, this.#claimed); r < lists; r = claim(memory, this.#claimed)) {
      const at = LIST_WORDS * r;
      const cloned = parts.map(p => ({
        files: filesAt(memory, partWord(memory, p, at + FILES)),
        run: {
          keys: partWord(memory, p, at + RUN_KEYS),
          rows: partWord(memory, p, at + RUN_ROWS),
          count: partWord(memory, p, at + RUN_COUNT),
        },
      }));
      if (cloned.some(c => c.files.length > 0)) {
        const plan = planOf(this.#ctx, this.#layout, parts, r);
        return { kind: 'files', merge: new SpilledMerge(this.#ctx, this.#layout.rows, plan, cloned) };
      }
      const runs = cloned.map(c => c.run).filter(run => run.count > 0);
      if (runs.length === 0) continue;
      this.#arena.reset();
      const count = runs.reduce((sum, run) => sum + run.count, 0);
      const rows = runs.length === 1 ? runs[0]!.rows : this.#arena.alloc(count * 4);
      const marks = this.#arena.alloc(count);
      const { isWhole } = planOf(this.#ctx, this.#layout, parts, r);
      const merge = new RunMerge(this.#ctx, this.#layout.rows.key, isWhole, runs, this.#arena);
      return {
        kind: 'memory',
        rows,
        marks,
        count,
        marking: this.#mark(runs.length === 1 ? undefined : merge, rows, marks, count),
      };
    }
    return undefined;
  }

  close(): void {
    this.#arena.release();
  }

  /** Merges the runs when there are several, and marks partitions and peers. */
  *#mark(merge: RunMerge | undefined, rows: number, marks: number, count: number): Pieces {
    const { memory, kernels, arena } = this.#ctx;
    const { rows: layout, partitionBytes, peerBytes, lengthAt } = this.#layout;
    const isFixed = layout.key.fixedBytes > 0 ? 1 : 0;
    for (let from = 0; from < count; from += CHUNK) {
      if (from > 0) yield;
      const to = Math.min(count, from + CHUNK);
      if (merge !== undefined) {
        const next = merge.next(to - from, arena);
        memory.u8.copyWithin(rows + 4 * from, next.rows, next.rows + 4 * next.count);
      }
      kernels.window_marks(rows, from, to, isFixed, partitionBytes, peerBytes, lengthAt, marks);
    }
  }
}
