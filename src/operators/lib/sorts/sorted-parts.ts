import type { Pieces } from '../../../common/pieces.ts';
import { Arena } from '../../../memory/arena.ts';
import type { OpenContext } from '../../../protocol/context.ts';
import type { Step } from '../../../protocol/step.ts';
import { PART_HEADER, type Part, partsOf, partWord, publishPart, setPartWord } from '../shared-parts.ts';
import { Backlog } from '../spill/backlog.ts';
import { filesAt, putFiles } from '../spill/row-format.ts';
import { RunFiles } from './run-files.ts';
import type { SortRowLayout, SortRows } from './sort-rows.ts';
import { orderedRun, type PrefixPlan, prefixPlan, RunMerge, type SortedRun, sortRun } from './sorted-run.ts';
import { SpilledMerge } from './spilled-merge.ts';

/** Words of a part: masks of its keys' bits, the sorted run, and the list of the runs in files that came before it. */
const MASKS = 0;
const RUN_KEYS = 1;
const RUN_ROWS = 2;
const RUN_COUNT = 3;
const FILES = 4;
const PART_WORDS = 5;

/** One clone's rows on their way to a sorted run, published in the list at `ctx.shared`. */
export class SortedPart {
  readonly #ctx: OpenContext;
  /** Lives until the source is through. */
  readonly #heap: Arena;
  readonly #backlog = new Backlog();
  #files: RunFiles | undefined;
  #part: Part = 0;

  constructor(ctx: OpenContext) {
    this.#ctx = ctx;
    this.#heap = new Arena(ctx.memory, ctx.owner);
  }

  /** Moves the rows to a file when memory is short; `pending` while that takes. */
  makeRoom(rows: SortRows): Step | undefined {
    if (this.#backlog.isEmpty && this.#filesOf(rows).isPressing(rows))
      this.#backlog.begin(this.#filesOf(rows).spill(rows));
    return this.#backlog.step();
  }

  /** All rows are there. Where sorting them would take too much memory they go to a file, too. */
  *finish(rows: SortRows): Pieces {
    if (this.#filesOf(rows).isPressing(rows)) yield* this.#filesOf(rows).spill(rows);
    yield* this.publish(rows);
  }

  /** All rows are there, and stay in memory. */
  *publish(rows: SortRows): Pieces {
    const { memory, shared, partition } = this.#ctx;
    const files = this.#filesOf(rows);
    yield* files.note(rows);
    this.#part = this.#heap.alloc(4 * (PART_HEADER + PART_WORDS));
    const list = files.files.length === 0 ? 0 : putFiles(this.#heap, files.files);
    publishPart(memory, shared, this.#part, partition, [files.masks, 0, 0, 0, list]);
  }

  #filesOf({ layout }: SortRows): RunFiles {
    this.#files ??= new RunFiles(this.#ctx, layout, this.#heap);
    return this.#files;
  }

  /** Sorts; after every clone has published. */
  *sort({ layout, blocks }: SortRows): Pieces {
    this.#put(yield* sortRun(this.#ctx, layout.key, blocks, planOf(this.#ctx, layout), this.#heap));
  }

  /** Takes the rows as they are, in order; after every clone has published. */
  *keepOrder({ layout, blocks }: SortRows): Pieces {
    this.#put(yield* orderedRun(this.#ctx, blocks, planOf(this.#ctx, layout), this.#heap));
  }

  #put(run: SortedRun): void {
    const { memory } = this.#ctx;
    setPartWord(memory, this.#part, RUN_KEYS, run.keys);
    setPartWord(memory, this.#part, RUN_ROWS, run.rows);
    setPartWord(memory, this.#part, RUN_COUNT, run.count);
  }
}

/** The prefix that all runs are sorted by. */
export function planOf({ memory, shared }: OpenContext, layout: SortRowLayout): PrefixPlan {
  return prefixPlan(memory, layout.key, masksOf({ memory, shared }));
}

/** The masks that `keyBits` wrote, of all clones. */
export const masksOf = ({ memory, shared }: Pick<OpenContext, 'memory' | 'shared'>): number[] =>
  partsOf(memory, shared).map(p => partWord(memory, p, MASKS));

/** The runs of all clones that are in memory. */
export function sortedRuns({ memory, shared }: Pick<OpenContext, 'memory' | 'shared'>): SortedRun[] {
  return partsOf(memory, shared).map(p => ({
    keys: partWord(memory, p, RUN_KEYS),
    rows: partWord(memory, p, RUN_ROWS),
    count: partWord(memory, p, RUN_COUNT),
  }));
}

/** Reads the runs of all clones, which are in memory, as one. */
export function mergeRuns(ctx: OpenContext, layout: SortRowLayout): RunMerge {
  const { memory, owner } = ctx;
  return new RunMerge(ctx, layout.key, planOf(ctx, layout).isWhole, sortedRuns(ctx), new Arena(memory, owner));
}

/** Reads the runs of all clones, in memory or in files, as one; `prepare` comes before the first `next`. */
export function mergeParts(ctx: OpenContext, layout: SortRowLayout): RunMerge | SpilledMerge {
  const { memory, shared } = ctx;
  const files = partsOf(memory, shared).map(p => filesAt(memory, partWord(memory, p, FILES)));
  if (files.every(f => f.length === 0)) return mergeRuns(ctx, layout);
  const runs = sortedRuns(ctx).map((run, i) => ({ run, files: files[i]! }));
  return new SpilledMerge(ctx, layout, planOf(ctx, layout), runs);
}
