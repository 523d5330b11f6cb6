import type { Batch, Rows } from '../../batch/batch.ts';
import { Slices } from '../../common/slices.ts';
import { Arena } from '../../memory/arena.ts';
import type { Owner } from '../../memory/linear-memory.ts';
import type { ByteSink } from '../../platform/platform.ts';
import type { Schema } from '../../types/data-type.ts';
import type { FileWriter, WriterMachine } from '../file-writer.ts';
import type { ChunkValues } from './chunk-values.ts';
import type { ColumnEncoder, LeafChunk } from './column-encoder.ts';
import { FlatEncoder } from './flat-encoder.ts';
import { NestedEncoder } from './nested-encoder.ts';
import { PageBuffers } from './page-buffers.ts';
import { writeChunk } from './write-chunk.ts';
import type { WriteEnvironment } from './write-environment.ts';
import { footerBytes, indexBytes, type WrittenGroup } from './write-footer.ts';
import type { ParquetWriteOptions, WriteCodec } from './write-options.ts';
import { type WrittenSchema, writtenSchema } from './written-columns.ts';

/** Rows that columns take at once. */
const STEP_ROWS = 8192;
const MAGIC = Uint8Array.from([0x50, 0x41, 0x52, 0x31]);
/** The format's numbers. */
const CODECS: Readonly<Record<WriteCodec, number>> = { UNCOMPRESSED: 0, SNAPPY: 1 };

/** Writes a file with the engine's own kernels, a row group at a time. */
export class ParquetWriter implements FileWriter {
  readonly #machine: WriterMachine;
  readonly #schema: WrittenSchema;
  readonly #sink: ByteSink;
  readonly #options: ParquetWriteOptions;
  readonly #codec: WriteCodec;
  readonly #owner: Owner;
  readonly #env: WriteEnvironment;
  readonly #columns: readonly ColumnEncoder[];
  readonly #leaves: readonly LeafChunk[];
  /** Positions of rows of a batch that is taken in parts. */
  readonly #positions: Arena;
  readonly #groups: WrittenGroup[] = [];
  #groupRows = 0;
  /** Bytes that the group's values had in memory when it took rows last. */
  #held = 0;
  #rows = 0;
  #offset = 0;
  #isOver = false;

  constructor(machine: WriterMachine, schema: Schema, sink: ByteSink, options: ParquetWriteOptions, codec: WriteCodec) {
    const { memory, kernels } = machine;
    this.#machine = machine;
    this.#schema = writtenSchema(schema);
    this.#sink = sink;
    this.#options = options;
    this.#codec = codec;
    this.#owner = memory.newOwner();
    const buffers = new PageBuffers(memory, this.#owner);
    this.#env = { memory, kernels, buffers, arena: new Arena(memory, this.#owner) };
    this.#positions = new Arena(memory, this.#owner);
    this.#columns = this.#schema.columns.map((column, i) =>
      column.layout.kind === 'leaf'
        ? new FlatEncoder(this.#env, schema[i]!, options.rowGroupRows)
        : new NestedEncoder(this.#env, column, options.rowGroupRows),
    );
    this.#leaves = this.#columns.flatMap(c => c.leaves);
  }

  async write(batch: Batch): Promise<void> {
    const { rowGroupRows } = this.#options;
    for (let done = 0; done < batch.selected; ) {
      const rows = this.#part(batch, done, Math.min(STEP_ROWS, rowGroupRows - this.#groupRows));
      for (const [i, column] of this.#columns.entries()) column.add(batch.columns[i]!, rows);
      done += rows.selected;
      this.#groupRows += rows.selected;
      this.#rows += rows.selected;
      if (this.#groupRows === rowGroupRows || this.#isLarge()) await this.#endGroup();
    }
  }

  async finish(): Promise<number> {
    try {
      if (this.#groupRows > 0) await this.#endGroup();
      if (this.#offset === 0) await this.#write(MAGIC);
      const indexes = this.#offset;
      await this.#write(indexBytes(this.#groups));
      const footer = footerBytes({
        schema: this.#schema,
        groups: this.#groups,
        indexes,
        codec: CODECS[this.#codec],
        metadata: this.#options.metadata,
      });
      await this.#write(footer);
      await this.#write(Uint8Array.from([0, 8, 16, 24], shift => (footer.length >>> shift) & 255));
      await this.#write(MAGIC);
    } catch (e) {
      await this.abort();
      throw e;
    }
    this.#machine.memory.freeOwner(this.#owner);
    this.#isOver = true;
    await this.#sink.close();
    return this.#rows;
  }

  async abort(): Promise<void> {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#machine.memory.freeOwner(this.#owner);
    await this.#sink.abort();
  }

  /**
   * Whether the group has as many bytes as were asked for, or its buffers, which grow by doubling, could take what memory is
   * left with as many rows again as it took last. Several files may be written at once.
   */
  #isLarge(): boolean {
    const { memory } = this.#env;
    const sum = (bytesOf: (values: ChunkValues) => number): number =>
      this.#leaves.reduce((total, { values }) => total + bytesOf(values), 0);
    const held = sum(v => v.heldBytes);
    const more = held - this.#held;
    this.#held = held;
    return 3 * (held + more) >= memory.limit - memory.bytesInUse || sum(v => v.bytes) >= this.#options.rowGroupBytes;
  }

  /** At most `most` of a batch's rows from the row `from` on. */
  #part(batch: Batch, from: number, most: number): Rows {
    const selected = Math.min(most, batch.selected - from);
    const { count, selection } = batch;
    if (selected === batch.selected) return { count, selection, selected };
    if (selection !== 0) return { count, selection: selection + 2 * from, selected };
    this.#positions.reset();
    const positions = this.#positions.alloc(selected * 2);
    const u16 = this.#env.memory.u16.subarray(positions >>> 1, (positions >>> 1) + selected);
    for (let i = 0; i < selected; i++) u16[i] = from + i;
    return { count, selection: positions, selected };
  }

  async #endGroup(): Promise<void> {
    if (this.#offset === 0) await this.#write(MAGIC);
    const slices = new Slices();
    const chunks = [];
    const write = (bytes: Uint8Array): Promise<void> => this.#write(bytes);
    const offset = (): number => this.#offset;
    const output = {
      codec: this.#codec,
      write,
      get offset() {
        return offset();
      },
    };
    for (const leaf of this.#leaves) chunks.push(await writeChunk(this.#env, leaf, output, slices));
    for (const column of this.#columns) column.clear();
    this.#groups.push({ rows: this.#groupRows, chunks });
    this.#groupRows = 0;
    this.#held = 0;
  }

  async #write(bytes: Uint8Array): Promise<void> {
    this.#offset += bytes.length;
    await this.#sink.write(bytes);
  }
}
