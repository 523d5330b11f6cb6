import { RayexecError } from '../common/errors.ts';
import type { Json } from '../common/json.ts';
import type { Schema } from '../types/data-type.ts';
import type { FileWriter, WriterMachine } from './file-writer.ts';
import { writeParquet } from './parquet/write-parquet.ts';

/** Opens a file for writing rows in a format. @throws RayexecError `bind` for wrong options, `io` */
export async function openWriter(
  format: string,
  machine: WriterMachine,
  path: string,
  schema: Schema,
  options: Readonly<Record<string, Json>>,
): Promise<FileWriter> {
  if (format === 'parquet') return writeParquet(machine, path, schema, options);
  throw new RayexecError('unsupported', `writing ${format} files is not supported yet`);
}
