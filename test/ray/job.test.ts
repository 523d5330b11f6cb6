import { spawn, spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { connect } from '../../frontends/index.ts';
import { canRun, markProcesses, needed, processesWith, TwoRaylets, until } from './cluster.ts';

test('a cluster that is not there is told', async () => {
  const db = connect({ threads: 0, ray: 'http://127.0.0.1:1' });
  await expect(db.execute('SELECT 1')).rejects.toMatchObject({
    code: 'io',
    message: expect.stringMatching(/the Ray cluster at http:\/\/127\.0\.0\.1:1 can't be used: connect ECONNREFUSED/),
  });
  await db.close();
});

describe.skipIf(!canRun)(`as a job, ${needed}`, () => {
  let cluster: TwoRaylets | undefined;
  let mark: string;

  beforeAll(async () => {
    mark = markProcesses();
    cluster = await TwoRaylets.start({ dashboard: true });
  });
  afterAll(async () => {
    await cluster?.close();
    await until(() => processesWith(mark, '').length === 0);
  });

  test('a wrong token is told', async () => {
    const other = connect({ threads: 0, ray: `http://${cluster!.dashboard}`, token: 'wrong' });
    const failing = other.execute('SELECT 1');
    await expect(failing).rejects.toMatchObject({ code: 'io', hint: expect.stringMatching(/token/) });
    await other.close();
  });

  const COUNT = 'SELECT count(DISTINCT x) AS n FROM range(300000) t(x)';

  test('a query runs through a job that the cluster starts, tells how far it is, and the job ends with the client', async () => {
    const token = process.env['RAY_AUTH_TOKEN']!;
    const db = connect({ threads: 0, ray: `http://${cluster!.dashboard}`, token, partitions: 3 });
    const parts: number[] = [];
    const result = await db.execute(COUNT, [], { onProgress: part => parts.push(part) });
    expect(result.rows()).toEqual([[300_000n]]);
    expect(parts.at(-1)).toBe(1);
    expect(parts).toEqual(parts.toSorted((a, b) => a - b));
    await db.close();
    await until(() => processesWith(mark, 'gateway.py').length === 0);
  });

  test('rayexec --ray', async () => {
    const cli = fileURLToPath(new URL('../../dist/cli.js', import.meta.url));
    const args = [cli, '--ray', `http://${cluster!.dashboard}`, '-f', 'csv', '-c', `SET partitions = 2; ${COUNT}`];
    const ran = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'] });
    let told = '';
    for (const stream of [ran.stdout, ran.stderr]) {
      stream.on('data', data => {
        told += String(data);
      });
    }
    const status = await new Promise(resolve => ran.once('close', resolve));
    expect({ status, told }).toEqual({ status: 0, told: 'n\n300000\n' });
    await until(() => processesWith(mark, 'gateway.py').length === 0);
  });

  test('all that listens is on the loopback', () => {
    const listening = spawnSync('ss', ['-ltnH'], { encoding: 'utf8' }).stdout.trim().split('\n');
    const others = listening.map(line => line.split(/\s+/)[3]!).filter(a => !/^(127\.|\[::ffff:127\.|\[::1\])/.test(a));
    expect(others).toEqual([]);
  });
});
