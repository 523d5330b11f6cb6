import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { formatRaw } from '../../frontends/dataframe/index.ts';
import { connect, type Database } from '../../frontends/index.ts';
import '../support/poisoned-arenas.ts';
import { parseSqlFile, type SqlRecord } from '../support/sql-file.ts';

/** Every way to run a query that must not change its result. */
const modes: readonly { readonly name: string; readonly threads?: number; readonly settings: readonly string[] }[] = [
  { name: 'default', settings: [] },
  { name: 'not optimized', settings: ['enable_optimizer = false'] },
  { name: 'four partitions', settings: ['partitions = 4'] },
  { name: 'batches of one row', settings: ['batch_size = 1'] },
  {
    name: 'batches of three rows, four partitions, not optimized',
    settings: ['batch_size = 3', 'partitions = 4', 'enable_optimizer = false'],
  },
  // Needs the built dist/worker.js, as all tests with threads do: `npm test` builds it first.
  { name: 'two threads', threads: 2, settings: ['inline_rows = 0'] },
  { name: 'three threads, batches of three rows', threads: 3, settings: ['inline_rows = 0', 'batch_size = 3'] },
  { name: 'spilling at every opportunity', settings: ['debug_force_external = true'] },
  {
    name: 'spilling at every opportunity, batches of three rows, four partitions',
    settings: ['debug_force_external = true', 'batch_size = 3', 'partitions = 4'],
  },
  {
    name: 'spilling at every opportunity, two threads',
    threads: 2,
    settings: ['debug_force_external = true', 'inline_rows = 0'],
  },
  { name: 'three tasks without shared memory', settings: ['separate_memory = true', 'partitions = 3'] },
  {
    name: 'four tasks without shared memory, no broadcasts, batches of three rows, not optimized',
    settings: [
      'separate_memory = true',
      'partitions = 4',
      'broadcast_rows = 0',
      'batch_size = 3',
      'enable_optimizer = false',
    ],
  },
];

const folder = import.meta.dirname;
for (const file of readdirSync(folder)
  .filter(f => f.endsWith('.test'))
  .sort()) {
  const records = parseSqlFile(readFileSync(join(folder, file), 'utf8'));
  describe(file, () => {
    for (const mode of modes) {
      test(mode.name, async () => {
        const db = connect({ threads: mode.threads ?? 0 });
        try {
          for (const setting of mode.settings) await db.execute(`SET ${setting}`);
          for (const record of records) await check(db, file, record);
        } finally {
          await db.close();
        }
      });
    }
  });
}

async function check(db: Database, file: string, record: SqlRecord): Promise<void> {
  const where = `${file}:${record.line}`;
  if (record.kind === 'error') {
    const message = await db.execute(record.sql).then(
      () => 'no error',
      (error: Error) => error.message,
    );
    expect(message, where).toContain(record.expected.join('\n'));
    return;
  }
  const result = await db.execute(record.sql).catch((error: Error) => {
    throw new Error(`${where}: ${error.message}`, { cause: error });
  });
  if (record.kind === 'ok') return;
  const { schema } = result.raw;
  const rows = Array.from({ length: result.rowCount }, (_, row) =>
    schema.map((f, i) => formatRaw(f.type, result.raw.column(i)[row] ?? null)).join('\t'),
  );
  const order = (lines: readonly string[]): readonly string[] => (record.sorted ? [...lines].sort() : lines);
  expect(order(rows), where).toEqual(order(record.expected));
}
