import type { Batch } from '../../batch/batch.ts';
import { Arena } from '../../memory/arena.ts';
import type { LinearMemory } from '../../memory/linear-memory.ts';
import type { OpenContext } from '../../protocol/context.ts';
import { PART_HEADER, partsOf, partWord, publishPart } from './shared-parts.ts';
import { firstRecord, nextRecord, StoredBatches } from './stored/stored-batches.ts';

/** A sink clone that keeps its batches, published as a part of the list at `list` (address of a word, zero at first). */
export class BatchParts {
  readonly #ctx: OpenContext;
  readonly #list: number;
  readonly #stored: StoredBatches;

  constructor(ctx: OpenContext, list: number) {
    this.#ctx = ctx;
    this.#list = list;
    this.#stored = new StoredBatches(ctx);
  }

  /** Rows kept so far. */
  get rows(): number {
    return this.#stored.rows;
  }

  push(batch: Batch): void {
    this.#stored.append(batch);
  }

  finish(): void {
    const { memory, owner, partition } = this.#ctx;
    const part = new Arena(memory, owner).alloc(4 * (PART_HEADER + 1));
    publishPart(memory, this.#list, part, partition, [this.#stored.head]);
  }
}

/** The heads of the clones' lists, in the clones' order. */
const headsOfParts = (memory: LinearMemory, list: number): number[] =>
  partsOf(memory, list).map(p => partWord(memory, p, 0));

/** The records of all batches that were kept: clone by clone, each in its order. */
export function recordsOfParts(memory: LinearMemory, list: number): number[] {
  const records: number[] = [];
  for (const head of headsOfParts(memory, list)) {
    for (let r = firstRecord(memory, head); r !== 0; r = nextRecord(memory, r)) records.push(r);
  }
  return records;
}
