import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Any, connect, type Database } from '../../frontends/index.ts';

let db: Database<Any>;
beforeAll(async () => {
  db = connect({ threads: 0 });
  await db.execute(`CREATE TABLE t AS
    SELECT range AS id, range % 10 AS a, range % 7 AS b, range % 3 AS c, range::DECIMAL(9, 2) AS d, range::VARCHAR AS s FROM range(10000)`);
});
afterAll(() => db.close());

/** The aggregations of the physical plan, without what they compute. */
async function aggregations(sql: string): Promise<string[]> {
  const result = await db.execute(`EXPLAIN ${sql}`);
  return String(result.rows().at(-1)!.at(-1))
    .split('\n')
    .flatMap(line => /hash-aggregate \[(.*?); aggregates.*/.exec(line)?.[1] ?? []);
}

test('fired: few groups by all keys', async () => {
  expect(await aggregations('SELECT a, b, count(*), sum(d), avg(d), min(id) FROM t GROUP BY ROLLUP (a, b)')).toEqual([
    'mode: regroup; keys: #0, #1; grouping sets: (#0, #1), (#0), ()',
    'mode: partial; keys: #1, #2',
  ]);
  expect(await aggregations('SELECT a, b, count(*) FROM t GROUP BY GROUPING SETS ((a), (b))')).toEqual([
    'mode: regroup; keys: #0, #1; grouping sets: (#0), (#1)',
    'mode: partial; keys: #0, #1',
  ]);
});
test('fired: many sets, though groups may be many', async () => {
  expect(await aggregations('SELECT id, a, b, sum(d) FROM t GROUP BY ROLLUP (a, b, id)')).toHaveLength(2);
});

test('not fired: many groups and few sets', async () => {
  expect(await aggregations('SELECT id, a, sum(d) FROM t GROUP BY ROLLUP (id, a)')).toHaveLength(1);
});
test('not fired: one set', async () => {
  expect(await aggregations('SELECT a, sum(d) FROM t GROUP BY GROUPING SETS ((a))')).toHaveLength(1);
  expect(await aggregations('SELECT a, b, sum(d) FROM t GROUP BY a, b')).toHaveLength(1);
});
test('not fired: aggregates that must see rows, or have large states', async () => {
  for (const call of [
    'count(DISTINCT c)',
    'list(c)',
    'string_agg(s)',
    'first(c)',
    'median(d)',
    'approx_count_distinct(c)',
  ])
    expect(await aggregations(`SELECT a, b, ${call} FROM t GROUP BY ROLLUP (a, b)`)).toHaveLength(1);
});
