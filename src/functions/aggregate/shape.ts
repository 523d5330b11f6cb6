import { RayexecError } from '../../common/errors.ts';
import type { AggregateFunction } from '../function.ts';
import { aggregateDoc } from './documented.ts';
import { type DoubleKernels, type Statistic, statistic, updateDouble } from './statistic.ts';

/** @throws RayexecError `overflow` when a power sum left the range of doubles */
function finite(value: number): number {
  if (Number.isFinite(value)) return value;
  throw new RayexecError('overflow', 'powers of the values are out of the range of DOUBLE');
}

const kernels: DoubleKernels = { stateBytes: 40, update: updateDouble('agg_powers'), merge: 'merge_powers' };

/** From the sums of x, x², x³. */
function skewness(n: number, [s1, s2, s3]: Float64Array): number | null {
  if (n <= 2) return null;
  const t = 1 / n;
  const p = (t * (s2! - s1! * s1! * t)) ** 3;
  if (finite(p) <= 0) return null;
  const scale = Math.sqrt(n * (n - 1)) / (n - 2);
  return finite((scale * t * (s3! - 3 * s2! * s1! * t + 2 * s1! ** 3 * t * t)) / Math.sqrt(p));
}

/** From the sums of x, x², x³, x⁴. */
const kurtosis =
  (isSample: boolean): Statistic =>
  (n, [s1, s2, s3, s4]) => {
    if (n <= (isSample ? 3 : 1)) return null;
    const t = 1 / n;
    const m4 = t * (s4! - 4 * s3! * s1! * t + 6 * s2! * s1! * s1! * t * t - 3 * s1! ** 4 * t ** 3);
    const m2 = t * (s2! - s1! * s1! * t);
    if (finite(m2) <= 0) return null;
    if (!isSample) return finite(m4 / (m2 * m2) - 3);
    return finite(((n - 1) * ((n + 1) * (m4 / (m2 * m2)) - 3 * (n - 1))) / ((n - 2) * (n - 3)));
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
