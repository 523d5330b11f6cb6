import { allRows, type Batch, batchOf } from '../../batch/batch.ts';
import { Arena } from '../../memory/arena.ts';
import type { LinearMemory } from '../../memory/linear-memory.ts';
import type { OpenContext } from '../../protocol/context.ts';
import type { DataType } from '../../types/data-type.ts';
import { KEPT_PART } from './batch-parts.ts';
import { keptFileAt, type SplitRows } from './kept-file.ts';
import { denseRows, gatherField } from './rows/gather-rows.ts';
import { partsOf, partWord } from './shared-parts.ts';
import { type BatchRows, batchRows } from './spill/batch-rows.ts';
import type { SpilledFile } from './spill/row-format.ts';
import { SpillReader } from './spill/spill-reader.ts';
import { firstRecord, nextRecord, readRecord } from './stored/stored-batches.ts';

/** Every `step`-th piece (a batch in memory, a block of a file) from `first` on. */
export type Share = { readonly first: number; readonly step: number };

const ALL: Share = { first: 0, step: 1 };

/** What one clone has kept, in order. */
export type KeptPieces = readonly (KeptRecord | KeptOnDisk)[];

type KeptRecord = { readonly kind: 'record'; readonly record: number };
type KeptOnDisk = { readonly kind: 'file'; readonly file: SpilledFile; readonly splits: readonly SplitRows[] };

/**
 * Reads what clones of a sink have kept (`BatchParts`), each in its order. Batches have no selection;
 * those in memory are views and stay, those from files are valid until the next call.
 */
export class KeptBatches {
  readonly #ctx: OpenContext;
  readonly #types: readonly DataType[];
  readonly #layout: BatchRows;
  readonly #share: Share;
  readonly #pieces: KeptPieces;
  readonly #work: Arena;
  #next = 0;
  /** Batches and blocks that were passed or read. */
  #count = 0;
  #file: FileBatches | undefined;
  #position = 0;
  #end = 0;

  constructor(ctx: OpenContext, types: readonly DataType[], pieces: KeptPieces, share: Share = ALL) {
    this.#work = new Arena(ctx.memory, ctx.owner);
    this.#ctx = { ...ctx, arena: this.#work };
    this.#types = types;
    this.#layout = batchRows(types);
    this.#share = share;
    this.#pieces = pieces;
  }

  get isEmpty(): boolean {
    return this.#pieces.length === 0;
  }

  /** Rows of all pieces, also of those that are not in the share. */
  get rows(): number {
    const { memory } = this.#ctx;
    const of = (p: KeptRecord | KeptOnDisk): number =>
      p.kind === 'file' ? p.file.rows : readRecord(memory, [], p.record).count;
    return this.#pieces.reduce((sum, p) => sum + of(p), 0);
  }

  /** The number, among all rows, of the first row of the batch that was read last. */
  get position(): number {
    return this.#position;
  }

  next(): Batch | undefined {
    const { memory } = this.#ctx;
    for (;;) {
      if (this.#file !== undefined) {
        const batch = this.#readFile(this.#file);
        if (batch !== undefined) return batch;
        this.#file.close();
        this.#file = undefined;
      }
      const piece = this.#pieces[this.#next++];
      if (piece === undefined) return undefined;
      if (piece.kind === 'file') {
        this.#file = new FileBatches(this.#ctx, this.#layout, piece);
        continue;
      }
      const batch = readRecord(memory, this.#types, piece.record);
      this.#advance(batch.count);
      if (this.#isMine()) return batch;
    }
  }

  /** Begins anew. */
  restart(): void {
    this.#file?.close();
    this.#file = undefined;
    this.#next = 0;
    this.#count = 0;
    this.#position = 0;
    this.#end = 0;
  }

  close(): void {
    this.#file?.close();
    this.#file = undefined;
    this.#work.release();
  }

  #readFile(file: FileBatches): Batch | undefined {
    while (file.isBetweenBlocks) {
      if (!file.hasMore) return undefined;
      if (this.#isMine()) file.load();
      else this.#advance(file.skip());
    }
    this.#work.reset();
    const batch = file.next(this.#ctx.batchRows);
    this.#advance(batch.count);
    return batch;
  }

  #advance(rows: number): void {
    this.#position = this.#end;
    this.#end += rows;
  }

  /** Whether the next piece is of this share; counts it. */
  #isMine(): boolean {
    return this.#count++ % this.#share.step === this.#share.first;
  }
}

/** What is published in a list, clone by clone. */
export function keptPieces({ memory }: Pick<OpenContext, 'memory'>, list: number): KeptPieces[] {
  return partsOf(memory, list).map(part => {
    const pieces: (KeptRecord | KeptOnDisk)[] = [];
    const file = partWord(memory, part, KEPT_PART.file);
    if (file !== 0) pieces.push({ kind: 'file', ...keptFileAt(memory, file) });
    const head = partWord(memory, part, KEPT_PART.head);
    for (let record = firstRecord(memory, head); record !== 0; record = nextRecord(memory, record))
      pieces.push({ kind: 'record', record });
    return pieces;
  });
}

/** Rows that are published in a list; when they are more than `most`, or in files, only that they are more. */
export function keptRows(memory: LinearMemory, list: number, most: number): number {
  let rows = 0;
  for (const part of partsOf(memory, list)) {
    if (partWord(memory, part, KEPT_PART.file) !== 0) return Number.POSITIVE_INFINITY;
    let record = firstRecord(memory, partWord(memory, part, KEPT_PART.head));
    for (; record !== 0 && rows <= most; record = nextRecord(memory, record))
      rows += readRecord(memory, [], record).count;
  }
  return rows;
}

/** The batches of one file, each of one split and one block. */
class FileBatches {
  readonly #ctx: OpenContext;
  readonly #layout: BatchRows;
  readonly #reader: SpillReader;
  readonly #splits: readonly SplitRows[];
  #split = 0;
  /** Rows of the split that were passed or read. */
  #ofSplit = 0;
  /** What is left of the block. */
  #address = 0;
  #left = 0;

  constructor(ctx: OpenContext, layout: BatchRows, { file, splits }: KeptOnDisk) {
    this.#ctx = ctx;
    this.#layout = layout;
    this.#splits = splits;
    this.#reader = new SpillReader(ctx, layout.format, file);
  }

  get isBetweenBlocks(): boolean {
    return this.#left === 0;
  }

  get hasMore(): boolean {
    return this.#reader.hasMore;
  }

  load(): void {
    const { address, count } = this.#reader.next()!;
    this.#address = address;
    this.#left = count;
  }

  /** Passes over a block; returns its rows. */
  skip(): number {
    const rows = this.#reader.skip();
    for (let left = rows; left > 0; left -= this.#pass(left));
    return rows;
  }

  next(limit: number): Batch {
    const { arena, kernels } = this.#ctx;
    const { rowBytes, area } = this.#layout;
    const { split } = this.#splits[this.#split]!;
    const address = this.#address;
    const count = this.#pass(Math.min(limit, this.#left));
    this.#address += count * rowBytes;
    this.#left -= count;
    const rows = arena.alloc(count * 4);
    kernels.row_addresses(address, rowBytes, count, rows);
    const columns = area.fields.map(f => gatherField(this.#ctx, f, denseRows(rows, count)));
    return batchOf(allRows(count), columns, split);
  }

  close(): void {
    this.#reader.close();
  }

  /** Goes on by at most so many rows, within a split; returns by how many. */
  #pass(most: number): number {
    const { rows } = this.#splits[this.#split]!;
    const count = Math.min(most, rows - this.#ofSplit);
    this.#ofSplit += count;
    if (this.#ofSplit === rows) {
      this.#split++;
      this.#ofSplit = 0;
    }
    return count;
  }
}
