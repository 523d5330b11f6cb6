import { RayexecError } from '../../common/errors.ts';
import type { Json } from '../../common/json.ts';
import type { Schema } from '../../types/data-type.ts';
import type { FileWriter, WriterMachine } from '../file-writer.ts';
import { openForeignWriter } from './foreign-writer.ts';
import { ParquetWriter } from './parquet-writer.ts';
import { parquetWriteOptions } from './write-options.ts';

/**
 * Opens a Parquet file for writing. Files with snappy or without compression are encoded by own kernels, those with
 * rarer codecs by parquet-wasm, which is loaded then only.
 * @param options `compression` (or `codec`), `row_group_size`, `row_group_size_bytes`, `kv_metadata`
 * @throws RayexecError `bind` for wrong options, `unsupported`, `io`
 */
export async function writeParquet(
  machine: WriterMachine,
  path: string,
  schema: Schema,
  options: Readonly<Record<string, Json>> = {},
): Promise<FileWriter> {
  const checked = parquetWriteOptions(options);
  checkNames(schema);
  const { compression } = checked;
  if (compression === 'SNAPPY' || compression === 'UNCOMPRESSED') {
    return new ParquetWriter(machine, schema, await machine.platform.create(path), checked, compression);
  }
  return openForeignWriter(machine, path, schema, checked);
}

function checkNames(schema: Schema): void {
  const seen = new Set<string>();
  for (const { name } of schema) {
    if (seen.has(name)) {
      throw new RayexecError('bind', `a Parquet file can't have two columns '${name}'`, {
        hint: 'give one another name with AS',
      });
    }
    seen.add(name);
  }
}
