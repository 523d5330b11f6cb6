import type { LogicalPlan } from '../../plan/logical-plan.ts';
import type { PlanRule } from '../rule.ts';

/**
 * Whether a row has a match does not depend on how often: a DISTINCT, sort or projection on the side that is only
 * looked up goes away.
 *
 *     join semi [a.k = b.k]        join semi [a.k = b.k]
 *       scan a                ⇒      scan a
 *       aggregate [b.k] []           project [b.k]
 */
export const dropDistinctBelowSemi: PlanRule<'join'> = {
  name: 'drop-distinct-below-semi',
  on: 'join',
  apply(join) {
    if (join.type !== 'semi' && join.type !== 'anti' && join.type !== 'mark') return undefined;
    const right = withoutDistinct(join.right);
    return right === join.right ? undefined : { ...join, right };
  },
};

function withoutDistinct(plan: LogicalPlan): LogicalPlan {
  if (plan.kind === 'sort') return withoutDistinct(plan.input);
  if (plan.kind !== 'aggregate' || plan.aggregates.length > 0 || plan.groupingSets !== undefined) return plan;
  return plan.keys.length === 0 ? plan : { kind: 'project', input: plan.input, columns: plan.keys };
}
