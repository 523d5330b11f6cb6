import { browserPlatform } from '../../src/platform/browser.ts';
import { defaultBrowserThreads, type PageFiles } from '../../src/platform/browser-worker.ts';
import { checkConnectOptions } from './check-connect-options.ts';
import {
  type ConnectArguments,
  type Connected,
  type ConnectOptions,
  openDatabase,
  type SchemaOption,
} from './connect-options.ts';
import type { DatabaseSchema } from './database-schema.ts';

export type BrowserConnectOptions = ConnectOptions & {
  /** Files and blobs of the page, by the names under which queries read them: `SELECT * FROM 'name.parquet'`. */
  readonly files?: PageFiles | undefined;
};

/**
 * Opens a database in memory, in a page. Threads need a page that is cross-origin isolated; elsewhere everything runs
 * on the calling thread.
 */
export function connect<DB = never, const S extends DatabaseSchema = never>(
  ...[options = {}]: ConnectArguments<BrowserConnectOptions & SchemaOption<S>>
): Connected<DB, S> {
  checkConnectOptions(options, ['files']);
  const { threads = defaultBrowserThreads(), memoryLimit, workerUrl, wasm, files, schema, values } = options;
  const platform = browserPlatform(files, ownWorker);
  return openDatabase<DB, S>({ platform, threads, memoryLimit, workerUrl, wasm, schema }, values);
}

/** Written so that bundlers see that there is a worker to bundle. */
const ownWorker = (): Worker => new Worker(new URL('./browser-worker.js', import.meta.url), { type: 'module' });
