import type { Cluster } from '../../src/distribute/cluster.ts';
import type { Platform } from '../../src/platform/platform.ts';
import { Database, type Tables } from './database.ts';
import { Host } from './host.ts';
import { Session } from './session.ts';
import { defaultSettings, type Settings } from './settings.ts';

export type ConnectOptions = {
  /** Worker threads; 0: everything on the calling thread. Default: what the machine has. */
  readonly threads?: number | undefined;
  /**
   * Bytes that tables and queries may take together; queries that need more use temporary files. Default: 80 % of what
   * the process may use, at most what the linear memory holds, 4 GiB.
   */
  readonly memoryLimit?: number | undefined;
  /** Where the worker's module is, for pages and bundles that move it. */
  readonly workerUrl?: URL | undefined;
};

/**
 * Opens a database on a platform.
 * @param startCluster starts the cluster that queries run on as `settings.partitions` tasks a stage; absent: they run here
 */
export function openDatabase<DB = Tables>(
  platform: Platform,
  { threads, memoryLimit, workerUrl }: ConnectOptions & { readonly threads: number; readonly workerUrl: URL },
  settings: Partial<Settings> = {},
  startCluster?: () => Promise<Cluster>,
): Database<DB> {
  const limit = memoryLimit ?? Math.min(LARGEST_MEMORY, DEFAULT_PART * (platform.memoryBytes() ?? LARGEST_MEMORY));
  const host = new Host(platform, limit, workerUrl, startCluster);
  return new Database<DB>(new Session(host, { ...defaultSettings(threads, limit), ...settings }));
}

const LARGEST_MEMORY = 2 ** 32;
/** Of the memory that the process may use. */
const DEFAULT_PART = 0.8;
