import type { ScalarFunction } from '../function.ts';
import { enumFunctions } from './enum.ts';
import { equiWidthBins } from './equi-width-bins.ts';
import { listAggregates } from './list-aggregate.ts';
import { listChanges } from './list-change.ts';
import { listDistances } from './list-distance.ts';
import { listLambdas } from './list-lambda.ts';
import { listMakers } from './list-make.ts';
import { listParts } from './list-parts.ts';
import { listSearch } from './list-search.ts';
import { listUnion } from './list-union.ts';
import { mapFunctions } from './map.ts';
import { moreMapFunctions } from './map-more.ts';
import { structFunctions } from './struct.ts';
import { structSearch } from './struct-search.ts';
import { unionFunctions } from './union.ts';

/** The functions of lists, structs, maps, unions and enums. */
export const nestedFunctions: readonly ScalarFunction[] = [
  ...listMakers,
  ...listParts,
  ...listSearch,
  ...listUnion,
  ...listChanges,
  ...listAggregates,
  ...listDistances,
  equiWidthBins,
  ...listLambdas,
  ...structFunctions,
  ...mapFunctions,
  ...moreMapFunctions,
  ...structSearch,
  ...unionFunctions,
  ...enumFunctions,
];
