// The same stories in every runtime: what a database must do wherever it runs. Web APIs only, no imports.

/**
 * @param library what `rayexec` exports
 * @param place { options: of connect(), csv: a path or name of SMOKE_CSV, parquet: of a file that is written first
 * or there already, writes: whether files can be written, timers: whether
 * time passes while code runs }
 * @returns a line for each story: 'ok …' or 'FAILED …'
 */
export async function smoke(library, { options = {}, csv, parquet, writes = false, timers = true }) {
  const { connect, count, desc, RayexecError } = library;
  const lines = [];
  const db = connect(options);
  const story = async (name, run) => {
    try {
      await run();
      lines.push(`ok ${name}`);
    } catch (error) {
      lines.push(`FAILED ${name}: ${error?.stack ?? error}`);
    }
  };

  await story('a constant', async () => same(await db.sql('SELECT 40 + 2 AS n').collect(), [{ n: 42 }]));
  await story('a typed chain over objects', async () => {
    const rows = [
      { city: 'Bern', mm: 3 },
      { city: 'Oslo', mm: 5 },
      { city: 'Bern', mm: 4 },
    ];
    const sums = db
      .from(rows)
      .groupBy('city')
      .agg(t => ({ n: count(), mm: t.mm.sum() }))
      .sort(desc('mm'));
    same(await sums.collect(), [
      { city: 'Bern', n: 2, mm: 7 },
      { city: 'Oslo', n: 1, mm: 5 },
    ]);
  });
  await story('threads, where there are some: groups, joins, sorts, windows', async () => {
    await db.execute('SET inline_rows = 0');
    same(
      await db
        .sql(`SELECT o_orderpriority AS p, count(*) AS n, max(c_name) AS c FROM tpch_orders(0.01)
        JOIN tpch_customer(0.01) ON c_custkey = o_custkey GROUP BY 1 ORDER BY n DESC, p LIMIT 2`)
        .collect(),
      [
        { p: '2-HIGH', n: 3065, c: 'Customer#000001499' },
        { p: '4-NOT SPECIFIED', n: 3024, c: 'Customer#000001499' },
      ],
    );
    const ranks = `SELECT max(r) AS r FROM (SELECT row_number() OVER (PARTITION BY o_custkey ORDER BY o_orderkey) AS r FROM tpch_orders(0.01))`;
    same(await db.sql(ranks).collect(), [{ r: 32 }]);
  });
  await story('types: text, dates, decimals, lists, JSON', async () => {
    const { rows } = {
      rows: (
        await db.execute(`SELECT 'ä€😀' || upper('x'), DATE '2024-02-29' + 1, 1.10::DECIMAL(5,2), [1, 2],
      '{"a": [1]}'::JSON ->> '$.a[0]', TIMESTAMPTZ '2024-07-01 12:00:00+00' AT TIME ZONE 'Europe/Berlin', md5('a')`)
      ).rows(),
    };
    same(rows, [
      ['ä€😀X', '2024-03-01', '1.10', [1, 2], '1', '2024-07-01 14:00:00', '0cc175b9c0f1b6a831c399e269772661'],
    ]);
  });
  await story('tables and transactions', async () => {
    await db.execute('CREATE TABLE t (id INTEGER PRIMARY KEY, v VARCHAR); INSERT INTO t VALUES (1, $v), (2, NULL)', {
      v: 'one',
    });
    await db.transaction(tx => tx.execute(`UPDATE t SET v = 'two' WHERE id = 2`));
    same(await db.table('t').sort('id').values('v'), ['one', 'two']);
  });
  await story('a stream that is left', async () => {
    let rows = 0;
    for await (const batch of db.sql('SELECT range AS n FROM range(1000000)').stream()) {
      rows += batch.rowCount;
      if (rows > 10000) break;
    }
    check(rows > 10000 && rows < 1000000, rows);
  });
  if (timers)
    await story('a signal ends a query', async () => {
      const started = performance.now();
      const endless = db.sql('SELECT count(*) FROM range(200000) a(x), range(200000) b(y) WHERE (x * y) % 7 = 8');
      const error = await endless.collect({ signal: AbortSignal.timeout(100) }).then(
        () => undefined,
        e => e,
      );
      check(error instanceof RayexecError && error.code === 'timeout', error);
      check(performance.now() - started < 5000, 'it took too long');
    });
  await story('an error with its place', async () => {
    const error = await db.execute('SELECT nme FROM t').catch(e => e);
    check(error instanceof RayexecError && error.message.includes('line 1:8'), error);
  });
  await story('a CSV file', async () => {
    same(await db.sql(`SELECT city, sum(mm) AS mm FROM '${csv}' GROUP BY 1 ORDER BY 1`).collect(), [
      { city: 'Bern', mm: 7.5 },
      { city: 'Oslo', mm: 5 },
    ]);
  });
  if (writes) {
    await story('a Parquet file that is written', async () => {
      const rows = await db.sql(`SELECT range AS id, 'n' || range AS name FROM range(5000)`).writeParquet(parquet);
      same(rows, 5000);
    });
  }
  await story('a Parquet file', async () => {
    same(await db.sql(`SELECT count(*) AS n, min(name) AS a FROM '${parquet}' WHERE id >= 4990`).collect(), [
      { n: 10, a: 'n4990' },
    ]);
  });
  await story('to Arrow and back', async () => {
    const table = await db.sql('SELECT 1 AS a UNION ALL SELECT 2').toArrow();
    same(await db.fromArrow(table).sort('a').values('a'), [1, 2]);
  });
  await story('closed', async () => {
    await db.close();
    const error = await db.execute('SELECT 1').catch(e => e);
    check(error instanceof RayexecError && error.code === 'closed', error);
  });
  return lines;
}

/** The file that `csv` names. */
export const SMOKE_CSV = 'city,mm\nBern,3.5\nOslo,5\nBern,4\n';

function check(holds, found) {
  if (!holds) throw new Error(`found ${show(found)}`);
}

function same(actual, expected) {
  const [a, b] = [show(actual), show(expected)];
  if (a !== b) throw new Error(`expected ${b}, found ${a}`);
}

const show = value =>
  value instanceof Error ? String(value.stack) : JSON.stringify(value, (_, v) => (typeof v === 'bigint' ? `${v}n` : v));
