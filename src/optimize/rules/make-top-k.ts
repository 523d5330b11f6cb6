import { match, P } from 'ts-pattern';
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
  apply: limit =>
    match(limit)
      .with({ input: { kind: 'sort' }, count: P.number }, ({ input: { input, keys }, count, offset }) =>
        count + offset > MAX_ROWS ? undefined : ({ kind: 'top-k', input, keys, count, offset } as const),
      )
      .otherwise(() => undefined),
};
