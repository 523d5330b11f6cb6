import type { ScalarFunction } from '../function.ts';
import { concatFunctions } from './concat.ts';
import { digests } from './digests.ts';
import { encodings } from './encodings.ts';
import { glob } from './glob.ts';
import { likeFunctions } from './like.ts';
import { regexpFunctions } from './regexp.ts';
import { regexpInstr } from './regexp-instr.ts';
import { replace } from './replace.ts';
import { buildFunctions } from './text-build.ts';
import { caseFunctions } from './text-case.ts';
import { distanceFunctions } from './text-distance.ts';
import { formatFunctions } from './text-format.ts';
import { graphemeFunctions } from './text-grapheme.ts';
import { lengthFunctions } from './text-length.ts';
import { partFunctions } from './text-parts.ts';
import { pathFunctions } from './text-path.ts';
import { searchFunctions } from './text-search.ts';
import { similarities } from './text-similarity.ts';
import { sizeFunctions } from './text-size.ts';
import { uuidParts } from './uuid-parts.ts';

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
  glob,
  ...partFunctions,
  ...regexpFunctions,
  regexpInstr,
  replace,
  ...searchFunctions,
  ...encodings,
  ...graphemeFunctions,
  ...pathFunctions,
  ...similarities,
  ...sizeFunctions,
  ...uuidParts,
];
