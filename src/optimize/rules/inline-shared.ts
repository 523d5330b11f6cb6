import type { ColumnRef } from '../../plan/expr.ts';
import type { LogicalPlan, PlanOf, SharedId } from '../../plan/logical-plan.ts';
import { inputsOf, mapInputs } from '../../plan/rewrite.ts';
import type { Pass } from '../rule.ts';

/**
 * A shared subplan that is read once is no longer shared, so that filters can be pushed into it; one that nothing
 * reads goes away.
 *
 *     shared $1                      join …
 *       definition             ⇒       project [definition's columns under the reference's ids]
 *       join …                           definition
 *         shared-ref $1
 */
export const inlineShared: Pass = { name: 'inline-shared', run: inline };

function inline(plan: LogicalPlan): LogicalPlan {
  if (plan.kind === 'shared') {
    const references = countReferences(plan.input, plan.id);
    if (references === 0) return inline(plan.input);
    if (references === 1) return inline(replaceReference(plan.input, plan));
  }
  return mapInputs(plan, inline);
}

function countReferences(plan: LogicalPlan, id: SharedId): number {
  if (plan.kind === 'shared-ref') return plan.id === id ? 1 : 0;
  // Each round of a recursion would compute it again.
  if (plan.kind === 'recursive') return countReferences(plan.anchor, id) + 2 * countReferences(plan.step, id);
  return inputsOf(plan).reduce((n, input) => n + countReferences(input, id), 0);
}

function replaceReference(plan: LogicalPlan, shared: PlanOf<'shared'>): LogicalPlan {
  if (plan.kind !== 'shared-ref' || plan.id !== shared.id)
    return mapInputs(plan, input => replaceReference(input, shared));
  const columns = plan.columns.map((column, i) => {
    const expr: ColumnRef = { kind: 'column', id: plan.source[i]!, type: column.type };
    return { column, expr };
  });
  return { kind: 'project', input: shared.definition, columns };
}
