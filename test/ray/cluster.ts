import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const file = (path: string): string => fileURLToPath(new URL(`../../${path}`, import.meta.url));

/** The Python that `npm run ray:install` makes. */
export const python = file('.ray/python/bin/python');

/** Starts a command where there is no network but the loopback: whatever listens is reached by nobody else. */
export const launcher = ['unshare', '-n', 'sh', '-c', 'ip link set lo up && exec "$@"', 'sh'];

/** Whether the tests can run here. */
export const canRun =
  existsSync(python) &&
  existsSync(file('dist/ray-worker.js')) &&
  spawnSync(launcher[0]!, [...launcher.slice(1), 'true']).status === 0;

/** Marks the processes that are started from now on. */
export function markProcesses(): string {
  const mark = `RAYEXEC_TEST=${process.pid}.${Math.random()}`;
  process.env['RAYEXEC_TEST'] = mark.split('=')[1];
  return mark;
}

/** Ids of the processes with a mark whose command has a word. */
export function processesWith(mark: string, word: string): number[] {
  return readdirSync('/proc').flatMap(id => {
    if (!/^\d+$/.test(id) || Number(id) === process.pid) return [];
    try {
      const environment = readFileSync(`/proc/${id}/environ`, 'latin1');
      const command = readFileSync(`/proc/${id}/cmdline`, 'latin1');
      return environment.includes(mark) && command.includes(word) ? [Number(id)] : [];
    } catch {
      return [];
    }
  });
}
