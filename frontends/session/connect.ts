import { nodePlatform } from '../../src/platform/node.ts';
import { defaultThreads } from '../../src/platform/node-worker.ts';
import { Database, type Tables } from './database.ts';
import { Host } from './host.ts';
import { Session } from './session.ts';
import { defaultSettings } from './settings.ts';

export type ConnectOptions = {
  /** Worker threads; 0: everything on the calling thread. Default: what the machine has. */
  readonly threads?: number | undefined;
  /** Bytes that tables and queries may take together. Default: what the linear memory holds, up to 4 GiB. */
  readonly memoryLimit?: number | undefined;
  /** Where the worker's module is, for pages and bundles that move it. */
  readonly workerUrl?: URL | undefined;
};

/** Opens a database in memory. Nothing starts before the first query, so this waits for nothing; `await` is fine too. */
export function connect<DB = Tables>(options: ConnectOptions = {}): Database<DB> {
  const threads = options.threads ?? defaultThreads();
  const host = new Host(nodePlatform, options.memoryLimit, options.workerUrl ?? workerUrl());
  return new Database<DB>(new Session(host, defaultSettings(threads)));
}

/** The worker's module: beside the bundle; when run from sources, the one that was built last. */
function workerUrl(): URL {
  const here = import.meta.url;
  return new URL(here.endsWith('.ts') ? '../../dist/worker.js' : './worker.js', here);
}
