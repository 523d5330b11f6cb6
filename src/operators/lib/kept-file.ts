import type { Batch } from '../../batch/batch.ts';
import { Arena } from '../../memory/arena.ts';
import type { LinearMemory } from '../../memory/linear-memory.ts';
import type { OpenContext } from '../../protocol/context.ts';
import type { DataType } from '../../types/data-type.ts';
import { type BatchRows, batchRows, packBatch } from './spill/batch-rows.ts';
import { filesAt, putFiles, type SpilledFile } from './spill/row-format.ts';
import { SpillWriter } from './spill/spill-writer.ts';

/** Rows of a file that follow each other and are of one split. */
export type SplitRows = { readonly split: number; rows: number };

/** One clone's batches on their way to a file, in order. */
export class KeptFile {
  readonly types: readonly DataType[];
  readonly splits: SplitRows[] = [];
  readonly #ctx: OpenContext;
  readonly #layout: BatchRows;
  readonly #writer: SpillWriter;
  readonly #work: Arena;

  constructor(ctx: OpenContext, types: readonly DataType[]) {
    this.types = types;
    this.#work = new Arena(ctx.memory, ctx.owner);
    this.#ctx = { ...ctx, arena: this.#work };
    this.#layout = batchRows(types);
    this.#writer = new SpillWriter(ctx, this.#layout.format);
  }

  append(batch: Batch): void {
    this.#work.reset();
    const { rows, count } = packBatch(this.#ctx, this.#layout, batch.columns, batch);
    this.#writer.append(rows, count);
    // Nested values are still where they were packed.
    if (this.#layout.format.nested.length > 0) this.#writer.flush();
    const last = this.splits.at(-1);
    if (last?.split === batch.split) last.rows += count;
    else this.splits.push({ split: batch.split, rows: count });
  }

  finish(): SpilledFile {
    this.#work.release();
    return this.#writer.finish()!;
  }
}

/** Says in linear memory what is in a file, once it is complete: the file, then its splits. Returns the address. */
export function putKeptFile(heap: Arena, kept: KeptFile): number {
  const file = putFiles(heap, [kept.finish()]);
  const address = heap.alloc(8 + 8 * kept.splits.length);
  const words = kept.splits.flatMap(s => [s.split, s.rows]);
  heap.memory.u32.set([file, kept.splits.length, ...words], address >>> 2);
  return address;
}

export function keptFileAt(
  memory: LinearMemory,
  address: number,
): { readonly file: SpilledFile; readonly splits: readonly SplitRows[] } {
  const { u32 } = memory;
  const at = address >>> 2;
  const splits = Array.from({ length: u32[at + 1]! }, (_, i) => ({
    split: u32[at + 2 + 2 * i]!,
    rows: u32[at + 3 + 2 * i]!,
  }));
  return { file: filesAt(memory, u32[at]!)[0]!, splits };
}
