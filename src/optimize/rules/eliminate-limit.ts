import { match, P } from 'ts-pattern';
import { outputOf } from '../../plan/columns.ts';
import type { LogicalPlan } from '../../plan/logical-plan.ts';
import type { PlanRule } from '../rule.ts';

/**
 * A limit that takes nothing, everything, or a part of another limit.
 *
 *     limit 0 …               ⇒   empty
 *     limit offset 0 x        ⇒   x
 *     limit 5 (limit 3 x)     ⇒   limit 3 x
 */
export const eliminateLimit: PlanRule<'limit'> = {
  name: 'eliminate-limit',
  on: 'limit',
  apply: limit =>
    match(limit)
      .returnType<LogicalPlan | undefined>()
      .with({ count: 0 }, () => ({ kind: 'empty', columns: outputOf(limit.input) }))
      .with({ count: P.optional(undefined), offset: 0 }, ({ input }) => input)
      .with({ input: { kind: 'limit' } }, ({ input: inner, count, offset }) => {
        const left = inner.count === undefined ? Number.POSITIVE_INFINITY : Math.max(0, inner.count - offset);
        const both = Math.min(count ?? Number.POSITIVE_INFINITY, left);
        const rows = both === Number.POSITIVE_INFINITY ? undefined : both;
        return { kind: 'limit', input: inner.input, count: rows, offset: inner.offset + offset };
      })
      .otherwise(() => undefined),
};
