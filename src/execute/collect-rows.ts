import type { Batch } from '../batch/batch.ts';
import type { Owner } from '../memory/linear-memory.ts';
import { collectedBatches } from '../operators/collect.ts';
import type { PhysicalPlan } from '../operators/physical-plan.ts';
import { QueryRun } from './query-run.ts';
import type { RunOptions, Runtime } from './runtime.ts';

/** The rows of a finished query, in linear memory until released. */
export type QueryRows = {
  readonly rowCount: number;
  /** In order; views that are valid until `release`. */
  readonly batches: readonly Batch[];
  /** Frees all that the query took (not the rows, if another owner has them). */
  readonly release: () => void;
};

/**
 * Runs a plan and keeps its rows. @param rowOwner who owns them when they are to outlive the query
 * @throws RayexecError what the query ran into; nothing stays allocated
 */
export async function collectRows(
  runtime: Runtime,
  plan: PhysicalPlan,
  options: RunOptions = {},
  rowOwner?: Owner,
): Promise<QueryRows> {
  const { memory } = runtime.machine;
  const run = await QueryRun.open(runtime, plan, { kind: 'collect', types: plan.types, owner: rowOwner }, options);
  try {
    await run.finish();
    const batches = collectedBatches(memory, plan.types, run.struct, run.groups);
    const rowCount = batches.reduce((sum, b) => sum + b.selected, 0);
    return { rowCount, batches, release: () => run.release() };
  } catch (error) {
    run.release();
    if (rowOwner !== undefined) memory.freeOwner(rowOwner);
    throw error;
  }
}
