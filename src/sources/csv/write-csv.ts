import type { Batch } from '../../batch/batch.ts';
import { readColumn } from '../../batch/read.ts';
import { RayexecError } from '../../common/errors.ts';
import type { Json } from '../../common/json.ts';
import type { LinearMemory } from '../../memory/linear-memory.ts';
import type { DataType, Schema } from '../../types/data-type.ts';
import { formatRaw } from '../../types/format-raw.ts';
import type { RawValue } from '../../types/raw-value.ts';
import { dateText } from '../date-text.ts';
import type { FileWriter, WriterMachine } from '../file-writer.ts';
import { TextSink } from '../text-sink.ts';
import { optionNames, WriterOptions } from '../writer-options.ts';

const NAMES = optionNames(
  [
    ...['header', 'delim', 'quote', 'escape', 'force_quote', 'nullstr', 'dateformat', 'timestampformat'],
    ...['compression', 'new_line', 'prefix', 'suffix'],
  ],
  { sep: 'delim', delimiter: 'delim', null: 'nullstr', date_format: 'dateformat', timestamp_format: 'timestampformat' },
);

type CsvStyle = {
  readonly header: boolean;
  readonly delimiter: string;
  readonly quote: string;
  readonly escape: string;
  readonly nullText: string;
  readonly newline: string;
  readonly dateFormat: string | undefined;
  readonly timestampFormat: string | undefined;
  /** By column. */
  readonly isQuoted: readonly boolean[];
  /** What stands before and behind all rows. */
  readonly prefix: string;
  readonly suffix: string;
  readonly needsQuotes: (text: string) => boolean;
};

/**
 * Opens a CSV file for writing: values as CAST to VARCHAR gives them, quoted where they must be.
 * @throws RayexecError `bind` for wrong options, `io`
 */
export async function writeCsv(
  { memory, platform }: WriterMachine,
  path: string,
  schema: Schema,
  options: Readonly<Record<string, Json>> = {},
): Promise<FileWriter> {
  const checked = new WriterOptions('CSV', options, NAMES);
  const style = csvStyle(checked, schema, path);
  const sink = await TextSink.create(platform, path, checked.isGzip(path));
  return new CsvFileWriter(memory, schema, style, sink);
}

function csvStyle(o: WriterOptions, schema: Schema, path: string): CsvStyle {
  const names = schema.map(f => f.name);
  const forced = o.columns('force_quote', names);
  const quote = o.character('quote') ?? '"';
  const delimiter = o.characters('delim', 4) ?? (/\.tsv(\.gz)?$/i.test(path) ? '\t' : ',');
  if (delimiter === '' || delimiter === quote) {
    throw new RayexecError('bind', `writing CSV: delim must be a character other than the quote`);
  }
  const nullText = o.text('nullstr') ?? '';
  const special = new Set([delimiter[0], quote, '\n', '\r', '#']);
  const newline = (o.text('new_line') ?? '\n').replaceAll('\\n', '\n').replaceAll('\\r', '\r');
  if (!/^\r?\n$/.test(newline)) throw new RayexecError('bind', `writing CSV: new_line is '\\n' or '\\r\\n'`);
  return {
    header: o.boolean('header') ?? true,
    delimiter,
    quote,
    escape: o.character('escape') || quote,
    nullText,
    newline,
    dateFormat: o.text('dateformat'),
    timestampFormat: o.text('timestampformat'),
    prefix: o.text('prefix') ?? '',
    suffix: o.text('suffix') ?? '',
    isQuoted: schema.map(f => forced.includes(f.name) || forced.includes('*')),
    needsQuotes: text => {
      if (text === nullText) return true;
      for (let i = 0; i < text.length; i++) if (special.has(text[i]!)) return true;
      return false;
    },
  };
}

class CsvFileWriter implements FileWriter {
  readonly #memory: LinearMemory;
  readonly #schema: Schema;
  readonly #style: CsvStyle;
  readonly #sink: TextSink;
  #rows = 0;

  constructor(memory: LinearMemory, schema: Schema, style: CsvStyle, sink: TextSink) {
    this.#memory = memory;
    this.#schema = schema;
    this.#style = style;
    this.#sink = sink;
    this.#sink.add(style.prefix);
    if (style.header) this.#addLine(schema.map((f, i) => this.#field(f.name, i)));
  }

  async write(batch: Batch): Promise<void> {
    const columns = this.#schema.map((f, i) => {
      const format = this.#formatter(f.type);
      const values = readColumn(this.#memory, batch.columns[i]!, batch);
      return values.map(v => (v === null ? this.#style.nullText : this.#field(format(v), i)));
    });
    for (let r = 0; r < batch.selected; r++) this.#addLine(columns.map(c => c[r]!));
    this.#rows += batch.selected;
    await this.#sink.flush();
  }

  async finish(): Promise<number> {
    this.#sink.add(this.#style.suffix);
    await this.#sink.close();
    return this.#rows;
  }

  abort(): Promise<void> {
    return this.#sink.abort();
  }

  #addLine(fields: readonly string[]): void {
    const { delimiter, newline, quote } = this.#style;
    const line = fields.join(delimiter);
    // The only field of a blank line would be read as no row at all.
    this.#sink.add(line === '' && fields.length === 1 && this.#style.nullText !== '' ? quote + quote : line);
    this.#sink.add(newline);
  }

  #formatter(type: DataType): (value: RawValue) => string {
    const { dateFormat, timestampFormat } = this.#style;
    return dateText(type, dateFormat, timestampFormat) ?? (value => formatRaw(type, value));
  }

  #field(text: string, column: number): string {
    const { quote, escape: mark, isQuoted, needsQuotes } = this.#style;
    if (quote === '' || !(isQuoted[column]! || needsQuotes(text))) return text;
    const inner = mark === quote ? text : text.replaceAll(mark, mark + mark);
    return quote + inner.replaceAll(quote, mark + quote) + quote;
  }
}
