import { RayexecError } from '../../common/errors.ts';
import type { AggregateFunction } from '../function.ts';
import { aggregateDoc } from './documented.ts';
import { type DoubleKernels, type Statistic, statistic, updateDouble } from './statistic.ts';

/** @throws RayexecError `overflow` when a moment left the range of doubles */
function finite(value: number): number {
  if (Number.isFinite(value)) return value;
  throw new RayexecError('overflow', 'powers of the values are out of the range of DOUBLE');
}

const kernels: DoubleKernels = { stateBytes: 40, update: updateDouble('agg_moments'), merge: 'merge_moments' };

/** From the mean and the sums of distances from it to the powers of 2, 3 and 4; NULL where all values are the same. */
const skewness: Statistic = (n, [, s2, s3]) => {
  if (n <= 2) return null;
  const m2 = finite(s2!) / n;
  if (finite(m2 ** 3) <= 0) return null;
  return finite(((Math.sqrt(n * (n - 1)) / (n - 2)) * (s3! / n)) / m2 ** 1.5);
};

const kurtosis =
  (isSample: boolean): Statistic =>
  (n, [, s2, , s4]) => {
    if (n <= (isSample ? 3 : 1)) return null;
    const m2 = finite(s2!) / n;
    if (m2 <= 0) return null;
    const ratio = s4! / n / (m2 * m2);
    if (!isSample) return finite(ratio - 3);
    return finite(((n - 1) * ((n + 1) * ratio - 3 * (n - 1))) / ((n - 2) * (n - 3)));
  };

function shape(name: string, summary: string, result: string, compute: Statistic): AggregateFunction {
  const example = `(SELECT round(${name}(x), 6) FROM (VALUES (1.0), (2.0), (4.0), (9.0)) t(x))`;
  return { name, doc: aggregateDoc(summary, ['arg'], [example, result]), overloads: [statistic(1, kernels, compute)] };
}

/** Shape of a distribution. */
export const shapeAggregates: readonly AggregateFunction[] = [
  shape('skewness', 'How lopsided the values are.', '1.330938', skewness),
  shape('kurtosis', 'How heavy the tails are of what the values are a sample of.', '1.5', kurtosis(true)),
  shape('kurtosis_pop', 'How heavy the tails of the values are.', '-1.0', kurtosis(false)),
];
