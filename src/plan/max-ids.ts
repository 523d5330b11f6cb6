import { outputOf } from './columns.ts';
import type { LogicalPlan } from './logical-plan.ts';
import { inputsOf } from './rewrite.ts';

/** The greatest column and shared ids that a plan uses; -1 for none. New ones are counted from there. */
export function maxIds(plan: LogicalPlan): { readonly column: number; readonly shared: number } {
  let column = -1;
  let shared = -1;
  const visit = (node: LogicalPlan): void => {
    for (const c of outputOf(node)) column = Math.max(column, c.id);
    if (node.kind === 'shared' || node.kind === 'shared-ref' || node.kind === 'recursive')
      shared = Math.max(shared, node.id);
    for (const input of inputsOf(node)) visit(input);
  };
  visit(plan);
  return { column, shared };
}
