import type { RecordBatch } from 'apache-arrow';
import type * as ParquetWasm from 'parquet-wasm';
import type { Batch } from '../../batch/batch.ts';
import type { ArrowLibrary } from '../../batch/to-arrow.ts';
import { emptyArrowBatch, toArrowBatch } from '../../batch/to-arrow-batch.ts';
import { RayexecError } from '../../common/errors.ts';
import type { LinearMemory } from '../../memory/linear-memory.ts';
import type { ByteSink, Platform } from '../../platform/platform.ts';
import type { DataType, Schema } from '../../types/data-type.ts';
import { childTypes } from '../../types/physical.ts';
import type { FileWriter } from '../file-writer.ts';
import type { ParquetWriteOptions } from './write-options.ts';

/** Rows that are handed to the encoder at once. */
const CHUNK_ROWS = 8192;

type Libraries = { readonly arrow: ArrowLibrary; readonly parquet: typeof ParquetWasm };

/** Opens a Parquet file that parquet-wasm encodes, which is loaded here. @throws RayexecError `unsupported`, `io` */
export async function openForeignWriter(
  { memory, platform }: { readonly memory: LinearMemory; readonly platform: Platform },
  path: string,
  schema: Schema,
  options: ParquetWriteOptions,
): Promise<FileWriter> {
  if (options.rowGroupBytes !== Infinity) {
    throw new RayexecError('unsupported', 'row_group_size_bytes with this compression', {
      hint: 'row_group_size is supported; or write with snappy or without compression',
    });
  }
  const field = schema.find(f => hasInterval(f.type));
  if (field !== undefined) {
    throw new RayexecError('unsupported', `writing Parquet: the column '${field.name}' has INTERVALs`, {
      hint: 'cast them to VARCHAR, or write with snappy or without compression',
    });
  }
  const libraries = await loadLibraries();
  return new ForeignWriter(libraries, memory, schema, await platform.create(path), options);
}

async function loadLibraries(): Promise<Libraries> {
  const [arrow, parquet] = await Promise.all([import('apache-arrow'), import('parquet-wasm')]);
  // Outside of Node the module must be told to load its Wasm.
  const init = (parquet as { readonly default?: unknown }).default;
  if (typeof init === 'function') await init();
  return { arrow, parquet };
}

const hasInterval = (type: DataType): boolean => type.kind === 'interval' || childTypes(type).some(hasInterval);

/** Hands batches to parquet-wasm as Arrow. */
class ForeignWriter implements FileWriter {
  readonly #libraries: Libraries;
  readonly #memory: LinearMemory;
  readonly #schema: Schema;
  readonly #sink: ByteSink;
  readonly #pumping: Promise<void>;
  #controller!: ReadableStreamDefaultController<ParquetWasm.RecordBatch>;
  #pulled: (() => void) | undefined;
  #batches: RecordBatch[] = [];
  #bufferedRows = 0;
  #rows = 0;
  #failure: unknown;

  constructor(
    libraries: Libraries,
    memory: LinearMemory,
    schema: Schema,
    sink: ByteSink,
    options: ParquetWriteOptions,
  ) {
    this.#libraries = libraries;
    this.#memory = memory;
    this.#schema = schema;
    this.#sink = sink;
    const stream = new ReadableStream<ParquetWasm.RecordBatch>({
      start: controller => {
        this.#controller = controller;
      },
      pull: () => this.#pulled?.(),
    });
    // Failures are told by the next call.
    this.#pumping = this.#pump(stream, options).catch(e => {
      this.#failure = e;
      this.#pulled?.();
    });
  }

  async write(batch: Batch): Promise<void> {
    this.#check();
    if (batch.selected === 0) return;
    this.#batches.push(toArrowBatch(this.#libraries.arrow, this.#memory, this.#schema, batch));
    this.#bufferedRows += batch.selected;
    this.#rows += batch.selected;
    if (this.#bufferedRows < CHUNK_ROWS) return;
    this.#flush();
    while (this.#failure === undefined && (this.#controller.desiredSize ?? 1) <= 0) {
      await new Promise<void>(resolve => {
        this.#pulled = resolve;
      });
    }
  }

  async finish(): Promise<number> {
    try {
      this.#check();
      if (this.#bufferedRows > 0 || this.#rows === 0) this.#flush();
      this.#controller.close();
      await this.#pumping;
      this.#check();
    } catch (e) {
      await this.#sink.abort();
      throw e;
    }
    await this.#sink.close();
    return this.#rows;
  }

  async abort(): Promise<void> {
    if (this.#failure === undefined) this.#controller.error(new RayexecError('cancelled', 'the file is given up'));
    await this.#pumping;
    await this.#sink.abort();
  }

  #check(): void {
    if (this.#failure instanceof RayexecError) throw this.#failure;
    if (this.#failure === undefined) return;
    throw new RayexecError('unsupported', `Parquet can't be written: ${String(this.#failure)}`, {
      cause: this.#failure,
    });
  }

  /** Hands the rows so far to the encoder. */
  #flush(): void {
    const { arrow, parquet } = this.#libraries;
    const batches = this.#batches.length === 0 ? [emptyArrowBatch(arrow, this.#schema)] : this.#batches;
    const all = new arrow.Table(batches);
    this.#batches = [];
    this.#bufferedRows = 0;
    for (const batch of parquet.Table.fromIPCStream(arrow.tableToIPC(all, 'stream')).recordBatches()) {
      this.#controller.enqueue(batch);
    }
  }

  async #pump(stream: ReadableStream, { compression, rowGroupRows, metadata }: ParquetWriteOptions): Promise<void> {
    const { Compression, WriterPropertiesBuilder, transformParquetStream } = this.#libraries.parquet;
    const properties = new WriterPropertiesBuilder()
      .setCompression(Compression[compression])
      .setMaxRowGroupSize(rowGroupRows)
      .setCreatedBy('rayexec')
      .setKeyValueMetadata(new Map(Object.entries(metadata)))
      .build();
    const encoded: ReadableStream<Uint8Array> = await transformParquetStream(stream, properties);
    let tail = '';
    for (const reader = encoded.getReader(); ; ) {
      const { done, value } = await reader.read();
      if (done) break;
      await this.#sink.write(value);
      tail = (tail + String.fromCharCode(...value.subarray(-4))).slice(-4);
    }
    // The encoder keeps silent about some failures, and just ends.
    if (tail !== 'PAR1') throw new RayexecError('internal', 'the Parquet encoder ended without a footer');
  }
}
