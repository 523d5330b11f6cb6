import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Any, connect, type Database } from '../../frontends/index.ts';

let db: Database<Any>;
beforeAll(async () => {
  db = connect({ threads: 0 });
  await db.execute(`
    CREATE TABLE facts AS SELECT range::BIGINT AS id, (range % 100)::BIGINT AS k, range % 7 AS d, (range % 50)::INTEGER AS i,
      (range % 9)::VARCHAR AS s FROM range(10000);
    CREATE TABLE dims AS SELECT range::BIGINT AS k, range % 5 AS c, range::VARCHAR AS s FROM range(100);
    CREATE TABLE more AS SELECT range::BIGINT AS id, range % 3 AS e FROM range(10000);
  `);
});
afterAll(() => db.close());

/** The operators that make or apply filters, one a line. */
async function filters(sql: string): Promise<string> {
  const result = await db.execute(`EXPLAIN ${sql}`);
  const text = String(result.rows().find(row => row[0] === 'physical')![1]);
  return text
    .split('\n')
    .flatMap(line => {
      const what = /(makes filters|runtime filters|moves the bound): [^;\]]*/.exec(line)?.[0];
      const source = /source: (\w+)/.exec(line)?.[1];
      return what === undefined
        ? []
        : [`${/[\w-]+/.exec(line)![0]}${source === undefined ? '' : ` ${source}`}: ${what}`];
    })
    .join('\n');
}

describe('fired', () => {
  test('a selective stored side filters the scan that is streamed past it', async () => {
    expect(await filters('SELECT count(*) FROM facts JOIN dims USING (k) WHERE c = 1')).toMatchInlineSnapshot(`
      "hash-join: makes filters: 0 of #1
      scan facts: runtime filters: 0 of k"
    `);
  });
  test('semi joins, also where the stored side is the one kept', async () => {
    expect(await filters('SELECT * FROM facts WHERE k IN (SELECT k FROM dims WHERE c = 1)')).toMatchInlineSnapshot(`
      "hash-join: makes filters: 0 of #5
      scan facts: runtime filters: 0 of k"
    `);
    expect(await filters('SELECT * FROM dims WHERE c = 1 AND k IN (SELECT k FROM facts)')).toMatchInlineSnapshot(`
      "hash-join: makes filters: 0 of #1
      scan facts: runtime filters: 0 of k"
    `);
  });
  test('each integer key of several', async () => {
    expect(
      await filters('SELECT count(*) FROM facts f JOIN dims ON f.k = dims.k AND f.s = dims.s AND d = c WHERE c < 3'),
    ).toMatchInlineSnapshot(`
      "hash-join: makes filters: 0 of #3, 1 of #4
      scan facts: runtime filters: 0 of k, 1 of d"
    `);
  });
  test('through projections and filters, and casts that keep all values', async () => {
    expect(
      await filters('SELECT count(*) FROM (SELECT i AS x FROM facts WHERE d < 3) JOIN dims ON x = k WHERE c = 1'),
    ).toMatchInlineSnapshot(`
      "hash-join: makes filters: 0 of #1
      scan facts: runtime filters: 0 of cast(i as BIGINT)"
    `);
  });
  test('through groups by their key', async () => {
    expect(
      await filters(
        'SELECT * FROM (SELECT k, sum(d) AS s FROM facts GROUP BY k) a JOIN dims ON a.k = dims.k WHERE c = 1',
      ),
    ).toMatchInlineSnapshot(`
      "hash-join: makes filters: 0 of #2
      scan facts: runtime filters: 0 of k"
    `);
  });
  test('through windows by their partitions', async () => {
    expect(
      await filters(
        'SELECT * FROM (SELECT k, sum(d) OVER (PARTITION BY k ORDER BY id) FROM facts) a JOIN dims ON a.k = dims.k WHERE c = 1',
      ),
    ).toMatchInlineSnapshot(`
      "hash-join: makes filters: 0 of #2
      scan facts: runtime filters: 0 of k"
    `);
  });
  test('into all parts of a union', async () => {
    expect(
      await filters(
        'SELECT count(*) FROM (SELECT k FROM facts UNION ALL SELECT id FROM more) a JOIN dims ON a.k = dims.k WHERE c = 1',
      ),
    ).toMatchInlineSnapshot(`
      "hash-join: makes filters: 0 of #1
      scan facts: runtime filters: 0 of k
      scan more: runtime filters: 0 of id"
    `);
  });
  test('through other joins, and across them by equal keys', async () => {
    expect(
      await filters(
        `SELECT count(*) FROM (SELECT facts.id, facts.k, e FROM facts LEFT JOIN more ON facts.id = more.id) a
         WHERE a.id IN (SELECT k FROM dims WHERE c = 1)`,
      ),
    ).toMatchInlineSnapshot(`
      "hash-join: makes filters: 0 of #1
      scan more: runtime filters: 0 of id
      hash-join: makes filters: 1 of #1
      scan facts: runtime filters: 1 of id"
    `);
  });
});

describe('bounds fired', () => {
  test('of a top-k, for the scan that streams to it', async () => {
    expect(await filters('SELECT * FROM facts WHERE d < 3 ORDER BY id DESC, s LIMIT 5')).toMatchInlineSnapshot(`
      "top-k: moves the bound: 0
      scan facts: runtime filters: 0 of id (>= a moving bound)"
    `);
  });
  test('through projections, filters, unions, and joins by their streamed side', async () => {
    expect(
      await filters(
        `SELECT * FROM (SELECT id + 0 AS x, i AS y FROM facts UNION ALL SELECT e, id FROM more) ORDER BY y LIMIT 5`,
      ),
    ).toMatchInlineSnapshot(`
      "top-k: moves the bound: 0
      scan facts: runtime filters: 0 of cast(i as BIGINT) (<= a moving bound)
      scan more: runtime filters: 0 of id (<= a moving bound)"
    `);
    expect(await filters('SELECT * FROM facts LEFT JOIN dims USING (k) ORDER BY id LIMIT 5')).toMatchInlineSnapshot(`
      "top-k: moves the bound: 0
      scan facts: runtime filters: 0 of id (<= a moving bound)"
    `);
  });
});

describe('bounds not fired', () => {
  const never = async (sql: string): Promise<void> => expect(await filters(sql)).toBe('');
  test('for texts, what is computed, and rows whose NULLs come first', async () => {
    await never('SELECT * FROM facts ORDER BY s LIMIT 5');
    await never('SELECT * FROM facts ORDER BY id + 1 LIMIT 5');
    await never('SELECT * FROM facts ORDER BY id NULLS FIRST LIMIT 5');
  });
  test('through what hands on its first row when it has seen the last', async () => {
    await never('SELECT k, sum(d) FROM facts GROUP BY k ORDER BY k LIMIT 5');
    await never('SELECT k, row_number() OVER (PARTITION BY k ORDER BY id) FROM facts ORDER BY k LIMIT 5');
    await never('SELECT * FROM (SELECT * FROM facts LIMIT 100) ORDER BY id LIMIT 5');
    await never('SELECT * FROM (SELECT * FROM facts ORDER BY s LIMIT 100) ORDER BY id LIMIT 5');
  });
  test('to the stored side of a join', () =>
    never('SELECT * FROM facts JOIN more USING (id) JOIN dims USING (k) ORDER BY dims.c LIMIT 5'));
});

describe('not fired', () => {
  const never = async (sql: string): Promise<void> => expect(await filters(sql)).toBe('');
  test('when the stored side is a table as a whole', () => never('SELECT count(*) FROM facts JOIN dims USING (k)'));
  test('when rows without a match are kept', async () => {
    await never('SELECT count(*) FROM facts LEFT JOIN (SELECT * FROM dims WHERE c = 1) USING (k)');
    await never('SELECT count(*) FROM facts FULL JOIN (SELECT * FROM dims WHERE c = 1) USING (k)');
    await never('SELECT count(*) FROM facts WHERE NOT EXISTS (FROM dims WHERE dims.k = facts.k AND c = 1)');
    await never('SELECT k IN (SELECT k FROM dims WHERE c = 1) FROM facts');
  });
  test('when NULL equals NULL', () =>
    never('SELECT count(*) FROM facts JOIN dims ON facts.k IS NOT DISTINCT FROM dims.k WHERE c = 1'));
  test('for texts, and for values that are computed', async () => {
    await never('SELECT count(*) FROM facts JOIN dims USING (s) WHERE c = 1');
    await never('SELECT count(*) FROM facts JOIN dims ON facts.k + 1 = dims.k WHERE c = 1');
  });
  test('through a limit', () =>
    never('SELECT count(*) FROM (SELECT k FROM facts ORDER BY s LIMIT 50) a JOIN dims ON a.k = dims.k WHERE c = 1'));
  test('by a result of an aggregate, or by the key of some groups only', async () => {
    await never('SELECT * FROM (SELECT k, max(d) AS m FROM facts GROUP BY k) a JOIN dims ON m = dims.k WHERE c = 1');
    await never(
      'SELECT count(*) FROM (SELECT k, max(d) FROM facts GROUP BY ROLLUP (k)) a JOIN dims ON a.k = dims.k WHERE c = 1',
    );
  });
  test('by what windows are not parted by', () =>
    never('SELECT * FROM (SELECT k, sum(d) OVER (PARTITION BY i) FROM facts) a JOIN dims ON a.k = dims.k WHERE c = 1'));
});

test('where memory is not shared, within a stage only', async () => {
  await db.execute('SET partitions = 2');
  await db.execute(`CREATE VIEW series AS SELECT range AS k FROM range(1000000);
    CREATE VIEW few AS SELECT range AS k FROM range(0, 300000, 7)`);
  const sql = 'SELECT count(*) FROM series JOIN few USING (k)';
  await db.execute('SET broadcast_rows = 0');
  const dealt = await db.execute(`EXPLAIN (STAGES) ${sql}`);
  expect(String(dealt.rows()[0]!.at(-1))).not.toContain('runtime filters');
  await db.execute('SET broadcast_rows = 500000');
  const broadcast = await db.execute(`EXPLAIN (STAGES) ${sql}`);
  expect(String(broadcast.rows()[0]!.at(-1))).toContain('runtime filters');
});

test('EXPLAIN ANALYZE tells how many rows a bound has kept', async () => {
  await db.execute('CREATE TABLE many AS SELECT (range * 7919) % 1000003 AS x, range AS y FROM range(1000000)');
  const text = String((await db.execute('EXPLAIN ANALYZE FROM many ORDER BY x LIMIT 10')).rows()[0]!.at(-1));
  const [, seen, kept] = /rows for filter 0: (\d+); kept by filter 0: (\d+)/.exec(text)!;
  expect(Number(seen)).toBeGreaterThan(900_000);
  expect(Number(kept)).toBeLessThan(2000);
  const sorted = String((await db.execute('EXPLAIN ANALYZE FROM many ORDER BY y LIMIT 10')).rows()[0]!.at(-1));
  expect(Number(/splits skipped by filter 0: (\d+)/.exec(sorted)![1])).toBeGreaterThan(2);
});

test('EXPLAIN ANALYZE tells what filters kept and what they skipped', async () => {
  const sql = 'SELECT count(*) FROM facts JOIN dims USING (k) WHERE c = 1';
  const text = String((await db.execute(`EXPLAIN ANALYZE ${sql}`)).rows()[0]!.at(-1));
  expect(text).toMatch(/rows for filter 0: 10000; kept by filter 0: 2000; splits skipped by filter 0: 0/);
  const narrow = 'SELECT count(*) FROM facts JOIN dims ON id = dims.k WHERE c < 0';
  expect(String((await db.execute(`EXPLAIN ANALYZE ${narrow}`)).rows()[0]!.at(-1))).toMatch(
    /rows for filter 0: 0; kept by filter 0: 0; splits skipped by filter 0: [1-9]/,
  );
});
