// Distribution on Ray (`rayexec/ray`): its phases, each usable alone. `cutStages` is a pure function of a physical plan, which
// `rayexec/engine` lowers; a `Cluster` runs the stages. `connect({ ray })` does all of it.
export type { Cluster, ClusterOptions } from '../cluster.ts';
export type { RootStage } from '../local/run-stages.ts';
export { cutStages, explainStages, planOfTask, type Stage } from '../stage.ts';
export { type BundleUrls, packagedBundle } from './bundle-urls.ts';
export type { LocalRayOptions } from './local-ray.ts';
export { rayCluster } from './ray-cluster.ts';
export type { RayJobOptions } from './ray-job.ts';
