import { extremum } from './extremum.ts';

/** `min(x)`. */
export const min = extremum('min', {
  summary: 'Smallest value; NULL when there is none. With n, a list of the n smallest.',
  args: ['arg', 'n'],
  category: 'aggregate',
  examples: [
    ["(SELECT min(x) FROM (VALUES ('b'), ('a'), (NULL)) t(x))", 'a'],
    ['(SELECT min(x, 2) FROM (VALUES (1), (3), (2)) t(x))', '[1, 2]'],
  ],
});
