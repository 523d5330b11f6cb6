import { allOf, conjunctsOf } from '../../plan/conjuncts.ts';
import type { LogicalPlan } from '../../plan/logical-plan.ts';
import { bottomUp } from '../../plan/rewrite.ts';
import type { Effects } from '../effects.ts';
import { mergedConjuncts } from '../merged-conjuncts.ts';
import type { Pass } from '../rule.ts';

/**
 * Several conditions on one value leave the narrowest, or nothing.
 *
 *     x > 1 and x >= 3 and x < 9    ⇒   x >= 3 and x < 9
 *     x = 2 and x < 5               ⇒   x = 2
 *     x in (1, 2, 7) and x < 5      ⇒   x in (1, 2)
 *     x > 5 and x < 3               ⇒   false
 *
 * Only where a NULL counts as false: in filters, scans and conditions of joins other than mark.
 */
export const mergeRanges: Pass = {
  name: 'merge-ranges',
  run: (plan, { effects }) => bottomUp(plan, node => mergeIn(node, effects)),
};

function mergeIn(plan: LogicalPlan, effects: Effects): LogicalPlan {
  switch (plan.kind) {
    case 'filter': {
      const conjuncts = conjunctsOf(plan.predicate);
      const merged = mergedConjuncts(conjuncts, effects);
      return merged === conjuncts ? plan : { ...plan, predicate: allOf(merged)! };
    }
    case 'scan': {
      const filters = mergedConjuncts(plan.filters, effects);
      return filters === plan.filters ? plan : { ...plan, filters };
    }
    case 'join': {
      if (plan.type === 'mark') return plan;
      const conjuncts = conjunctsOf(plan.condition);
      const merged = mergedConjuncts(conjuncts, effects);
      return merged === conjuncts ? plan : { ...plan, condition: allOf(merged) };
    }
    default:
      return plan;
  }
}
