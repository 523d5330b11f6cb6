import { spawn } from 'node:child_process';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, test } from 'vitest';
import { canRun, markProcesses, needed, processesWith, python, until } from './cluster.ts';

const cli = fileURLToPath(new URL('../../dist/cli.js', import.meta.url));
/** Runs a command with a terminal for all of its streams. */
const ON_TERMINAL = 'import os, pty, sys; sys.exit(os.waitstatus_to_exitcode(pty.spawn(sys.argv[1:])))';

describe.skipIf(!canRun)(`rayexec --ray local, ${needed}`, () => {
  let mark: string;
  beforeAll(() => {
    mark = markProcesses();
  });

  async function run(command: string, args: readonly string[]) {
    // A newcomer's Python with Ray is the one on the PATH.
    const env = { ...process.env, PATH: `${dirname(python)}:${process.env['PATH']}` };
    const ran = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'], env });
    const told = { out: '', err: '' };
    ran.stdout.on('data', data => {
      told.out += String(data);
    });
    ran.stderr.on('data', data => {
      told.err += String(data);
    });
    const status = await new Promise(resolve => ran.once('close', resolve));
    await until(() => processesWith(mark, '').length === 0);
    return { status, ...told };
  }
  const argsOf = (sql: string): string[] => [cli, '--ray', 'local', '-f', 'csv', '-c', `SET partitions = 2; ${sql}`];

  test('answers, tells nothing else where there is no terminal, and leaves no process', async () => {
    const sql = 'SELECT count(DISTINCT x) AS n FROM range(300000) t(x)';
    expect(await run(process.execPath, argsOf(sql))).toEqual({ status: 0, out: 'n\n300000\n', err: '' });
  });

  test('tells how far a query is on a terminal, and clears that', async () => {
    const sql = `SELECT count(*) AS n FROM range(4000000) a(x) JOIN range(4000000) b(x) ON a.x = b.x
      JOIN range(4000000) c(x) ON a.x = c.x`;
    const { status, out } = await run(python, ['-c', ON_TERMINAL, process.execPath, ...argsOf(sql)]);
    const parts = [...out.matchAll(/\r(\d+) % read/g)].map(([, part]) => Number(part));
    expect({ status, last: parts.at(-1) }).toEqual({ status: 0, last: 100 });
    expect(parts.length).toBeGreaterThan(2);
    expect(parts).toEqual(parts.toSorted((a, b) => a - b));
    expect(out.endsWith('\r\x1b[Kn\r\n4000000\r\n')).toBe(true);
  });

  test('an error of a query is told with its place, and ends with 1', async () => {
    const { status, out, err } = await run(process.execPath, argsOf(`SELECT CAST('a' || x AS INT) FROM range(9) t(x)`));
    expect({ status, out }).toEqual({ status: 1, out: '' });
    expect(err).toMatch(/stage 0, task 0 on /);
  });
});
