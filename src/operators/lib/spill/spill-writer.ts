import { Arena } from '../../../memory/arena.ts';
import type { OpenContext } from '../../../protocol/context.ts';
import { denseRows, gatherField } from '../rows/gather-rows.ts';
import { BLOCK_HEADER, HEADER_BYTES, MAGIC, putTextOffsets, type RowFormat, type SpilledFile } from './row-format.ts';
import { type Piece, vectorPieces } from './vector-bytes.ts';

export type SpillContext = Pick<OpenContext, 'memory' | 'kernels' | 'arena' | 'owner' | 'spill'>;

/** Writes rows to a temporary file of its own, a block at a time. */
export class SpillWriter {
  readonly #ctx: SpillContext;
  readonly #format: RowFormat;
  readonly #arena: Arena;
  readonly #work: Arena;
  readonly #texts: number;
  readonly #capacity: number;
  /** Header and rows. */
  #rows = 0;
  #used = 0;
  #heap = 0;
  #heapBytes = 0;
  #heapUsed = 0;
  #file: number | undefined;
  #written = 0;
  #bytes = 0;

  constructor(ctx: SpillContext, format: RowFormat) {
    this.#ctx = ctx;
    this.#format = format;
    this.#arena = new Arena(ctx.memory, ctx.owner);
    this.#work = new Arena(ctx.memory, ctx.owner);
    this.#texts = format.texts.length === 0 ? 0 : putTextOffsets(this.#arena, format);
    this.#capacity = Math.max(1, Math.floor((ctx.spill.bufferBytes - HEADER_BYTES) / format.rowBytes));
  }

  /** Takes copies of `count` rows by address (u32). What nested values they have stays needed until `flush`. */
  append(rows: number, count: number): void {
    const { kernels } = this.#ctx;
    const { rowBytes, texts, hasRef } = this.#format;
    const hasHeap = texts.length > 0 || hasRef;
    const ref = hasRef ? 1 : 0;
    this.#allocate();
    for (let from = 0; from < count; ) {
      const at = rows + 4 * from;
      const space = Math.min(this.#capacity - this.#used, count - from);
      const n = hasHeap
        ? kernels.spill_fitting(at, space, this.#texts, texts.length, ref, this.#heapBytes - this.#heapUsed)
        : space;
      if (n === 0) {
        if (this.#used > 0) this.flush();
        else this.#growHeap(kernels.spill_heap_bytes(this.#ctx.memory.u32[at >>> 2]!, this.#texts, texts.length, ref));
        continue;
      }
      const target = this.#rows + HEADER_BYTES + this.#used * rowBytes;
      const heap = this.#heap + this.#heapUsed;
      const end = kernels.spill_copy(at, n, rowBytes, this.#texts, texts.length, ref, target, heap) >>> 0;
      this.#heapUsed = end - this.#heap;
      this.#used += n;
      from += n;
      if (this.#used === this.#capacity) this.flush();
    }
  }

  /** Writes the rows that wait. */
  flush(): void {
    const n = this.#used;
    if (n === 0) return;
    const { memory, kernels, spill } = this.#ctx;
    const header = this.#rows >>> 2;
    const nested = this.#nestedPieces(n);
    const nestedBytes = nested.reduce((sum, p) => sum + p.bytes, 0);
    memory.u32.fill(0, header, header + BLOCK_HEADER.words);
    memory.u32.set([MAGIC, n, this.#heapUsed, this.#heap, nestedBytes], header);
    const parts: Piece[] = [
      { address: this.#rows, bytes: HEADER_BYTES },
      { address: this.#rows + HEADER_BYTES, bytes: n * this.#format.rowBytes },
      { address: this.#heap, bytes: this.#heapUsed },
    ];
    if (nestedBytes > 0) parts.push(joined(this.#work, nested, nestedBytes));
    const sum = parts.reduce(
      (seed, p) => (p.bytes === 0 ? seed : kernels.spill_checksum(p.address, p.bytes, seed) >>> 0),
      0,
    );
    memory.u32[header + BLOCK_HEADER.checksum] = sum;
    const { u8 } = memory;
    this.#file ??= spill.newFile();
    spill.append(
      this.#file,
      parts.map(p => u8.subarray(p.address, p.address + p.bytes)),
    );
    this.#written += n;
    this.#bytes += parts.reduce((total, p) => total + p.bytes, 0);
    this.#used = 0;
    this.#heapUsed = 0;
    this.#work.reset();
  }

  /** Writes what waits, and gives the buffers back. Undefined when there was no row. */
  finish(): SpilledFile | undefined {
    this.flush();
    const { memory } = this.#ctx;
    if (this.#rows !== 0) memory.free(this.#rows);
    if (this.#heap !== 0) memory.free(this.#heap);
    this.#rows = 0;
    this.#heap = 0;
    this.#arena.release();
    this.#work.release();
    return this.#file === undefined ? undefined : { file: this.#file, rows: this.#written, bytes: this.#bytes };
  }

  #allocate(): void {
    if (this.#rows !== 0) return;
    const { memory, owner, spill } = this.#ctx;
    const { rowBytes, texts, hasRef } = this.#format;
    this.#rows = memory.allocate(HEADER_BYTES + this.#capacity * rowBytes, owner);
    if (texts.length === 0 && !hasRef) return;
    this.#heapBytes = spill.bufferBytes;
    this.#heap = memory.allocate(this.#heapBytes, owner);
  }

  #growHeap(bytes: number): void {
    const { memory, owner } = this.#ctx;
    memory.free(this.#heap);
    this.#heap = 0;
    this.#heap = memory.allocate(bytes, owner);
    this.#heapBytes = bytes;
  }

  #nestedPieces(n: number): Piece[] {
    const { memory, kernels } = this.#ctx;
    const { nested, rowBytes } = this.#format;
    if (nested.length === 0) return [];
    const work = this.#work;
    const ctx = { memory, kernels, arena: work };
    const addresses = work.alloc(4 * n);
    kernels.row_addresses(this.#rows + HEADER_BYTES, rowBytes, n, addresses);
    return nested.flatMap(f => vectorPieces(ctx, gatherField(ctx, f, denseRows(addresses, n)), n));
  }
}

/** The pieces one after another. */
function joined(arena: Arena, pieces: readonly Piece[], bytes: number): Piece {
  const address = arena.alloc(bytes);
  let next = address;
  for (const p of pieces) {
    arena.memory.u8.copyWithin(next, p.address, p.address + p.bytes);
    next += p.bytes;
  }
  return { address, bytes };
}
