import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const file = (path: string): string => fileURLToPath(new URL(`../../${path}`, import.meta.url));

/** The Python that `npm run ray:install` makes. */
export const python = file('.ray/python/bin/python');

/** Whether the tests run: by `npm run test:ray`, where a missing part is an error. */
export const canRun = process.env['RAYEXEC_TEST_RAY'] === '1';
export const needed = 'on Ray (npm run test:ray)';
if (canRun && !existsSync(file('dist/ray-worker.mjs'))) throw new Error('first: npm run build:code');

/** A cluster of two raylets with one CPU each. */
export class TwoRaylets {
  readonly address: string;
  readonly #process: ChildProcess;
  readonly #folder: string;

  private constructor(process: ChildProcess, folder: string, address: string) {
    this.#process = process;
    this.#folder = folder;
    this.address = address;
  }

  /** @param storeBytes of each raylet's object store */
  static async start(storeBytes = 512 * 2 ** 20): Promise<TwoRaylets> {
    const folder = mkdtempSync(join(tmpdir(), 'ray-'));
    // Gateways that this process starts get in with the same token.
    process.env['RAY_AUTH_MODE'] = 'token';
    process.env['RAY_AUTH_TOKEN'] = randomBytes(32).toString('hex');
    process.env['RAY_USAGE_STATS_ENABLED'] = '0';
    // Ray's workers are nice to others by default: on a busy machine they would hardly run.
    process.env['RAY_worker_niceness'] = '0';
    process.env['RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER'] = '0';
    const cluster = spawn(python, [file('test/ray/two-raylets.py'), folder, String(storeBytes)], {
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    let told = '';
    cluster.stderr.on('data', data => {
      told = (told + String(data)).slice(-4000);
    });
    for await (const line of createInterface({ input: cluster.stdout })) {
      if (!line.startsWith('CLUSTER ')) continue;
      const { address } = JSON.parse(line.slice(8)) as { address: string };
      return new TwoRaylets(cluster, folder, address);
    }
    throw new Error(`no cluster: ${told}`);
  }

  async close(): Promise<void> {
    const ended = new Promise(resolve => this.#process.once('exit', resolve));
    this.#process.stdin!.end();
    await ended;
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

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
