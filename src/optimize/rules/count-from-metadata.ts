import { isMatching, P } from 'ts-pattern';
import type { PlanRule } from '../rule.ts';

/** `count(*)` as a BIGINT, of all rows. */
const countsRows = isMatching({
  fn: 'count',
  args: [],
  filter: P.optional(undefined),
  distinct: false,
  type: { kind: 'int', bits: 64 },
});

/** A scan of a whole source that knows its rows. */
const isCounted = isMatching({
  kind: 'scan',
  filters: [],
  limit: P.optional(undefined),
  source: { statistics: { rows: P.number, exactRows: true } },
});

/**
 * How many rows a whole source has, sources often know.
 *
 *     aggregate [] [count(*)]       values (6001215)
 *       scan t                  ⇒
 */
export const countFromMetadata: PlanRule<'aggregate'> = {
  name: 'count-from-metadata',
  on: 'aggregate',
  apply({ input, keys, aggregates, groupingSets }) {
    if (keys.length > 0 || groupingSets !== undefined || aggregates.length === 0) return undefined;
    if (!isCounted(input) || !aggregates.every(a => countsRows(a.aggregate))) return undefined;
    const value = String(input.source.statistics.rows);
    const row = aggregates.map(({ aggregate: { type } }) => ({ kind: 'literal', value: { type, value } }) as const);
    return { kind: 'values', columns: aggregates.map(a => a.column), rows: [row] };
  },
};
