import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { connect, type Database } from '../../frontends/index.ts';
import { nodeTemporaryFiles } from '../../src/platform/node-temporary-files.ts';

const folder = mkdtempSync(join(tmpdir(), 'spilling-test-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const SETUP = `
  CREATE TABLE a AS SELECT i, i % 300 k, CASE WHEN i % 7 = 0 THEN NULL ELSE 'text of a row ' || (i % 200) END s
    FROM range(2000) t(i);
  CREATE TABLE b AS SELECT i j, i % 250 k, CASE WHEN i % 11 = 0 THEN NULL ELSE 'text of a row ' || (i % 220) END s, [i] l
    FROM range(700) t(i)`;

const joins = ['JOIN', 'LEFT JOIN', 'RIGHT JOIN', 'FULL JOIN'].flatMap(type => [
  `SELECT count(*), sum(a.i), sum(b.j), count(b.s), count(a.s) FROM a ${type} b ON a.k = b.k`,
  `SELECT count(*), sum(a.i), sum(b.j), count(b.s), count(a.s) FROM a ${type} b ON a.s = b.s`,
  `SELECT count(*), sum(a.i), sum(b.j), sum(b.l[1]) FROM a ${type} b ON a.k = b.k AND a.i > b.j`,
]);
const memberships = ['IN', 'NOT IN'].flatMap(op => [
  `SELECT count(*), sum(i) FROM a WHERE k ${op} (SELECT k FROM b WHERE j > 400)`,
  `SELECT count(*), sum(i), count(x) FROM (SELECT i, s ${op} (SELECT s FROM b) x FROM a)`,
  `SELECT count(*), sum(i), count(x) FROM (SELECT i, (k, s) ${op} (SELECT k, s FROM b) x FROM a)`,
  `SELECT count(*), sum(i), count(x) FROM (SELECT i, s ${op} (SELECT s FROM b WHERE b.k = a.k) x FROM a)`,
]);
const queries = [
  ...joins,
  ...memberships,
  'SELECT count(*), sum(i) FROM a WHERE EXISTS (SELECT 1 FROM b WHERE b.k = a.k AND b.j < a.i)',
  'SELECT count(*), sum(i) FROM a WHERE NOT EXISTS (SELECT 1 FROM b WHERE b.s = a.s)',
  'SELECT count(x) FROM (SELECT (SELECT j FROM b WHERE b.j = a.i) x FROM a)',
  `WITH RECURSIVE r(n) AS (SELECT 0::BIGINT UNION SELECT b.j FROM r JOIN b ON b.k = (r.n * 7 + 1) % 250 WHERE b.j < 600)
   SELECT count(*), sum(n) FROM r`,
  `SELECT count(*), sum(x.i) FROM (SELECT i, k FROM a UNION ALL SELECT j, k FROM b) x JOIN b ON x.k = b.k
   LEFT JOIN a a2 ON a2.i = b.j`,
  'SELECT count(*) FROM (SELECT * FROM a FULL JOIN b ON a.k = b.k LIMIT 10)',
  'SELECT a.i, b.j, b.l FROM a JOIN b ON a.k = b.k ORDER BY a.i, b.j LIMIT 5',
  `SELECT k, count(DISTINCT s), count(DISTINCT i % 5) FILTER (i % 2 = 1), list(i ORDER BY i DESC)[1:3],
   string_agg(DISTINCT s, ',' ORDER BY s) FROM a GROUP BY k ORDER BY k`,
  'SELECT k % 3 x, k % 5 y, count(*), sum(i), avg(i) FROM a GROUP BY GROUPING SETS ((1), (2), (1, 2), ()) ORDER BY ALL',
  'SELECT l, median(j), quantile_cont(j, 0.3), arg_min(s, j), first(j) FROM b GROUP BY l ORDER BY l',
  'SELECT DISTINCT s FROM a ORDER BY s',
  'SELECT DISTINCT ON (k) k, i FROM a ORDER BY k, i DESC',
  `SELECT i, row_number() OVER w, sum(i) OVER w, lag(s, 2) OVER w, count(*) OVER (PARTITION BY k) FROM a
   WINDOW w AS (PARTITION BY k ORDER BY i DESC) ORDER BY i`,
  `SELECT i, rank() OVER (PARTITION BY s ORDER BY k), max(s) OVER (PARTITION BY s ORDER BY k ROWS 3 PRECEDING),
   count(DISTINCT k) OVER (PARTITION BY s) FROM a ORDER BY i`,
  'SELECT j, first_value(l) OVER (PARTITION BY k ORDER BY j), list(l) OVER (ORDER BY j ROWS 2 PRECEDING) FROM b ORDER BY j',
  'SELECT * FROM (SELECT k, i, row_number() OVER (PARTITION BY k ORDER BY i DESC) n FROM a) WHERE n <= 2 ORDER BY k, n',
  `WITH c AS MATERIALIZED (SELECT k, s, [i, k] l FROM a WHERE i % 3 > 0)
   SELECT count(*), sum(c.l[1]), sum(d.l[1]), count(d.s) FROM c JOIN (SELECT * FROM c WHERE k < 100) d ON c.k = d.k`,
  'WITH c AS MATERIALIZED (SELECT i, s FROM a) SELECT * FROM c UNION ALL SELECT j, s FROM b ORDER BY 1, 2 LIMIT 20',
  ...['JOIN', 'LEFT JOIN', 'RIGHT JOIN', 'FULL JOIN'].map(
    type =>
      `SELECT count(*), sum(a.i), sum(b.j), count(b.s), sum(b.l[1]) FROM a ${type} b ON a.i > 3 * b.j AND a.k < b.k + 5`,
  ),
  'SELECT count(*), sum(i) FROM a WHERE EXISTS (SELECT 1 FROM b WHERE b.j > a.i AND b.k < a.k)',
  'SELECT count(*), sum(i) FROM a WHERE i < 2 * (SELECT count(*) FROM b WHERE b.j > a.i)',
  'SELECT * FROM a LIMIT 5 OFFSET 1500',
  'SELECT * FROM a LIMIT 10%',
];

async function answers(settings: readonly string[], threads = 0): Promise<string[]> {
  const db = connect({ threads });
  try {
    await db.execute(SETUP);
    for (const s of settings) await db.execute(`SET ${s}`);
    const all: string[] = [];
    for (const q of queries)
      all.push(JSON.stringify((await db.execute(q)).rows(), (_, v) => (typeof v === 'bigint' ? String(v) : v)));
    return all;
  } finally {
    await db.close();
  }
}

describe('queries that use files answer as those that do not', { timeout: 120_000 }, () => {
  test.each([
    ['one partition', ['debug_force_external = true'], 0],
    ['four partitions, small batches', ['debug_force_external = true', 'partitions = 4', 'batch_size = 100'], 0],
    ['two threads', ['debug_force_external = true', 'inline_rows = 0'], 2],
  ] as const)('%s', async (_, settings, threads) => {
    const expected = await answers([]);
    const actual = await answers(settings, threads);
    for (const [i, q] of queries.entries()) expect(actual[i], q).toBe(expected[i]);
  });
});

const BIG = 'SELECT count(*), sum(n) FROM (SELECT hash(i) h, count(*) n FROM range(1500000) t(i) GROUP BY h)';

describe('under a memory limit', { timeout: 120_000 }, () => {
  const limited = async (run: (db: Database) => Promise<void>): Promise<void> => {
    const db = connect({ threads: 0, memoryLimit: 48 << 20 });
    try {
      await db.execute(`SET temp_directory = '${folder}'`);
      await run(db);
    } finally {
      await db.close();
    }
  };

  test('groups and rows that do not fit go to files, which are gone afterwards', () =>
    limited(async db => {
      expect((await db.execute(BIG)).rows()).toEqual([[1500000n, 1500000n]]);
      const analyzed = await db.execute(`EXPLAIN ANALYZE ${BIG}`);
      expect(String(analyzed.rows()[0]![1])).toMatch(/hash-aggregate .* KiB spilled/);
      expect(readdirSync(folder)).toEqual([]);
    }));

  test.each([
    ['hash-aggregate', 'SELECT count(DISTINCT t) FROM w'],
    [
      'window',
      'SELECT sum(n), max(t) FROM (SELECT row_number() OVER (PARTITION BY i % 1000 ORDER BY i DESC) n, t FROM w)',
    ],
    [
      'shared',
      'WITH c AS MATERIALIZED (FROM w) SELECT count(*), max(t) FROM (FROM c UNION ALL FROM c WHERE i % 2 = 0)',
    ],
    [
      'nested-loop-join',
      'SELECT count(*) FROM range(3) r(x) WHERE NOT EXISTS (SELECT 1 FROM range(5000000) w(i) WHERE i < x - 4)',
    ],
    ['limit', 'SELECT count(*), sum(i), min(i) FROM (SELECT i FROM range(5000000) t(i) LIMIT 4900000 OFFSET 10)'],
    ['limit-by', 'SELECT count(*), sum(i), max(i) FROM (SELECT i FROM range(5000000) t(i) LIMIT 90%)'],
  ])('%s goes to files', async (kind, query) => {
    const view = "CREATE VIEW w AS SELECT i, repeat('a longer text ', 7) || i t FROM range(400000) r(i)";
    const large = connect({ threads: 0 });
    await large.execute(view);
    const expected = (await large.execute(query)).rows();
    await large.close();
    await limited(async db => {
      await db.execute(view);
      expect((await db.execute(query)).rows()).toEqual(expected);
      const plan = String((await db.execute(`EXPLAIN ANALYZE ${query}`)).rows()[0]![1]);
      expect([...plan.matchAll(/([\w-]+) [^\n]*spilled/g)].map(m => m[1])).toContain(kind);
      expect(readdirSync(folder)).toEqual([]);
    });
  });

  test('a partition of a window that does not fit is told', () =>
    limited(async db => {
      await expect(
        db.execute(
          'SELECT sum(n) FROM (SELECT rank() OVER (ORDER BY repeat(i::VARCHAR, 10)) n FROM range(1000000) t(i))',
        ),
      ).rejects.toThrow(/out of memory: .* of 48\.0 MiB are in use \(operator window\)/);
      expect(readdirSync(folder)).toEqual([]);
    }));

  test('what cannot go to files names its operator and the limit', () =>
    limited(async db => {
      await expect(db.execute('SELECT repeat(i::VARCHAR, 100) FROM range(2000000) t(i)')).rejects.toThrow(
        /out of memory: .* of 48\.0 MiB are in use \(operator collect\)/,
      );
      expect((await db.execute('SELECT 1')).rows()).toEqual([[1]]);
    }));

  test('a row group of a written file ends before memory does, however wide its rows are', async () => {
    const db = connect({ threads: 0, memoryLimit: 150 << 20 });
    const path = join(mkdtempSync(join(tmpdir(), 'wide-rows-')), 'wide.parquet');
    try {
      const columns = Array.from({ length: 60 }, (_, c) => `i * ${c + 1} AS c${c}`).join(', ');
      await db.execute(`COPY (SELECT ${columns} FROM range(130_000) t(i)) TO '${path}'`);
      const [row] = (await db.execute(`SELECT count(*), sum(c59) FROM '${path}'`)).rows();
      expect(row).toEqual([130_000n, 60n * 8_449_935_000n]);
      const [groups] = (
        await db.execute(`SELECT count(DISTINCT row_group_id) FROM parquet_metadata('${path}')`)
      ).rows();
      expect(groups![0]).toBeGreaterThan(2n);
    } finally {
      await db.close();
      rmSync(dirname(path), { recursive: true });
    }
  });

  test('tables that are replaced give their memory back', () =>
    limited(async db => {
      for (let i = 0; i < 8; i++) {
        await db.execute(`CREATE OR REPLACE TABLE answer AS SELECT hash(i + ${i}) h, i FROM range(800000) t(i)`);
        await expect(
          db.execute('CREATE OR REPLACE TABLE answer AS SELECT hash(i) FROM range(9000000) t(i)'),
        ).rejects.toThrow(/out of memory/);
      }
      expect((await db.execute('SELECT count(*), sum(i) FROM answer')).rows()).toEqual([[800000n, 319999600000n]]);
    }));

  test('a folder that cannot be written is told', () =>
    limited(async db => {
      const file = join(folder, 'no-folder');
      writeFileSync(file, '');
      await db.execute(`SET temp_directory = '${file}'`);
      await expect(db.execute(BIG)).rejects.toThrow(/a temporary file can't be written: .*\n?hint: SET temp_directory/);
      rmSync(file);
    }));

  test('max_temp_directory_size holds, and is given back', () =>
    limited(async db => {
      await db.execute("SET max_temp_directory_size = '1MB'");
      for (let i = 0; i < 2; i++) await expect(db.execute(BIG)).rejects.toThrow(/max_temp_directory_size/);
      await db.execute("SET max_temp_directory_size = 'unlimited'");
      expect((await db.execute(BIG)).rows()).toEqual([[1500000n, 1500000n]]);
      expect(readdirSync(folder)).toEqual([]);
    }));
});

test('what a killed process has left is removed', async () => {
  const child = spawn(process.execPath, ['-e', 'setTimeout(() => {}, 60_000)']);
  const left = join(folder, `rayexec-${child.pid}-0123abcd`);
  mkdirSync(join(left, '0'), { recursive: true });
  writeFileSync(join(left, '0', '1.rows'), 'rows');
  nodeTemporaryFiles.removeOrphans(folder);
  expect(readdirSync(folder)).toEqual([`rayexec-${child.pid}-0123abcd`]);
  const ended = new Promise(resolve => child.on('exit', resolve));
  child.kill('SIGKILL');
  await ended;
  nodeTemporaryFiles.removeOrphans(folder);
  expect(readdirSync(folder)).toEqual([]);
});

test('what another copy of the engine in this process has in use stays; what is older than the process goes', () => {
  const other = join(folder, `rayexec-${process.pid}-89abcdef`);
  mkdirSync(join(other, '0'), { recursive: true });
  nodeTemporaryFiles.removeOrphans(folder);
  expect(readdirSync(folder)).toEqual([`rayexec-${process.pid}-89abcdef`]);
  utimesSync(other, 1, 1);
  nodeTemporaryFiles.removeOrphans(folder);
  expect(readdirSync(folder)).toEqual([]);
});
