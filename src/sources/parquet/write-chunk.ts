import type { Slices } from '../../common/slices.ts';
import type { ColumnEncoder, PageEnd } from './column-encoder.ts';
import type { PageBuffer } from './page-buffers.ts';
import { ThriftWriter } from './thrift-writer.ts';
import type { WriteEnvironment } from './write-environment.ts';
import type { WriteCodec } from './write-options.ts';

const PLAIN = 0;
const RLE = 3;
const RLE_DICTIONARY = 8;
/** In front of a page's bytes. */
const HEADER_BYTES = 64;
const SNAPPY_TABLE_BYTES = 32 * 1024;
/** Longer texts are no bounds: nobody prunes by so many bytes. */
const MOST_BOUND_BYTES = 256;

/** What the footer says of a column chunk. */
export type WrittenChunk = {
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
};

/** Where pages go. */
export type PageOutput = {
  readonly codec: WriteCodec;
  /** The file offset of the next byte. */
  readonly offset: number;
  readonly write: (bytes: Uint8Array) => Promise<void>;
};

/** Makes pages of what a column has collected, a page at a time, and writes them. @throws RayexecError `io`, `memory` */
export async function writeChunk(
  env: WriteEnvironment,
  column: ColumnEncoder,
  output: PageOutput,
  slices: Slices,
): Promise<WrittenChunk> {
  column.finish();
  const writer = new ChunkWriter(env, column, output);
  try {
    const { dictionary, pages } = column;
    const start = output.offset;
    if (dictionary !== undefined) await writer.dictionaryPage(dictionary.values, dictionary.bytes, dictionary.count);
    const dataPage = output.offset;
    let before: PageEnd = { rows: 0, values: 0, bytes: 0 };
    for (const page of pages) {
      if (slices.isOver) await slices.next();
      await writer.dataPage(before, page);
      before = page;
    }
    return {
      values: column.rows,
      nulls: column.rows - column.values,
      encodings: dictionary === undefined ? [PLAIN, RLE] : [PLAIN, RLE, RLE_DICTIONARY],
      uncompressed: writer.uncompressed,
      compressed: output.offset - start,
      dictionaryPage: dictionary === undefined ? undefined : start,
      dataPage,
      ...writer.bounds(),
    };
  } finally {
    writer.close();
  }
}

class ChunkWriter {
  readonly #env: WriteEnvironment;
  readonly #column: ColumnEncoder;
  readonly #output: PageOutput;
  readonly #table: PageBuffer;
  /** A page before and after compression. */
  #raw: PageBuffer | undefined;
  #packed: PageBuffer | undefined;
  /** Bytes of all pages with their headers. */
  uncompressed = 0;

  constructor(env: WriteEnvironment, column: ColumnEncoder, output: PageOutput) {
    this.#env = env;
    this.#column = column;
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
    const column = this.#column;
    const { kernels, memory } = this.#env;
    const rows = to.rows - from.rows;
    const values = to.values - from.values;
    const { dictionary } = column;
    const width = dictionary === undefined ? 0 : Math.max(1, 32 - Math.clz32(dictionary.count - 1));
    const plainBytes = to.bytes - from.bytes;
    const plain = column.plain.address + from.bytes;
    const isBits = column.stored.type === 'BOOLEAN';
    const encoding = dictionary === undefined ? PLAIN : RLE_DICTIONARY;
    const writeHeader = (header: ThriftWriter): void =>
      header.struct(5, () => {
        header.i32(1, rows);
        header.i32(2, encoding);
        header.i32(3, RLE);
        header.i32(4, RLE);
      });
    if (!column.field.nullable && dictionary === undefined && !isBits) {
      await this.#page(plain, plainBytes, 0, writeHeader);
      return;
    }
    const valueBytes = dictionary === undefined ? plainBytes : (values * (width + 1)) / 8 + 64;
    const raw = this.#rawBuffer(rows / 8 + 64 + valueBytes);
    let at = raw;
    if (column.field.nullable) {
      at = kernels.hybrid_write_bits(column.levels.address, from.rows, rows, values, raw + 4);
      new DataView(memory.memory.buffer).setUint32(raw, at - raw - 4, true);
    }
    if (dictionary !== undefined) {
      memory.u8[at] = width;
      at = kernels.hybrid_write(column.codes.address + from.values * 4, values, width, at + 1);
    } else if (isBits) {
      kernels.bytes_to_bits(plain, values, at);
      at += (values + 7) >> 3;
    } else {
      kernels.move_bytes(at, plain, plainBytes);
      at += plainBytes;
    }
    await this.#page(raw, at - raw, 0, writeHeader);
  }

  /** The least and the greatest value as statistics have them. */
  bounds(): { readonly min: Uint8Array | undefined; readonly max: Uint8Array | undefined } {
    const { kernels, memory, arena } = this.#env;
    const { stored, dictionary, values, plain } = this.#column;
    const none = { min: undefined, max: undefined };
    const from = dictionary?.values ?? plain.address;
    const count = dictionary?.count ?? values;
    if (count === 0 || stored.order === undefined) return none;
    arena.reset();
    const out = arena.alloc(64);
    if (stored.order !== 'bytes') {
      if (kernels.stored_bounds(stored.order, from, count, out) === 0) return none;
      const bound = (at: number): Uint8Array => memory.u8.slice(at, at + stored.width);
      return { min: bound(out), max: bound(out + 16) };
    }
    kernels.text_bounds(from, count, out);
    const bound = (at: number): Uint8Array | undefined => {
      const length = new DataView(memory.memory.buffer).getUint32(at, true);
      return length > MOST_BOUND_BYTES ? undefined : memory.u8.slice(at + 4, at + 4 + length);
    };
    return { min: bound(memory.u32[out >>> 2]!), max: bound(memory.u32[(out >>> 2) + 1]!) };
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
