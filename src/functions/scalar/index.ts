import type { ScalarFunction } from '../function.ts';
import { arithmetic } from './arithmetic.ts';
import { bitStrings } from './bit-strings.ts';
import { bitFunctions } from './bits.ts';
import { comparisons } from './comparison.ts';
import { dateFunctions } from './dates.ts';
import { distinctTests } from './distinct.ts';
import { extremes } from './extremes.ts';
import { floatTests } from './float-tests.ts';
import { rareMath } from './gamma.ts';
import { hash } from './hash.ts';
import { integerMath } from './integer-math.ts';
import { nullTests } from './is-tests.ts';
import { jsonFunctions } from './json.ts';
import { magnitudes } from './magnitude.ts';
import { mathFunctions } from './math.ts';
import { negate, signs } from './negate.ts';
import { nestedFunctions } from './nested.ts';
import { not } from './not.ts';
import { random } from './random.ts';
import { rareFunctions } from './rare.ts';
import { roundEven } from './round-even.ts';
import { roundings } from './rounding.ts';
import { currval, nextval } from './sequence.ts';
import { textFunctions } from './text.ts';
import { uuid } from './uuid.ts';
import { zonedTimes } from './zoned-times.ts';

/** The scalar functions. Several may have one name: their overloads count as one function's. */
export const scalarFunctions: readonly ScalarFunction[] = [
  ...arithmetic,
  ...comparisons,
  ...bitFunctions,
  ...distinctTests,
  ...extremes,
  ...floatTests,
  ...integerMath,
  ...nullTests,
  ...magnitudes,
  ...mathFunctions,
  not,
  random,
  uuid,
  nextval,
  currval,
  ...roundings,
  hash,
  negate,
  ...signs,
  ...textFunctions,
  ...bitStrings,
  ...dateFunctions,
  ...zonedTimes,
  ...nestedFunctions,
  ...jsonFunctions,
  ...rareMath,
  roundEven,
  ...rareFunctions,
];
