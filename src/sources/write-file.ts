import { RayexecError } from '../common/errors.ts';
import type { Json } from '../common/json.ts';
import { didYouMean } from '../common/suggest.ts';
import type { Schema } from '../types/data-type.ts';
import { writeArrow } from './arrow/write-arrow.ts';
import { writeCsv } from './csv/write-csv.ts';
import { DirectoryWriter, type OpenFile } from './directory-writer.ts';
import type { FileWriter, WriterMachine } from './file-writer.ts';
import { writeJson } from './json/write-json.ts';
import { writeParquet } from './parquet/write-parquet.ts';
import { writeLayout } from './write-layout.ts';

type OpenWriter = (
  machine: WriterMachine,
  path: string,
  schema: Schema,
  options: Readonly<Record<string, Json>>,
) => Promise<FileWriter>;

const WRITERS: Readonly<Record<string, OpenWriter>> = {
  parquet: writeParquet,
  csv: writeCsv,
  json: writeJson,
  arrow: writeArrow,
};

/** A writer, and where the rows are when it is finished. */
export type OpenedWriter = { readonly writer: FileWriter; readonly files: readonly string[] };

/**
 * Opens a file, or a directory of files, for writing in a format: 'parquet', 'csv', 'json' or 'arrow'.
 * @throws RayexecError `bind` for an unknown format or option, `unsupported`, `io`
 */
export async function openWriter(
  format: string,
  machine: WriterMachine,
  path: string,
  schema: Schema,
  options: Readonly<Record<string, Json>> = {},
): Promise<OpenedWriter> {
  const key = format.toLowerCase();
  if (!Object.hasOwn(WRITERS, key)) {
    const known = Object.keys(WRITERS);
    throw new RayexecError('bind', `there is no format '${format}' to write`, {
      hint: didYouMean(format, known) ?? `there are ${known.join(', ')}`,
    });
  }
  const { layout, rest } = writeLayout(key, schema, options);
  if (layout === undefined) return { writer: await WRITERS[key]!(machine, path, schema, rest), files: [path] };
  const openFile: OpenFile = (machine, path, schema) => WRITERS[key]!(machine, path, schema, rest);
  const writer = await DirectoryWriter.create(machine, path, schema, layout, openFile);
  return { writer, files: writer.files };
}
