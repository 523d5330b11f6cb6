import type { AggregateFunction } from '../function.ts';
import { approxCountDistinct } from './approx-count-distinct.ts';
import { approxTopK } from './approx-top-k.ts';
import { argExtrema } from './arg-extremum.ts';
import { avg } from './avg.ts';
import { bitstringAgg } from './bit-aggregates.ts';
import { count } from './count.ts';
import { covarianceAggregates } from './covariance.ts';
import { firstAndLast } from './first-last.ts';
import { foldedDoubles } from './folded-doubles.ts';
import { frequencyAggregates } from './frequencies.ts';
import { histogramExact } from './histogram-exact.ts';
import { list } from './list.ts';
import { logicAggregates } from './logic.ts';
import { mad } from './mad.ts';
import { max } from './max.ts';
import { min } from './min.ts';
import { quantileAggregates } from './quantile.ts';
import { shapeAggregates } from './shape.ts';
import { stringAgg } from './string-agg.ts';
import { sum } from './sum.ts';
import { varianceAggregates } from './variance.ts';

/** The aggregate functions. */
export const aggregateFunctions: readonly AggregateFunction[] = [
  approxCountDistinct,
  approxTopK,
  ...argExtrema,
  avg,
  bitstringAgg,
  count,
  ...covarianceAggregates,
  ...firstAndLast,
  ...foldedDoubles,
  ...frequencyAggregates,
  histogramExact,
  list,
  ...logicAggregates,
  mad,
  max,
  min,
  ...quantileAggregates,
  ...shapeAggregates,
  stringAgg,
  sum,
  ...varianceAggregates,
];
