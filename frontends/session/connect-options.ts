import type { Cluster } from '../../src/distribute/cluster.ts';
import type { Platform } from '../../src/platform/platform.ts';
import { Database } from './database.ts';
import { type DatabaseSchema, type FilesOf, type TablesOf, withTablesOf } from './database-schema.ts';
import { Host } from './host.ts';
import { Session } from './session.ts';
import { defaultSettings, type Settings } from './settings.ts';
import { Store } from './store.ts';

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

/** The database that `connect` opens: typed by its schema, else by what the program says. */
export type Connected<DB, S> = Database<[DB] extends [never] ? TablesOf<S> : DB, FilesOf<S>>;

/** What types a database: a schema with tables and files, as `rayexec typegen` writes it. */
export type SchemaOption<S> = {
  /** Names, types and nullability are compared with the files when a query is bound. */
  readonly schema?: S | undefined;
};

/**
 * Opens a database on a platform.
 * @param startCluster starts the cluster that queries run on as `settings.partitions` tasks a stage; absent: they run here
 */
export function openDatabase<DB, S>(
  platform: Platform,
  { threads, memoryLimit, workerUrl, schema }: OpenOptions,
  settings: Partial<Settings> = {},
  startCluster?: () => Promise<Cluster>,
): Connected<DB, S> {
  const limit = memoryLimit ?? Math.min(LARGEST_MEMORY, DEFAULT_PART * (platform.memoryBytes() ?? LARGEST_MEMORY));
  const host = new Host(platform, limit, workerUrl, startCluster);
  const store = new Store();
  if (schema !== undefined) store.catalog = withTablesOf(schema, store.catalog);
  const session = new Session(host, { ...defaultSettings(threads, limit), ...settings }, store);
  return new Database(session, schema?.files) as Connected<DB, S>;
}

type OpenOptions = ConnectOptions &
  SchemaOption<DatabaseSchema> & { readonly threads: number; readonly workerUrl: URL };

const LARGEST_MEMORY = 2 ** 32;
/** Of the memory that the process may use. */
const DEFAULT_PART = 0.8;
