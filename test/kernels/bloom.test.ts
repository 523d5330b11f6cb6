import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { allRows } from '../../src/batch/batch.ts';
import { INT32, INT64 } from '../../src/types/data-type.ts';
import { positionsOf, rowsOf, testContext, vectorOf } from '../support/engine.ts';

/** A filter of 2^bits words over values, and what it selects of others. */
function selected(type: typeof INT64, stored: readonly bigint[], probed: readonly bigint[], bits = 4, sel?: number[]) {
  const ctx = testContext();
  const width = type === INT64 ? 64 : 32;
  const raw = (values: readonly bigint[]) => vectorOf(ctx, type, type === INT64 ? values : values.map(Number));
  const filter = ctx.arena.allocZeroed(24);
  ctx.memory.u32[(filter >>> 2) + 3] = ctx.arena.allocZeroed(8 * 2 ** bits);
  ctx.memory.u32[(filter >>> 2) + 5] = 64 - bits;
  ctx.kernels[`bloom_note_${width}`](filter, raw(stored).data, width / 8, stored.length, 0);
  const rows = sel === undefined ? allRows(probed.length) : rowsOf(ctx, probed.length, sel);
  const out = ctx.arena.alloc((rows.selected + 1) * 2);
  const count = ctx.kernels[`bloom_select_${width}`](filter, raw(probed).data, -1, rows.selection, rows.selected, out);
  return positionsOf(ctx, { count: probed.length, selection: out, selected: count });
}

describe.each([
  ['32 bits', INT32, fc.bigInt({ min: -(2n ** 31n), max: 2n ** 31n - 1n })],
  ['64 bits', INT64, fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n })],
] as const)('%s', (_, type, value) => {
  test('every value that was noted is found, under any selection', () => {
    fc.assert(
      fc.property(fc.array(value, { maxLength: 50 }), fc.array(fc.boolean(), { maxLength: 50 }), (values, picks) => {
        const sel = values.flatMap((_, i) => (picks[i] === true ? [i] : []));
        expect(selected(type, values, values)).toEqual(values.map((_, i) => i));
        expect(selected(type, values, values, 1, sel)).toEqual(sel);
      }),
      { numRuns: 50 },
    );
  });
  test('few others are', () => {
    const even = Array.from({ length: 1000 }, (_, i) => BigInt(2 * i) * 1_000_003n);
    const odd = Array.from({ length: 1000 }, (_, i) => BigInt(2 * i + 1) * 1_000_003n);
    expect(selected(type, even, odd, 8).length).toBeLessThan(50);
    expect(selected(type, [], odd, 1)).toEqual([]);
  });
});
