import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { allRows } from '../../src/batch/batch.ts';
import { INT64 } from '../../src/types/data-type.ts';
import { rowsOf, testContext, vectorOf } from '../support/engine.ts';

// Kernels that go through all positions when most of them are selected: what is at the others must not be seen.

const SMALL = fc.bigInt({ min: -1000n, max: 1000n });
const ANY = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n });
const VALUE = fc.oneof({ weight: 9, arbitrary: SMALL }, { weight: 1, arbitrary: ANY });
const ROW = fc.record({ a: VALUE, b: VALUE, picked: fc.integer({ min: 0, max: 9 }) });
const ROWS = fc.array(ROW, { minLength: 1, maxLength: 40 });

/** The positions that are picked: nine of ten; undefined for all. */
const selectionOf = (rows: readonly { readonly picked: number }[], all: boolean): number[] | undefined =>
  all ? undefined : rows.flatMap((r, i) => (r.picked > 0 ? [i] : []));

const OPERATIONS = [
  ['+', 0, (x: bigint, y: bigint) => x + y],
  ['-', 1, (x: bigint, y: bigint) => x - y],
  ['*', 2, (x: bigint, y: bigint) => x * y],
] as const;

describe.each(OPERATIONS)('BIGINT %s', (_, op, exact) => {
  test.each([
    ['vectors', -1, -1],
    ['a constant and a vector', 0, -1],
    ['a vector and a constant', -1, 0],
  ])('%s: exact, and tells the first row that overflows', (_name, am, bm) => {
    fc.assert(
      fc.property(ROWS, fc.boolean(), (rows, all) => {
        const ctx = testContext();
        const a = vectorOf(ctx, INT64, am === 0 ? [rows[0]!.a] : rows.map(r => r.a));
        const b = vectorOf(ctx, INT64, bm === 0 ? [rows[0]!.b] : rows.map(r => r.b));
        const sel = selectionOf(rows, all);
        const { selection, selected } = sel === undefined ? allRows(rows.length) : rowsOf(ctx, rows.length, sel);
        const out = ctx.arena.alloc(8 * rows.length);
        const status = ctx.kernels.arith_i64(op, a.data, am, b.data, bm, selection, selected, out);
        const results = (sel ?? rows.map((_, i) => i)).map(i => ({
          i,
          value: exact(rows[am === 0 ? 0 : i]!.a, rows[bm === 0 ? 0 : i]!.b),
        }));
        const failed = results.find(({ value }) => BigInt.asIntN(64, value) !== value);
        expect(status).toBe(failed === undefined ? 0 : -1 - failed.i);
        if (failed !== undefined) return;
        for (const { i, value } of results) expect(ctx.memory.i64[(out >>> 3) + i]).toBe(value);
      }),
      { numRuns: 100 },
    );
  });
});

test('sums of several vectors are those of one after the other', () => {
  fc.assert(
    fc.property(
      fc.array(fc.array(ANY, { minLength: 4, maxLength: 4 }), { maxLength: 40 }),
      fc.boolean(),
      (rows, all) => {
        const ctx = testContext();
        const vectors = [0, 1, 2, 3].map(c => vectorOf(ctx, INT64, [...rows.map(r => r[c]!), 0n]).data);
        const sel = all ? undefined : rows.flatMap((_, i) => (i % 10 > 0 ? [i] : []));
        const { selection, selected } = sel === undefined ? allRows(rows.length) : rowsOf(ctx, rows.length, sel);
        const stateBytes = 24 * 4;
        /** Three groups, row by row in turns; states at 0, 24 … of a group's bytes, but not in the order of the vectors. */
        const offsets = [48, 0, 72, 24];
        const sums = (run: (states: number) => void): Uint8Array => {
          const groups = ctx.arena.allocZeroed(3 * stateBytes);
          const states = ctx.arena.alloc(4 * rows.length);
          for (const i of rows.keys()) ctx.memory.u32[(states >>> 2) + i] = groups + (i % 3) * stateBytes;
          run(states);
          return ctx.memory.u8.slice(groups, groups + 3 * stateBytes);
        };
        const single = sums(states => {
          for (const [c, data] of vectors.entries())
            ctx.kernels.agg_sum_i64(data, -1, states, -1, offsets[c]!, selection, selected);
        });
        const four = sums(states => {
          const at = ctx.arena.alloc(16);
          ctx.memory.u32.set(offsets, at >>> 2);
          const [a, b, c, d] = vectors as [number, number, number, number];
          ctx.kernels.agg_sums_i64(a, b, c, d, states, at, selection, selected);
        });
        const pairs = sums(states => {
          for (const c of [0, 2]) {
            const [first, second] = [vectors[c]!, vectors[c + 1]!];
            ctx.kernels.agg_sum_pair_i64(first, second, states, offsets[c]!, offsets[c + 1]!, selection, selected);
          }
        });
        expect(four).toEqual(single);
        expect(pairs).toEqual(single);
      },
    ),
    { numRuns: 100 },
  );
});
