import { spawnSync } from 'node:child_process';
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

  test('all that listens is on the loopback', () => {
    const listening = spawnSync('ss', ['-ltnH'], { encoding: 'utf8' }).stdout.trim().split('\n');
    const others = listening.map(line => line.split(/\s+/)[3]!).filter(a => !/^(127\.|\[::ffff:127\.|\[::1\])/.test(a));
    expect(others).toEqual([]);
  });
});
