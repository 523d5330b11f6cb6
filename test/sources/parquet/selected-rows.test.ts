import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Any, connect, type Database } from '../../../frontends/index.ts';
import { temporaryDirectory } from './write-file.ts';

// Columns are decoded only for rows that filters before them have left: of whatever encoding, with and without NULLs.
const COLUMNS = [
  'range AS id',
  "'text ' || (range * 7919 % 50) AS coded",
  "CASE WHEN range % 5 = 0 THEN NULL ELSE 'maybe ' || (range * 31 % 20) END AS nullable_code",
  "CASE WHEN range < 9000 THEN 'few ' || (range % 3) ELSE 'many ' || range END AS overflowing",
  '(range * 7907 % 100)::SMALLINT AS small',
  'CASE WHEN range % 3 = 1 THEN NULL ELSE (range * 17 % 90)::DECIMAL(9, 2) END AS nullable_number',
  'CASE WHEN range BETWEEN 3000 AND 6000 THEN NULL ELSE range % 10 END AS gap',
  'NULL::INTEGER AS nothing',
  "DATE '2020-01-01' + (range % 365)::INTEGER AS day",
  'range * 0.5::DOUBLE AS number',
  '(range % 40)::DECIMAL(30, 2) AS wide',
  'range % 2 = 0 AS flag',
];
const FILTERS = [
  'id % 4001 = 17',
  'id % 97 = 5',
  'small = 3',
  "small < 10 AND day < DATE '2020-03-01'",
  'small <> 3',
  "coded = 'text 7' AND nullable_number > 40",
  'gap IS NULL AND id % 50 = 0',
  'gap = 4 OR nothing IS NOT NULL',
  "overflowing LIKE '%11%'",
  'flag AND small BETWEEN 20 AND 60',
  'id BETWEEN 2040 AND 2060',
  'id IN (0, 2047, 2048, 5000, 11999)',
  'wide = 7 AND flag = false',
];

let db: Database<Any>;
beforeAll(async () => {
  db = connect({ threads: 0 });
  const path = join(temporaryDirectory(), 'file.parquet');
  await db.execute(`CREATE TABLE stored AS SELECT ${COLUMNS.join(', ')} FROM range(12000)`);
  await db.execute(`COPY stored TO '${path}' (ROW_GROUP_SIZE 5000); CREATE VIEW filed AS SELECT * FROM '${path}'`);
});
afterAll(() => db.close());

test.each(FILTERS)('%s', async filter => {
  for (const batchRows of [2048, 100, 7]) {
    await db.execute(`SET batch_size = ${batchRows}`);
    const rowsOf = async (table: string) =>
      (await db.execute(`SELECT * FROM ${table} WHERE ${filter} ORDER BY id`)).rows();
    const rows = await rowsOf('filed');
    expect(rows.length).toBeGreaterThan(0);
    expect(rows).toEqual(await rowsOf('stored'));
  }
});
