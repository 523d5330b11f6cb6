import type { AggregateFunction } from '../function.ts';
import { avg } from './avg.ts';
import { count } from './count.ts';
import { max } from './max.ts';
import { min } from './min.ts';
import { sum } from './sum.ts';

/** The aggregate functions. */
export const aggregateFunctions: readonly AggregateFunction[] = [avg, count, max, min, sum];
