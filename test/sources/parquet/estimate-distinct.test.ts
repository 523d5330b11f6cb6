import { expect, test } from 'vitest';
import type { ColumnRange } from '../../../src/plan/logical-plan.ts';
import type { LeafLayout } from '../../../src/sources/parquet/column-layout.ts';
import { estimateDistinct } from '../../../src/sources/parquet/estimate-distinct.ts';
import type { ColumnChunk } from '../../../src/sources/parquet/file-metadata.ts';
import { INT32 } from '../../../src/types/data-type.ts';

const leaf = { stored: 'INT32' } as LeafLayout;
const chunk = (distinct: number): ColumnChunk => ({ statistics: { distinct } }) as ColumnChunk;
const range = (min: number, max: number): ColumnRange => ({
  min: { type: INT32, value: min },
  max: { type: INT32, value: max },
});

test.each([
  ['the same range: the same values', [10, 12, 8], [range(0, 9), range(0, 9), range(0, 9)], 12],
  ['ranges apart: other values', [10, 12, 8], [range(0, 99), range(100, 199), range(200, 299)], 30],
  ['ranges that overlap by half', [10, 10], [range(0, 20), range(10, 30)], 15],
  ['one value in all', [1, 1, 1], [range(7, 7), range(7, 7), range(7, 7)], 1],
  ['another value in each', [1, 1, 1], [range(1, 1), range(2, 2), range(3, 3)], 3],
  ['ranges that are not known', [10, 12], [range(0, 9), undefined], 12],
])('%s', (_, distinct, ranges, expected) => {
  expect(estimateDistinct(leaf, distinct.map(chunk), ranges)).toBe(expected);
});

test('of no chunk nothing is known', () => {
  expect(estimateDistinct(leaf, [], [])).toBeUndefined();
});
