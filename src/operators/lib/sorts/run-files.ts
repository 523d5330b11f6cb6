import type { Pieces } from '../../../common/pieces.ts';
import { Arena } from '../../../memory/arena.ts';
import type { OpenContext } from '../../../protocol/context.ts';
import { type RowFormat, rowFormat, type SpilledFile } from '../spill/row-format.ts';
import { SpillWriter } from '../spill/spill-writer.ts';
import type { SortRowLayout, SortRows } from './sort-rows.ts';
import { keyBits, newKeyBits, prefixPlan, sortRun } from './sorted-run.ts';

/** Bytes that sorting takes for each row, beside the row: two runs, one to sort and one in between. */
export const SORTING_BYTES = 24;
/** Addresses that are written between two looks at the clock. */
const CHUNK = 8192;

export const sortRowFormat = ({ rowBytes, payload, key }: SortRowLayout): RowFormat =>
  rowFormat(rowBytes, [payload], key.fixedBytes === 0);

/** Sorted runs of one clone that are in files, in the order of their rows' arrival; and the bits of all of its keys. */
export class RunFiles {
  readonly files: SpilledFile[] = [];
  /** Address of the masks of all keys' bits, complete once the last rows were noted. */
  readonly masks: number;
  readonly #ctx: OpenContext;
  readonly #layout: SortRowLayout;

  /** @param heap where the masks stay */
  constructor(ctx: OpenContext, layout: SortRowLayout, heap: Arena) {
    this.#ctx = ctx;
    this.#layout = layout;
    this.masks = newKeyBits(heap, layout.key);
  }

  /** Whether the rows should go to a file before there are more. */
  isPressing({ bytes, count }: Pick<SortRows, 'bytes' | 'count'>): boolean {
    return this.#ctx.spill.isPressing(bytes, SORTING_BYTES * count);
  }

  /** Adds the bits of some rows' keys. */
  note({ blocks }: SortRows): Pieces {
    return keyBits(this.#ctx, this.#layout.key, blocks.first, blocks.rowBytes, this.masks);
  }

  /** Sorts rows and moves them to a file. */
  *spill(rows: SortRows): Pieces {
    if (rows.count === 0) return;
    const { memory, owner } = this.#ctx;
    yield* this.note(rows);
    const work = new Arena(memory, owner);
    const plan = prefixPlan(memory, this.#layout.key, [this.masks]);
    const run = yield* sortRun(this.#ctx, this.#layout.key, rows.blocks, plan, work);
    const writer = new SpillWriter(this.#ctx, sortRowFormat(this.#layout));
    for (let from = 0; from < run.count; from += CHUNK) {
      writer.append(run.rows + 4 * from, Math.min(CHUNK, run.count - from));
      yield;
    }
    this.files.push(writer.finish()!);
    work.release();
    rows.release();
  }
}
