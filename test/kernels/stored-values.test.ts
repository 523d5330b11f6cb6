import fc from 'fast-check';
import { expect, test } from 'vitest';
import { toRef } from '../../src/batch/vector-ref.ts';
import { compactBits, compactValues } from '../../src/kernels/vectors.ts';
import { columnRange } from '../../src/storage/column-range.ts';
import { type DataType, INT8, INT16, INT32, INT64, INT128 } from '../../src/types/data-type.ts';
import { physicalType, widthOf } from '../../src/types/physical.ts';
import { rowsOf, testContext, vectorOf } from '../support/engine.ts';

const NULLABLE = fc.array(fc.option(fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }), { freq: 4 }), { maxLength: 90 });

test.each([INT32, INT64])('the range of a column is that of its values that are not NULL: %o', type => {
  fc.assert(
    fc.property(NULLABLE, fc.constantFrom(1, 2 ** 31), (numbers, factor) => {
      const ctx = testContext();
      const values = type === INT32 ? numbers : numbers.map(n => (n === null ? null : BigInt(n) * BigInt(factor)));
      const ref = toRef(vectorOf(ctx, type, values));
      const sorted = values.filter(v => v !== null).sort((a, b) => (a < b ? -1 : 1));
      const scalar = (value: number | bigint) => ({ type, value: type === INT32 ? value : String(value) });
      const bounds = sorted.length === 0 ? {} : { min: scalar(sorted[0]!), max: scalar(sorted.at(-1)!) };
      expect(columnRange(ctx, type, ref, values.length)).toEqual({
        ...bounds,
        nullCount: values.length - sorted.length,
      });
    }),
    { numRuns: 100 },
  );
});

test.each([INT8, INT16, INT32, INT64, INT128])('rows one behind the other: %o', (type: DataType) => {
  fc.assert(
    fc.property(
      fc.array(fc.option(fc.integer({ min: -100, max: 100 })), { minLength: 1, maxLength: 70 }),
      fc.integer({ min: 1, max: 5 }),
      fc.integer({ min: 0, max: 20 }),
      (numbers, step, to) => {
        const ctx = testContext();
        const width = widthOf(physicalType(type));
        const values = width < 8 ? numbers : numbers.map(n => (n === null ? null : BigInt(n)));
        const vector = vectorOf(ctx, type, values);
        const positions = values.flatMap((_, i) => (i % step === 0 ? [i] : []));
        const rows = rowsOf(ctx, values.length, positions);
        const out = ctx.arena.alloc(width * positions.length);
        compactValues(ctx, vector.data, width, rows, out);
        for (const [j, i] of positions.entries()) {
          if (values[i] === null) continue;
          const bytes = (at: number) => ctx.memory.u8.slice(at, at + width);
          expect(bytes(out + j * width)).toEqual(bytes(vector.data + i * width));
        }
        const bits = compactBits(ctx, vector.validity, rows);
        const target = ctx.arena.alloc(32);
        ctx.memory.u8.fill(255, target, target + 32);
        if (bits !== 0) ctx.kernels.bitmap_clear(bits, positions.length, target, to);
        for (let b = 0; b < 256; b++) {
          const isNull = b >= to && b < to + positions.length && values[positions[b - to]!] === null;
          expect((ctx.memory.u8[target + (b >> 3)]! >> (b & 7)) & 1).toBe(isNull ? 0 : 1);
        }
      },
    ),
    { numRuns: 60 },
  );
});
