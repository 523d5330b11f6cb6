import type { Machine, RunOptions } from '../execute/runtime.ts';
import type { RootStage } from './local/run-stages.ts';
import type { Stage } from './stage.ts';

export type ClusterOptions = Pick<RunOptions, 'batchRows' | 'signal' | 'profile' | 'onProgress' | 'functions'> & {
  /** How rows go between tasks; `auto`: by how many there are, and between how many. */
  readonly shuffle: 'auto' | 'store' | 'files';
};

/** Machines that run the stages of queries. */
export type Cluster = {
  /**
   * Starts all stages but the last, which reads what they send while they run: what a task runs into is thrown there.
   * @param client the memory of the process that asks
   * @throws RayexecError `io` when the cluster can't be started
   */
  run(stages: readonly Stage[], client: Machine, options: ClusterOptions): Promise<RootStage>;
  /** Ends what was started for it. */
  close(): Promise<void>;
};
