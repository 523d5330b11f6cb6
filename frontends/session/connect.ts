import { nodePlatform } from '../../src/platform/node.ts';
import { defaultThreads } from '../../src/platform/node-worker.ts';
import { type ConnectOptions, openDatabase } from './connect-options.ts';
import type { Database, Tables } from './database.ts';

/** Opens a database in memory. Nothing starts before the first query, so this waits for nothing; `await` is fine too. */
export function connect<DB = Tables>(options: ConnectOptions = {}): Database<DB> {
  const { threads = defaultThreads(), workerUrl = builtWorker(), memoryLimit } = options;
  return openDatabase<DB>(nodePlatform, { threads, memoryLimit, workerUrl });
}

/** The worker's module: beside the bundle; when run from sources, the one that was built last. */
function builtWorker(): URL {
  const here = import.meta.url;
  return new URL(here.endsWith('.ts') ? '../../dist/worker.js' : './worker.js', here);
}
