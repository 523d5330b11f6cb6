import { monitorEventLoopDelay } from 'node:perf_hooks';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { RayexecError } from '../../frontends/index.ts';
import { bestOf } from '../support/best-of.ts';
import { type OpenSession, openSession, places } from './open-session.ts';

// A query of some seconds: its rows are counted one by one, and none is kept.
const longQuery = 'SELECT count(*) AS n FROM range(60000) a(x), range(60000) b(y) WHERE (x * 7 + y) % 1000 = 1';

// Cancelled while they read, and while they work on what they have read.
const toCancel = [
  'SELECT count(*) FROM range(6000) a(x), range(6000) b(y) WHERE (x * 7 + y) % 1000 = 1',
  'SELECT count(DISTINCT x * 1000 + y) FROM range(1000) a(x), range(1000) b(y)',
  'SELECT count(*) FROM range(1000000) a(x) JOIN range(1000000) b(y) ON x = y * 3',
  'SELECT max(s) FROM (SELECT CAST(x AS VARCHAR) AS s FROM range(600000) a(x) ORDER BY s LIMIT 500000)',
  "SELECT length(string_agg('a', '' ORDER BY x * 7919 % 600011 DESC)) FROM range(600000) a(x)",
  'SELECT x, CAST(x AS VARCHAR) AS s FROM range(600000) a(x)',
];

// Each holds its thread for long when it does its work at once.
const longQueries = [
  'SELECT count(*) FROM range(6000) a(x), range(6000) b(y) WHERE (x * 7 + y) % 1000 = 1',
  'SELECT max(x) FROM (SELECT x FROM range(2000000) a(x) ORDER BY x * 7919 % 2000003 LIMIT 1900000)',
  'SELECT count(*) FROM range(1000000) a(x) JOIN range(1000000) b(y) ON x = y * 3',
  "SELECT length(string_agg('a', '' ORDER BY x * 7919 % 1000003)) FROM range(1000000) a(x)",
  'SELECT count(*) FROM (SELECT x % 300000 AS g, count(DISTINCT x) FROM range(1000000) a(x) GROUP BY g)',
];
// Its rows are read on this thread, wherever they come from.
const manyRows = 'SELECT x, CAST(x AS VARCHAR) AS s FROM range(300000) a(x)';

/** The error that a query ends with, and how long after `since` it came. */
async function failureOf(run: Promise<unknown>, since: () => number): Promise<{ error: RayexecError; late: number }> {
  try {
    await run;
  } catch (error) {
    if (error instanceof RayexecError) return { error, late: performance.now() - since() };
    throw error;
  }
  throw new Error('the query did not fail');
}

for (const { name, threads, skip } of places) {
  describe.skipIf(skip)(name, () => {
    let open: OpenSession;
    beforeEach(async () => {
      open = await openSession(threads);
      await open.db.execute('CREATE TABLE t AS SELECT range AS k, range % 100 AS g FROM range(50000)');
    });
    afterEach(() => open.db.close());

    test('50 queries at once each get their own answer, and leave no memory in use', async () => {
      const { db, bytesInUse } = open;
      await db.execute('SELECT count(*) FROM t');
      const before = bytesInUse();
      const queries = Array.from({ length: 50 }, (_, i) => [
        db.execute(`SELECT count(*) AS n, sum(k) AS s FROM t WHERE g = ${i}`),
        db.execute(`SELECT count(*) FROM t JOIN t u ON t.k = u.k + ${i} WHERE t.g < 10`),
      ]);
      const results = await Promise.all(queries.map(q => Promise.all(q)));
      results.forEach(([grouped, joined], i) => {
        const rows = Array.from({ length: 500 }, (_, n) => n * 100 + i);
        expect(grouped!.rows()).toEqual([[500n, BigInt(rows.reduce((sum, k) => sum + k, 0))]]);
        const keys = Array.from({ length: 50_000 - i }, (_, n) => n + i);
        expect(joined!.rows()).toEqual([[BigInt(keys.filter(k => k % 100 < 10).length)]]);
      });
      expect(bytesInUse()).toBe(before);
    });

    test('a query that fails in parsing, binding or running leaves the engine as it was', async () => {
      const { db, bytesInUse } = open;
      await db.execute('SELECT count(*) FROM t');
      const before = bytesInUse();
      const failing: readonly (readonly [sql: string, code: string])[] = [
        ['SELEC 1', 'parse'],
        ['SELECT nope FROM t', 'bind'],
        ["SELECT sum(CAST('x' || k AS INTEGER)) FROM t", 'conversion'],
        ['SELECT g, sum(k * 9223372036854775807) FROM t GROUP BY g', 'overflow'],
        ['CREATE TABLE u AS SELECT k * 9223372036854775807 AS x FROM t', 'overflow'],
        ["INSERT INTO t SELECT CAST('x' || k AS INTEGER), 1 FROM t", 'conversion'],
        ['SELECT (SELECT k FROM t) FROM t', 'invalid-argument'],
        ["SELECT * FROM read_csv('nowhere.csv')", 'io'],
      ];
      for (const [sql, code] of failing) {
        const { error } = await failureOf(db.execute(sql), () => 0);
        expect(error.code, sql).toBe(code);
        expect(bytesInUse(), sql).toBe(before);
      }
      expect((await db.execute('SELECT count(*) FROM t')).rows()).toEqual([[50_000n]]);
    });

    test('a signal ends a query within 100 ms; its memory is free, the next query runs', {
      timeout: 120_000,
    }, async () => {
      const { db, bytesInUse } = open;
      await db.execute('SELECT count(*) FROM t');
      const before = bytesInUse();
      for (const sql of toCancel) {
        const start = performance.now();
        await db.execute(sql);
        let takes = performance.now() - start;
        for (const part of [0.1, 0.4, 0.7, 0.9]) {
          // What is left then is a turn or two: the query may end by itself first.
          if (takes * (1 - part) < 20) continue;
          const late = await bestOf(100, async () => {
            const controller = new AbortController();
            const begin = performance.now();
            let aborted = 0;
            const timer = setTimeout(() => {
              aborted = performance.now();
              controller.abort();
            }, takes * part);
            const outcome = await db.execute(sql, undefined, { signal: controller.signal }).then(
              () => 'done' as const,
              error => error as RayexecError,
            );
            clearTimeout(timer);
            expect(bytesInUse(), sql).toBe(before);
            if (outcome === 'done') {
              takes = Math.min(takes, performance.now() - begin);
              return Number.POSITIVE_INFINITY;
            }
            expect(outcome.code, sql).toBe('cancelled');
            return performance.now() - aborted;
          });
          expect(late, `${sql}, after ${part} of its time`).toBeLessThan(100);
        }
      }
      expect((await db.execute('SELECT count(*) FROM t')).rows()).toEqual([[50_000n]]);
    });

    test('a nested loop without matches can be ended too', async () => {
      const sql = 'SELECT count(*) FROM range(200000) a(x), range(200000) b(y) WHERE (x * y) % 7 = 8';
      const start = performance.now();
      const outcome = await open.db.execute(sql, undefined, { signal: AbortSignal.timeout(50) }).catch(e => e.code);
      expect(outcome).toBe('timeout');
      expect(performance.now() - start).toBeLessThan(3000);
    });

    test('a timeout has a code of its own; a signal that has fired starts nothing', async () => {
      const { db } = open;
      const timeout = await failureOf(db.execute(longQuery, undefined, { signal: AbortSignal.timeout(50) }), () => 0);
      expect(timeout.error.code).toBe('timeout');
      const fired = await failureOf(db.execute('SELECT 1', undefined, { signal: AbortSignal.abort() }), () => 0);
      expect(fired.error.code).toBe('cancelled');
    });

    test('other work of the thread gets its turns during long queries', { timeout: 120_000 }, async () => {
      for (const sql of [...longQueries, manyRows]) {
        const limit = threads === 0 || sql === manyRows ? 50 : 20;
        const delay = await bestOf(
          limit,
          async () => {
            const delays = monitorEventLoopDelay({ resolution: 5 });
            delays.enable();
            await open.db.execute(sql);
            delays.disable();
            return delays.percentile(99) / 1e6;
          },
          25,
        );
        expect(delay, sql).toBeLessThan(limit);
      }
    });

    test('a stream that is left early frees all', async () => {
      const { db, bytesInUse } = open;
      await db.execute('SELECT count(*) FROM t');
      const before = bytesInUse();
      for (const sql of ['FROM t', 'SELECT x, y FROM range(5000) a(x), range(5000) b(y)', 'FROM t ORDER BY g, k']) {
        for await (const batch of db.sql(sql).stream()) {
          expect(batch).toBeDefined();
          break;
        }
        expect(bytesInUse(), sql).toBe(before);
      }
      const stopped = db.sql(longQuery).stream({ signal: AbortSignal.timeout(50) });
      await expect(stopped[Symbol.asyncIterator]().next()).rejects.toMatchObject({ code: 'timeout' });
      expect(bytesInUse()).toBe(before);
    });

    test('tables may be replaced and dropped while queries read them; then their memory is free', async () => {
      const { db, bytesInUse } = open;
      await db.execute('SELECT count(*) FROM t');
      const before = bytesInUse();
      await db.execute('CREATE TABLE u AS SELECT range AS k FROM range(20000)');
      const reading = Array.from({ length: 8 }, () =>
        db.execute('SELECT count(*), sum(a.k) FROM u a JOIN u b ON a.k = b.k'),
      );
      const stream = db.table('u').stream()[Symbol.asyncIterator]();
      await stream.next();
      await db.execute('CREATE OR REPLACE TABLE u AS SELECT 1 AS k');
      await db.execute('INSERT INTO u VALUES (2)');
      expect((await db.execute('SELECT k FROM u ORDER BY k')).rows().map(String)).toEqual(['1', '2']);
      await db.execute('DROP TABLE u');
      let streamed = 0;
      for (let next = await stream.next(); next.done !== true; next = await stream.next()) streamed++;
      expect(streamed).toBeGreaterThan(0);
      for (const result of await Promise.all(reading)) expect(result.rows()).toEqual([[20_000n, 199_990_000n]]);
      expect(bytesInUse()).toBe(before);
    });

    test('close ends what runs, and what comes after says so', async () => {
      const running = failureOf(open.db.execute(longQuery), () => 0);
      await new Promise(resolve => setTimeout(resolve, 50));
      await open.db.close();
      expect((await running).error.code).toBe('closed');
      expect((await failureOf(open.db.execute('SELECT 1'), () => 0)).error.code).toBe('closed');
    });
  });

  test.skipIf(skip)(`a memory limit gives an error, and the engine goes on: ${name}`, async () => {
    const { db, bytesInUse } = await openSession(threads, 48 * 2 ** 20);
    const before = bytesInUse();
    // What keeps all of its rows in memory; sorts, groups and joins would go to temporary files.
    const hungry = [
      'SELECT sum(x) FROM (SELECT x, row_number() OVER (ORDER BY x DESC) AS n FROM range(10000000) t(x)) WHERE n > 5',
      'SELECT count(*) FROM range(5000000) a(x) ASOF JOIN range(5000000) b(y) ON x >= y',
      'CREATE TABLE big AS SELECT * FROM range(10000000)',
    ];
    for (const sql of hungry) {
      const { error } = await failureOf(db.execute(sql), () => 0);
      expect(error.code, sql).toBe('memory');
      expect(bytesInUse(), sql).toBe(before);
    }
    expect((await db.execute('SELECT count(*) FROM range(1000)')).rows()).toEqual([[1000n]]);
    await db.close();
  });
}
