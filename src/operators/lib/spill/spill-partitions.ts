import type { OpenContext } from '../../../protocol/context.ts';
import type { RowFormat, SpilledFile } from './row-format.ts';
import { type SpillContext, SpillWriter } from './spill-writer.ts';

/** Rows are dealt out to 2^PARTITION_BITS files by hash of their keys. */
const PARTITION_BITS = 4;
export const SPILL_PARTITIONS = 2 ** PARTITION_BITS;
/** Files of one partition are dealt out anew at most so often: then their rows must have one key. */
export const MOST_LEVELS = 6;

/** Whether tests, which force spilling, have forced enough of it: rows in files are dealt out anew once, when they are some. */
export const isEnough = ({ spill }: Pick<OpenContext, 'spill'>, level: number, rows: number): boolean =>
  spill.isForced && (level > 1 || (level === 1 && rows < 64));

/** Where the hash of a row comes from: the key's words, from an offset on; or, with `key` 0, it starts the row. */
export type DealKey = { readonly key: number; readonly texts: number; readonly words: number };

export const OWN_HASH: DealKey = { key: 0, texts: 0, words: 0 };

/** Rows dealt at a time. */
const DEALT = 4096;

/** Files of rows by hash of their keys: equal keys are in the same one. */
export class SpillPartitions {
  readonly #ctx: SpillContext;
  readonly #format: RowFormat;
  readonly #by: DealKey;
  readonly #level: number;
  readonly #writers: SpillWriter[];

  /** @param level of a partition's partitions; each deals out differently */
  constructor(ctx: SpillContext, format: RowFormat, by: DealKey, level: number) {
    this.#ctx = ctx;
    this.#format = format;
    this.#by = by;
    this.#level = level;
    this.#writers = Array.from({ length: SPILL_PARTITIONS }, () => new SpillWriter(ctx, format));
  }

  /** Takes copies of `count` rows by address (u32), with what they point to. */
  append(rows: number, count: number): void {
    const { arena, kernels, memory } = this.#ctx;
    const { key, texts, words } = this.#by;
    const mark = arena.mark();
    const numbers = arena.alloc(DEALT);
    const dealt = arena.alloc(4 * DEALT);
    const ends = arena.alloc(4 * SPILL_PARTITIONS);
    for (let from = 0; from < count; from += DEALT) {
      const n = Math.min(DEALT, count - from);
      kernels.spill_deal(rows + 4 * from, n, key, texts, words, this.#level, PARTITION_BITS, numbers, ends, dealt);
      let start = 0;
      for (const [p, writer] of this.#writers.entries()) {
        const end = memory.u32[(ends >>> 2) + p]!;
        if (end > start) writer.append(dealt + 4 * start, end - start);
        start = end;
      }
    }
    // Nested values are only pointed to so far.
    if (this.#format.nested.length > 0) for (const w of this.#writers) w.flush();
    arena.rewind(mark);
  }

  /** By partition, its file if it has rows. */
  finish(): (SpilledFile | undefined)[] {
    return this.#writers.map(w => w.finish());
  }
}
