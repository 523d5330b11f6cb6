import type { Cluster } from '../cluster.ts';
import { readBundle } from './bundle.ts';
import { LocalRay, type LocalRayOptions } from './local-ray.ts';
import { RayJob, type RayJobOptions } from './ray-job.ts';
import { type Gateway, runOnRay } from './run-on-ray.ts';

/** Where the code is that a cluster runs. */
export type BundleUrls = {
  /** The module that Ray's workers run in Node, with all that it imports. */
  readonly workerUrl: URL;
  /** The folder of the Python modules. */
  readonly shimUrl: URL;
};

type Started = Gateway & { readonly isAlive: boolean; close(): Promise<void> };

/**
 * Starts a gateway to run queries through: on this machine, or as a job of a cluster elsewhere. When it has ended, the next
 * query starts another.
 * @throws RayexecError `io`
 */
export async function startCluster(options: LocalRayOptions | RayJobOptions, urls: BundleUrls): Promise<Cluster> {
  const bundle = await readBundle(urls.shimUrl, urls.workerUrl);
  const start = (): Promise<Started> =>
    'url' in options ? RayJob.start(options, bundle) : LocalRay.start(options, bundle);
  const restart = async (before: Started): Promise<Started> => {
    await before.close();
    return start();
  };
  let gateway = Promise.resolve(await start());
  return {
    run: async (stages, client, runOptions) => {
      const now = gateway;
      const started = await now.catch(() => undefined);
      if (started?.isAlive !== true && gateway === now) gateway = started === undefined ? start() : restart(started);
      return runOnRay(stages, await gateway, client, runOptions);
    },
    close: async () => (await gateway).close(),
  };
}
