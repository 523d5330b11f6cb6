import { outputOf } from '../../plan/columns.ts';
import type { BoundExpr, ColumnId } from '../../plan/expr.ts';
import type { LogicalPlan, PlanOf } from '../../plan/logical-plan.ts';
import { mapInputs } from '../../plan/rewrite.ts';
import type { Pass } from '../rule.ts';

/**
 * A projection that only passes columns on under their own ids goes away, also when it leaves some out or reorders
 * them, where the node above doesn't count positions.
 *
 *     filter [a > 1]
 *       project [b, a]     ⇒   filter [a > 1]
 *         scan t [a, b, c]       scan t [a, b, c]
 */
export const removeTrivialProjects: Pass = {
  name: 'remove-trivial-projects',
  run: plan => remove(plan, false),
};

function remove(plan: LogicalPlan, positional: boolean): LogicalPlan {
  if (
    plan.kind === 'project' &&
    plan.columns.every(c => isColumn(c.expr, c.column.id)) &&
    (!positional || keepsAll(plan))
  ) {
    return remove(plan.input, positional);
  }
  const positionalBelow =
    plan.kind === 'set-op' ||
    plan.kind === 'recursive' ||
    plan.kind === 'insert' ||
    plan.kind === 'copy' ||
    (positional && handsOnPositions(plan));
  return mapInputs(plan, input => remove(input, positionalBelow));
}

const isColumn = (e: BoundExpr, id: ColumnId): boolean => e.kind === 'column' && e.id === id;

function keepsAll(plan: PlanOf<'project'>): boolean {
  const below = outputOf(plan.input);
  return below.length === plan.columns.length && plan.columns.every((c, i) => c.column.id === below[i]!.id);
}

/** Nodes whose output has the positions of their inputs' outputs. */
function handsOnPositions(plan: LogicalPlan): boolean {
  switch (plan.kind) {
    case 'filter':
    case 'sort':
    case 'limit':
    case 'limit-by':
    case 'top-k':
    case 'distinct-on':
    case 'unnest':
    case 'join':
    case 'asof-join':
    case 'shared':
      return true;
    default:
      return false;
  }
}
