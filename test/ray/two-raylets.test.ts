import { readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Any, connect, type Database } from '../../frontends/index.ts';
import { canRun, markProcesses, needed, parentOf, processesWith, python, TwoRaylets, until } from './cluster.ts';

/** Two sides that are dealt to all tasks; the second takes much longer than the first, whose rows wait for it. */
const JOIN = `
  SELECT count(*) AS n, sum(a.x) AS s
  FROM (SELECT x FROM range(3000000) t(x) WHERE x % 3 = 0) a
  JOIN (SELECT x FROM range(6000000) t(x) WHERE (x * 7919 + 13) % 1000003 <> 5 AND sin(x) < 2) b ON a.x = b.x`;
/** What it gives in this process. */
let expected: unknown;
/** Reaches the cluster. */
const SHORT = 'SELECT count(DISTINCT x) AS n FROM range(300000) t(x)';

describe.skipIf(!canRun)(needed, () => {
  let cluster: TwoRaylets | undefined;
  let mark: string;
  let db: Database<Any>;

  const open = async (shuffle: string): Promise<Database<Any>> => {
    const opened = connect({ threads: 0, ray: { python, address: cluster!.address }, partitions: 3 });
    await opened.execute(`SET shuffle = ${shuffle}; SET broadcast_rows = 0`);
    return opened;
  };
  const rows = (sql: string) => db.sql(sql).collect();
  const analyzed = async (sql: string): Promise<string> => {
    const result = await db.execute(`EXPLAIN ANALYZE ${sql}`);
    return String(result.raw.column(1)[0]);
  };
  /** Runs a query and damages a file of it while it runs; again when the query was faster, so that it was of no effect. */
  const damaged = async <T>(
    damage: (path: string) => void,
    run: () => Promise<T>,
    hadEffect: (result: T) => boolean = () => true,
  ): Promise<T> => {
    for (let attempt = 0; attempt < 10; attempt++) {
      let isOver = false;
      let path: string | undefined;
      const running = run().finally(() => {
        isOver = true;
      });
      await until(() => {
        path = cluster!.shuffleFiles()[0];
        try {
          if (path !== undefined) damage(path);
        } catch {
          path = undefined;
        }
        return isOver || path !== undefined;
      });
      const result = await running;
      if (path !== undefined && hadEffect(result)) return result;
    }
    throw new Error('the query was always faster');
  };
  const runAgain = (text: string): number =>
    [...text.matchAll(/(\d+) run again/g)].reduce((sum, [, n]) => sum + Number(n), 0);

  beforeAll(async () => {
    const here = connect({ threads: 0 });
    expected = await here.sql(JOIN).collect();
    await here.close();
    mark = markProcesses();
    // Smaller than what the joins shuffle.
    cluster = await TwoRaylets.start({ storeBytes: 16 * 2 ** 20 });
    db = await open('files');
    await rows(SHORT);
  });
  afterAll(async () => {
    await db?.close();
    await cluster?.close();
    await until(() => processesWith(mark, '').length === 0);
  });

  test('EXPLAIN ANALYZE and a trace tell of the tasks', async () => {
    const text = await analyzed('SELECT x % 10 AS g, count(*) FROM range(100000) t(x) GROUP BY g ORDER BY g');
    expect(text).toMatch(/Query Stage #0: \d tasks, 0 run again, 0\.0 KiB read, \d+\.\d KiB sent\n {2}task 0 on /);
    expect(text).toMatch(/hash-aggregate .*\(\d+ rows/);
    const trace = JSON.parse(await db.sql(SHORT).explain({ trace: true })) as {
      traceEvents: { ph: string }[];
    };
    expect(trace.traceEvents.some(e => e.ph === 'X')).toBe(true);
  });

  test.each([
    ['cut off', (path: string) => truncateSync(path, 100)],
    [
      'damaged',
      (path: string) => {
        const bytes = readFileSync(path);
        bytes[bytes.length >> 1]! ^= 1;
        writeFileSync(path, bytes);
      },
    ],
  ])('a shuffle file that is %s is written again', async (_, damage) => {
    const text = await damaged(
      damage,
      () => analyzed(JOIN),
      t => runAgain(t) > 0,
    );
    expect(text).toMatch(/^1 rows in/m);
  });

  test('the rows are right while files are damaged, and files go with their query', async () => {
    expect(
      await damaged(
        path => truncateSync(path, 100),
        () => rows(JOIN),
      ),
    ).toEqual(expected);
    await until(() => cluster!.shuffleFiles().length === 0);
  });

  test('an object store that is smaller than the rows', async () => {
    await db.execute('SET shuffle = store');
    expect(
      await rows(`SELECT count(*) AS n FROM (SELECT x, x || 'abcdefghijkl' AS t FROM range(6000000) t(x)) a
      JOIN range(3000000) b(x) ON a.x = b.x WHERE length(t) > 0`),
    ).toEqual([{ n: 3_000_000 }]);
  });

  test.each(['store', 'files'])('a client that vanishes leaves nothing running: %s', async shuffle => {
    await db.execute(`SET shuffle = ${shuffle}`);
    const busy = (): number => processesWith(mark, 'ray::run_task').length;
    const stream = db.sql(`${JOIN} UNION ALL SELECT x, x FROM range(1000000000) t(x) WHERE x % 7 = 8`).stream();
    const first = stream.next();
    first.catch(() => undefined);
    await until(() => busy() > 0);
    await db.close();
    await expect(first).rejects.toMatchObject({ code: 'closed' });
    await until(() => busy() === 0 && cluster!.shuffleFiles().length === 0);
    db = await open('files');
  });

  test('errors say where, and leave no objects', async () => {
    const failing = rows("SELECT CAST('a' || x AS INTEGER) AS x FROM range(100000) t(x)");
    await expect(failing).rejects.toMatchObject({
      code: 'conversion',
      where: expect.stringMatching(/stage 0, task \d on \S+/),
    });
    await expect(rows(`SELECT * FROM read_parquet('/nowhere/x.parquet')`)).rejects.toMatchObject({ code: 'io' });
    await until(async () => (await cluster!.objects()) === 0, cluster!.objects.bind(cluster!));
  });

  test('a gateway that is killed is an error, and the next query has another', async () => {
    const running = rows(JOIN);
    running.catch(() => undefined);
    await until(() => processesWith(mark, 'ray::run_task').length > 0);
    for (const id of processesWith(mark, 'gateway.py')) process.kill(id, 'SIGKILL');
    await expect(running).rejects.toMatchObject({
      code: 'io',
      summary: expect.stringMatching(/gateway of the Ray cluster/),
    });
    expect(await rows(SHORT)).toEqual([{ n: 300_000 }]);
    await until(() => cluster!.shuffleFiles().length === 0);
  });

  const kill = (word: string): boolean => process.kill(processesWith(mark, word).at(-1)!, 'SIGKILL');
  const busyWorkers = (): number[] => processesWith(mark, 'ray::run_task');
  const busyChildren = (): number[] => {
    const workers = busyWorkers();
    return processesWith(mark, 'ray-worker.mjs\0').filter(id => workers.includes(parentOf(id)));
  };

  test.each([
    ['Node child', busyChildren],
    ['Python worker', busyWorkers],
  ])('a %s that is killed', async (_, busy) => {
    await db.execute('SET shuffle = store');
    let again = 0;
    for (let attempt = 0; again === 0 && attempt < 10; attempt++) {
      const running = analyzed(JOIN);
      await until(() => busy().length > 0);
      // A task begins a little later than its process is called after it.
      await new Promise(resolve => setTimeout(resolve, 200));
      for (const id of busy().slice(-1)) process.kill(id, 'SIGKILL');
      again = runAgain(await running);
    }
    expect(again).toBeGreaterThan(0);
    expect(await rows(JOIN)).toEqual(expected);
  });

  // The gateway is on the first raylet; the other one was started last.
  test('a raylet that is killed while tasks run', async () => {
    await db.execute('SET shuffle = store');
    const running = analyzed(JOIN);
    running.catch(() => undefined);
    await until(() => processesWith(mark, 'ray::run_task').length > 1);
    kill('/raylet/raylet');
    expect(runAgain(await running)).toBeGreaterThan(0);
    await cluster!.addRaylet();
    expect(await rows(JOIN)).toEqual(expected);
  });
});
