import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { type IncomingMessage, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { RayexecError } from '../../common/errors.ts';

export type LocalRayOptions = {
  /** A Python that has Ray: `pip install 'ray[default]'`. */
  readonly python: string;
  /** A command that starts Python and its arguments: a namespace without network, a container. */
  readonly launcher?: readonly string[] | undefined;
  /** The module that Ray's workers run in Node. */
  readonly workerUrl: URL;
  /** The folder of the Python modules. */
  readonly shimUrl: URL;
};

const PROTOCOL = 1;

/** A Ray cluster on this machine, of one node, with the gateway that is its driver. It ends with this process. */
export class LocalRay {
  readonly #gateway: ChildProcess;
  readonly #folder: string;
  readonly cpus: number;

  /** The last of what it wrote on its standard error. */
  readonly #told: () => string;

  private constructor(gateway: ChildProcess, folder: string, cpus: number, told: () => string) {
    this.#told = told;
    this.#gateway = gateway;
    this.#folder = folder;
    this.cpus = cpus;
  }

  /** Starts a cluster; takes some seconds. @throws RayexecError `io` when Python or Ray can't be started */
  static async start({ python, launcher = [], workerUrl, shimUrl }: LocalRayOptions): Promise<LocalRay> {
    // Sockets have short paths: so must the folder.
    const folder = await mkdtemp(join(tmpdir(), 'ray-'));
    const shim = fileURLToPath(shimUrl);
    const [command, ...args] = [...launcher, python, join(shim, 'gateway.py'), folder];
    const gateway = spawn(command!, args, {
      stdio: ['pipe', 'pipe', 'pipe'],
      env: {
        ...process.env,
        PYTHONPATH: shim,
        PYTHONDONTWRITEBYTECODE: '1',
        RAY_USAGE_STATS_ENABLED: '0',
        RAY_AUTH_MODE: 'token',
        RAY_AUTH_TOKEN: randomBytes(32).toString('hex'),
        RAYEXEC_NODE: process.execPath,
        RAYEXEC_WORKER: fileURLToPath(workerUrl),
      },
    });
    let told = '';
    gateway.stderr.on('data', (data: Buffer) => {
      told = (told + data.toString()).slice(-4000);
    });
    const failed = new Promise<never>((_, reject) => {
      const fail = (why: string): void =>
        reject(new RayexecError('io', `Ray can't be started: ${why}`, { hint: "pip install 'ray[default]'" }));
      gateway.once('error', error => fail(error.message));
      gateway.once('exit', code => fail(told.trim().split('\n').at(-1) || `Python ended with code ${code}`));
    });
    try {
      const { protocol, cpus } = await Promise.race([firstLine(gateway), failed]);
      if (protocol !== PROTOCOL) throw new RayexecError('internal', `the gateway speaks protocol ${protocol}`);
      failed.catch(() => undefined);
      // A program ends when it has nothing else to wait for; the gateway then ends with its input.
      for (const handle of [gateway, gateway.stdin, gateway.stdout, gateway.stderr] as readonly { unref?(): void }[]) {
        handle.unref?.();
      }
      return new LocalRay(gateway, folder, cpus, () => told);
    } catch (error) {
      gateway.kill();
      await rm(folder, { recursive: true, force: true });
      throw error;
    }
  }

  /** Sends a query's frames; the answer's bytes come as they do. @throws RayexecError `io` */
  async *query(frames: readonly Uint8Array[], signal?: AbortSignal): AsyncGenerator<Uint8Array, void, undefined> {
    const asked = request({
      socketPath: join(this.#folder, 'gateway.sock'),
      path: '/query',
      method: 'POST',
      headers: { 'content-length': frames.reduce((sum, f) => sum + f.length, 0) },
      signal,
    });
    const answered = new Promise<IncomingMessage>((resolve, reject) => {
      asked.once('response', resolve);
      asked.once('error', reject);
    });
    for (const frame of frames) asked.write(frame);
    asked.end();
    try {
      const response = await answered;
      if (response.statusCode !== 200) {
        throw new RayexecError('io', `the gateway answers with status ${response.statusCode}`);
      }
      yield* response as AsyncIterable<Uint8Array>;
    } catch (cause) {
      if (cause instanceof RayexecError) throw cause;
      const why = this.#told().trim().split('\n').at(-1);
      throw new RayexecError('io', `the gateway of Ray can't be reached: ${why || String(cause)}`, { cause });
    }
  }

  /** Ends the cluster. */
  async close(): Promise<void> {
    const { exitCode, signalCode } = this.#gateway;
    if (exitCode === null && signalCode === null) {
      const ended = new Promise(resolve => this.#gateway.once('exit', resolve));
      this.#gateway.stdin!.end();
      await ended;
    }
    await rm(this.#folder, { recursive: true, force: true });
  }
}

async function firstLine(gateway: ChildProcess): Promise<{ readonly protocol: number; readonly cpus: number }> {
  for await (const line of createInterface({ input: gateway.stdout! })) return JSON.parse(line);
  throw new RayexecError('io', 'the gateway of Ray has ended');
}
