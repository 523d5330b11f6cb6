import type { Cluster } from '../cluster.ts';
import { readBundle } from './bundle.ts';
import { LocalRay, type LocalRayOptions } from './local-ray.ts';
import { runOnRay } from './run-on-ray.ts';

/** Where the code is that a cluster runs. */
export type BundleUrls = {
  /** The module that Ray's workers run in Node, with all that it imports. */
  readonly workerUrl: URL;
  /** The folder of the Python modules. */
  readonly shimUrl: URL;
};

/**
 * Starts a gateway on this machine to run queries through; when it has ended, the next query starts another.
 * @throws RayexecError `io`
 */
export async function startLocalCluster(options: LocalRayOptions, urls: BundleUrls): Promise<Cluster> {
  const bundle = await readBundle(urls.shimUrl, urls.workerUrl);
  let ray = Promise.resolve(await LocalRay.start(options, bundle));
  return {
    run: async (stages, client, runOptions) => {
      const before = ray;
      if (!(await before).isAlive && ray === before) ray = before.then(dead => restarted(dead, options, bundle));
      return runOnRay(stages, await ray, client, runOptions);
    },
    close: async () => (await ray).close(),
  };
}

async function restarted(dead: LocalRay, options: LocalRayOptions, bundle: Parameters<typeof LocalRay.start>[1]) {
  await dead.close();
  return LocalRay.start(options, bundle);
}
