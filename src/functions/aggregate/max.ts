import { extremum } from './extremum.ts';

/** `max(x)`. */
export const max = extremum('max', {
  summary: 'Greatest value; NULL when there is none. NaN is greater than all other numbers.',
  args: ['arg'],
  category: 'aggregate',
  examples: [['(SELECT max(x) FROM (VALUES (1), (3), (2)) t(x))', '3']],
});
