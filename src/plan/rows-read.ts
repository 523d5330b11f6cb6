import { estimateRows } from './cardinality.ts';
import type { LogicalPlan } from './logical-plan.ts';
import { inputsOf } from './rewrite.ts';

/** How many rows the sources below a plan have. */
export function rowsRead(plan: LogicalPlan): number {
  if (plan.kind === 'scan') return plan.source.statistics.rows ?? estimateRows(plan);
  return inputsOf(plan).reduce((rows, input) => rows + rowsRead(input), 0);
}
