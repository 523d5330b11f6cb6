import { allOf, conjunctsOf } from '../../plan/conjuncts.ts';
import type { BoundAggregate } from '../../plan/expr.ts';
import type { PlanRule } from '../rule.ts';

/** Aggregates to which NULLs are as if they were not there. */
const SKIP_NULLS: ReadonlySet<string> = new Set(['sum', 'avg', 'min', 'max', 'count']);

/**
 * Values that are NULL but for some rows are not made: the aggregate takes only these rows.
 *
 *     aggregate [sum(case when day = 'Monday' then x else NULL end)]   ⇒   aggregate [sum(x) filter (day = 'Monday')]
 */
export const caseToFilter: PlanRule<'aggregate'> = {
  name: 'case-to-filter',
  on: 'aggregate',
  apply(plan) {
    const aggregates = plan.aggregates.map(a => {
      const aggregate = filteredInstead(a.aggregate);
      return aggregate === undefined ? a : { ...a, aggregate };
    });
    return aggregates.every((a, i) => a === plan.aggregates[i]) ? undefined : { ...plan, aggregates };
  },
};

function filteredInstead(aggregate: BoundAggregate): BoundAggregate | undefined {
  const { fn, args, filter } = aggregate;
  const [arg] = args;
  if (!SKIP_NULLS.has(fn) || args.length !== 1 || arg?.kind !== 'case') return undefined;
  const [branch, ...others] = arg.branches;
  const { otherwise } = arg;
  if (branch === undefined || others.length > 0 || otherwise.kind !== 'literal' || otherwise.value.value !== null)
    return undefined;
  const condition = filter === undefined ? branch.when : allOf([...conjunctsOf(filter), ...conjunctsOf(branch.when)]);
  return { ...aggregate, args: [branch.result], filter: condition };
}
