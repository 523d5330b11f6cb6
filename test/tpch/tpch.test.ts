import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ResultSet } from '../../frontends/dataframe/result.ts';
import { connect, type Database, formatRaw } from '../../frontends/index.ts';
import { parseCsv, sameCell } from '../support/csv.ts';
import * as builder from '../support/tpch-builder-queries.ts';
import { tpchQueries } from '../support/tpch-queries.ts';
import type { TpchSchema, TpchTables } from '../support/tpch-schema.ts';

// The answers were computed by DuckDB over the same rows.
const scale = 0.01;
const tables = ['region', 'nation', 'supplier', 'part', 'partsupp', 'customer', 'orders', 'lineitem'] as const;
const folder = mkdtempSync(join(tmpdir(), 'rayexec-tpch-'));

beforeAll(async () => {
  const db = connect({ threads: 0 });
  for (const t of tables) {
    await db.execute(
      `COPY (SELECT * FROM tpch_${t}(${scale})) TO '${join(folder, `${t}.parquet`)}' (ROW_GROUP_SIZE 10000)`,
    );
  }
  await db.close();
}, 120_000);
afterAll(() => rmSync(folder, { recursive: true }));

const places = [
  { name: 'inline', threads: 0, settings: [] },
  { name: 'inline, four partitions', threads: 0, settings: ['partitions = 4'] },
  { name: 'two threads', threads: 2, settings: ['inline_rows = 0'] },
];

for (const { name, threads, settings } of places) {
  describe(`TPC-H over Parquet, ${name}`, () => {
    let db: Database<TpchSchema>;
    let frames: TpchTables;

    beforeAll(async () => {
      db = connect<TpchSchema>({ threads });
      for (const s of settings) await db.execute(`SET ${s}`);
      for (const t of tables) {
        await db.execute(`CREATE VIEW ${t} AS SELECT * FROM read_parquet('${join(folder, `${t}.parquet`)}')`);
      }
      frames = Object.fromEntries(tables.map(t => [t, db.table(t)])) as unknown as TpchTables;
    });
    afterAll(() => db.close());

    for (const { number, sql } of tpchQueries) {
      test(`Q${number} as SQL and as builder chain`, { timeout: 60_000 }, async () => {
        const expected = parseCsv(
          readFileSync(join(import.meta.dirname, `answers/q${String(number).padStart(2, '0')}.csv`), 'utf8'),
        );
        expectRows(cellsOf((await db.execute(sql)).raw), expected);
        const chain = (builder as unknown as Record<string, (t: TpchTables) => { collect(): Promise<object[]> }>)[
          `q${number}`
        ]!;
        const rows = await chain(frames).collect();
        expectRows(
          rows.map(row => Object.values(row).map(jsText)),
          expected,
        );
      });
    }
  });
}

function cellsOf(result: ResultSet): string[][] {
  const columns = result.schema.map((f, i) =>
    Array.from({ length: result.rowCount }, (_, row) => {
      const value = result.column(i)[row] ?? null;
      return value === null ? '' : formatRaw(f.type, value);
    }),
  );
  return Array.from({ length: result.rowCount }, (_, row) => columns.map(c => c[row]!));
}

function jsText(value: unknown): string {
  if (value === null) return '';
  return value instanceof Date ? value.toISOString().slice(0, 10) : String(value);
}

function expectRows(actual: readonly (readonly string[])[], expected: readonly (readonly string[])[]): void {
  expect(actual.length).toBe(expected.length);
  actual.forEach((row, i) => {
    const different = row.some((cell, c) => !sameCell(cell, expected[i]![c]!));
    if (different) expect(row, `row ${i}`).toEqual(expected[i]);
  });
}
