import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type Any, RayexecError } from '../../frontends/index.ts';
import { Connection } from '../../frontends/session/connection.ts';
import { Database } from '../../frontends/session/database.ts';
import { Engine } from '../../frontends/session/engine.ts';
import { Host } from '../../frontends/session/host.ts';
import { Session } from '../../frontends/session/session.ts';
import { defaultSettings } from '../../frontends/session/settings.ts';
import { nodePlatform } from '../../src/platform/node.ts';
import type { WorkerHandle } from '../../src/platform/worker-host.ts';

// Needs the built dist/worker.js, as all tests with threads do: `npm test` builds it first.
const workerUrl = new URL('../../dist/worker.js', import.meta.url);
const brokenUrl = new URL('data:text/javascript,throw new Error("no such luck")');

const longQuery = 'SELECT count(*) FROM range(400000) a(x), range(60000) b(y) WHERE (x * 7 + y) % 1000 = 1';

describe('a worker thread that dies', () => {
  let host: Host;
  let db: Database<Any>;
  /** All workers that were started, in order: two, the third thread is the calling one; and where the next ones start. */
  let started: WorkerHandle[];
  let url: URL;

  beforeEach(async () => {
    started = [];
    url = workerUrl;
    const platform = {
      ...nodePlatform,
      startWorker: (_: URL | undefined, data: unknown) => {
        const handle = nodePlatform.startWorker(url, data);
        started.push(handle);
        return handle;
      },
    };
    host = new Host(platform, Number.POSITIVE_INFINITY, workerUrl);
    db = new Database<Any>(Connection.to(new Engine(new Session(host, { ...defaultSettings(3), inline_rows: 0 }))));
    await db.execute('CREATE TABLE t AS SELECT range AS k FROM range(400000)');
  });
  afterEach(() => db.close());

  const bytesInUse = (): number => host.readyMachine.memory.bytesInUse;
  /** A query that has taken memory runs on all threads soon. */
  const untilItRuns = async (before: number): Promise<void> => {
    while (bytesInUse() === before) await new Promise(resolve => setTimeout(resolve, 5));
    await new Promise(resolve => setTimeout(resolve, 100));
  };
  const failureOf = (run: Promise<unknown>): Promise<RayexecError> =>
    run.then(
      () => expect.fail('the query did not fail'),
      (error: unknown) => {
        expect(error).toBeInstanceOf(RayexecError);
        return error as RayexecError;
      },
    );
  const rowsOf = async (sql: string): Promise<unknown[][]> => (await db.execute(sql)).rows();

  test.each([0, 1])('fails its query, frees the memory, and is replaced: worker %i', async index => {
    const before = bytesInUse();
    const running = failureOf(db.execute(longQuery));
    await untilItRuns(before);
    started[index]!.terminate();
    expect(await running).toMatchObject({ code: 'internal', message: expect.stringContaining('a worker thread died') });
    expect(bytesInUse()).toBe(before);
    expect(await rowsOf('SELECT count(*), sum(k) FROM t')).toEqual([[400_000n, 79_999_800_000n]]);
    // The dead one alone was started again.
    expect(started.length).toBe(3);
    expect(bytesInUse()).toBe(before);
  });

  test('fails every query that it was at, and only them', async () => {
    const before = bytesInUse();
    const running = Promise.all(Array.from({ length: 5 }, () => failureOf(db.execute(longQuery))));
    await untilItRuns(before);
    started[1]!.terminate();
    for (const error of await running) expect(error.message).toContain('a worker thread died');
    expect(bytesInUse()).toBe(before);
    expect(await rowsOf('SELECT count(*) FROM t a JOIN t b ON a.k = b.k')).toEqual([[400_000n]]);
  });

  test('ends a stream with the reason', async () => {
    const before = bytesInUse();
    const stream = db.sql('SELECT x, y FROM range(400000) a(x), range(20000) b(y)').stream()[Symbol.asyncIterator]();
    expect((await stream.next()).done).toBe(false);
    started[0]!.terminate();
    const rest = (async () => {
      while (!(await stream.next()).done);
    })();
    expect((await failureOf(rest)).message).toContain('a worker thread died');
    expect(bytesInUse()).toBe(before);
    expect(await rowsOf('SELECT max(k) FROM t')).toEqual([[399_999n]]);
  });

  test('while nothing runs is replaced by the next query', async () => {
    for (const s of started) s.terminate();
    await new Promise(resolve => setTimeout(resolve, 100));
    expect(await rowsOf('SELECT count(*) FROM t a JOIN t b ON a.k = b.k')).toEqual([[400_000n]]);
    expect(started.length).toBe(4);
  });

  test('as soon as it is started fails the query with the reason', async () => {
    for (const s of started) s.terminate();
    await new Promise(resolve => setTimeout(resolve, 100));
    url = brokenUrl;
    const before = bytesInUse();
    const { message, cause } = await failureOf(db.execute('SELECT count(*) FROM t WHERE k % 2 = 0'));
    expect(message).toContain('a worker thread died: no such luck');
    expect(cause).toMatchObject({ message: 'no such luck' });
    expect(bytesInUse()).toBe(before);
    url = workerUrl;
    await new Promise(resolve => setTimeout(resolve, 100));
    expect(await rowsOf('SELECT count(*) FROM t')).toEqual([[400_000n]]);
  });
});
