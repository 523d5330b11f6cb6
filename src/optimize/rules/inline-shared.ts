import type { LogicalPlan } from '../../plan/logical-plan.ts';
import { mapInputs } from '../../plan/rewrite.ts';
import type { Pass } from '../rule.ts';
import { countReferences, replaceReferences, underIdsOf } from '../shared-references.ts';

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
    const { id, definition, input } = plan;
    const references = countReferences(input, id);
    if (references === 0) return inline(input);
    if (references === 1) return inline(replaceReferences(input, id, reference => underIdsOf(reference, definition)));
  }
  return mapInputs(plan, inline);
}
