import fc from 'fast-check';
import { expect, test } from 'vitest';
import { allRows } from '../../src/batch/batch.ts';
import {
  emptyRange,
  type IntegerKey,
  integerKey,
  spanOf,
  widenRange,
} from '../../src/operators/lib/rows/integer-key.ts';
import { type DataType, INT8, INT16, INT32, INT64, UINT8, UINT16, UINT32, UINT64 } from '../../src/types/data-type.ts';
import { rowsOf, testContext, vectorOf } from '../support/engine.ts';

const types: readonly (readonly [IntegerKey, DataType])[] = [
  ['i8', INT8],
  ['i16', INT16],
  ['i32', INT32],
  ['i64', INT64],
  ['u8', UINT8],
  ['u16', UINT16],
  ['u32', UINT32],
  ['u64', UINT64],
];

test.each(types)('the least and the greatest of %s values, in batches of any length', (name, type) => {
  const bits = BigInt(name.slice(1));
  const least = name.startsWith('i') ? -(2n ** (bits - 1n)) : 0n;
  const greatest = least + 2n ** bits - 1n;
  const value = fc.oneof(fc.bigInt({ min: least, max: greatest }), fc.constantFrom(least, greatest, least + 1n));
  const batch = fc.tuple(fc.array(value, { minLength: 1, maxLength: 100 }), fc.boolean());
  fc.assert(
    fc.property(fc.array(batch, { minLength: 1, maxLength: 4 }), batches => {
      const ctx = testContext();
      const range = emptyRange(ctx.arena);
      const seen: bigint[] = [];
      for (const [values, hasGaps] of batches) {
        const positions = values.map((_, i) => i).filter(i => !hasGaps || i % 2 === 0);
        const rows = hasGaps ? rowsOf(ctx, values.length, positions) : allRows(values.length);
        const raw = values.map(v => (bits === 64n ? v : Number(v)));
        widenRange(ctx.kernels, integerKey([type])!, range, vectorOf(ctx, type, raw), rows);
        seen.push(...positions.map(i => values[i]!));
      }
      const sorted = seen.toSorted((a, b) => (a < b ? -1 : a > b ? 1 : 0));
      const base = sorted[0]!;
      expect(spanOf(ctx.memory, name, [range])).toEqual({ base, span: sorted.at(-1)! - base + 1n });
    }),
    { numRuns: 60 },
  );
});
