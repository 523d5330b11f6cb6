import { outputOf } from '../../plan/columns.ts';
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
  apply({ input, count, offset }) {
    if (count === 0) return { kind: 'empty', columns: outputOf(input) };
    if (count === undefined && offset === 0) return input;
    if (input.kind !== 'limit') return undefined;
    const left =
      input.count === undefined
        ? count
        : Math.max(0, Math.min(count ?? Number.POSITIVE_INFINITY, input.count - offset));
    return { kind: 'limit', input: input.input, count: left, offset: input.offset + offset };
  },
};
