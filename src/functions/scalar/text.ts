import type { ScalarFunction } from '../function.ts';
import { concatFunctions } from './concat.ts';
import { digests } from './digests.ts';
import { likeFunctions } from './like.ts';
import { regexpFunctions } from './regexp.ts';
import { regexpInstr } from './regexp-instr.ts';
import { replace } from './replace.ts';
import { buildFunctions } from './text-build.ts';
import { caseFunctions } from './text-case.ts';
import { distanceFunctions } from './text-distance.ts';
import { formatFunctions } from './text-format.ts';
import { lengthFunctions } from './text-length.ts';
import { partFunctions } from './text-parts.ts';
import { searchFunctions } from './text-search.ts';

/** The functions of texts. */
export const textFunctions: readonly ScalarFunction[] = [
  ...buildFunctions,
  ...caseFunctions,
  ...concatFunctions,
  ...digests,
  ...distanceFunctions,
  ...formatFunctions,
  ...lengthFunctions,
  ...likeFunctions,
  ...partFunctions,
  ...regexpFunctions,
  regexpInstr,
  replace,
  ...searchFunctions,
];
