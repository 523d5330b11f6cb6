import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Any, connect, type Database } from '../../frontends/index.ts';
import { tpchTables } from '../support/tpch-files.ts';
import { tpchQueries } from '../support/tpch-queries.ts';

let db: Database<Any>;
beforeAll(async () => {
  db = connect({ threads: 0 });
  for (const t of tpchTables) await db.execute(`CREATE VIEW ${t} AS SELECT * FROM tpch_${t}(1)`);
  await db.execute('SET partitions = 4');
});
afterAll(() => db.close());

async function stagesOf(sql: string, broadcastRows: number): Promise<string> {
  await db.execute(`SET broadcast_rows = ${broadcastRows}`);
  const result = await db.execute(`EXPLAIN (STAGES) ${sql}`);
  return String(result.raw.column(1)[0]);
}

describe('TPC-H in four partitions', () => {
  test.each(tpchQueries)('stages of Q$number', async ({ number, sql }) => {
    const name = `q${String(number).padStart(2, '0')}`;
    const text = `${await stagesOf(sql, 500_000)}\n`;
    await expect(text).toMatchFileSnapshot(`stages/${name}.txt`);
    expect(`${await stagesOf(sql, 500_000)}\n`).toBe(text);
    await expect(`${await stagesOf(sql, 0)}\n`).toMatchFileSnapshot(`stages/${name}-no-broadcasts.txt`);
  });

  test('Q3 has six stages: two joins and the aggregation are dealt twice only', async () => {
    const text = await stagesOf(tpchQueries[2]!.sql, 0);
    const outline = text
      .split('\n')
      .filter(line => line.trim() !== '' && !/^ *project/.test(line))
      .map(line => line.replace(/ \[(?!to).*/, ''));
    expect(outline.join('\n')).toMatchInlineSnapshot(`
      "Query Stage #0 (4 -> 4)
      send [to: hash(#0)]
          scan
      Query Stage #1 (4 -> 4)
      send [to: hash(#1)]
        scan
      Query Stage #2 (4 -> 4)
      send [to: hash(#0)]
        hash-join
          receive
          receive
      Query Stage #3 (4 -> 4)
      send [to: hash(#0)]
          scan
      Query Stage #4 (4 -> 1)
      send [to: gather in order (#1 desc, #2)]
        top-k
            hash-aggregate
              hash-join
                receive
                receive
      Query Stage #5 (1 -> 1)
      limit
        merge
          receive"
    `);
  });
});

const sharedOnce = (text: string): number => text.match(/scan \[source: tpch_orders/g)?.length ?? 0;

test('what two parts of a query ask for alike is sent once', async () => {
  const late = `(SELECT o_custkey AS c, count(*) AS n FROM orders WHERE o_orderstatus = 'F' GROUP BY c)`;
  const text = await stagesOf(`SELECT a.c, b.n FROM ${late} a JOIN (SELECT c + 0 AS d, n FROM ${late}) b ON c = d`, 0);
  expect(sharedOnce(text)).toBe(1);
});

test('what differs, also from one time to the next, is sent each time', async () => {
  const joined = (a: string, b: string): Promise<string> =>
    stagesOf(
      `SELECT a.o_orderkey FROM (SELECT * FROM orders WHERE ${a}) a JOIN (SELECT * FROM orders WHERE ${b}) b USING (o_orderkey)`,
      0,
    );
  expect(sharedOnce(await joined("o_orderstatus = 'F'", "o_orderstatus = 'F'"))).toBe(1);
  expect(sharedOnce(await joined("o_orderstatus = 'F'", "o_orderstatus = 'O'"))).toBe(2);
  expect(sharedOnce(await joined('random() < 0.5', 'random() < 0.5'))).toBe(2);
});

test('frames show their stages', async () => {
  const frame = db.sql('SELECT l_orderkey, count(*) AS n FROM lineitem GROUP BY ALL');
  expect(await frame.explain({ stages: true })).toMatch(/^stages\nQuery Stage #0 \(4 -> 4\)\nsend \[to: hash\(#0\)\]/);
});
