import type { Batch } from '../../batch/batch.ts';
import { readColumn } from '../../batch/read.ts';
import type { Json } from '../../common/json.ts';
import type { LinearMemory } from '../../memory/linear-memory.ts';
import type { DataType, Schema } from '../../types/data-type.ts';
import { formatRaw } from '../../types/format-raw.ts';
import { jsonText } from '../../types/json-text.ts';
import type { RawValue } from '../../types/raw-value.ts';
import { dateText } from '../date-text.ts';
import type { FileWriter, WriterMachine } from '../file-writer.ts';
import { TextSink } from '../text-sink.ts';
import { optionNames, WriterOptions } from '../writer-options.ts';

const NAMES = optionNames(['array', 'dateformat', 'timestampformat', 'compression'], {
  date_format: 'dateformat',
  timestamp_format: 'timestampformat',
});

/**
 * Opens a file of JSON for writing: an object a line, or with the option `array` one array of them.
 * @throws RayexecError `bind` for wrong options, `io`
 */
export async function writeJson(
  { memory, platform }: WriterMachine,
  path: string,
  schema: Schema,
  options: Readonly<Record<string, Json>> = {},
): Promise<FileWriter> {
  const checked = new WriterOptions('JSON', options, NAMES);
  const formats = { date: checked.text('dateformat'), timestamp: checked.text('timestampformat') };
  const isArray = checked.boolean('array') ?? false;
  const sink = await TextSink.create(platform, path, checked.isGzip(path));
  return new JsonFileWriter(memory, schema, formats, isArray, sink);
}

type DateFormats = { readonly date: string | undefined; readonly timestamp: string | undefined };

class JsonFileWriter implements FileWriter {
  readonly #memory: LinearMemory;
  readonly #print: readonly ((value: RawValue) => string)[];
  /** What stands before each column's value: `{"a":`. */
  readonly #keys: readonly string[];
  readonly #isArray: boolean;
  readonly #sink: TextSink;
  #rows = 0;

  constructor(memory: LinearMemory, schema: Schema, formats: DateFormats, isArray: boolean, sink: TextSink) {
    this.#memory = memory;
    const textOf = (type: DataType) =>
      dateText(type, formats.date, formats.timestamp) ?? ((value: RawValue) => formatRaw(type, value));
    this.#print = schema.map(f => jsonText(f.type, textOf));
    this.#keys = schema.map((f, i) => `${i === 0 ? '{' : ','}${JSON.stringify(f.name)}:`);
    this.#isArray = isArray;
    this.#sink = sink;
    if (isArray) sink.add('[\n');
  }

  async write(batch: Batch): Promise<void> {
    const columns = this.#print.map((print, i) => {
      const key = this.#keys[i]!;
      return readColumn(this.#memory, batch.columns[i]!, batch).map(v => key + (v === null ? 'null' : print(v)));
    });
    for (let r = 0; r < batch.selected; r++) {
      if (this.#isArray) this.#sink.add(this.#rows > 0 ? ',\n\t' : '\t');
      for (const column of columns) this.#sink.add(column[r]!);
      this.#sink.add(this.#isArray ? '}' : '}\n');
      this.#rows++;
    }
    await this.#sink.flush();
  }

  async finish(): Promise<number> {
    if (this.#isArray) this.#sink.add(this.#rows > 0 ? '\n]\n' : ']\n');
    await this.#sink.close();
    return this.#rows;
  }

  abort(): Promise<void> {
    return this.#sink.abort();
  }
}
