import { type DataType, FLOAT64, UINT32 } from '../../types/data-type.ts';
import type { AggregateContext, AggregateFunction, UpdateCall } from '../function.ts';
import { maskOf } from '../operand.ts';
import { aggregateDoc } from './documented.ts';
import { type DoubleKernels, statistic } from './statistic.ts';

/** Means, sums of squared distances from them, and the sum of their products. */
type Moments = {
  readonly n: number;
  readonly mx: number;
  readonly my: number;
  readonly sxx: number;
  readonly syy: number;
  readonly sxy: number;
};

function update({ kernels }: AggregateContext, { args, states, statesMask, offset, rows }: UpdateCall): void {
  const [y, x] = args;
  const operands = [y!.data, maskOf(y!), x!.data, maskOf(x!)] as const;
  kernels.agg_covariance(...operands, states, statesMask, offset, rows.selection, rows.selected);
}

const kernels: DoubleKernels = { stateBytes: 48, update, merge: 'merge_covariance' };

function covariance(
  name: string,
  summary: string,
  result: string,
  compute: (moments: Moments) => number | null,
  returns: DataType = FLOAT64,
): AggregateFunction {
  const example = `(SELECT ${name}(y, x) FROM (VALUES (2, 1), (4, 2), (3, 3)) t(y, x))`;
  return {
    name,
    doc: aggregateDoc(summary, ['y', 'x'], [example, result]),
    overloads: [
      statistic(
        2,
        kernels,
        (n, d) => compute({ n, mx: d[0]!, my: d[1]!, sxx: d[2]!, syy: d[3]!, sxy: d[4]! }),
        returns,
      ),
    ],
  };
}

const ifRows = (n: number, value: number): number | null => (n === 0 ? null : value);

function correlation({ n, sxx, syy, sxy }: Moments): number {
  const deviations = Math.sqrt(sxx / n) * Math.sqrt(syy / n);
  return deviations === 0 ? Number.NaN : sxy / n / deviations;
}

/** A NULL slope has no rows; of equal x it is NaN. */
const slope = ({ sxx, sxy }: Moments): number => sxy / sxx;

function determination(m: Moments): number | null {
  if (m.n === 0 || m.sxx === 0) return null;
  return m.syy === 0 ? 1 : correlation(m) ** 2;
}

/** How two columns go together; linear regression of y on x. */
export const covarianceAggregates: readonly AggregateFunction[] = [
  covariance('covar_pop', 'Covariance of the pairs.', '0.3333333333333333', ({ n, sxy }) => ifRows(n, sxy / n)),
  covariance('covar_samp', 'Covariance of what the pairs are a sample of.', '0.5', ({ n, sxy }) =>
    n < 2 ? null : sxy / (n - 1),
  ),
  covariance('corr', 'Correlation of the pairs, -1 to 1.', '0.5', m => ifRows(m.n, correlation(m))),
  covariance('regr_count', 'Number of pairs.', '3', ({ n }) => n, UINT32),
  covariance('regr_avgx', 'Average of x.', '2.0', ({ n, mx }) => ifRows(n, mx)),
  covariance('regr_avgy', 'Average of y.', '3.0', ({ n, my }) => ifRows(n, my)),
  covariance('regr_sxx', 'Sum of squared distances of x from its average.', '2.0', ({ n, sxx }) => ifRows(n, sxx)),
  covariance('regr_syy', 'Sum of squared distances of y from its average.', '2.0', ({ n, syy }) => ifRows(n, syy)),
  covariance('regr_sxy', 'Sum of the products of the distances.', '1.0', ({ n, sxy }) => ifRows(n, sxy)),
  covariance('regr_slope', 'Slope of the regression line.', '0.5', m => ifRows(m.n, slope(m))),
  covariance('regr_intercept', 'Where the regression line meets x = 0.', '2.0', m =>
    m.n === 0 || m.sxx === 0 ? null : m.my - slope(m) * m.mx,
  ),
  covariance('regr_r2', 'Share of the spread of y that the regression line explains.', '0.25', determination),
];
