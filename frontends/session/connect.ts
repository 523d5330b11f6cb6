import type { Cluster } from '../../src/distribute/cluster.ts';
import type { RayJobOptions } from '../../src/distribute/ray/ray-job.ts';
import { nodePlatform } from '../../src/platform/node.ts';
import { defaultThreads } from '../../src/platform/node-worker.ts';
import { checkConnectOptions } from './check-connect-options.ts';
import {
  type ConnectArguments,
  type Connected,
  type ConnectOptions,
  openDatabase,
  type SchemaOption,
} from './connect-options.ts';
import type { DatabaseSchema } from './database-schema.ts';

export type NodeConnectOptions = ConnectOptions & {
  /** Runs queries on a Ray cluster: 'local' starts one on this machine when first needed; the URL of a dashboard uses that one. */
  readonly ray?: 'local' | `http${string}` | RayOptions | RayJobOptions | undefined;
  /** Of the cluster at a URL, where it asks for one. */
  readonly token?: string | undefined;
  /** On a cluster, tasks of a stage at most. Default: what this machine has, at least 2. */
  readonly partitions?: number | undefined;
};

/** A Ray cluster with a node on this machine. */
export type RayOptions = {
  /** A Python that has Ray: `pip install 'ray[default]'`. Default: python3. */
  readonly python?: string | undefined;
  /** A command that starts Python, such as a namespace. */
  readonly launcher?: readonly string[] | undefined;
  /** Of a cluster that runs already, as `ray start` prints it; default: one is started. */
  readonly address?: string | undefined;
};

/**
 * Opens a database in memory. Nothing starts before the first query, so this waits for nothing; `await` is fine too.
 * `connect({ schema })` types and checks tables and files by a schema of `rayexec typegen`; `connect<DB>()` only says what
 * the tables are, which nobody checks.
 */
export function connect<DB = never, const S extends DatabaseSchema = never>(
  ...[options = {}]: ConnectArguments<NodeConnectOptions & SchemaOption<S>>
): Connected<DB, S> {
  checkConnectOptions(options, ['ray', 'token', 'partitions']);
  const { threads = defaultThreads(), workerUrl = builtWorker(), memoryLimit, wasm, schema, values, ray } = options;
  const common = { platform: nodePlatform, threads, memoryLimit, workerUrl, wasm, schema };
  if (ray === undefined) return openDatabase<DB, S>(common, values);
  const { partitions = Math.max(2, defaultThreads()) } = options;
  const settings = { separate_memory: true, partitions };
  return openDatabase<DB, S>({ ...common, settings, startCluster: () => startRay(ray, options.token) }, values);
}

/** The worker's module: beside the bundle; when run from sources, the one that was built last. */
function builtWorker(): URL {
  const here = import.meta.url;
  return new URL(here.endsWith('.ts') ? '../../dist/worker.js' : './worker.js', here);
}

async function startRay(ray: NonNullable<NodeConnectOptions['ray']>, token: string | undefined): Promise<Cluster> {
  const { rayCluster } = await import('../../src/distribute/ray/ray-cluster.ts');
  return rayCluster(placeOf(ray, token));
}

function placeOf(ray: NonNullable<NodeConnectOptions['ray']>, token: string | undefined) {
  if (typeof ray === 'string') return ray === 'local' ? { python: 'python3' } : { url: ray, token };
  return 'url' in ray ? { token, ...ray } : { ...ray, python: ray.python ?? 'python3' };
}
