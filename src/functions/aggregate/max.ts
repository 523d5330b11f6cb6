import { extremum } from './extremum.ts';

/** `max(x)`. */
export const max = extremum('max', {
  summary:
    'Greatest value; NULL when there is none. NaN is greater than all other numbers. With n, a list of the n greatest.',
  args: ['arg', 'n'],
  category: 'aggregate',
  examples: [
    ['(SELECT max(x) FROM (VALUES (1), (3), (2)) t(x))', '3'],
    ['(SELECT max(x, 2) FROM (VALUES (1), (3), (2)) t(x))', '[3, 2]'],
  ],
});
