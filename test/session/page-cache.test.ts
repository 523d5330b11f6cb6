import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Any } from '../../frontends/index.ts';
import { Connection } from '../../frontends/session/connection.ts';
import { Database } from '../../frontends/session/database.ts';
import { Engine } from '../../frontends/session/engine.ts';
import { Host } from '../../frontends/session/host.ts';
import { Session } from '../../frontends/session/session.ts';
import { defaultSettings } from '../../frontends/session/settings.ts';
import { VersionedPlatform } from '../sources/versioned-platform.ts';
import { openSession, places } from './open-session.ts';

const folder = mkdtempSync(join(tmpdir(), 'page-cache-test-'));
const file = (name: string): string => join(folder, `${name}.parquet`);
const write = async (name: string, query: string): Promise<void> => {
  const { db } = await openSession(0);
  await db.execute(`COPY (${query}) TO '${file(name)}' (ROW_GROUP_SIZE 50000)`);
  await db.close();
};

const numbered = (n: number): string =>
  `SELECT i, i % 1000 k, 'text ' || (i * 7919 % ${n}) s, CASE WHEN i % 3 = 0 THEN NULL ELSE i / 8 END d FROM range(${n}) t(i)`;

beforeAll(async () => {
  await write('small', numbered(30_000));
  await write('large', numbered(600_000));
  // Before that a file has no version that could be trusted, as file systems' clocks are coarse.
  await new Promise(resolve => setTimeout(resolve, 2100));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('pages of Parquet files', () => {
  const open = (versioned: VersionedPlatform) => {
    const host = new Host(versioned.platform, Number.POSITIVE_INFINITY, undefined);
    const db = new Database<Any>(Connection.to(new Engine(new Session(host, defaultSettings(0)))));
    const rows = async (sql: string): Promise<unknown[][]> => (await db.execute(sql)).rows();
    const reads = async (sql: string): Promise<number> => {
      const before = versioned.reads;
      await db.execute(sql);
      return versioned.reads - before;
    };
    return { db, rows, reads, pages: () => host.readyMachine.memory.pages };
  };
  const sums = (name: string): string => `SELECT count(*), sum(i), sum(k), max(s), sum(d) FROM '${file(name)}'`;

  test('are read once, as long as the file is the same', async () => {
    const versioned = new VersionedPlatform();
    const { db, rows, reads } = open(versioned);
    const expected = await rows(sums('small'));
    expect(await reads(sums('small'))).toBe(0);
    expect(await rows(sums('small'))).toEqual(expected);
    // What the file says of its pages' values was not asked before.
    expect(await reads(`SELECT i FROM '${file('small')}' WHERE k = 17 AND s > 'text 5'`)).toBe(1);
    expect(await reads(`SELECT i FROM '${file('small')}' WHERE k = 18 AND s > 'text 6'`)).toBe(0);
    await write('small', 'SELECT i, i AS k, NULL::TEXT s, 1.5::DOUBLE d FROM range(10) t(i)');
    versioned.version = 'second';
    expect(await rows(sums('small'))).toEqual([[10n, 45n, 45n, null, 15]]);
    await write('small', numbered(30_000));
    versioned.version = undefined;
    expect(await rows(sums('small'))).toEqual(expected);
    expect(await reads(sums('small'))).toBeGreaterThan(0);
    await db.close();
  });

  test('of remote files are fetched once, as long as the server says that the file is the same', async () => {
    const versioned = new VersionedPlatform();
    versioned.isRemote = true;
    const { db, rows, reads } = open(versioned);
    const few = `SELECT s, d FROM '${file('large')}' WHERE i = 340000`;
    const found = await rows(few);
    expect(found).toHaveLength(1);
    expect(await reads(few)).toBe(0);
    expect(await rows(few)).toEqual(found);
    const all = await rows(sums('large'));
    expect(await reads(sums('large'))).toBe(0);
    expect(await rows(sums('large'))).toEqual(all);
    versioned.version = 'second';
    expect(await reads(sums('large'))).toBeGreaterThan(0);
    versioned.version = undefined;
    expect(await rows(sums('large'))).toEqual(all);
    expect(await reads(sums('large'))).toBeGreaterThan(0);
    await db.close();
  });

  test('that a scan passes over need not be read to pass over them again', async () => {
    const versioned = new VersionedPlatform();
    const { db, reads } = open(versioned);
    const few = `SELECT s, d FROM '${file('large')}' WHERE i = 340000`;
    expect(await reads(few)).toBeGreaterThan(0);
    expect(await reads(few)).toBe(0);
    await db.close();
  });

  test('are kept as SET page_cache_limit says', async () => {
    const { db, rows, reads, pages } = open(new VersionedPlatform());
    expect(await rows(`SELECT value FROM duckdb_settings() WHERE name = 'page_cache_limit'`)).toEqual([['unlimited']]);
    await db.execute(sums('large'));
    expect(pages().bytes).toBeGreaterThan(10 * 2 ** 20);
    await db.execute("SET page_cache_limit = '0'");
    expect(pages().bytes).toBeLessThan(2 ** 21);
    expect(await reads(sums('large'))).toBeGreaterThan(0);
    expect(await reads(sums('large'))).toBeGreaterThan(0);
    await db.execute('RESET page_cache_limit');
    await db.execute(sums('large'));
    expect(await reads(sums('large'))).toBe(0);
    await db.close();
  });

  test.each(places)(
    'give the same rows for many queries at once, with little memory: $name',
    async ({ threads, skip }) => {
      if (skip) return;
      const unlimited = await openSession(threads);
      await unlimited.db.execute("SET page_cache_limit = '0'");
      const queries = [
        sums('large'),
        sums('small'),
        `SELECT k, count(*), max(s) FROM '${file('large')}' WHERE d IS NOT NULL GROUP BY k ORDER BY k LIMIT 20`,
        `SELECT count(*), sum(a.i), min(b.s) FROM '${file('large')}' a JOIN '${file('small')}' b ON a.s = b.s`,
        `SELECT s FROM '${file('large')}' ORDER BY s DESC LIMIT 5`,
        `SELECT i, s, d FROM '${file('large')}' WHERE i % 100003 = 5 ORDER BY i`,
      ];
      const rowsOf = async (db: Database<Any>, sql: string): Promise<unknown[][]> => (await db.execute(sql)).rows();
      const expected = await Promise.all(queries.map(sql => rowsOf(unlimited.db, sql)));
      const { db, session, bytesInUse } = await openSession(threads, 80 * 2 ** 20);
      const before = bytesInUse();
      const { pages } = session.host.readyMachine.memory;
      for (let round = 0; round < 5; round++) {
        expect(await Promise.all(queries.map(sql => rowsOf(db, sql)))).toEqual(expected);
        expect(pages.bytes).toBeGreaterThan(2 ** 20);
        expect(pages.bytes).toBeLessThanOrEqual(21 * 2 ** 20);
        expect(bytesInUse()).toBe(before);
      }
      // What a query held on to that was left early can go.
      for await (const batch of db.sql(`SELECT * FROM '${file('large')}'`).stream()) {
        expect(batch).toBeDefined();
        break;
      }
      pages.evict(2 ** 16);
      expect(pages.bytes).toBeLessThan(2 ** 20);
      await Promise.all([db.close(), unlimited.db.close()]);
    },
  );
});
