import * as arrow from 'apache-arrow';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { allRows } from '../../src/batch/batch.ts';
import { Vector } from '../../src/batch/vector.ts';
import { decodeBatches, encodeBatches } from '../../src/operators/lib/wire-batches.ts';
import { INT32, INT64, INT128, UINT64, UTF8 } from '../../src/types/data-type.ts';
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

/** Around what integers of so many bits hold. */
const nearEdges = (bits: readonly number[], min: bigint, max: bigint): fc.Arbitrary<bigint> =>
  fc
    .tuple(fc.constantFrom(...bits), fc.constantFrom(1n, -1n), fc.integer({ min: -2, max: 2 }))
    .map(([n, sign, off]) => sign * 2n ** BigInt(n) + BigInt(off))
    .map(x => (x < min ? min : x > max ? max : x));

test.each([
  ['INT32', INT32, 31],
  ['INT64', INT64, 63],
  ['INT128', INT128, 127],
  ['UINT64', UINT64, 64],
] as const)('%s goes as the fewest bytes that all values fit in', (_, type, bits) => {
  const signed = type !== UINT64;
  const value = nearEdges(
    [0, 7, 8, 15, 16, 31, 32, 63, 64, 127].filter(n => n <= bits),
    signed ? -(2n ** BigInt(bits)) : 0n,
    2n ** BigInt(bits) - 1n,
  );
  const column = fc.array(fc.option(value, { freq: 5 }), { minLength: 1, maxLength: 20 });
  const widths = [8, 16, 32, 64, 128];
  const fits = (x: bigint, n: number): boolean =>
    signed ? BigInt.asIntN(n, x) === x : x >= 0n && BigInt.asUintN(n, x) === x;
  fc.assert(
    fc.property(fc.array(column, { minLength: 1, maxLength: 3 }), columns => {
      const raw = (x: bigint | null): RawValue => (x === null || bits > 32 ? x : Number(x));
      const from = testContext();
      const batches = columns.map(c => ({
        ...allRows(c.length),
        columns: [vectorOf(from, type, c.map(raw))],
        split: 0,
      }));
      const bytes = encodeBatches(arrow, from, [type], batches);
      const to = testContext();
      const found = [...decodeBatches(arrow, to, [type], bytes)].map(b => valuesOf(to, b.columns[0]!));
      expect(found).toEqual(columns.map(c => c.map(raw)));
      const least = widths.find(n => columns.flat().every(x => fits(x ?? 0n, n)))!;
      const sent = arrow.tableFromIPC(bytes).schema.fields[0]!.type;
      expect(arrow.DataType.isInt(sent) ? sent.bitWidth : 128).toBe(least);
    }),
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
