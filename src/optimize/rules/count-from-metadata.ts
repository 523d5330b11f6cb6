import type { PlanRule } from '../rule.ts';

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
    if (input.kind !== 'scan' || keys.length > 0 || groupingSets !== undefined || aggregates.length === 0)
      return undefined;
    const { rows, exactRows } = input.source.statistics;
    if (input.filters.length > 0 || input.limit !== undefined || rows === undefined || exactRows !== true)
      return undefined;
    for (const { aggregate: a } of aggregates) {
      const countsRows = a.fn === 'count' && a.args.length === 0 && a.filter === undefined && !a.distinct;
      if (!countsRows || a.type.kind !== 'int' || a.type.bits !== 64) return undefined;
    }
    const columns = aggregates.map(a => a.column);
    const row = aggregates.map(
      ({ aggregate }) => ({ kind: 'literal', value: { type: aggregate.type, value: String(rows) } }) as const,
    );
    return { kind: 'values', columns, rows: [row] };
  },
};
