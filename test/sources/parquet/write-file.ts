import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';
import type { Batch } from '../../../src/batch/batch.ts';
import type { Json } from '../../../src/common/json.ts';
import { nodePlatform } from '../../../src/platform/node.ts';
import { writeParquet } from '../../../src/sources/parquet/write-parquet.ts';
import type { DataType, Schema } from '../../../src/types/data-type.ts';
import type { RawValue } from '../../../src/types/raw-value.ts';
import { testContext, vectorOf } from '../../support/engine.ts';

export type Columns = Readonly<Record<string, readonly [type: DataType, values: readonly RawValue[]]>>;

/** A directory that goes when the tests of the file are done. */
export function temporaryDirectory(): string {
  const path = mkdtempSync(join(tmpdir(), 'rayexec-parquet-'));
  afterAll(() => rmSync(path, { recursive: true }));
  return path;
}

/** Writes columns as a Parquet file, some rows a batch; columns without NULL are written as required. */
export async function writeFile(
  path: string,
  columns: Columns,
  options: Readonly<Record<string, Json>> = {},
  batchRows = 1000,
): Promise<number> {
  const ctx = testContext();
  const names = Object.keys(columns);
  const schema: Schema = names.map(name => {
    const [type, values] = columns[name]!;
    return { name, type, nullable: values.includes(null) };
  });
  const writer = await writeParquet({ ...ctx, platform: nodePlatform }, path, schema, options);
  const count = columns[names[0]!]![1].length;
  for (let from = 0; from < count; from += batchRows) {
    const size = Math.min(batchRows, count - from);
    const vectors = names.map(n => vectorOf(ctx, columns[n]![0], columns[n]![1].slice(from, from + size)));
    const batch: Batch = { columns: vectors, count: size, selection: 0, selected: size, split: 0 };
    await writer.write(batch);
    ctx.arena.reset();
  }
  return writer.finish();
}
