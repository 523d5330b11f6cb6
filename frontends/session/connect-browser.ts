import { browserPlatform } from '../../src/platform/browser.ts';
import { defaultBrowserThreads, type PageFiles } from '../../src/platform/browser-worker.ts';
import { type ConnectOptions, openDatabase } from './connect-options.ts';
import type { Database, Tables } from './database.ts';

export type BrowserConnectOptions = ConnectOptions & {
  /** Files and blobs of the page, by the names under which queries read them: `SELECT * FROM 'name.parquet'`. */
  readonly files?: PageFiles | undefined;
};

/**
 * Opens a database in memory, in a page. Threads need a page that is cross-origin isolated; elsewhere everything runs
 * on the calling thread.
 */
export function connect<DB = Tables>(options: BrowserConnectOptions = {}): Database<DB> {
  const { threads = defaultBrowserThreads(), memoryLimit, files } = options;
  const workerUrl = options.workerUrl ?? new URL('./browser-worker.js', import.meta.url);
  return openDatabase<DB>(browserPlatform(files), { threads, memoryLimit, workerUrl });
}
