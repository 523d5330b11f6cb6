import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Vector } from '../../src/batch/vector.ts';
import { valueKind } from '../../src/kernels/value-kind.ts';
import { type DataType, FLOAT64, INT8, INT32, INT64, UTF8 } from '../../src/types/data-type.ts';
import { physicalType, widthOf } from '../../src/types/physical.ts';
import type { RawValue } from '../../src/types/raw-value.ts';
import { testContext, valuesOf, vectorOf } from '../support/engine.ts';

const STATE_BYTES = 24;
const STATES = 3;

/** Values of some types, few and many, with NULLs. */
const typed: readonly (readonly [DataType, fc.Arbitrary<RawValue>])[] = [
  [INT8, fc.integer({ min: -128, max: 127 })],
  [INT32, fc.integer({ min: -9, max: 9 })],
  [INT64, fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n })],
  [FLOAT64, fc.oneof(fc.constantFrom(Number.NaN, 0, Number.POSITIVE_INFINITY), fc.double({ noNaN: true }))],
  [UTF8, fc.string({ maxLength: 20 })],
];

test.each(typed)('chains of chunks keep the rows of each state in order, also merged: %o', (type, value) => {
  const row = fc.tuple(fc.integer({ min: 0, max: STATES - 1 }), fc.option(value, { freq: 6 }));
  const batch = fc.tuple(fc.array(row, { minLength: 1, maxLength: 30 }), fc.integer({ min: 1, max: 12 }));
  fc.assert(
    fc.property(
      fc.array(batch, { minLength: 1, maxLength: 8 }),
      fc.integer({ min: 300, max: 5000 }),
      (batches, piece) => {
        const ctx = testContext();
        const { kernels, memory, arena } = ctx;
        const kind = valueKind(physicalType(type));
        const states = [0, 1].map(() => Array.from({ length: STATES }, () => arena.allocZeroed(STATE_BYTES)));
        const expected = [0, 1].map(() => Array.from({ length: STATES }, (): RawValue[] => []));
        const spaces = [arena.allocZeroed(12), arena.allocZeroed(12)];
        for (const [b, [few, times]] of batches.entries()) {
          const rows = Array.from({ length: times }, () => few).flat();
          const part = b % 2;
          const values = vectorOf(
            ctx,
            type,
            rows.map(([, v]) => v),
          );
          const addresses = arena.alloc(rows.length * 4);
          memory.u32.set(
            rows.map(([s]) => states[part]![s]!),
            addresses >>> 2,
          );
          for (const [s, v] of rows) expected[part]![s]!.push(v);
          memory.u32[(spaces[part]! >>> 2) + 2] = arena.alloc(rows.length * 80);
          for (let from = 0; ; ) {
            const { data, validity } = values;
            from = kernels.collect_rows(
              kind,
              0,
              data,
              -1,
              validity,
              addresses,
              -1,
              0,
              0,
              from,
              rows.length,
              spaces[part]!,
            );
            if (from === rows.length) break;
            const address = arena.alloc(piece + 2200);
            memory.u32.set([address, address + piece + 2200], spaces[part]! >>> 2);
          }
        }
        const [targets, sources] = states.map(all => {
          const list = arena.alloc(STATES * 4);
          memory.u32.set(all, list >>> 2);
          return list;
        });
        kernels.merge_collected(targets!, sources!, STATES, 0);
        const all = expected[0]!.map((list, s) => [...list, ...expected[1]![s]!]);
        const total = all.flat().length;
        expect(Number(kernels.collected_total(targets!, 0, STATES))).toBe(total);
        const [lists, data, validity] = [
          arena.alloc(STATES * 8),
          arena.alloc(total * widthOf(physicalType(type)) + 16),
          arena.alloc((total >> 3) + 1),
        ];
        memory.u8.fill(255, validity, validity + (total >> 3) + 1);
        const nulls = kernels.collected_values(kind, targets!, 0, STATES, lists, data, validity);
        expect(nulls).toBe(all.flat().filter(v => v === null).length);
        expect(valuesOf(ctx, Vector.flat(type, total, data, validity))).toEqual(all.flat());
        const ranges = [...memory.u32.subarray(lists >>> 2, (lists >>> 2) + 2 * STATES)];
        expect(ranges.filter((_, i) => i % 2 === 1)).toEqual(all.map(list => list.length));
      },
    ),
    { numRuns: 40 },
  );
});

test.each(typed)('select_nth moves a value to its place: %o', (type, value) => {
  fc.assert(
    fc.property(fc.array(value, { minLength: 1, maxLength: 60 }), fc.nat(), (values, place) => {
      const ctx = testContext();
      const vector = vectorOf(ctx, type, values);
      const k = place % values.length;
      ctx.kernels.select_nth(valueKind(physicalType(type)), vector.data, values.length, k);
      const selected = valuesOf(ctx, vector);
      const before = (a: RawValue, b: RawValue): boolean =>
        Number.isNaN(b) ? !Number.isNaN(a) : Number.isNaN(a) ? false : textual(a) < textual(b);
      const sorted = [...values].sort((a, b) => (before(a, b) ? -1 : before(b, a) ? 1 : 0));
      // Zeros are equal, whatever their sign.
      const unsigned = (v: RawValue): RawValue => (v === 0 ? 0 : v);
      expect(unsigned(selected[k]!)).toEqual(unsigned(sorted[k]!));
      for (const v of selected.slice(0, k)) expect(before(selected[k]!, v)).toBe(false);
      for (const v of selected.slice(k)) expect(before(v, selected[k]!)).toBe(false);
    }),
    { numRuns: 100 },
  );
});

/** Texts as their bytes, which is the order of the engine; numbers as they are. */
function textual(value: RawValue): string | number | bigint {
  if (typeof value === 'string') return Buffer.from(value).toString('latin1');
  return value as number | bigint;
}
