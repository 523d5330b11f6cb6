import type { PlanRule } from '../rule.ts';

/** Above this many rows a heap no longer beats sorting everything. */
const MAX_ROWS = 100_000;

/**
 * A limit over a sort keeps only the first rows while they come in.
 *
 *     limit 10 offset 5
 *       sort [a desc]       ⇒   top-k 10 offset 5 [a desc]
 */
export const makeTopK: PlanRule<'limit'> = {
  name: 'make-top-k',
  on: 'limit',
  apply({ input, count, offset }) {
    if (input.kind !== 'sort' || count === undefined || count + offset > MAX_ROWS) return undefined;
    return { kind: 'top-k', input: input.input, keys: input.keys, count, offset };
  },
};
