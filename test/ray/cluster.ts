import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface, type Interface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const file = (path: string): string => fileURLToPath(new URL(`../../${path}`, import.meta.url));

/** The Python that `npm run ray:install` makes. */
export const python = file('.ray/python/bin/python');

/** Whether the tests run: by `npm run test:ray`, where a missing part is an error. */
export const canRun = process.env['RAYEXEC_TEST_RAY'] === '1';
export const needed = 'on Ray (npm run test:ray)';
if (canRun && !existsSync(file('dist/ray-worker.mjs'))) throw new Error('first: npm run build:code');

type About = { readonly address: string; readonly dashboard: string | null };

/** A cluster of two raylets with one CPU each, or of another number. */
export class TwoRaylets {
  readonly address: string;
  /** Host and port of its dashboard, if it has one. */
  readonly dashboard: string | null;
  readonly #process: ChildProcess;
  readonly #folder: string;
  readonly #lines: Interface;
  /** The last of what it wrote on its standard error. */
  readonly #told: () => string;

  private constructor(process: ChildProcess, lines: Interface, told: () => string, folder: string, about: About) {
    const { address, dashboard } = about;
    this.#process = process;
    this.#lines = lines;
    this.#told = told;
    this.#folder = folder;
    this.address = address;
    this.dashboard = dashboard;
  }

  /** @param storeBytes of each raylet's object store */
  static async start({ storeBytes = 512 * 2 ** 20, dashboard = false, raylets = 2 } = {}): Promise<TwoRaylets> {
    const folder = mkdtempSync(join(tmpdir(), 'ray-'));
    // Gateways that this process starts get in with the same token.
    process.env['RAY_AUTH_MODE'] = 'token';
    process.env['RAY_AUTH_TOKEN'] = randomBytes(32).toString('hex');
    process.env['RAY_USAGE_STATS_ENABLED'] = '0';
    // Ray's workers are nice to others by default: on a busy machine they would hardly run.
    process.env['RAY_worker_niceness'] = '0';
    process.env['RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER'] = '0';
    const args = [
      file('test/ray/two-raylets.py'),
      folder,
      String(storeBytes),
      dashboard ? 'dashboard' : 'none',
      String(raylets),
    ];
    // Jobs start Python by its name.
    const env = { ...process.env, PATH: `${dirname(python)}:${process.env['PATH']}` };
    const cluster = spawn(python, args, { stdio: ['pipe', 'pipe', 'pipe'], env });
    let told = '';
    cluster.stderr.on('data', data => {
      told = (told + String(data)).slice(-4000);
    });
    const lines = createInterface({ input: cluster.stdout });
    const about = await new Promise<About>((resolve, reject) => {
      lines.on('line', line => {
        if (line.startsWith('CLUSTER ')) resolve(JSON.parse(line.slice(8)) as About);
      });
      cluster.once('exit', () => reject(new Error(`no cluster: ${told}`)));
    });
    return new TwoRaylets(cluster, lines, () => told, folder, about);
  }

  /** Paths of the shuffle files that nodes keep now. */
  shuffleFiles(): string[] {
    return this.#files(/\/rayexec-\d+\/[^/]+\/[0-9a-f]{32}\/[\d.]+(\.part)?$/);
  }

  /** Paths of the files that object stores have been moved to. */
  spilledFiles(): string[] {
    return this.#files(/ray_spilled_objects[^/]*\/./);
  }

  #files(name: RegExp): string[] {
    for (;;) {
      try {
        const paths = readdirSync(this.#folder, { recursive: true, encoding: 'utf8' });
        return paths.filter(p => name.test(p)).map(p => join(this.#folder, p));
      } catch {
        // A folder has gone meanwhile.
      }
    }
  }

  /** Starts another raylet. */
  async addRaylet(): Promise<void> {
    await this.#ask('more', 'CLUSTER');
  }

  /** How many objects the stores have. */
  async objects(): Promise<number> {
    return Number(await this.#ask('objects', 'OBJECTS'));
  }

  /** What follows a word in the answer. */
  async #ask(what: string, word: string): Promise<string> {
    const answer = new Promise<string>((resolve, reject) => {
      const fail = (): void => reject(new Error(`the cluster has ended: ${this.#told()}`));
      const take = (line: string): void => {
        if (!line.startsWith(`${word} `)) return;
        this.#lines.off('line', take);
        this.#process.off('exit', fail);
        resolve(line.slice(word.length + 1));
      };
      this.#lines.on('line', take);
      this.#process.once('exit', fail);
    });
    this.#process.stdin!.write(`${what}\n`);
    return answer;
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

/**
 * Ids of the processes with a mark whose command, with a zero after each argument, has a word or matches; those that were
 * started last at the end. Ids do not tell: after some ten thousand processes they begin anew.
 */
export function processesWith(mark: string, word: string | RegExp): number[] {
  const found = readdirSync('/proc').flatMap(id => {
    if (!/^\d+$/.test(id) || Number(id) === process.pid) return [];
    try {
      const environment = readFileSync(`/proc/${id}/environ`, 'latin1');
      const command = readFileSync(`/proc/${id}/cmdline`, 'latin1');
      const isMeant = typeof word === 'string' ? command.includes(word) : word.test(command);
      return environment.includes(mark) && isMeant ? [{ id: Number(id), start: startOf(id) }] : [];
    } catch {
      return [];
    }
  });
  return found.sort((a, b) => a.start - b.start || a.id - b.id).map(({ id }) => id);
}

/** When a process was started, in ticks since the machine was. */
function startOf(id: string): number {
  const stat = readFileSync(`/proc/${id}/stat`, 'latin1');
  return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19]);
}

/** The process that started another; 0 when that is gone. */
export function parentOf(id: number): number {
  try {
    return Number(/^PPid:\s+(\d+)$/m.exec(readFileSync(`/proc/${id}/status`, 'utf8'))?.[1]);
  } catch {
    return 0;
  }
}

/** Waits until something holds. @param found what there is instead @throws Error when it does not within a minute */
export async function until(holds: () => boolean | Promise<boolean>, found?: () => unknown): Promise<void> {
  for (let tries = 0; tries < 3000; tries++) {
    if (await holds()) return;
    await new Promise(resolve => setTimeout(resolve, 20));
  }
  throw new Error(`has not come about: ${holds}; found: ${JSON.stringify(await found?.())}`);
}
