import type { ScalarFunction } from '../function.ts';
import { jsonChanges } from './json-change.ts';
import { jsonMakers } from './json-make.ts';
import { jsonReaders } from './json-read.ts';
import { jsonRows } from './json-rows.ts';

/** The functions of JSON. */
export const jsonFunctions: readonly ScalarFunction[] = [...jsonReaders, ...jsonMakers, ...jsonChanges, ...jsonRows];
