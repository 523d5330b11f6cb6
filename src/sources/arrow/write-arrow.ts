import type * as Arrow from 'apache-arrow';
import type { Batch } from '../../batch/batch.ts';
import type { ArrowLibrary } from '../../batch/to-arrow.ts';
import { toArrowBatch, toArrowSchema } from '../../batch/to-arrow-batch.ts';
import type { Json } from '../../common/json.ts';
import type { LinearMemory } from '../../memory/linear-memory.ts';
import type { ByteSink } from '../../platform/platform.ts';
import type { Schema } from '../../types/data-type.ts';
import type { FileWriter, WriterMachine } from '../file-writer.ts';
import { optionNames, WriterOptions } from '../writer-options.ts';

const NAMES = optionNames(['stream']);
/**
 * Opens an Arrow IPC file for writing, batch by batch; with the option `stream` in the streaming format.
 * @throws RayexecError `bind` for wrong options, `io`
 */
export async function writeArrow(
  { memory, platform }: WriterMachine,
  path: string,
  schema: Schema,
  options: Readonly<Record<string, Json>> = {},
): Promise<FileWriter> {
  const isStream = new WriterOptions('Arrow', options, NAMES).boolean('stream') ?? false;
  const arrow = await import('apache-arrow');
  return new ArrowFileWriter(arrow, memory, schema, isStream, await platform.create(path));
}

class ArrowFileWriter implements FileWriter {
  readonly #arrow: ArrowLibrary;
  readonly #memory: LinearMemory;
  readonly #schema: Schema;
  readonly #sink: ByteSink;
  readonly #encoder: Arrow.RecordBatchWriter;
  readonly #pumping: Promise<void>;
  #rows = 0;
  #failure: unknown;

  constructor(arrow: ArrowLibrary, memory: LinearMemory, schema: Schema, isStream: boolean, sink: ByteSink) {
    this.#arrow = arrow;
    this.#memory = memory;
    this.#schema = schema;
    this.#sink = sink;
    this.#encoder = isStream ? new arrow.RecordBatchStreamWriter() : new arrow.RecordBatchFileWriter();
    // The schema is there also when no row follows.
    this.#encoder.reset(undefined, toArrowSchema(arrow, schema));
    // Failures are told by the next call.
    this.#pumping = this.#pump().catch(e => {
      this.#failure = e;
    });
  }

  async write(batch: Batch): Promise<void> {
    if (this.#failure !== undefined) throw this.#failure;
    if (batch.selected === 0) return;
    this.#encoder.write(toArrowBatch(this.#arrow, this.#memory, this.#schema, batch));
    this.#rows += batch.selected;
  }

  async finish(): Promise<number> {
    try {
      this.#encoder.finish();
      await this.#pumping;
      if (this.#failure !== undefined) throw this.#failure;
    } catch (e) {
      await this.#sink.abort();
      throw e;
    }
    await this.#sink.close();
    return this.#rows;
  }

  async abort(): Promise<void> {
    this.#encoder.abort();
    await this.#pumping;
    await this.#sink.abort();
  }

  async #pump(): Promise<void> {
    for await (const chunk of this.#encoder) await this.#sink.write(chunk);
  }
}
