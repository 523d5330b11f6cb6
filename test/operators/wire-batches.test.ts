import * as arrow from 'apache-arrow';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { allRows } from '../../src/batch/batch.ts';
import { Vector } from '../../src/batch/vector.ts';
import { decodeBatches, encodeBatches } from '../../src/operators/lib/wire-batches.ts';
import { INT32, UTF8 } from '../../src/types/data-type.ts';
import type { RawValue } from '../../src/types/raw-value.ts';
import { constantOf, testContext, valuesOf, vectorOf } from '../support/engine.ts';
import { FLAT_TYPES, NESTED_TYPES, rowsOfTypes } from './arbitrary-values.ts';

const column = (rows: readonly RawValue[][], i: number): RawValue[] => rows.map(r => r[i]!);

test.each([...FLAT_TYPES, ...NESTED_TYPES].map(t => [t.kind, t] as const))(
  'carries %s to another memory',
  (_, type) => {
    const types = [type, UTF8];
    fc.assert(
      fc.property(fc.array(rowsOfTypes(types, 20), { maxLength: 3 }), batches => {
        const from = testContext();
        const sent = batches.map(rows => ({
          ...allRows(rows.length),
          columns: types.map((t, i) => vectorOf(from, t, column(rows, i))),
          split: 0,
        }));
        const to = testContext();
        const bytes = encodeBatches(arrow, from, types, sent);
        const found = [...decodeBatches(arrow, to, types, bytes)].map(b => b.columns.map(c => valuesOf(to, c)));
        const full = batches.filter(rows => rows.length > 0);
        expect(found).toEqual(full.map(rows => types.map((__, i) => column(rows, i))));
      }),
    );
  },
);

test('constants and dictionaries are carried as plain values', () => {
  const from = testContext();
  fc.assert(
    fc.property(
      fc.constantFrom(...FLAT_TYPES, ...NESTED_TYPES).chain(t => rowsOfTypes([t], 1).map(r => [t, r] as const)),
      ([type, rows]) => {
        const value = rows[0]?.[0] ?? null;
        const codes = from.arena.allocZeroed(12);
        const columns = [constantOf(from, type, value, 3), Vector.coded(vectorOf(from, type, [value]), 3, codes)];
        const bytes = encodeBatches(arrow, from, [type, type], [{ ...allRows(3), columns, split: 0 }]);
        const to = testContext();
        const [batch] = [...decodeBatches(arrow, to, [type, type], bytes)];
        expect(batch!.columns.map(c => valuesOf(to, c))).toEqual([
          [value, value, value],
          [value, value, value],
        ]);
      },
    ),
  );
});

test('rows without columns are counted', () => {
  const ctx = testContext();
  const bytes = encodeBatches(arrow, ctx, [], [{ ...allRows(5), columns: [], split: 0 }]);
  expect([...decodeBatches(arrow, ctx, [], bytes)].map(b => b.count)).toEqual([5]);
});

test('it is an Arrow stream', () => {
  const ctx = testContext();
  const columns = [vectorOf(ctx, INT32, [1, null, 3])];
  const bytes = encodeBatches(arrow, ctx, [INT32], [{ ...allRows(3), columns, split: 0 }]);
  expect(
    arrow
      .tableFromIPC(bytes)
      .toArray()
      .map(r => r['0']),
  ).toEqual([1, null, 3]);
});
