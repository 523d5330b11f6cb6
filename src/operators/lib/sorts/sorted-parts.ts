import type { Pieces } from '../../../common/pieces.ts';
import { Arena } from '../../../memory/arena.ts';
import type { OpenContext } from '../../../protocol/context.ts';
import { PART_HEADER, type Part, partsOf, partWord, publishPart, setPartWord } from '../shared-parts.ts';
import type { SortRowLayout, SortRows } from './sort-rows.ts';
import {
  keyBits,
  keyBitsBytes,
  orderedRun,
  type PrefixPlan,
  prefixPlan,
  RunMerge,
  type SortedRun,
  sortRun,
} from './sorted-run.ts';

/** Words of a part: masks of its keys' bits, then the sorted run. */
const MASKS = 0;
const RUN_KEYS = 1;
const RUN_ROWS = 2;
const RUN_COUNT = 3;
const PART_WORDS = 4;

/** One clone's rows on their way to a sorted run, published in the list at `ctx.shared`. */
export class SortedPart {
  readonly #ctx: OpenContext;
  /** Lives until the source is through. */
  readonly #heap: Arena;
  #part: Part = 0;

  constructor(ctx: OpenContext) {
    this.#ctx = ctx;
    this.#heap = new Arena(ctx.memory, ctx.owner);
  }

  /** All rows are there. */
  *publish({ layout, blocks }: SortRows): Pieces {
    const { memory, shared, partition } = this.#ctx;
    const masks = this.#heap.alloc(keyBitsBytes(layout.key));
    yield* keyBits(this.#ctx, layout.key, blocks.first, blocks.rowBytes, masks);
    this.#part = this.#heap.alloc(4 * (PART_HEADER + PART_WORDS));
    publishPart(memory, shared, this.#part, partition, [masks, 0, 0, 0]);
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

/** The runs of all clones. */
export function sortedRuns({ memory, shared }: Pick<OpenContext, 'memory' | 'shared'>): SortedRun[] {
  return partsOf(memory, shared).map(p => ({
    keys: partWord(memory, p, RUN_KEYS),
    rows: partWord(memory, p, RUN_ROWS),
    count: partWord(memory, p, RUN_COUNT),
  }));
}

/** Reads the runs of all clones as one. */
export function mergeParts(ctx: OpenContext, layout: SortRowLayout): RunMerge {
  const { memory, owner } = ctx;
  return new RunMerge(ctx, layout.key, planOf(ctx, layout).isWhole, sortedRuns(ctx), new Arena(memory, owner));
}
