import { assertNever } from '../../common/errors.ts';
import type { AggregatePlan, LogicalPlan } from '../../plan/logical-plan.ts';
import { mapInputs } from '../../plan/rewrite.ts';
import type { Pass } from '../rule.ts';

/**
 * An order that nobody sees is not made: below aggregates whose results don't depend on it, below joins, set
 * operations and other sorts, and in subplans that are read apart.
 *
 *     aggregate [k] [sum(x)]           aggregate [k] [sum(x)]
 *       sort [x]                   ⇒     scan t
 *         scan t
 */
export const eliminateSort: Pass = { name: 'eliminate-sort', run: plan => drop(plan, true) };

/** `seen`: the order of the plan's rows shows in the result. */
function drop(plan: LogicalPlan, seen: boolean): LogicalPlan {
  switch (plan.kind) {
    case 'sort':
      // What an order leaves open, no other order below it has to settle.
      return seen ? mapInputs(plan, input => drop(input, false)) : drop(plan.input, false);
    case 'filter':
    case 'unnest':
    case 'project':
    case 'copy':
    case 'insert':
      return mapInputs(plan, input => drop(input, seen || plan.kind === 'copy' || plan.kind === 'insert'));
    case 'window':
      // Rows that its own order does not tell apart come as they are.
      return mapInputs(plan, input => drop(input, true));
    case 'limit':
    case 'limit-by':
      return mapInputs(plan, input => drop(input, true));
    case 'top-k':
      return mapInputs(plan, input => drop(input, false));
    case 'distinct-on':
      return mapInputs(plan, input => drop(input, plan.orderBy.length === 0));
    case 'aggregate':
      return mapInputs(plan, input => drop(input, dependsOnOrder(plan)));
    case 'set-op':
      return mapInputs(plan, input => drop(input, seen && plan.op === 'union' && plan.all));
    case 'recursive':
    case 'join':
    case 'asof-join':
    case 'scan':
    case 'values':
    case 'empty':
    case 'shared-ref':
      return mapInputs(plan, input => drop(input, false));
    case 'shared': {
      const definition = drop(plan.definition, true);
      const input = drop(plan.input, seen);
      return definition === plan.definition && input === plan.input ? plan : { ...plan, definition, input };
    }
    default:
      return assertNever(plan);
  }
}

/** Aggregates whose results are the same in any order of their rows. */
const UNORDERED: ReadonlySet<string> = new Set([
  'count',
  'sum',
  'min',
  'max',
  'avg',
  'bool_and',
  'bool_or',
  'count_star',
]);

const dependsOnOrder = (plan: AggregatePlan): boolean =>
  plan.aggregates.some(({ aggregate }) => !UNORDERED.has(aggregate.fn) && aggregate.orderBy === undefined);
