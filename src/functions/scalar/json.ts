import type { ScalarFunction } from '../function.ts';
import { jsonMakers } from './json-make.ts';
import { jsonReaders } from './json-read.ts';

/** The functions of JSON. */
export const jsonFunctions: readonly ScalarFunction[] = [...jsonReaders, ...jsonMakers];
