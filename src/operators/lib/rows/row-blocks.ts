import type { LinearMemory, Owner } from '../../../memory/linear-memory.ts';

/**
 * A block's header: address of the next block, rows in this one (u32), then nothing: rows of 64 bytes lie in one line of
 * the cache each.
 */
const HEADER_BYTES = 64;
const ROWS = 4;
/** Kernels read texts inside rows 8 bytes at a time. */
const TAIL_BYTES = 16;
const SMALLEST_BLOCK = 64 * 1024;
const LARGEST_BLOCK = 1024 * 1024;

/**
 * Rows of one size in blocks that grow from 64 KiB to 1 MiB, chained in linear memory so that any thread can read them
 * from `first` once this one is through. Rows never move. One writer.
 */
export class RowBlocks {
  readonly rowBytes: number;
  /** The first block, or 0 while there is none. */
  first = 0;
  /** Rows in all blocks. */
  count = 0;
  /** Of all blocks. */
  bytes = 0;
  readonly #memory: LinearMemory;
  readonly #owner: Owner;
  #current = 0;
  #used = 0;
  #capacity = 0;
  #blockBytes = SMALLEST_BLOCK;

  constructor(memory: LinearMemory, owner: Owner, rowBytes: number) {
    this.#memory = memory;
    this.#owner = owner;
    this.rowBytes = rowBytes;
  }

  /** Address of the next row, for as many as `space` says. */
  get next(): number {
    return this.#current + HEADER_BYTES + this.#used * this.rowBytes;
  }

  /** Rows that fit at `next`. */
  get space(): number {
    return this.#capacity - this.#used;
  }

  /** Makes space when there is none. */
  reserve(): void {
    if (this.space > 0) return;
    const bytes = Math.max(this.#blockBytes, HEADER_BYTES + this.rowBytes + TAIL_BYTES);
    this.#blockBytes = Math.min(LARGEST_BLOCK, this.#blockBytes * 2);
    const block = this.#memory.allocate(bytes, this.#owner);
    this.bytes += bytes;
    const u32 = this.#memory.u32;
    u32.fill(0, block >>> 2, (block + HEADER_BYTES) >>> 2);
    if (this.#current === 0) this.first = block;
    else u32[this.#current >>> 2] = block;
    this.#current = block;
    this.#used = 0;
    this.#capacity = Math.floor((bytes - HEADER_BYTES - TAIL_BYTES) / this.rowBytes);
  }

  /** The first `count` rows at `next` are written now. */
  advance(count: number): void {
    this.#used += count;
    this.count += count;
    if (this.#current !== 0) this.#memory.u32[(this.#current + ROWS) >>> 2] = this.#used;
  }

  /** Gives the blocks back. */
  release(): void {
    releaseRows(this.#memory, this.first);
    this.first = 0;
    this.#current = 0;
    this.#used = 0;
    this.#capacity = 0;
    this.count = 0;
    this.bytes = 0;
  }
}

/** Bytes of a block before its rows. */
export const ROW_BLOCK_HEADER = HEADER_BYTES;

/** Address of a block's first row. */
export const firstRowOf = (block: number): number => block + HEADER_BYTES;

/** Makes memory that has `count` rows behind the header a block of a chain, with no block after it. */
export function writeRowBlock(memory: LinearMemory, block: number, count: number): void {
  memory.u32.fill(0, block >>> 2, (block + HEADER_BYTES) >>> 2);
  memory.u32[(block + ROWS) >>> 2] = count;
}

/** Puts a block behind another one of a chain. */
export function linkRowBlock(memory: LinearMemory, block: number, next: number): void {
  memory.u32[block >>> 2] = next;
}

/** Rows that lie side by side. */
export type RowSpan = { readonly address: number; readonly count: number };

/** The rows of a chain of blocks. */
export function* rowSpans(memory: LinearMemory, first: number): Generator<RowSpan> {
  for (let block = first; block !== 0; block = memory.u32[block >>> 2]!) {
    const count = memory.u32[(block + ROWS) >>> 2]!;
    if (count > 0) yield { address: block + HEADER_BYTES, count };
  }
}

/** Gives a chain of blocks back. */
function releaseRows(memory: LinearMemory, first: number): void {
  for (let block = first; block !== 0; ) {
    const next = memory.u32[block >>> 2]!;
    memory.free(block);
    block = next;
  }
}
