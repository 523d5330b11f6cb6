import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Any, connect, type Database } from '../../frontends/index.ts';

let db: Database<Any>;
beforeAll(async () => {
  db = connect({ threads: 0 });
  await db.execute(`
    SET partitions = 4;
    CREATE VIEW big AS SELECT range AS k, range % 1000 AS g, range AS v FROM range(10000000);
    CREATE VIEW other AS SELECT range AS k, range AS w FROM range(5000000);
    CREATE VIEW small AS SELECT range AS k, range AS s FROM range(30000);
  `);
});
afterAll(() => db.close());

/** The stages' operators, one a line, without what they do; scans and projections are left out. */
async function outline(sql: string, broadcastRows = 0): Promise<string> {
  await db.execute(`SET broadcast_rows = ${broadcastRows}`);
  const text = String((await db.execute(`EXPLAIN (STAGES) ${sql}`)).raw.column(1)[0]);
  return text
    .split('\n')
    .filter(line => line !== '' && !/^ *(project|scan|receive|filter)\b/.test(line))
    .map(line => line.replace(/^Query Stage (#\d+) .*/, '$1').replace(/ \[(?!to:|type:|mode:).*/, ''))
    .map(line => line.replace(/; .*(?=\])/, '').replace(/^ +/, '  '))
    .join('\n');
}

describe('aggregates', () => {
  test('states meet when there are few groups', async () => {
    expect(await outline('SELECT l_returnflag, count(*) FROM tpch_lineitem(1) GROUP BY 1')).toMatchInlineSnapshot(`
      "#0
      send [to: gather]
        hash-aggregate [mode: partial]
      #1
      hash-aggregate [mode: final]"
    `);
  });
  test('rows meet when most are groups of their own', async () => {
    expect(await outline('SELECT v, w, count(*) FROM big JOIN other USING (k) GROUP BY v, w')).toMatchInlineSnapshot(`
      "#0
      send [to: hash(#0)]
      #1
      send [to: hash(#0)]
      #2
      send [to: hash(#0, #1)]
        hash-join [type: inner]
      #3
      send [to: gather]
        hash-aggregate
      #4"
    `);
  });
  test('by keys that a join has dealt by, nothing is exchanged', async () => {
    expect(await outline('SELECT other.k, sum(v) FROM big JOIN other USING (k) GROUP BY 1')).toMatchInlineSnapshot(`
      "#0
      send [to: hash(#0)]
      #1
      send [to: hash(#0)]
      #2
      send [to: gather]
        hash-aggregate
        hash-join [type: inner]
      #3"
    `);
  });
  test('by more keys than rows are dealt by, neither', async () => {
    expect(
      await outline('SELECT k, g FROM (SELECT k, g, v FROM big GROUP BY ALL) GROUP BY ALL'),
    ).toMatchInlineSnapshot(`
      "#0
      send [to: hash(#0, #1, #2)]
      #1
      send [to: hash(#0, #1)]
        hash-aggregate
      #2
      send [to: gather]
        hash-aggregate
      #3"
    `);
  });
  test('by other keys, rows are dealt again', async () => {
    expect(
      await outline('SELECT n, count(*) FROM (SELECT g, count(*) AS n FROM big GROUP BY g) GROUP BY n'),
    ).toMatchInlineSnapshot(`
      "#0
      send [to: hash(#0)]
      #1
      send [to: hash(#0)]
        hash-aggregate
      #2
      send [to: gather]
        hash-aggregate
      #3"
    `);
  });
  test('distinct arguments are sent once by each partition', async () => {
    expect(await outline('SELECT g, count(DISTINCT v) FROM big GROUP BY g')).toMatchInlineSnapshot(`
      "#0
      send [to: hash(#0)]
        hash-aggregate
      #1
      send [to: gather]
        hash-aggregate
      #2"
    `);
    expect(await outline('SELECT count(DISTINCT v) FROM big')).toMatchInlineSnapshot(`
      "#0
      send [to: hash(#0)]
      #1
      send [to: gather]
        ungrouped-aggregate [mode: partial]
        hash-aggregate
      #2
      ungrouped-aggregate [mode: final]"
    `);
  });
  test('ordered ones see their rows together', async () => {
    expect(await outline('SELECT g, list(v ORDER BY v), sum(v) FROM big GROUP BY g')).toMatchInlineSnapshot(`
      "#0
      send [to: hash(#0)]
      #1
      send [to: gather]
        hash-aggregate
      #2"
    `);
    expect(await outline('SELECT list(v ORDER BY v) FROM big')).toMatchInlineSnapshot(`
      "#0
      send [to: gather]
      #1
      ungrouped-aggregate"
    `);
  });
  test('grouping sets travel as states', async () => {
    expect(await outline('SELECT g, sum(v) FROM big GROUP BY ROLLUP (g)')).toMatchInlineSnapshot(`
      "#0
      send [to: hash(#0, #1)]
        hash-aggregate [mode: partial]
      #1
      send [to: gather]
        hash-aggregate [mode: final]
      #2"
    `);
  });
});

describe('joins', () => {
  const join = (type: string) => `SELECT * FROM big ${type} JOIN small USING (k)`;
  test('a small side is broadcast where that is right', async () => {
    expect(await outline(join('INNER'), 100_000)).toMatchInlineSnapshot(`
      "#0
      send [to: broadcast]
      #1
      send [to: gather]
        hash-join [type: inner]
      #2"
    `);
    expect(await outline(join('LEFT'), 100_000)).toContain('send [to: broadcast]');
    expect(await outline(join('SEMI'), 100_000)).toContain('send [to: broadcast]');
    expect(await outline(join('ANTI'), 100_000)).toContain('send [to: broadcast]');
  });
  test('never when it hands up rows of its own', async () => {
    expect(await outline(join('RIGHT'), 100_000)).not.toContain('broadcast');
    expect(await outline(join('FULL'), 100_000)).not.toContain('broadcast');
    expect(await outline('SELECT * FROM small SEMI JOIN big USING (k)', 100_000)).not.toContain('broadcast');
    expect(await outline('SELECT * FROM small ANTI JOIN big USING (k)', 100_000)).not.toContain('broadcast');
  });
  test('not when it is switched off, or too large', async () => {
    expect(await outline(join('INNER'))).not.toContain('broadcast');
    expect(await outline(join('INNER'), 10)).not.toContain('broadcast');
  });
  test('whether a value is missing depends on all rows', async () => {
    expect(await outline('SELECT k IN (SELECT k FROM small) AS found FROM big')).toContain('send [to: broadcast]');
  });
  test('a second join by the same key stays in the stage', async () => {
    expect(
      await outline(
        'SELECT * FROM big JOIN other USING (k) JOIN (SELECT k, max(w) AS m FROM other GROUP BY k) USING (k)',
      ),
    ).toMatchInlineSnapshot(`
      "#0
      send [to: hash(#0)]
      #1
      send [to: hash(#0)]
      #2
      send [to: gather]
        hash-join [type: inner]
        hash-join [type: inner]
        hash-aggregate
      #3"
    `);
  });
  test('without equal keys, the side that may be is seen by all', async () => {
    expect(await outline('SELECT * FROM big JOIN small ON big.k < small.k')).toContain('send [to: broadcast]');
    expect(await outline('SELECT * FROM big FULL JOIN small ON big.k < small.k')).not.toContain('broadcast');
  });
});

describe('orders and limits', () => {
  test('partitions sort, then rows are merged', async () => {
    expect(await outline('SELECT * FROM big ORDER BY v DESC')).toMatchInlineSnapshot(`
      "#0
      send [to: gather in order (#2 desc)]
        sort
      #1
      merge"
    `);
  });
  test('partitions keep the first rows only', async () => {
    expect(await outline('SELECT * FROM big ORDER BY v LIMIT 5 OFFSET 2')).toMatchInlineSnapshot(`
      "#0
      send [to: gather in order (#2)]
        top-k
      #1
      limit
        merge"
    `);
    expect(await outline('SELECT * FROM big LIMIT 5 OFFSET 2')).toMatchInlineSnapshot(`
      "#0
      send [to: gather]
        limit
      #1
        limit"
    `);
    expect(await outline('SELECT DISTINCT ON (g) g, v FROM big ORDER BY g, v')).toMatchInlineSnapshot(`
      "#0
      send [to: hash(#0)]
      #1
      send [to: gather in order (#0, #1)]
        sort
        distinct-on
      #2
      merge"
    `);
  });
});

describe('sets and shared plans', () => {
  test('a union reads its inputs in one stage', async () => {
    expect(await outline('SELECT k FROM big UNION ALL SELECT k FROM other')).toMatchInlineSnapshot(`
      "#0
      send [to: gather]
        union-all
      #1"
    `);
  });
  test('one partition of rows is dealt out for it', async () => {
    expect(await outline('SELECT k FROM big UNION ALL VALUES (1)')).toMatchInlineSnapshot(`
      "#0
      send [to: round-robin]
        values
      #1
      send [to: gather]
        union-all
      #2"
    `);
  });
  test('rows of EXCEPT and INTERSECT meet', async () => {
    expect(await outline('SELECT k FROM big EXCEPT SELECT k FROM other')).toMatchInlineSnapshot(`
      "#0
      send [to: hash(#0)]
      #1
      send [to: hash(#0)]
      #2
      send [to: gather]
        hash-join [type: anti]
        hash-aggregate
      #3"
    `);
    expect(await outline('SELECT k FROM big INTERSECT ALL SELECT k FROM other')).toMatchInlineSnapshot(`
      "#0
      send [to: hash(#0)]
        union-all
      #1
      send [to: gather]
        repeat
        hash-aggregate
      #2"
    `);
  });
  test('a shared plan runs once and is read by the tasks of its numbers', async () => {
    expect(
      await outline(
        'WITH c AS MATERIALIZED (SELECT g, sum(v) AS s FROM big GROUP BY g) SELECT a.g, b.s FROM c a JOIN c b USING (g)',
      ),
    ).toMatchInlineSnapshot(`
      "#0
      send [to: hash(#0)]
      #1
      send [to: forward]
        hash-aggregate
      #2
      send [to: gather]
        hash-join [type: inner]
      #3"
    `);
  });
});

test('tables in memory are read by the client', async () => {
  await db.execute('CREATE TABLE t AS SELECT range AS x FROM range(10)');
  const text = String((await db.execute('EXPLAIN (STAGES) SELECT sum(x) FROM t')).raw.column(1)[0]);
  expect(text).toMatch(/^Query Stage #0 \(1 -> 4, on the client\)\nsend \[to: forward\]/);
});

test('one partition exchanges nothing', async () => {
  await db.execute('SET partitions = 1');
  expect(
    await outline(`SELECT g, count(DISTINCT v) FROM big JOIN other USING (k) GROUP BY g ORDER BY g LIMIT 3`),
  ).not.toContain('send');
  await db.execute('SET partitions = 4');
});

test('what counts in the memory of the database runs there', async () => {
  await db.execute('CREATE SEQUENCE s');
  const stages = await outline("SELECT g, sum(nextval('s')) FROM big GROUP BY g");
  expect(stages).not.toContain('send');
});
