import type { Cluster } from '../cluster.ts';
import { LocalRay, type LocalRayOptions } from './local-ray.ts';
import { runOnRay } from './run-on-ray.ts';

/** Starts Ray on this machine to run queries on. @throws RayexecError `io` */
export async function startLocalCluster(options: LocalRayOptions): Promise<Cluster> {
  const ray = await LocalRay.start(options);
  return {
    run: (stages, client, runOptions) => runOnRay(stages, ray, client, runOptions),
    close: () => ray.close(),
  };
}
