import { describeVector } from '../../../batch/describe-vector.ts';
import { Arena } from '../../../memory/arena.ts';
import type { Owner } from '../../../memory/linear-memory.ts';
import { firstRowOf, ROW_BLOCK_HEADER, writeRowBlock } from '../rows/row-blocks.ts';
import { BLOCK_HEADER, HEADER_BYTES, MAGIC, putTextOffsets, type RowFormat, type SpilledFile } from './row-format.ts';
import type { SpillContext } from './spill-writer.ts';
import { vectorAt } from './vector-bytes.ts';

/** A block of rows in memory again: a block of a chain as `RowBlocks` has them, and its first row. */
export type LoadedBlock = { readonly block: number; readonly address: number; readonly count: number };

/** Bytes that kernels may read behind a block's end. */
const TAIL_BYTES = 16;

/** Reads the rows of a file, block by block. */
export class SpillReader {
  readonly #ctx: SpillContext;
  readonly #format: RowFormat;
  readonly #file: SpilledFile;
  readonly #heap: Arena;
  readonly #texts: number;
  readonly #header: number;
  /** Descriptions of nested values. */
  readonly #descriptions: Arena;
  #hasLoaded = false;
  #offset = 0;
  #buffer = 0;
  #bufferBytes = 0;

  constructor(ctx: SpillContext, format: RowFormat, file: SpilledFile) {
    this.#ctx = ctx;
    this.#format = format;
    this.#file = file;
    this.#heap = new Arena(ctx.memory, ctx.owner);
    this.#descriptions = new Arena(ctx.memory, ctx.owner);
    this.#header = this.#heap.alloc(HEADER_BYTES);
    this.#texts = format.texts.length === 0 ? 0 : putTextOffsets(this.#heap, format);
  }

  /** The next block, where the one before was. Undefined at the end. @throws RayexecError `io` when the file is damaged */
  next(): LoadedBlock | undefined {
    this.#descriptions.reset();
    return this.#read(bytes => {
      if (bytes > this.#bufferBytes) {
        const { memory, owner } = this.#ctx;
        if (this.#buffer !== 0) memory.free(this.#buffer);
        this.#buffer = 0;
        this.#buffer = memory.allocate(bytes, owner);
        this.#bufferBytes = bytes;
      }
      return this.#buffer;
    });
  }

  /** The next block in memory of its own, with what else it needs; it lives as long as the owner, or until freed. */
  load(owner: Owner): LoadedBlock | undefined {
    this.#hasLoaded = true;
    return this.#read(bytes => this.#ctx.memory.allocate(bytes, owner));
  }

  /** Passes over the next block; returns how many rows it has. @throws RayexecError `io` when the file is damaged */
  skip(): number {
    const { rows, bodyBytes } = this.#readHeader();
    this.#offset += HEADER_BYTES + bodyBytes;
    return rows;
  }

  /** Whether there is another block. */
  get hasMore(): boolean {
    return this.#offset < this.#file.bytes;
  }

  /** Gives the memory of `next` back; blocks that were loaded stay. */
  close(): void {
    if (this.#buffer !== 0) this.#ctx.memory.free(this.#buffer);
    this.#buffer = 0;
    this.#bufferBytes = 0;
    this.#heap.release();
    if (!this.#hasLoaded) this.#descriptions.release();
  }

  #read(placeFor: (bytes: number) => number): LoadedBlock | undefined {
    if (!this.hasMore) return undefined;
    const { memory, kernels, spill } = this.#ctx;
    const { file } = this.#file;
    const { texts, hasRef, rowBytes } = this.#format;
    const at = this.#offset;
    const { rows: count, rowsBytes, heapBytes, heapBase, nestedBytes, bodyBytes } = this.#readHeader();
    // Nested values come aligned.
    const nestedGap = (16 - ((ROW_BLOCK_HEADER + rowsBytes + heapBytes) & 15)) & 15;
    const block = placeFor(ROW_BLOCK_HEADER + bodyBytes + nestedGap + TAIL_BYTES);
    const rows = firstRowOf(block);
    const heap = rows + rowsBytes;
    const nested = heap + heapBytes + nestedGap;
    spill.read(file, at + HEADER_BYTES, memory.u8.subarray(rows, heap + heapBytes));
    if (nestedBytes > 0) {
      const from = at + HEADER_BYTES + rowsBytes + heapBytes;
      spill.read(file, from, memory.u8.subarray(nested, nested + nestedBytes));
    }
    this.#check(rows, heap, heapBytes, nested, nestedBytes);
    this.#offset = at + HEADER_BYTES + bodyBytes;
    writeRowBlock(memory, block, count);
    if (texts.length > 0 || hasRef) {
      const delta = (heap - heapBase) >>> 0;
      kernels.spill_rebase(rows, count, rowBytes, this.#texts, texts.length, hasRef ? 1 : 0, delta);
    }
    let next = nested;
    for (const field of this.#format.nested) {
      const { vector, end } = vectorAt(this.#ctx, field.type, next);
      next = end;
      const description = describeVector(memory, this.#descriptions, vector);
      kernels.row_pack_nested(description, count, rows + field.offset, rowBytes);
    }
    return { block, address: rows, count };
  }

  #readHeader() {
    const { memory, spill } = this.#ctx;
    const { file, bytes: fileBytes } = this.#file;
    const at = this.#offset;
    if (fileBytes - at < HEADER_BYTES) throw spill.damaged(file, at);
    spill.read(file, at, memory.u8.subarray(this.#header, this.#header + HEADER_BYTES));
    const word = (index: number): number => memory.u32[(this.#header >>> 2) + index]!;
    const rows = word(BLOCK_HEADER.rows);
    const heapBytes = word(BLOCK_HEADER.heapBytes);
    const nestedBytes = word(BLOCK_HEADER.nestedBytes);
    const rowsBytes = rows * this.#format.rowBytes;
    const bodyBytes = rowsBytes + heapBytes + nestedBytes;
    if (word(BLOCK_HEADER.magic) !== MAGIC || bodyBytes > fileBytes - at - HEADER_BYTES) throw spill.damaged(file, at);
    return { rows, rowsBytes, heapBytes, heapBase: word(BLOCK_HEADER.heapBase), nestedBytes, bodyBytes };
  }

  /** The checksum goes over the pieces as they were written, the header's own word being 0. */
  #check(rows: number, heap: number, heapBytes: number, nested: number, nestedBytes: number): void {
    const { memory, spill, kernels } = this.#ctx;
    const at = (this.#header >>> 2) + BLOCK_HEADER.checksum;
    const wanted = memory.u32[at]!;
    memory.u32[at] = 0;
    let sum = kernels.spill_checksum(this.#header, HEADER_BYTES, 0) >>> 0;
    for (const [address, bytes] of [
      [rows, heap - rows],
      [heap, heapBytes],
      [nested, nestedBytes],
    ] as const) {
      if (bytes > 0) sum = kernels.spill_checksum(address, bytes, sum) >>> 0;
    }
    if (sum !== wanted) throw spill.damaged(this.#file.file, this.#offset);
  }
}
