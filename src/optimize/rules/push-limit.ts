import type { LogicalPlan, PlanOf } from '../../plan/logical-plan.ts';
import type { PlanRule } from '../rule.ts';

/**
 * A limit goes below projections, so that they compute fewer rows; into the sides of UNION ALL and into scans as the
 * number of rows that are enough. Projections above a top-k or sort stay the same for it.
 *
 *     limit 5                      project [a + 1]
 *       project [a + 1]      ⇒       limit 5
 *         scan t                       scan t (5 rows are enough)
 */
export const pushLimit: PlanRule<'limit'> = {
  name: 'push-limit',
  on: 'limit',
  apply(plan, { effects }) {
    const { input } = plan;
    const { count } = plan;
    switch (input.kind) {
      case 'project': {
        if (input.columns.some(c => effects.isVolatile(c.expr))) return undefined;
        return { ...input, input: { ...plan, input: input.input } };
      }
      case 'set-op': {
        if (count === undefined || input.op !== 'union' || !input.all) return undefined;
        const enough = count + plan.offset;
        const left = atMost(input.left, enough);
        const right = atMost(input.right, enough);
        return left === input.left && right === input.right ? undefined : { ...plan, input: { ...input, left, right } };
      }
      case 'scan': {
        if (count === undefined) return undefined;
        const enough = count + plan.offset;
        return (input.limit ?? Number.POSITIVE_INFINITY) <= enough
          ? undefined
          : { ...plan, input: { ...input, limit: enough } };
      }
      default:
        return undefined;
    }
  },
};

function atMost(plan: LogicalPlan, count: number): LogicalPlan {
  return isBounded(plan, count) ? plan : { kind: 'limit', input: plan, count, offset: 0 };
}

function isBounded(plan: LogicalPlan, count: number): boolean {
  switch (plan.kind) {
    case 'limit':
    case 'top-k':
      return (plan.count ?? Number.POSITIVE_INFINITY) <= count || isBounded(plan.input, count);
    case 'scan':
      return (plan.limit ?? Number.POSITIVE_INFINITY) <= count;
    case 'project':
    case 'sort':
    case 'filter':
      return isBounded(plan.input, count);
    case 'values':
      return plan.rows.length <= count;
    case 'aggregate':
      return plan.keys.length === 0 && plan.groupingSets === undefined;
    case 'set-op':
      return isBoundedUnion(plan, count);
    default:
      return false;
  }
}

/** The sides of a union that has been given a limit before have limits of their own. */
function isBoundedUnion(plan: PlanOf<'set-op'>, count: number): boolean {
  return plan.op === 'union' && plan.all && isBounded(plan.left, count) && isBounded(plan.right, count);
}
