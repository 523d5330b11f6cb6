import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { tableFromIPC, tableToIPC } from 'apache-arrow';
import fc from 'fast-check';
import { Table, WriterPropertiesBuilder, writeParquet } from 'parquet-wasm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Any, connect, type Database } from '../../../frontends/index.ts';
import { temporaryDirectory } from './write-file.ts';

// What pages' bounds leave out makes no difference: each filter's rows are those of the table in memory.
const COLUMNS = [
  'range AS id',
  'range - range * 7919 % 1000 AS jitter',
  '(range * 7919 % 100003)::INTEGER AS scattered',
  '(200000 - range)::UINTEGER AS down',
  'CASE WHEN range BETWEEN 21000 AND 80000 THEN NULL ELSE range % 10 END AS gap',
  "CASE WHEN range % 3 = 0 THEN 'NaN'::DOUBLE WHEN range < 50000 THEN range * 0.5 END AS number",
  "CASE WHEN range < 30000 THEN 'NaN'::FLOAT ELSE -range::FLOAT END AS nan_first",
  '(range / 7)::DECIMAL(9, 2) AS small',
  '(range::DECIMAL(38, 2) - 50000) * 100000000 AS wide',
  "DATE '2020-01-01' + (range // 500)::INTEGER AS day",
  "TIMESTAMP '2020-01-01' - range::INTEGER * INTERVAL 1 MINUTE AS moment",
  "'text ' || (range // 1000) AS coded",
  "repeat('é', 30 + (range % 20)::INTEGER) || range AS long",
  "CASE WHEN range % 4 > 0 THEN 'w' || range END AS word",
  'range > 60000 AS flag',
  '(range * 184467440737095::UBIGINT)::UBIGINT AS u64',
];
const ROWS = 90_000;
const NAMES = COLUMNS.map(c => c.split(' AS ').at(-1)!);

let db: Database<Any>;
/** Some values of each column, as SQL. */
const values: Record<string, readonly string[]> = {};
const directory = temporaryDirectory();

const FILES = ['one_group', 'groups', 'small_pages'];

const rowsOf = async (sql: string): Promise<readonly unknown[][]> => (await db.execute(sql)).rows();

beforeAll(async () => {
  db = connect({ threads: 0 });
  await db.execute(`CREATE TABLE stored AS SELECT ${COLUMNS.join(', ')} FROM range(${ROWS})`);
  const some = await rowsOf(`SELECT ${NAMES.map(n => `${n}::VARCHAR`).join(', ')} FROM stored WHERE id % 1873 = 7`);
  const [types] = await rowsOf(`SELECT ${NAMES.map(n => `typeof(${n})`).join(', ')} FROM stored LIMIT 1`);
  for (const [c, n] of NAMES.entries())
    values[n] = some.map(row => `${row[c] === null ? 'NULL' : `'${String(row[c])}'`}::${types![c]}`);
  const path = (name: string) => join(directory, `${name}.parquet`);
  await db.execute(`COPY stored TO '${path('one_group')}' (ROW_GROUP_SIZE 1000000)`);
  await db.execute(`COPY stored TO '${path('groups')}' (ROW_GROUP_SIZE 50000)`);
  // Pages of some hundred rows, by arrow-rs.
  await db.execute(`COPY stored TO '${join(directory, 'stored.arrow')}'`);
  const stream = tableToIPC(tableFromIPC(readFileSync(join(directory, 'stored.arrow'))), 'stream');
  const properties = new WriterPropertiesBuilder()
    .setDataPageSizeLimit(1000)
    .setWriteBatchSize(100)
    .setDictionaryEnabled(false)
    .setColumnDictionaryEnabled('coded', true)
    .setColumnDictionaryEnabled('gap', true);
  writeFileSync(path('small_pages'), writeParquet(Table.fromIPCStream(stream), properties.build()));
  for (const name of FILES) await db.execute(`CREATE VIEW ${name} AS SELECT * FROM '${path(name)}'`);
});
afterAll(() => db.close());

const some = fc.integer({ min: 0, max: 40 });

/** A condition on a column, with values that it has. */
const condition = fc
  .record({
    name: fc.constantFrom(...NAMES),
    fn: fc.constantFrom('=', '<', '<=', '>', '>=', '<>', 'between', 'in', 'is null', 'is not null', 'like'),
    values: fc.tuple(some, some),
  })
  .map(({ name, fn, values: [i, j] }) => {
    const [a, b] = [i, j].map(k => values[name]![k % values[name]!.length]!);
    if (fn === 'is null' || fn === 'is not null') return `${name} ${fn}`;
    if (fn === 'between') return `${name} BETWEEN ${i < j ? a : b} AND ${i < j ? b : a}`;
    if (fn === 'in') return `${name} IN (${a}, ${b})`;
    if (fn === 'like') return `long LIKE '${'é'.repeat(30 + (i % 20))}${j}%'`;
    return `${name} ${fn} ${a}`;
  });

const filter = fc.oneof(
  condition,
  fc.array(condition, { minLength: 2, maxLength: 3 }).map(list => list.join(' AND ')),
  fc.array(condition, { minLength: 2, maxLength: 2 }).map(list => list.join(' OR ')),
);

// Of all columns, so that a page that is read in another's place shows.
const AGGREGATES = NAMES.map(n => `count(${n}), min(${n}), max(${n})`).join(', ');
const SUMS = 'count(*), sum(id), sum(scattered), sum(gap), sum(small), sum(length(long)), sum(length(word))';

describe('what pages leave out', () => {
  it('makes no difference', async () => {
    await fc.assert(
      fc.asyncProperty(filter, fc.constantFrom(...FILES), async (where, file) => {
        const of = (table: string) => rowsOf(`SELECT ${AGGREGATES}, ${SUMS} FROM ${table} WHERE ${where}`);
        expect(await of(file), where).toEqual(await of('stored'));
      }),
      { numRuns: 120 },
    );
  });

  it('is told', async () => {
    const passed = async (file: string, where: string): Promise<number> => {
      const text = JSON.stringify(await rowsOf(`EXPLAIN ANALYZE SELECT count(word) FROM ${file} WHERE ${where}`));
      return Number(/pages passed over: (\d+)/.exec(text)?.[1] ?? 0);
    };
    for (const [where, least, most] of [
      ['id = 45000', 3, 3],
      ["coded = 'text 33'", 2, 2],
      ["day BETWEEN DATE '2020-03-10' AND DATE '2020-03-12'", 3, 3],
      ['gap IS NULL', 0, 1],
      ['id < 20000 OR down < 115000', 2, 6],
      ['scattered = 50000', 0, 0],
      ['number > 5', 0, 0],
    ] as const) {
      expect(await passed('one_group', where), where).toBeGreaterThanOrEqual(least);
      expect(await passed('one_group', where), where).toBeLessThanOrEqual(most);
    }
    expect(await passed('small_pages', 'id = 45000')).toBeGreaterThan(100);
  });

  it('is left out by joins and bounds of a top-k as well', async () => {
    for (const file of FILES) {
      for (const query of [
        `SELECT count(*), sum(t.id), min(long) FROM $ t JOIN (SELECT 70000 + range AS id FROM range(50)) k ON t.id = k.id`,
        `SELECT id, long FROM $ ORDER BY jitter DESC LIMIT 5`,
        `SELECT id, word FROM $ ORDER BY day, id LIMIT 7`,
      ]) {
        expect(await rowsOf(query.replace('$', file))).toEqual(await rowsOf(query.replace('$', 'stored')));
      }
    }
  });
});
