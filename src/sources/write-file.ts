import { RayexecError } from '../common/errors.ts';
import type { Json } from '../common/json.ts';
import { didYouMean } from '../common/suggest.ts';
import type { Schema } from '../types/data-type.ts';
import { writeArrow } from './arrow/write-arrow.ts';
import { writeCsv } from './csv/write-csv.ts';
import type { FileWriter, WriterMachine } from './file-writer.ts';
import { writeJson } from './json/write-json.ts';
import { writeParquet } from './parquet/write-parquet.ts';

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

/**
 * Opens a file for writing in a format: 'parquet', 'csv', 'json' or 'arrow'.
 * @throws RayexecError `bind` for an unknown format or option, `unsupported`, `io`
 */
export async function openWriter(
  format: string,
  machine: WriterMachine,
  path: string,
  schema: Schema,
  options: Readonly<Record<string, Json>> = {},
): Promise<FileWriter> {
  const key = format.toLowerCase();
  if (!Object.hasOwn(WRITERS, key)) {
    const known = Object.keys(WRITERS);
    throw new RayexecError('bind', `there is no format '${format}' to write`, {
      hint: didYouMean(format, known) ?? `there are ${known.join(', ')}`,
    });
  }
  if (Object.keys(options).some(name => name.toLowerCase() === 'partition_by')) {
    throw new RayexecError('unsupported', 'PARTITION_BY is not supported yet', { hint: 'write one file a partition' });
  }
  return WRITERS[key]!(machine, path, schema, options);
}
