import { afterAll, beforeAll, expect, test } from 'vitest';
import { connect, type Database } from '../../frontends/index.ts';

let db: Database;
beforeAll(async () => {
  db = connect({ threads: 0 });
  await db.execute(`CREATE TABLE t AS SELECT range AS id, range % 1000 AS a, range % 97 AS b,
    CASE WHEN range >= 199990 THEN 'no number' ELSE (range % 50)::varchar END AS s,
    (range // 199990)::varchar AS u FROM range(200000)`);
});
afterAll(() => db.close());

const rowsOf = async (sql: string): Promise<readonly unknown[]> => (await db.execute(sql)).rows();
const planOf = async (sql: string): Promise<string> => JSON.stringify(await rowsOf(`EXPLAIN ANALYZE ${sql}`));

test('a scan takes the condition that drops more first, and answers as before', async () => {
  const sql = 'SELECT count(*) AS n, sum(id) AS s FROM t WHERE a <> 7 AND b = 3';
  expect(await planOf(sql)).toMatch(/changes of order: [1-9]/);
  expect(await rowsOf(sql)).toEqual(await rowsOf('SELECT count(*) AS n, sum(id) AS s FROM t WHERE b = 3 AND a <> 7'));
});

test('a condition that may fail meets only the rows that those before it leave, however few it would leave itself', async () => {
  expect(await rowsOf('SELECT count(*) AS n FROM t WHERE CAST(u AS INTEGER) = 0 AND CAST(s AS INTEGER) = 3')).toEqual(
    await rowsOf("SELECT count(*) AS n FROM t WHERE s = '3'"),
  );
  await expect(rowsOf('SELECT count(*) FROM t WHERE a >= 0 AND CAST(s AS INTEGER) = 3')).rejects.toThrow('no number');
});

test('conditions of one filter above a join', async () => {
  const joined = 'FROM t x JOIN t y ON x.id = y.id WHERE x.a + y.b <> 50 AND x.b + y.a > 1090';
  expect(await rowsOf(`SELECT count(*) AS n ${joined}`)).toEqual(
    await rowsOf('SELECT count(*) AS n FROM t WHERE a + b > 1090 AND a + b <> 50'),
  );
});
