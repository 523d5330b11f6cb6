import type { ScalarFunction } from '../function.ts';
import { concatFunctions } from './concat.ts';
import { likeFunctions } from './like.ts';
import { replace } from './replace.ts';
import { caseFunctions } from './text-case.ts';
import { lengthFunctions } from './text-length.ts';
import { partFunctions } from './text-parts.ts';
import { searchFunctions } from './text-search.ts';

/** The functions of texts. */
export const textFunctions: readonly ScalarFunction[] = [
  ...caseFunctions,
  ...concatFunctions,
  ...lengthFunctions,
  ...likeFunctions,
  ...partFunctions,
  replace,
  ...searchFunctions,
];
