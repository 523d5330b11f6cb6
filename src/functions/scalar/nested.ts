import type { ScalarFunction } from '../function.ts';
import { listAggregates } from './list-aggregate.ts';
import { listChanges } from './list-change.ts';
import { listDistances } from './list-distance.ts';
import { listLambdas } from './list-lambda.ts';
import { listMakers } from './list-make.ts';
import { listParts } from './list-parts.ts';
import { listSearch } from './list-search.ts';
import { mapFunctions } from './map.ts';
import { structFunctions } from './struct.ts';

/** The functions of lists, structs and maps. */
export const nestedFunctions: readonly ScalarFunction[] = [
  ...listMakers,
  ...listParts,
  ...listSearch,
  ...listChanges,
  ...listAggregates,
  ...listDistances,
  ...listLambdas,
  ...structFunctions,
  ...mapFunctions,
];
