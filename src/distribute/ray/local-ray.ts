import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { RayexecError } from '../../common/errors.ts';
import type { Bundle } from './bundle.ts';
import { askGateway, PROTOCOL } from './gateway.ts';

export type LocalRayOptions = {
  /** A Python that has Ray: `pip install 'ray[default]'`. */
  readonly python: string;
  /** A command that starts Python and its arguments: a namespace without network, a container. */
  readonly launcher?: readonly string[] | undefined;
  /** The address of a cluster that has a node on this machine; default: a cluster of one node is started. */
  readonly address?: string | undefined;
};

/** The gateway to a Ray cluster that has a node on this machine, as a child of this process, with which it ends. */
export class LocalRay {
  readonly bundle: string;
  readonly #gateway: ChildProcess;
  readonly #folder: string;
  readonly #token: string;
  /** The last of what it wrote on its standard error. */
  readonly #told: () => string;
  #isGone = false;

  private constructor(gateway: ChildProcess, folder: string, token: string, bundle: string, told: () => string) {
    this.#gateway = gateway;
    this.#folder = folder;
    this.#token = token;
    this.bundle = bundle;
    this.#told = told;
  }

  /** Starts it; takes some seconds. @throws RayexecError `io` when Python or Ray can't be started */
  static async start({ python, launcher = [], address }: LocalRayOptions, bundle: Bundle): Promise<LocalRay> {
    // Sockets have short paths: so must the folder. Nobody else can look into it.
    const folder = await mkdtemp(join(tmpdir(), 'ray-'));
    const token = randomBytes(32).toString('hex');
    await writeModules(join(folder, 'modules'), bundle);
    const [command, ...args] = [...launcher, python, join(bundle.shimFolder, 'gateway.py')];
    const gateway = spawn(command!, args, {
      stdio: ['pipe', 'pipe', 'pipe'],
      env: { ...process.env, ...environment(bundle, folder, token, address) },
    });
    let told = '';
    gateway.stderr.on('data', (data: Buffer) => {
      told = (told + data.toString()).slice(-4000);
    });
    const lastLine = (): string => told.trim().split('\n').at(-1) ?? '';
    const failed = new Promise<never>((_, reject) => {
      const fail = (why: string): void =>
        reject(new RayexecError('io', `Ray can't be started: ${why}`, { hint: "pip install 'ray[default]'" }));
      gateway.once('error', error => fail(error.message));
      gateway.once('exit', code => fail(lastLine() || `Python ended with code ${code}`));
    });
    try {
      const about = await Promise.race([firstLine(gateway), failed]);
      if (about.protocol !== PROTOCOL)
        throw new RayexecError('internal', `the gateway speaks protocol ${about.protocol}`);
      failed.catch(() => undefined);
      // A program ends when it has nothing else to wait for; the gateway then ends with its input.
      for (const handle of [gateway, gateway.stdin, gateway.stdout, gateway.stderr] as readonly { unref?(): void }[]) {
        handle.unref?.();
      }
      return new LocalRay(gateway, folder, token, bundle.hash, lastLine);
    } catch (error) {
      gateway.kill();
      await rm(folder, { recursive: true, force: true });
      throw error;
    }
  }

  get isAlive(): boolean {
    return !this.#isGone && !this.#hasEnded;
  }

  get #hasEnded(): boolean {
    return this.#gateway.exitCode !== null || this.#gateway.signalCode !== null;
  }

  ask(frames: readonly Uint8Array[], signal: AbortSignal | undefined): AsyncIterable<Uint8Array> {
    // That a process has ended is told later than that its socket is closed.
    const gone = (): string => {
      if (signal?.aborted !== true) this.#isGone = true;
      return this.#told() || 'it has ended';
    };
    const address = { token: this.#token, socketPath: join(this.#folder, 'gateway.sock') };
    return askGateway(address, frames, signal, gone);
  }

  /** Ends the gateway, and the cluster if it was started for it. */
  async close(): Promise<void> {
    if (!this.#hasEnded) {
      const ended = new Promise(resolve => this.#gateway.once('exit', resolve));
      this.#gateway.ref();
      this.#gateway.stdin!.end();
      await ended;
    }
    await rm(this.#folder, { recursive: true, force: true });
  }
}

function environment(
  { shimFolder, workerFile }: Bundle,
  folder: string,
  token: string,
  address: string | undefined,
): Record<string, string> {
  const cluster = {
    RAY_AUTH_MODE: 'token',
    RAY_AUTH_TOKEN: randomBytes(32).toString('hex'),
    // Ray then takes the loopback for its address, and listens on nothing else.
    RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER: '0',
  };
  return {
    PYTHONPATH: shimFolder,
    PYTHONDONTWRITEBYTECODE: '1',
    RAY_USAGE_STATS_ENABLED: '0',
    RAYEXEC_NODE: process.execPath,
    RAYEXEC_WORKER: workerFile,
    RAYEXEC_MODULES: join(folder, 'modules'),
    RAYEXEC_TOKEN: token,
    RAYEXEC_LISTEN: join(folder, 'gateway.sock'),
    RAYEXEC_FOLDER: folder,
    RAYEXEC_PARENT: 'stdin',
    RAYEXEC_ADDRESS: address ?? 'local',
    ...(address === undefined ? cluster : {}),
  };
}

async function writeModules(folder: string, { modules }: Bundle): Promise<void> {
  for (const { name, bytes } of modules) {
    const path = join(folder, name);
    await mkdir(dirname(path), { recursive: true, mode: 0o700 });
    await writeFile(path, bytes);
  }
}

type About = { readonly protocol: number };

async function firstLine(gateway: ChildProcess): Promise<About> {
  for await (const line of createInterface({ input: gateway.stdout! })) {
    if (line.startsWith('RAYEXEC ')) return JSON.parse(line.slice(8)) as About;
  }
  throw new RayexecError('io', 'the gateway of Ray has ended');
}
