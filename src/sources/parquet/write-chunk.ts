import type { Slices } from '../../common/slices.ts';
import type { PageEnd } from './chunk-values.ts';
import type { LeafChunk } from './column-encoder.ts';
import { PageBounds } from './page-bounds.ts';
import type { PageBuffer } from './page-buffers.ts';
import { ThriftWriter } from './thrift-writer.ts';
import type { WriteEnvironment } from './write-environment.ts';
import type { WriteCodec } from './write-options.ts';
import { WrittenPages } from './written-pages.ts';

const PLAIN = 0;
const RLE = 3;
const RLE_DICTIONARY = 8;
/** In front of a page's bytes. */
const HEADER_BYTES = 64;
const SNAPPY_TABLE_BYTES = 32 * 1024;

/** What the footer says of a column chunk. */
export type WrittenChunk = {
  /** With the places where one is missing. */
  readonly values: number;
  readonly nulls: number;
  readonly encodings: readonly number[];
  readonly uncompressed: number;
  readonly compressed: number;
  /** File offsets. */
  readonly dictionaryPage: number | undefined;
  readonly dataPage: number;
  readonly min: Uint8Array | undefined;
  readonly max: Uint8Array | undefined;
  /** As they will stand in front of the footer. */
  readonly columnIndex: Uint8Array<ArrayBuffer> | undefined;
  readonly offsetIndex: Uint8Array<ArrayBuffer>;
};

/** Where pages go. */
export type PageOutput = {
  readonly codec: WriteCodec;
  /** The file offset of the next byte. */
  readonly offset: number;
  readonly write: (bytes: Uint8Array) => Promise<void>;
};

/** Makes pages of what a leaf has collected, a page at a time, and writes them. @throws RayexecError `io`, `memory` */
export async function writeChunk(
  env: WriteEnvironment,
  chunk: LeafChunk,
  output: PageOutput,
  slices: Slices,
): Promise<WrittenChunk> {
  const { values, rows, entries } = chunk;
  values.finish(rows, entries);
  const writer = new ChunkWriter(env, chunk, output);
  try {
    const { dictionary, pages } = values;
    const start = output.offset;
    if (dictionary !== undefined) await writer.dictionaryPage(dictionary.values, dictionary.bytes, dictionary.count);
    const dataPage = output.offset;
    const written = new WrittenPages(values.stored);
    const bounds = new PageBounds(env, values);
    let before: PageEnd = { rows: 0, entries: 0, values: 0, bytes: 0 };
    for (const page of pages) {
      if (slices.isOver) await slices.next();
      const { offset } = output;
      await writer.dataPage(before, page);
      const count = page.values - before.values;
      written.add({
        offset,
        bytes: output.offset - offset,
        firstRow: before.rows,
        nulls: page.entries - before.entries - count,
        isEmpty: count === 0,
        bounds: bounds.of(before, page),
      });
      before = page;
    }
    return {
      values: entries,
      nulls: entries - values.count,
      encodings: dictionary === undefined ? [PLAIN, RLE] : [PLAIN, RLE, RLE_DICTIONARY],
      uncompressed: writer.uncompressed,
      compressed: output.offset - start,
      dictionaryPage: dictionary === undefined ? undefined : start,
      dataPage,
      ...written.bounds(),
      columnIndex: written.columnIndex(),
      offsetIndex: written.offsetIndex(),
    };
  } finally {
    writer.close();
  }
}

class ChunkWriter {
  readonly #env: WriteEnvironment;
  readonly #chunk: LeafChunk;
  readonly #output: PageOutput;
  readonly #table: PageBuffer;
  /** A page before and after compression. */
  #raw: PageBuffer | undefined;
  #packed: PageBuffer | undefined;
  /** Bytes of all pages with their headers. */
  uncompressed = 0;

  constructor(env: WriteEnvironment, chunk: LeafChunk, output: PageOutput) {
    this.#env = env;
    this.#chunk = chunk;
    this.#output = output;
    this.#table = env.buffers.take(SNAPPY_TABLE_BYTES);
  }

  close(): void {
    for (const buffer of [this.#table, this.#raw, this.#packed]) if (buffer) this.#env.buffers.give(buffer);
  }

  async dictionaryPage(values: number, bytes: number, count: number): Promise<void> {
    await this.#page(values, bytes, 2, header => {
      header.struct(7, () => {
        header.i32(1, count);
        header.i32(2, PLAIN);
      });
    });
  }

  async dataPage(from: PageEnd, to: PageEnd): Promise<void> {
    const chunk = this.#chunk;
    const { kernels, memory } = this.#env;
    const count = to.values - from.values;
    const { dictionary, plain, codes, stored } = chunk.values;
    const width = dictionary === undefined ? 0 : Math.max(1, 32 - Math.clz32(dictionary.count - 1));
    const plainBytes = to.bytes - from.bytes;
    const plainFrom = plain.address + from.bytes;
    const isBits = stored.type === 'BOOLEAN';
    const writeHeader = (header: ThriftWriter): void =>
      header.struct(5, () => {
        header.i32(1, to.entries - from.entries);
        header.i32(2, dictionary === undefined ? PLAIN : RLE_DICTIONARY);
        header.i32(3, RLE);
        header.i32(4, RLE);
      });
    if (!chunk.hasLevels && dictionary === undefined && !isBits) {
      await this.#page(plainFrom, plainBytes, 0, writeHeader);
      return;
    }
    const valueBytes = dictionary === undefined ? plainBytes : (count * (width + 1)) / 8 + 64;
    const raw = this.#rawBuffer(chunk.levelBytes(from, to) + valueBytes);
    let at = chunk.hasLevels ? chunk.writeLevels(from, to, raw) : raw;
    if (dictionary !== undefined) {
      memory.u8[at] = width;
      at = kernels.hybrid_write(codes.address + from.values * 4, count, width, at + 1);
    } else if (isBits) {
      kernels.bytes_to_bits(plainFrom, count, at);
      at += (count + 7) >> 3;
    } else {
      kernels.move_bytes(at, plainFrom, plainBytes);
      at += plainBytes;
    }
    await this.#page(raw, at - raw, 0, writeHeader);
  }

  /** Compresses bytes and writes them behind their header. */
  async #page(src: number, bytes: number, kind: number, writeBody: (header: ThriftWriter) => void): Promise<void> {
    const { memory, kernels } = this.#env;
    const packed = this.#packedBuffer(HEADER_BYTES + 32 + bytes + bytes / 6) + HEADER_BYTES;
    let size = bytes;
    if (this.#output.codec === 'SNAPPY') size = kernels.snappy_compress(src, bytes, this.#table.address, packed);
    else kernels.move_bytes(packed, src, bytes);
    const header = new ThriftWriter();
    header.i32(1, kind);
    header.i32(2, bytes);
    header.i32(3, size);
    writeBody(header);
    const head = header.finish();
    const start = packed - head.length;
    memory.u8.set(head, start);
    this.uncompressed += head.length + bytes;
    // A copy: what takes bytes of files may refuse shared memory, or keep them.
    await this.#output.write(memory.u8.slice(start, packed + size));
  }

  #rawBuffer(bytes: number): number {
    if (this.#raw === undefined || this.#raw.bytes < bytes) {
      if (this.#raw !== undefined) this.#env.buffers.give(this.#raw);
      this.#raw = undefined;
      this.#raw = this.#env.buffers.take(Math.ceil(bytes));
    }
    return this.#raw.address;
  }

  #packedBuffer(bytes: number): number {
    if (this.#packed === undefined || this.#packed.bytes < bytes) {
      if (this.#packed !== undefined) this.#env.buffers.give(this.#packed);
      this.#packed = undefined;
      this.#packed = this.#env.buffers.take(Math.ceil(bytes));
    }
    return this.#packed.address;
  }
}
