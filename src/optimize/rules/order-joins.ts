import { noteSharedPlans } from '../../plan/cardinality.ts';
import { outputOf } from '../../plan/columns.ts';
import { columnRef } from '../../plan/literals.ts';
import type { JoinPlan, LogicalPlan } from '../../plan/logical-plan.ts';
import { mapInputs } from '../../plan/rewrite.ts';
import type { Effects } from '../effects.ts';
import { chooseJoinTree } from '../join-order/choose-join-tree.ts';
import { joinGraphOf } from '../join-order/join-graph.ts';
import { JoinPlanner } from '../join-order/join-planner.ts';
import type { Pass } from '../rule.ts';

/**
 * Joins are made in the order that is expected to hand up, look up and store the fewest rows; left, semi, anti and
 * mark joins move among inner joins as far as their conditions allow.
 *
 *     join inner [b.k = c.k]           join inner [a.k = b.k]
 *       join inner [a.k = b.k]    ⇒      scan a (1000 rows)
 *         scan a (1000 rows)             join inner [b.k = c.k]
 *         scan b (1000 rows)               scan b (1000 rows)
 *       scan c (1 row)                     scan c (1 row)
 */
export const orderJoins: Pass = {
  name: 'order-joins',
  run: (plan, { effects }) => {
    noteSharedPlans(plan);
    return order(plan, effects);
  },
};

function order(plan: LogicalPlan, effects: Effects): LogicalPlan {
  if (plan.kind !== 'join') return mapInputs(plan, input => order(input, effects));
  const below = orderBelow(plan, effects);
  const graph = joinGraphOf(below, effects);
  if (graph === undefined) return below;
  const planner = new JoinPlanner(graph);
  const tree = chooseJoinTree(graph, planner);
  return tree === undefined ? below : arranged(planner.plan(tree), below);
}

/** Orders what hangs on a tree of joins first: its size decides the order above. */
function orderBelow(plan: JoinPlan, effects: Effects): JoinPlan {
  const visit = (input: LogicalPlan): LogicalPlan =>
    input.kind === 'join' && isTreePart(input) ? orderBelow(input, effects) : order(input, effects);
  const keepsRight = plan.type === 'inner' || plan.type === 'right';
  const keepsLeft = plan.type !== 'right' && isTreePart(plan);
  const left = keepsLeft ? visit(plan.left) : order(plan.left, effects);
  const right = keepsRight ? visit(plan.right) : order(plan.right, effects);
  return left === plan.left && right === plan.right ? plan : { ...plan, left, right };
}

const isTreePart = (plan: JoinPlan): boolean => plan.type !== 'full' && plan.type !== 'single';

/** The columns in the order of the original plan: a set operation above counts them. */
function arranged(plan: LogicalPlan, original: LogicalPlan): LogicalPlan {
  const wanted = outputOf(original);
  const output = outputOf(plan);
  if (wanted.length === output.length && wanted.every((c, i) => c.id === output[i]!.id)) return plan;
  return { kind: 'project', input: plan, columns: wanted.map(column => ({ column, expr: columnRef(column) })) };
}
