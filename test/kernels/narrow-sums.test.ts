import fc from 'fast-check';
import { expect, test } from 'vitest';
import { allRows } from '../../src/batch/batch.ts';
import { floatSumState, integerSumState } from '../../src/functions/aggregate/sum.ts';
import type { UpdateCall } from '../../src/functions/function.ts';
import { Arena } from '../../src/memory/arena.ts';
import { type DataType, FLOAT64, INT16, INT32, INT64, UINT32 } from '../../src/types/data-type.ts';
import { rowsOf, testContext, vectorOf } from '../support/engine.ts';

const TURN = 2n ** 62n;
/** States that have added up so much that 2^62 was, or must soon be, taken off: as {sum, tally}. */
const STATE = fc.record({
  sum: fc.oneof(
    fc.bigInt({ min: -100n, max: 100n }),
    fc.bigInt({ min: TURN - 2n ** 34n, max: TURN - 1n }),
    fc.bigInt({ min: 1n - TURN, max: 2n ** 34n - TURN }),
  ),
  turns: fc.bigInt({ min: -3n, max: 3n }),
  rows: fc.bigInt({ min: 2n ** 31n, max: 2n ** 36n }),
});
const VALUE = fc.oneof(fc.constantFrom(-(2n ** 31n), 2n ** 31n - 1n), fc.bigInt({ min: -9n, max: 9n }));

test('narrow sums are exact beyond 64 bits, in groups, alone, and merged', () => {
  fc.assert(
    fc.property(
      fc.array(STATE, { minLength: 2, maxLength: 5 }),
      fc.array(VALUE, { maxLength: 30 }),
      (given, values) => {
        const ctx = testContext();
        const { kernels, arena, memory } = ctx;
        const n = given.length;
        const groups = arena.allocZeroed(16 * n);
        const list = arena.alloc(4 * n);
        for (const [g, { sum, turns, rows }] of given.entries()) {
          memory.i64[(groups >>> 3) + 2 * g] = sum;
          memory.i64[(groups >>> 3) + 2 * g + 1] = (turns << 40n) + rows;
          memory.u32[(list >>> 2) + g] = groups + 16 * g;
        }
        const exact = given.map(({ sum, turns, rows }) => ({ sum: sum + turns * TURN, rows }));
        const data = vectorOf(ctx, INT32, [...values.map(Number), 0]).data;
        const states = arena.alloc(4 * values.length + 4);
        for (const [i, value] of values.entries()) {
          memory.u32[(states >>> 2) + i] = groups + 16 * (i % n);
          exact[i % n]!.sum += value;
          exact[i % n]!.rows++;
        }
        kernels.agg_sum_i32(data, -1, states, -1, 0, 0, values.length);
        kernels.agg_sum_i32(data, -1, list, 0, 0, 0, values.length);
        exact[0]!.sum += values.reduce((sum, v) => sum + v, 0n);
        exact[0]!.rows += BigInt(values.length);
        // Each state into the one before, so that targets are sources of later pairs when read backwards.
        for (let g = n - 1; g > 0; g--) {
          kernels.merge_narrow_sum(list + 4 * (g - 1), list + 4 * g, 1, 0);
          exact[g - 1]!.sum += exact[g]!.sum;
          exact[g - 1]!.rows += exact[g]!.rows;
        }
        const out = arena.alloc(16 * n);
        const means = arena.alloc(8 * n);
        const validity = arena.allocZeroed(16);
        memory.u8.fill(255, validity, validity + 16);
        expect(kernels.narrow_sums(list, 0, n, out, validity)).toBe(0);
        expect(kernels.average_narrow(list, 0, n, 1, means, validity)).toBe(0);
        for (const [g, { sum, rows }] of exact.entries()) {
          expect((memory.i64[(out >>> 3) + 2 * g + 1]! << 64n) + memory.u64[(out >>> 3) + 2 * g]!).toBe(sum);
          expect(memory.f64[(means >>> 3) + g]).toBeCloseTo(Number(sum) / Number(rows), 5);
        }
      },
    ),
    { numRuns: 200 },
  );
});

const TYPES: readonly DataType[] = [INT32, FLOAT64, INT16, INT64, UINT32];

test('sums of several columns in one go are those of one after the other', () => {
  fc.assert(
    fc.property(
      fc.array(fc.constantFrom(...TYPES), { minLength: 2, maxLength: 7 }),
      fc.integer({ min: 0, max: 40 }),
      fc.boolean(),
      fc.infiniteStream(fc.integer({ min: 0, max: 20_000 })),
      (types, count, all, numbers) => {
        const ctx = { ...testContext() };
        const { memory, arena } = ctx;
        const sel = all ? undefined : Array.from({ length: count }, (_, i) => i).filter(i => i % 7 > 0);
        const rows = sel === undefined ? allRows(count) : rowsOf(ctx, count, sel);
        const args = types.map(type => {
          const values = Array.from({ length: count + 1 }, () => numbers.next().value as number);
          return vectorOf(
            ctx,
            type,
            values.map(v => (type === FLOAT64 ? v / 8 : type === INT64 ? BigInt(v) : v)),
          );
        });
        const aggregates = types.map(type => (type === FLOAT64 ? floatSumState : integerSumState));
        let stateBytes = 8;
        const offsets = types.map((type, i) => {
          const at = stateBytes;
          stateBytes += aggregates[i]!.stateBytes([type], type);
          return at;
        });
        const folded = (run: (calls: readonly UpdateCall[]) => void): Uint8Array => {
          const groups = arena.allocZeroed(3 * stateBytes);
          const states = arena.alloc(4 * count + 4);
          for (let i = 0; i < count; i++) memory.u32[(states >>> 2) + i] = groups + (i % 3) * stateBytes;
          run(args.map((x, i) => ({ args: [x], rows, states, statesMask: -1, offset: offsets[i]!, type: types[i]! })));
          return memory.u8.slice(groups, groups + 3 * stateBytes);
        };
        const context = { ...ctx, heap: new Arena(memory, memory.newOwner()) };
        const single = folded(calls => {
          for (const [i, call] of calls.entries()) aggregates[i]!.update(context, call);
        });
        const together = folded(calls => floatSumState.updateTogether(context, calls));
        expect(together).toEqual(single);
      },
    ),
    { numRuns: 200 },
  );
});
