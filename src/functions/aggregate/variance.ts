import type { AggregateFunction } from '../function.ts';
import { aggregateDoc } from './documented.ts';
import { type DoubleKernels, statistic, updateDouble } from './statistic.ts';

const kernels: DoubleKernels = { stateBytes: 24, update: updateDouble('agg_variance'), merge: 'merge_variance' };

function variance(
  name: string,
  aliases: readonly string[],
  summary: string,
  result: string,
  compute: (n: number, m2: number) => number | null,
): AggregateFunction {
  const example = `(SELECT ${name}(x) FROM (VALUES (1), (3)) t(x))`;
  return {
    name,
    aliases,
    doc: aggregateDoc(summary, ['arg'], [example, result]),
    overloads: [statistic(1, kernels, (n, [, m2]) => compute(n, m2!))],
  };
}

const population = (n: number, m2: number): number | null => (n === 0 ? null : n === 1 ? 0 : m2 / n);
const sample = (n: number, m2: number): number | null => (n < 2 ? null : m2 / (n - 1));
const root = (x: number | null): number | null => (x === null ? null : Math.sqrt(x));

/** Spread around the mean. */
export const varianceAggregates: readonly AggregateFunction[] = [
  variance('var_pop', [], 'Variance of the values.', '1.0', population),
  variance('var_samp', ['variance'], 'Variance of what the values are a sample of.', '2.0', sample),
  variance('stddev_pop', [], 'Standard deviation of the values.', '1.0', (n, m2) => root(population(n, m2))),
  variance(
    'stddev_samp',
    ['stddev'],
    'Standard deviation of what the values are a sample of.',
    '1.4142135623730951',
    (n, m2) => root(sample(n, m2)),
  ),
  variance('sem', [], 'Standard error of the mean.', '0.7071067811865475', (n, m2) =>
    n === 0 ? null : Math.sqrt(population(n, m2)!) / Math.sqrt(n),
  ),
];
