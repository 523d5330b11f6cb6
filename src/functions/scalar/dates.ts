import type { ScalarFunction } from '../function.ts';
import { dateDiffFunctions } from './date-diff.ts';
import { dateFormatFunctions } from './date-format.ts';
import { dateMakeFunctions } from './date-make.ts';
import { dateOperators } from './date-operators.ts';
import { datePartFunctions } from './date-part.ts';
import { zoneFunctions } from './date-zone.ts';
import { toTimestamps } from './to-timestamps.ts';

/** The functions of dates, times and intervals. */
export const dateFunctions: readonly ScalarFunction[] = [
  ...dateDiffFunctions,
  ...dateFormatFunctions,
  ...dateMakeFunctions,
  ...toTimestamps,
  ...dateOperators,
  ...datePartFunctions,
  ...zoneFunctions,
];
