import { hasAtMostOneMatch } from '../../plan/unique-keys.ts';
import type { PlanRule } from '../rule.ts';

/**
 * A scalar subquery that can't give two rows for a row needs no check that it doesn't, and may be reordered.
 *
 *     join single [a.k = key]            join left [a.k = key]
 *       scan a                     ⇒       scan a
 *       aggregate [b.k as key] …           aggregate [b.k as key] …
 */
export const singleToLeft: PlanRule<'join'> = {
  name: 'single-to-left',
  on: 'join',
  apply: join => (join.type === 'single' && hasAtMostOneMatch(join) ? { ...join, type: 'left' } : undefined),
};
