import { typeOf } from '../../plan/expr.ts';
import { exprKey } from '../../plan/expr-key.ts';
import { columnRef } from '../../plan/literals.ts';
import type { AggregatePlan } from '../../plan/logical-plan.ts';
import type { PlanRule } from '../rule.ts';

/** Aggregates that don't care in which order values come. */
const UNORDERED = new Set(['count', 'sum', 'avg']);

/**
 * Aggregates of all rows over the distinct values of one expression find these by grouping, which many clones do
 * together and which moves to files what memory has no room for. With keys it would find each group's values at the
 * cost of one more, longer key a row, which is slower.
 *
 *     aggregate [count(distinct x)]        aggregate [count(x)]
 *       scan t                       ⇒       aggregate by x
 *                                              scan t
 */
export const distinctToGroups: PlanRule<'aggregate'> = {
  name: 'distinct-to-groups',
  on: 'aggregate',
  apply(plan, ctx) {
    const expr = plan.keys.length === 0 && plan.groupingSets === undefined ? distinctValue(plan) : undefined;
    if (expr === undefined) return undefined;
    const column = { id: ctx.newColumnId(), name: 'value', type: typeOf(expr), nullable: true };
    return {
      ...plan,
      input: { kind: 'aggregate', input: plan.input, keys: [{ column, expr }], aggregates: [] },
      aggregates: plan.aggregates.map(({ column: result, aggregate }) => ({
        column: result,
        aggregate: { ...aggregate, distinct: false, args: [columnRef(column)] },
      })),
    };
  },
};

/** The expression whose distinct values all aggregates are over. */
function distinctValue({ aggregates }: AggregatePlan): AggregatePlan['keys'][number]['expr'] | undefined {
  const [first] = aggregates;
  const value = first?.aggregate.args[0];
  if (value === undefined) return undefined;
  const key = exprKey(value);
  const isAlike = aggregates.every(
    ({ aggregate: { fn, args, distinct, filter, orderBy } }) =>
      UNORDERED.has(fn) &&
      distinct &&
      filter === undefined &&
      orderBy === undefined &&
      args.length === 1 &&
      exprKey(args[0]!) === key,
  );
  return isAlike ? value : undefined;
}
