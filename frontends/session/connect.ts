import type { LocalRayOptions } from '../../src/distribute/ray/local-ray.ts';
import { startLocalCluster } from '../../src/distribute/ray/ray-cluster.ts';
import { nodePlatform } from '../../src/platform/node.ts';
import { defaultThreads } from '../../src/platform/node-worker.ts';
import { type Connected, type ConnectOptions, openDatabase, type SchemaOption } from './connect-options.ts';
import type { DatabaseSchema } from './database-schema.ts';

export type NodeConnectOptions = ConnectOptions & {
  /**
   * Runs queries on a Ray cluster that is started on this machine when first needed. `python` has Ray (`pip install
   * 'ray[default]'`; default: python3); `launcher` is a command that starts it, such as a namespace.
   */
  readonly ray?: 'local' | RayOptions | undefined;
};

type RayOptions = { readonly python?: string | undefined; readonly launcher?: readonly string[] | undefined };

/**
 * Opens a database in memory. Nothing starts before the first query, so this waits for nothing; `await` is fine too.
 * `connect({ schema })` types and checks tables and files by a schema of `rayexec typegen`; `connect<DB>()` only says what
 * the tables are, which nobody checks.
 */
export function connect<DB = never, const S extends DatabaseSchema = never>(
  options: NodeConnectOptions & SchemaOption<S> = {},
): Connected<DB, S> {
  const { threads = defaultThreads(), workerUrl = builtWorker(), memoryLimit, schema, ray } = options;
  const common = { threads, memoryLimit, workerUrl, schema };
  if (ray === undefined) return openDatabase<DB, S>(nodePlatform, common);
  const settings = { separate_memory: true, partitions: Math.max(2, defaultThreads()) };
  return openDatabase<DB, S>(nodePlatform, common, settings, () =>
    startLocalCluster(localRay(ray === 'local' ? {} : ray)),
  );
}

/** The worker's module: beside the bundle; when run from sources, the one that was built last. */
function builtWorker(): URL {
  const here = import.meta.url;
  return new URL(here.endsWith('.ts') ? '../../dist/worker.js' : './worker.js', here);
}

function localRay({ python = 'python3', launcher }: RayOptions): LocalRayOptions {
  const here = import.meta.url;
  const isSource = here.endsWith('.ts');
  return {
    python,
    launcher,
    workerUrl: new URL(isSource ? '../../dist/ray-worker.js' : './ray-worker.js', here),
    shimUrl: new URL(isSource ? '../../src/distribute/ray/shim/' : './ray-shim/', here),
  };
}
