import { outputOf } from '../../plan/columns.ts';
import { columnRef, isFalse, isNull, nullOf } from '../../plan/literals.ts';
import type { Column, JoinPlan, LogicalPlan, RecursivePlan, SetOpPlan } from '../../plan/logical-plan.ts';
import { bottomUp } from '../../plan/rewrite.ts';
import type { Pass } from '../rule.ts';

/**
 * What is known to have no rows makes what stands above it simpler.
 *
 *     filter [false] x           ⇒   empty
 *     join inner x (empty)       ⇒   empty
 *     join anti x (empty)        ⇒   x
 *     union all x (empty)        ⇒   x
 *     aggregate [k] (empty)      ⇒   empty
 */
export const removeEmpty: Pass = { name: 'remove-empty', run: plan => bottomUp(plan, reduce) };

function reduce(plan: LogicalPlan): LogicalPlan {
  switch (plan.kind) {
    case 'filter':
      return isFalse(plan.predicate) || isNull(plan.predicate) ? empty(plan) : emptyLike(plan, plan.input);
    case 'scan':
      return plan.filters.some(f => isFalse(f) || isNull(f)) || plan.limit === 0 ? empty(plan) : plan;
    case 'values':
      return plan.rows.length === 0 ? empty(plan) : plan;
    case 'project':
    case 'unnest':
    case 'sort':
    case 'limit':
    case 'limit-by':
    case 'top-k':
    case 'distinct-on':
    case 'window':
      return emptyLike(plan, plan.input);
    case 'aggregate':
      // Without keys there is a row of counts all the same; so it is with an empty grouping set.
      if (plan.keys.length === 0 || plan.groupingSets?.some(s => s.length === 0)) return plan;
      return emptyLike(plan, plan.input);
    case 'join':
      return reduceJoin(plan);
    case 'asof-join':
      if (plan.left.kind === 'empty') return empty(plan);
      if (plan.right.kind !== 'empty') return plan;
      if (plan.type === 'anti') return plan.left;
      return plan.type === 'left' ? withNulls(plan, plan.left, outputOf(plan.right), true) : empty(plan);
    case 'set-op':
      return reduceSetOp(plan);
    case 'recursive':
      if (plan.anchor.kind === 'empty') return empty(plan);
      return plan.step.kind === 'empty' ? oneSide(plan, plan.anchor) : plan;
    case 'shared':
      return plan.input.kind === 'empty' ? plan.input : plan;
    default:
      return plan;
  }
}

const empty = (plan: LogicalPlan): LogicalPlan => ({ kind: 'empty', columns: outputOf(plan) });
const emptyLike = (plan: LogicalPlan, input: LogicalPlan): LogicalPlan => (input.kind === 'empty' ? empty(plan) : plan);

function reduceJoin(plan: JoinPlan): LogicalPlan {
  const { left, right, type, condition } = plan;
  const never = condition !== undefined && (isFalse(condition) || isNull(condition));
  const noLeft = left.kind === 'empty';
  const noMatch = never || noLeft || right.kind === 'empty';
  if (!noMatch) return plan;
  switch (type) {
    case 'inner':
    case 'semi':
      return empty(plan);
    case 'anti':
      return noLeft ? empty(plan) : left;
    case 'left':
    case 'single':
      return noLeft ? empty(plan) : withNulls(plan, left, outputOf(right), true);
    case 'right':
      return right.kind === 'empty' ? empty(plan) : withNulls(plan, right, outputOf(left), false);
    case 'full':
      if (noLeft) return right.kind === 'empty' ? empty(plan) : withNulls(plan, right, outputOf(left), false);
      return right.kind === 'empty' ? withNulls(plan, left, outputOf(right), true) : plan;
    case 'mark':
      return noLeft ? empty(plan) : plan;
  }
}

/** The rows of one side with NULLs in the columns of the other. */
function withNulls(plan: LogicalPlan, input: LogicalPlan, missing: readonly Column[], after: boolean): LogicalPlan {
  const ids = new Set(missing.map(c => c.id));
  const columns = outputOf(plan).map(column => ({
    column,
    expr: ids.has(column.id) ? nullOf(column.type) : columnRef(column),
  }));
  const own = columns.filter(c => !ids.has(c.column.id));
  const nulls = columns.filter(c => ids.has(c.column.id));
  return { kind: 'project', input, columns: after ? [...own, ...nulls] : [...nulls, ...own] };
}

function reduceSetOp(plan: SetOpPlan): LogicalPlan {
  const noLeft = plan.left.kind === 'empty';
  const noRight = plan.right.kind === 'empty';
  if (!noLeft && !noRight) return plan;
  switch (plan.op) {
    case 'union':
      if (noLeft && noRight) return empty(plan);
      return oneSide(plan, noLeft ? plan.right : plan.left);
    case 'intersect':
      return empty(plan);
    case 'except':
      return noLeft ? empty(plan) : oneSide(plan, plan.left);
  }
}

/** One side's rows under the set operation's ids, without repetitions unless ALL. */
function oneSide(plan: SetOpPlan | RecursivePlan, side: LogicalPlan): LogicalPlan {
  const from = outputOf(side);
  const columns = plan.columns.map((column, i) => ({ column, expr: columnRef(from[i]!) }));
  if (plan.all) return { kind: 'project', input: side, columns };
  return { kind: 'aggregate', input: side, keys: columns, aggregates: [] };
}
