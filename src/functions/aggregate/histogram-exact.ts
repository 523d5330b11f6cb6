import type { AggregateFunction } from '../function.ts';
import { binned } from './bins.ts';
import { aggregateDoc } from './documented.ts';

/** `histogram_exact(x, bins)`. */
export const histogramExact: AggregateFunction = {
  name: 'histogram_exact',
  doc: aggregateDoc(
    'A map from each of some values to its number of rows; the other rows are counted under a value after all.',
    ['arg', 'bins'],
    ['(SELECT histogram_exact(x, [1, 5]) FROM (VALUES (1), (1), (2)) t(x))', '{1=2, 5=0, 2147483647=1}'],
  ),
  overloads: [binned(true)],
};
