import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Any, connect, type Database } from '../../frontends/index.ts';

const folder = mkdtempSync(join(tmpdir(), 'rayexec-ranges-'));
let here: Database<Any>;
let apart: Database<Any>;

/** Tables as files of small row groups: in the order of a key with several rows each, and not. */
const TABLES: Readonly<Record<string, string>> = {
  // Row groups begin within a key's rows.
  items: `SELECT range // 3 AS k, range % 7 AS g, range AS v FROM range(3000)`,
  orders: `SELECT range AS k, range % 50 AS c, CASE WHEN range % 5 = 0 THEN NULL ELSE range END AS w FROM range(1000)`,
  customers: `SELECT range AS c, 'customer ' || range AS name FROM range(50)`,
  // Wide rows, which are not to be sent.
  people: `SELECT range AS c, repeat('person ' || range, 9) AS name, 'from ' || range AS town, range % 4 AS g FROM range(1000)`,
  bills: `SELECT range AS k, (range * 7919) % 1000 AS c, range % 100 AS day FROM range(1000)`,
  shuffled: `SELECT (range * 7919) % 1000 AS k, range AS s FROM range(1000)`,
  sparse: `SELECT CASE WHEN range % 10 = 0 THEN NULL ELSE range END AS k, range AS s FROM range(1000)`,
  days: `SELECT DATE '2024-01-01' + CAST(range // 4 AS INTEGER) AS d, CAST(range AS DECIMAL(9, 2)) AS price FROM range(1200)`,
  names: `SELECT 'n' || lpad(CAST(range // 2 AS VARCHAR), 5, '0') AS n, range AS v FROM range(2000)`,
  skewed: `SELECT CASE WHEN range < 900 THEN 0 ELSE range END AS k, range AS s FROM range(1000)`,
};

beforeAll(async () => {
  here = connect({ threads: 0 });
  apart = connect({ threads: 0 });
  for (const [name, sql] of Object.entries(TABLES)) {
    const path = join(folder, `${name}.parquet`);
    const rows = name === 'customers' ? 25 : 64;
    await here.execute(`COPY (${sql}) TO '${path}' (FORMAT parquet, ROW_GROUP_SIZE ${rows})`);
    for (const db of [here, apart]) await db.execute(`CREATE VIEW ${name} AS SELECT * FROM '${path}'`);
  }
  await apart.execute('SET separate_memory = true; SET partitions = 4; SET broadcast_rows = 0');
});
afterAll(async () => {
  await here.close();
  await apart.close();
  rmSync(folder, { recursive: true, force: true });
});

/** Where rows go, and which scans have ranges. */
async function outline(sql: string): Promise<string> {
  const text = String((await apart.execute(`EXPLAIN (STAGES) ${sql}`)).raw.column(1)[0]);
  return text
    .split('\n')
    .flatMap(line => {
      const sent = /send \[(to: .*)\]/.exec(line);
      const scan = /(\w+)\.parquet;(?:.*tasks read: (ranges of \w+))?/.exec(line);
      if (sent !== null) return [sent[1]!];
      return scan === null ? [] : [`  ${scan[1]} ${scan[2] ?? 'splits'}`];
    })
    .join('\n');
}

describe('nothing is sent', () => {
  test.each([
    ['where files in the order of a key are joined by it', 'SELECT i.v, o.w FROM items i JOIN orders o USING (k)'],
    ['where rows of one are grouped by it', 'SELECT k, sum(v) FROM items GROUP BY k'],
    ['where a file is joined with itself', 'SELECT a.v FROM items a SEMI JOIN items b ON a.k = b.k AND a.v < b.v'],
    ['where a window has it as its partition', 'SELECT v, row_number() OVER (PARTITION BY k ORDER BY v) FROM items'],
    ['where rows are grouped by dates', 'SELECT d, sum(price) FROM days GROUP BY d'],
    ['where rows are grouped by texts', 'SELECT n, count(*) FROM names GROUP BY n'],
    [
      'through a CTE that is read twice',
      'WITH t AS MATERIALIZED (SELECT k, sum(v) s FROM items GROUP BY k) SELECT a.s FROM t a JOIN t b USING (k)',
    ],
  ])('%s', async (_, sql) => {
    const text = await outline(sql);
    expect(text).toContain('ranges of ');
    expect(text).not.toMatch(/to: (?!gather|forward)/);
  });
});

test('the other side of a join is dealt to the ranges', async () => {
  expect(
    await outline('SELECT i.v, s.s FROM items i JOIN orders o USING (k) JOIN shuffled s ON s.k = i.k'),
  ).toMatchInlineSnapshot(`
    "to: range(#0)
      shuffled splits
    to: gather
      items ranges of k
      orders ranges of k"
  `);
  expect(
    await outline(
      'SELECT k, sum(v), sum(s) FROM (SELECT k, sum(v) v FROM items GROUP BY k) JOIN shuffled USING (k) GROUP BY k',
    ),
  ).toMatchInlineSnapshot(`
    "to: range(#0)
      shuffled splits
    to: gather
      items ranges of k"
  `);
});

const BILLED = `SELECT name, town, sum(v) FROM people JOIN bills USING (c) JOIN items USING (k)
  WHERE day < 20 GROUP BY name, town`;

test('files that lie alike are joined first where rows of others would have to be sent to them', async () => {
  expect(await outline(BILLED)).toMatchInlineSnapshot(`
    "to: hash(#1)
      items ranges of k
      bills ranges of k
    to: hash(#0)
      people ranges of name
    to: gather"
  `);
});

test('splits are dealt where no scan lies by the key, its values may be NULL, most are one, or nobody asks', async () => {
  for (const sql of [
    'SELECT k, count(*) FROM shuffled GROUP BY k',
    'SELECT k, count(*) FROM sparse GROUP BY k',
    'SELECT k, count(*) FROM skewed GROUP BY k',
    'SELECT g, sum(v) FROM items GROUP BY g',
    'SELECT k, v FROM items WHERE v > 5',
  ]) {
    expect(await outline(sql)).not.toContain('ranges of ');
  }
});

const QUERIES = [
  BILLED,
  `SELECT p.c, town, day, i.g, i.v FROM people p JOIN bills b ON p.c = b.c JOIN items i ON i.k = b.k
   WHERE day < 20 AND i.g = 3`,
  `SELECT name, b.k, i.v, s.s FROM people p JOIN bills b ON p.c = b.c JOIN customers USING (name) JOIN items i ON i.k = b.k
   JOIN shuffled s ON s.k = p.g WHERE day < 20`.replace('JOIN customers USING (name) ', ''),
  'SELECT i.v, o.w FROM items i JOIN orders o USING (k)',
  'SELECT i.v, s.s FROM items i JOIN orders o USING (k) JOIN shuffled s ON s.k = i.k WHERE o.w > 100',
  'SELECT s.s, t.v FROM sparse s LEFT JOIN (SELECT k, sum(v) v FROM items GROUP BY k) t USING (k)',
  'SELECT s.s, t.v FROM sparse s FULL JOIN (SELECT k, sum(v) v FROM items WHERE k > 700 GROUP BY k) t USING (k)',
  'SELECT s.s, t.v FROM sparse s JOIN (SELECT k, sum(v) v FROM items GROUP BY k) t ON s.k IS NOT DISTINCT FROM t.k',
  'SELECT o.k FROM orders o ANTI JOIN (SELECT k FROM items WHERE v % 2 = 0) i ON i.k = o.k',
  'SELECT o.k, o.k IN (SELECT k FROM items WHERE v % 5 = 0) FROM orders o',
  'SELECT name, count(*), sum(v) FROM items JOIN orders USING (k) JOIN customers USING (c) GROUP BY name',
  'SELECT v, row_number() OVER (PARTITION BY k ORDER BY v DESC) FROM items',
  `SELECT a.d, sum(a.price), count(b.price) FROM days a LEFT JOIN days b ON a.d = b.d AND b.price > a.price
   WHERE a.d >= DATE '2024-03-01' GROUP BY a.d`,
  `SELECT n, count(*), (SELECT count(*) FROM names m WHERE m.n = a.n AND m.v > a.v) FROM names a GROUP BY n, v`,
  'WITH t AS MATERIALIZED (SELECT k, sum(v) s FROM items GROUP BY k) SELECT a.s, b.s FROM t a JOIN t b USING (k)',
  'SELECT k, sum(s) FROM (SELECT k, s FROM sparse UNION ALL SELECT k, v FROM items) GROUP BY k',
];

test.each(QUERIES)('the same rows come: %s', async sql => {
  const expected = (await here.execute(`${sql} ORDER BY ALL`)).rows();
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 2, max: 20 }), fc.constantFrom(0, 60, 5000), async (partitions, broadcast) => {
      await apart.execute(`SET partitions = ${partitions}; SET broadcast_rows = ${broadcast}`);
      expect((await apart.execute(`${sql} ORDER BY ALL`)).rows()).toEqual(expected);
    }),
    { numRuns: 5 },
  );
});
