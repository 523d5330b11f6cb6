import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { connect } from '../../dist/index.js';
import { tableFile } from './workload.ts';

/**
 * Writes the rows of a query as a table's Parquet file; `$name` in the query stands for a parameter's number. A file that
 * is there stays as long as the query, which is kept beside it, is the same.
 */
export async function writeTable(
  folder: string,
  table: string,
  query: string,
  parameters: Readonly<Record<string, number>>,
): Promise<void> {
  const sql = query.replace(/\$(\w+)/g, (_, name: string) => String(parameters[name]));
  const source = join(folder, `${table}.source.txt`);
  const path = tableFile(folder, table);
  if (existsSync(path) && existsSync(source) && readFileSync(source, 'utf8') === sql) return;
  mkdirSync(folder, { recursive: true });
  // A name of its own until it is complete: a run that is stopped leaves nothing that the next one would take for a table.
  const part = join(folder, `part-${process.pid}-${table}.parquet`);
  const db = connect({ threads: 0 });
  await db.execute(`COPY (${sql}\n) TO '${part}' (FORMAT parquet, ROW_GROUP_SIZE 122880)`);
  await db.close();
  renameSync(part, path);
  writeFileSync(source, sql);
}
