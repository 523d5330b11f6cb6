import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { connect, type Database } from '../../frontends/index.ts';
import type { NodeConnectOptions } from '../../frontends/session/connect.ts';
import { parseCsv, sameCell } from './csv.ts';
import { cellsOf } from './result-cells.ts';
import * as builder from './tpch-builder-queries.ts';
import { tpchFile, tpchTables, writeTpch } from './tpch-files.ts';
import { tpchQueries } from './tpch-queries.ts';
import type { TpchSchema, TpchTables } from './tpch-schema.ts';

type TpchPlace = NodeConnectOptions & {
  readonly name: string;
  readonly threads: number;
  readonly settings: readonly string[];
};

const everywhere: readonly TpchPlace[] = [
  { name: 'inline', threads: 0, settings: [] },
  { name: 'inline, four partitions', threads: 0, settings: ['partitions = 4'] },
  { name: 'two threads', threads: 2, settings: ['inline_rows = 0'] },
];

const chains = builder as unknown as Record<string, (t: TpchTables) => { collect(): Promise<object[]> }>;

/**
 * The 22 queries as SQL and as builder chains, wherever queries run, over files in `folder`, which are made when they
 * are missing. The answers in test/tpch/answers were computed by DuckDB over the same rows.
 */
export function describeTpch(
  scale: number,
  folder: string,
  rowGroup: number,
  places: readonly TpchPlace[] = everywhere,
): void {
  const answer = (query: number): string[][] => {
    const file = `../tpch/answers/sf${scale}/q${String(query).padStart(2, '0')}.csv`;
    return parseCsv(readFileSync(join(import.meta.dirname, file), 'utf8'));
  };

  beforeAll(async () => {
    const db = connect({ threads: 0 });
    await writeTpch(db, scale, folder, rowGroup);
    await db.close();
  }, 900_000);

  describe.each(places)(`TPC-H at scale ${scale} over Parquet, $name`, ({ name: _, settings, ...options }) => {
    let db: Database<TpchSchema>;
    let frames: TpchTables;

    beforeAll(async () => {
      db = connect<TpchSchema>(options);
      for (const s of settings) await db.execute(`SET ${s}`);
      for (const t of tpchTables) {
        await db.execute(`CREATE VIEW ${t} AS SELECT * FROM read_parquet('${tpchFile(folder, t)}')`);
      }
      frames = Object.fromEntries(tpchTables.map(t => [t, db.table(t)])) as unknown as TpchTables;
    }, 60_000);
    afterAll(() => db.close());

    test.each(tpchQueries)('Q$number as SQL and as builder chain', { timeout: 120_000 }, async ({ number, sql }) => {
      const expected = answer(number);
      expectRows(cellsOf((await db.execute(sql)).raw), expected);
      const rows = await chains[`q${number}`]!(frames).collect();
      expectRows(
        rows.map(row => Object.values(row).map(jsText)),
        expected,
      );
    });
  });
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
