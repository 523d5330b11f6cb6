import { uniqueKeys } from '../../plan/unique-keys.ts';
import type { PlanRule } from '../rule.ts';

/**
 * Grouping without aggregates by columns of which no two rows have the same values changes nothing; so does IN over
 * distinct values.
 *
 *     aggregate [k] []                    project [k]
 *       aggregate [k] [count(*)]    ⇒       aggregate [k] [count(*)]
 */
export const eliminateDistinct: PlanRule<'aggregate'> = {
  name: 'eliminate-distinct',
  on: 'aggregate',
  apply({ input, keys, aggregates, groupingSets }) {
    if (aggregates.length > 0 || keys.length === 0 || groupingSets !== undefined) return undefined;
    const columns = new Set(keys.flatMap(k => (k.expr.kind === 'column' ? [k.expr.id] : [])));
    if (!uniqueKeys(input).some(key => [...key].every(id => columns.has(id)))) return undefined;
    return { kind: 'project', input, columns: keys };
  },
};
