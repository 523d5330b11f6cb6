import type { LinearMemory } from '../memory/linear-memory.ts';
import { type CollectNode, collectedBatches, collectedRows } from '../operators/collect.ts';
import type { PhysicalPlan } from '../operators/physical-plan.ts';
import type { Pipelines } from './pipeline.ts';
import type { SharedState } from './query-memory.ts';
import type { QueryRows, RunOptions } from './runtime.ts';

/** The id of the sink that a runtime puts on top of a plan. */
export const COLLECT_ID = -1;

/** The sink that keeps the rows of a plan's root. */
export function collectNode(plan: PhysicalPlan, { resultOwner }: RunOptions): CollectNode {
  return { kind: 'collect', types: plan.types, owner: resultOwner };
}

/** The rows that the sink kept. */
export function collectedRowsOf(
  memory: LinearMemory,
  plan: PhysicalPlan,
  cut: Pipelines,
  shared: SharedState,
): QueryRows {
  memory.refresh();
  const struct = shared.structs[COLLECT_ID]!;
  const clones = cut.sinkClones[COLLECT_ID]!;
  return {
    rowCount: collectedRows(memory, struct, clones),
    batches: collectedBatches(memory, plan.types, struct, clones),
    release: () => memory.freeOwner(shared.owner),
  };
}
