import type { Machine, RunOptions } from '../execute/runtime.ts';
import type { RootStage } from './local/run-stages.ts';
import type { Stage } from './stage.ts';

/** Machines that run the stages of queries. */
export type Cluster = {
  /**
   * Runs all stages but the last. @param client the memory of the process that asks
   * @throws RayexecError what a task ran into; `io` when the cluster can't be reached
   */
  run(
    stages: readonly Stage[],
    client: Machine,
    options: Pick<RunOptions, 'batchRows' | 'signal' | 'profile'>,
  ): Promise<RootStage>;
  close(): Promise<void>;
};
