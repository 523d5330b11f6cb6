import type { ScalarFunction } from '../function.ts';
import { arithmetic } from './arithmetic.ts';
import { comparisons } from './comparison.ts';
import { dateFunctions } from './dates.ts';
import { negate } from './negate.ts';
import { textFunctions } from './text.ts';

/** The scalar functions. Several may have one name: their overloads count as one function's. */
export const scalarFunctions: readonly ScalarFunction[] = [
  ...arithmetic,
  ...comparisons,
  negate,
  ...textFunctions,
  ...dateFunctions,
];
