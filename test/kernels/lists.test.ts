import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { UINT32 } from '../../src/types/data-type.ts';
import { rowsOf, type TestContext, testContext, vectorOf } from '../support/engine.ts';

const numbers = (ctx: TestContext, values: readonly number[]): number => vectorOf(ctx, UINT32, values).data;
const read = (ctx: TestContext, address: number, count: number): number[] => [
  ...ctx.memory.u32.subarray(address >>> 2, (address >>> 2) + count),
];
const lengths = fc.array(fc.nat({ max: 4 }), { minLength: 1, maxLength: 30 });

describe('list kernels', () => {
  it('list_pairs: lists one after the other, at the rows’ positions', () => {
    fc.assert(
      fc.property(lengths, fc.nat({ max: 3 }), (given, gap) => {
        const ctx = testContext();
        const positions = given.map((_, j) => j * (gap + 1));
        const { selection, count } = rowsOf(ctx, positions.at(-1)! + 1, positions);
        const pairs = ctx.arena.allocZeroed(count * 8);
        const total = ctx.kernels.list_pairs(numbers(ctx, given), selection, given.length, pairs);
        expect(total).toBe(given.reduce((sum, n) => sum + n, 0));
        for (const [j, i] of positions.entries()) {
          const first = given.slice(0, j).reduce((sum, n) => sum + n, 0);
          expect(read(ctx, pairs + i * 8, 2)).toEqual([first, given[j]]);
        }
      }),
    );
  });

  it('list_keep: how many of the selected elements each list has', () => {
    const element = fc.record({ row: fc.nat({ max: 5 }), kept: fc.boolean() });
    fc.assert(
      fc.property(fc.array(element, { maxLength: 40 }), elements => {
        const ctx = testContext();
        const kept = elements.flatMap((e, k) => (e.kept ? [k] : []));
        const { selection } = rowsOf(ctx, elements.length, kept);
        const counts = ctx.arena.allocZeroed(6 * 4);
        const owners = numbers(
          ctx,
          elements.map(e => e.row),
        );
        ctx.kernels.list_keep(selection, kept.length, owners, counts);
        expect(read(ctx, counts, 6)).toEqual(
          Array.from({ length: 6 }, (_, row) => elements.filter(e => e.kept && e.row === row).length),
        );
      }),
    );
  });

  it('copy_bits: bits from any number on', () => {
    fc.assert(
      fc.property(fc.array(fc.boolean(), { minLength: 1, maxLength: 60 }), fc.nat({ max: 59 }), (bits, from) => {
        const ctx = testContext();
        const start = Math.min(from, bits.length);
        const { validity } = vectorOf(ctx, UINT32, [...bits.map(b => (b ? 1 : null)), null]);
        const out = ctx.arena.alloc(16);
        ctx.kernels.copy_bits(validity, start, bits.length - start, out);
        const bit = (i: number): boolean => ((ctx.memory.u8[out + (i >> 3)]! >> (i & 7)) & 1) === 1;
        expect(bits.slice(start).map((_, i) => bit(i))).toEqual(bits.slice(start));
      }),
    );
  });

  it('list_rest: rows whose lists go on come first, in order', () => {
    fc.assert(
      fc.property(lengths, fc.nat({ max: 4 }), (given, element) => {
        const ctx = testContext();
        const rows = given.map((_, j) => given.length - 1 - j);
        const out = ctx.arena.alloc(rows.length * 4);
        const going = ctx.kernels.list_rest(numbers(ctx, given), numbers(ctx, rows), rows.length, element, out);
        const goesOn = (k: number) => element < given[rows[k]!]!;
        const order = read(ctx, out, rows.length);
        expect(order.slice(0, going)).toEqual(rows.flatMap((_, k) => (goesOn(k) ? [k] : [])));
        expect(order.slice(going).sort((a, b) => a - b)).toEqual(rows.flatMap((_, k) => (goesOn(k) ? [] : [k])));
      }),
    );
  });

  it('inverse_order: where each place is named', () => {
    const permutation = fc.shuffledSubarray(
      Array.from({ length: 20 }, (_, i) => i),
      { minLength: 20 },
    );
    fc.assert(
      fc.property(permutation, order => {
        const ctx = testContext();
        const out = ctx.arena.alloc(order.length * 4);
        ctx.kernels.inverse_order(numbers(ctx, order), order.length, out);
        expect(read(ctx, out, order.length)).toEqual(order.map((_, i) => order.indexOf(i)));
      }),
    );
  });
});
