import { existsSync, mkdirSync, renameSync } from 'node:fs';
import { join } from 'node:path';

export const tpchTables = [
  'region',
  'nation',
  'supplier',
  'part',
  'partsupp',
  'customer',
  'orders',
  'lineitem',
] as const;

/** The path of a table's file in a folder that `writeTpch` has filled. */
export function tpchFile(folder: string, table: string): string {
  return join(folder, `${table}.parquet`);
}

/** Writes the eight tables by the package's own generator; leaves out those that the folder has already. */
export async function writeTpch(
  db: { execute(sql: string): Promise<unknown> },
  scale: number,
  folder: string,
  rowGroup: number,
): Promise<void> {
  mkdirSync(folder, { recursive: true });
  for (const table of tpchTables) {
    const path = tpchFile(folder, table);
    if (existsSync(path)) continue;
    // A name of its own until it is complete: a run that is stopped leaves nothing that the next one would take for a table.
    const part = join(folder, `part-${process.pid}-${table}.parquet`);
    await db.execute(`COPY (SELECT * FROM tpch_${table}(${scale})) TO '${part}' (ROW_GROUP_SIZE ${rowGroup})`);
    renameSync(part, path);
  }
}
