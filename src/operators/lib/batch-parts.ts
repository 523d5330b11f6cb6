import type { Batch } from '../../batch/batch.ts';
import type { Pieces } from '../../common/pieces.ts';
import { Arena } from '../../memory/arena.ts';
import type { OpenContext } from '../../protocol/context.ts';
import { NEED_MORE, type Step } from '../../protocol/step.ts';
import { KeptFile, putKeptFile } from './kept-file.ts';
import { PART_HEADER, publishPart } from './shared-parts.ts';
import { Backlog } from './spill/backlog.ts';
import { readStoredBatches, StoredBatches } from './stored/stored-batches.ts';

/** Words of a part: the list of the batches in memory, and what tells of those before them that are in a file (or 0). */
export const KEPT_PART = { head: 0, file: 1 } as const;

/**
 * A sink clone that keeps its batches, published as a part of the list at `list` (address of a word, zero at first), for
 * `KeptBatches` to read. When memory is short they go to a file.
 */
export class BatchParts {
  readonly #ctx: OpenContext;
  readonly #list: number;
  readonly #backlog = new Backlog();
  #stored: StoredBatches;
  #file: KeptFile | undefined;
  #rows = 0;

  constructor(ctx: OpenContext, list: number) {
    this.#ctx = ctx;
    this.#list = list;
    this.#stored = new StoredBatches(ctx);
  }

  /** Rows kept so far. */
  get rows(): number {
    return this.#rows;
  }

  /** Keeps a batch: `need-more`, or `pending` while others move to a file: then the call is to be repeated. */
  push(batch: Batch): Step {
    if (this.#backlog.isEmpty && this.#isPressing) {
      this.#file ??= new KeptFile(
        this.#ctx,
        batch.columns.map(c => c.type),
      );
      this.#backlog.begin(this.#spill(this.#file));
    }
    const busy = this.#backlog.step();
    if (busy !== undefined) return busy;
    this.#stored.append(batch);
    this.#rows += batch.selected;
    return NEED_MORE;
  }

  finish(): void {
    const { memory, owner, partition } = this.#ctx;
    const heap = new Arena(memory, owner);
    const part = heap.alloc(4 * (PART_HEADER + 2));
    const file = this.#file === undefined ? 0 : putKeptFile(heap, this.#file);
    publishPart(memory, this.#list, part, partition, [this.#stored.head, file]);
  }

  get #isPressing(): boolean {
    return this.#stored.rows > 0 && this.#ctx.spill.isPressing(this.#stored.bytes);
  }

  *#spill(file: KeptFile): Pieces {
    for (const batch of readStoredBatches(this.#ctx.memory, file.types, this.#stored.head)) {
      file.append(batch);
      yield;
    }
    this.#stored.release();
    this.#stored = new StoredBatches(this.#ctx);
  }
}
