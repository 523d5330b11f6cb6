import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Any, connect, type Database } from '../../frontends/index.ts';
import { canRun, markProcesses, needed, processesWith, python, until } from './cluster.ts';

const LONG = `SELECT count(*) AS n, sum(a.x) AS s FROM range(4000000) a(x) JOIN range(4000000) b(x) ON a.x = b.x`;

test('a Python without Ray is told', async () => {
  const db = connect({ threads: 0, ray: { python: '/nowhere/python3' } });
  await expect(db.execute('SELECT 1')).rejects.toThrow(/Ray can't be started: spawn \/nowhere\/python3 ENOENT/);
  await db.close();
});

describe.skipIf(!canRun)(needed, { timeout: 120_000 }, () => {
  let db: Database<Any>;
  let mark: string;

  beforeAll(async () => {
    mark = markProcesses();
    db = connect({ threads: 0, ray: { python } });
    await db.execute('SET partitions = 2');
    await db.execute('SELECT count(*) FROM range(10)');
  });
  afterAll(async () => {
    await db.close();
    await until(() => processesWith(mark, '').length === 0);
  });

  const rows = async (sql: string): Promise<unknown> => await db.sql(sql).collect();

  test('tables in memory go along, up to a size', async () => {
    await db.execute('CREATE TABLE t AS SELECT range AS x, range % 3 AS g FROM range(1000)');
    expect(await rows('SELECT g, count(*) AS n FROM t GROUP BY g ORDER BY g')).toEqual([
      { g: 0, n: 334 },
      { g: 1, n: 333 },
      { g: 2, n: 333 },
    ]);
    await db.execute('CREATE TABLE large AS SELECT range * 1000000007 AS x FROM range(9000000)');
    await expect(rows('SELECT count(DISTINCT x) FROM large')).rejects.toMatchObject({ code: 'unsupported' });
    await db.execute('DROP TABLE large');
  });

  test("a query's error comes back as it is", async () => {
    const failing = rows("SELECT CAST('a' || range AS INTEGER) AS x FROM range(10)");
    await expect(failing).rejects.toMatchObject({ code: 'conversion' });
    expect(await rows('SELECT count(*) AS n FROM range(10)')).toEqual([{ n: 10 }]);
  });

  test('functions of modules go along by their content; those of the program, and other places, are refused', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'rayexec-functions-'));
    writeFileSync(join(folder, 'three.mjs'), 'export const three = 3;');
    writeFileSync(
      join(folder, 'f.mjs'),
      "import { three } from './three.mjs';\nexport const f = x => (console.log(x), three * x + process.ppid * 0);",
    );
    const sums = db.sql('SELECT count(*) AS n FROM range(10) t(x)').collect();
    db.udf('triple', ['int64'], 'int64', { module: pathToFileURL(join(folder, 'f.mjs')), export: 'f' });
    const text = 'SELECT sum(triple(x)) AS s FROM range(1000) t(x)';
    expect(await rows(text)).toEqual([{ s: 1_498_500 }]);
    expect(await sums).toEqual([{ n: 10 }]);
    // What is read now is what was shipped.
    rmSync(folder, { recursive: true });
    expect(await rows(text)).toEqual([{ s: 1_498_500 }]);
    db.udf('here', ['int64'], 'int64', (x: number) => x);
    await expect(rows('SELECT sum(here(x)) FROM range(10) t(x)')).rejects.toMatchObject({ code: 'unsupported' });
    db.udf('text', ['int64'], 'int64', { module: 'data:text/javascript,export default x => x' });
    await expect(rows('SELECT sum(text(x)) FROM range(10) t(x)')).rejects.toMatchObject({ code: 'unsupported' });
    await until(() => processesWith(mark, 'gateway.py').length === 1);
  });

  test('a signal ends a query', async () => {
    await expect(db.sql(LONG).collect({ signal: AbortSignal.timeout(300) })).rejects.toMatchObject({
      code: 'timeout',
    });
    expect(await rows('SELECT count(*) AS n FROM range(10)')).toEqual([{ n: 10 }]);
  });

  test.each([
    ['Node child', 'ray-worker.mjs'],
    ['Python worker', 'ray::'],
  ])('a killed %s changes nothing', async (_, word) => {
    const running = rows(LONG);
    let killed = 0;
    for (let tries = 0; tries < 200 && killed === 0; tries++) {
      await new Promise(resolve => setTimeout(resolve, 20));
      const busy = word === 'ray::' ? 'ray::run_task' : word;
      for (const id of processesWith(mark, busy).slice(0, 1)) {
        process.kill(id, 'SIGKILL');
        killed++;
      }
    }
    expect(await running).toEqual([{ n: 4000000, s: 7999998000000 }]);
    expect(killed).toBe(1);
  });
});

/** Starts what follows where a folder looks empty. */
const without = (folder: string): string[] => [
  'unshare',
  '-m',
  'sh',
  '-c',
  `mount -t tmpfs none ${folder} && exec "$@"`,
  'sh',
];
const canHide = canRun && spawnSync('unshare', ['-m', 'mount', '-t', 'tmpfs', 'none', tmpdir()]).status === 0;

test.skipIf(!canHide)(
  'a file that only the workers lack tells the host and the path',
  { timeout: 60_000 },
  async () => {
    const folder = mkdtempSync(join(tmpdir(), 'rayexec-hidden-'));
    const path = join(folder, 'x.parquet');
    const here = connect({ threads: 0 });
    await here.execute(`COPY (SELECT * FROM range(10) t(x)) TO '${path}'`);
    await here.close();
    const db = connect({ threads: 0, ray: { python, launcher: without(folder) } });
    await expect(db.sql(`SELECT sum(x) AS s FROM read_parquet('${path}')`).collect()).rejects.toMatchObject({
      code: 'io',
      message: expect.stringContaining(path),
      where: expect.stringMatching(new RegExp(`stage 0, task 0 on ${hostname()}`)),
    });
    await db.close();
    rmSync(folder, { recursive: true });
  },
);

/** Starts what follows where there is another address than the loopback, which leads anywhere. */
const WITH_ADDRESS = [
  'unshare',
  '-n',
  'sh',
  '-c',
  `ip link set lo up && ip link add v0 type veth peer name v1 && ip link set v0 up && ip addr add 10.1.2.3/24 dev v0 &&
    ip route add default dev v0 && exec "$@"`,
  'sh',
];
const [tryAddress, ...addressArgs] = [...WITH_ADDRESS, 'true'];
const canAddress = canRun && spawnSync(tryAddress!, addressArgs).status === 0;

/** Addresses, as the kernel writes them, on which something listens where a process is. */
function listeningAt(process: number): string[] {
  const lines = ['tcp', 'tcp6'].flatMap(name =>
    readFileSync(`/proc/${process}/net/${name}`, 'utf8').trim().split('\n').slice(1),
  );
  const sockets = lines.map(line => line.trim().split(/\s+/));
  return sockets.filter(([, , , state]) => state === '0A').map(([, address]) => address!.split(':')[0]!);
}

test.skipIf(!canAddress)(
  "a cluster of one's own listens on the loopback only, also where there are other addresses",
  { timeout: 60_000 },
  async () => {
    const mark = markProcesses();
    const db = connect({ threads: 0, ray: { python, launcher: WITH_ADDRESS } });
    await db.execute('SET partitions = 2; SET shuffle = files; SET broadcast_rows = 0');
    await db.execute(LONG);
    const [gateway] = processesWith(mark, 'gateway.py');
    const addresses = listeningAt(gateway!);
    const isLoopback = (address: string): boolean => /7F$|^0{24}01000000$/.test(address);
    expect(addresses.length).toBeGreaterThan(3);
    expect(addresses.filter(address => !isLoopback(address))).toEqual([]);
    await db.close();
    await until(() => processesWith(mark, '').length === 0);
  },
);
