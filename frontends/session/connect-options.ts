import type { Platform } from '../../src/platform/platform.ts';
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

/** Opens a database on a platform. */
export function openDatabase<DB = Tables>(
  platform: Platform,
  { threads, memoryLimit, workerUrl }: ConnectOptions & { readonly threads: number; readonly workerUrl: URL },
): Database<DB> {
  return new Database<DB>(new Session(new Host(platform, memoryLimit, workerUrl), defaultSettings(threads)));
}
