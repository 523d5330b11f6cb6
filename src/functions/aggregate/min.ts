import { extremum } from './extremum.ts';

/** `min(x)`. */
export const min = extremum('min', {
  summary: 'Smallest value; NULL when there is none.',
  args: ['arg'],
  category: 'aggregate',
  examples: [["(SELECT min(x) FROM (VALUES ('b'), ('a'), (NULL)) t(x))", 'a']],
});
