import { INT64 } from '../../types/data-type.ts';
import type { AggregateFunction, AggregateOverload } from '../function.ts';
import { plainState } from './plain-state.ts';
import { stateValues } from './state-values.ts';

const shared = {
  nullable: false,
  update: ({ kernels }, { states, statesMask, offset, rows }) => {
    kernels.agg_count(states, statesMask, offset, rows.selection, rows.selected);
  },
  ...plainState(8, ({ kernels }, { targets, sources, count, offset }) => {
    kernels.merge_count(targets, sources, count, offset);
  }),
  result: (ctx, call) => stateValues(ctx, call, INT64, -1),
} satisfies Partial<AggregateOverload>;

/** `count(*)` and `count(x)`. */
export const count: AggregateFunction = {
  name: 'count',
  doc: {
    summary: 'Number of rows, or of rows where the argument is not NULL.',
    args: ['arg'],
    category: 'aggregate',
    examples: [
      ['(SELECT count(*) FROM (VALUES (1), (NULL)) t(x))', '2'],
      ['(SELECT count(x) FROM (VALUES (1), (NULL)) t(x))', '1'],
    ],
  },
  overloads: [
    {
      ...shared,
      key: 'star',
      signature: '() -> BIGINT',
      fit: args => (args.length === 0 ? { args, returns: INT64, cost: 0 } : undefined),
      skipsNulls: false,
    },
    {
      ...shared,
      key: 'any',
      signature: '(ANY) -> BIGINT',
      fit: args => (args.length === 1 ? { args, returns: INT64, cost: 0 } : undefined),
      skipsNulls: true,
    },
  ],
};
