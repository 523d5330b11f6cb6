import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { testContext } from '../support/engine.ts';

const runs = fc.array(fc.tuple(fc.boolean(), fc.integer({ min: 1, max: 40 })), { minLength: 1, maxLength: 12 });
const bits = fc.oneof(
  runs.map(list => list.flatMap(([bit, n]) => Array.from({ length: n }, () => bit))),
  fc.array(fc.boolean(), { minLength: 1, maxLength: 200 }),
);

/** Bits from a bit on, with others around them. */
function bitmapOf(ctx: ReturnType<typeof testContext>, list: readonly boolean[], from: number): number {
  const address = ctx.arena.alloc(((from + list.length) >> 3) + 32);
  ctx.memory.u8.fill(0xa5, address, address + ((from + list.length) >> 3) + 32);
  for (const [i, bit] of list.entries()) {
    const at = address + ((from + i) >> 3);
    const mask = 1 << ((from + i) & 7);
    ctx.memory.u8[at] = bit ? ctx.memory.u8[at]! | mask : ctx.memory.u8[at]! & ~mask;
  }
  return address;
}

describe.each([1, 2, 4, 8, 16])('values of %i bytes', width => {
  test('go to the positions that are not NULL', () => {
    fc.assert(
      fc.property(bits, fc.nat({ max: 70 }), (list, from) => {
        const ctx = testContext();
        const bitmap = bitmapOf(ctx, list, from);
        const valid = list.filter(Boolean).length;
        const data = ctx.arena.alloc(list.length * width + 16);
        const { u8 } = ctx.memory;
        for (let i = 0; i < list.length * width; i++) u8[data + i] = i < valid * width ? 1 + (i % 251) : 0xee;
        const values = Array.from({ length: valid }, (_, j) => [...u8.slice(data + j * width, data + (j + 1) * width)]);
        ctx.kernels.spread_values(data, bitmap, from, list.length, valid, width);
        let next = 0;
        const expected = list.map(bit => (bit ? values[next++]! : Array.from({ length: width }, () => 0)));
        const found = list.map((_, i) => [...ctx.memory.u8.slice(data + i * width, data + (i + 1) * width)]);
        expect(found).toEqual(expected);
      }),
    );
  });
});

test('bits are copied from any bit to any other, after those that are there', () => {
  fc.assert(
    fc.property(bits, fc.nat({ max: 20 }), fc.nat({ max: 20 }), (list, from, to) => {
      const ctx = testContext();
      const source = bitmapOf(ctx, list, from);
      const out = ctx.arena.alloc(((to + list.length) >> 3) + 32);
      ctx.memory.u8.fill(0xff, out, out + ((to + list.length) >> 3) + 32);
      const ones = ctx.kernels.bits_copy(source, from, list.length, out, to);
      const bitAt = (i: number): boolean => ((ctx.memory.u8[out + (i >> 3)]! >> (i & 7)) & 1) === 1;
      expect(ones).toBe(list.filter(Boolean).length);
      expect(Array.from({ length: to }, (_, i) => bitAt(i))).toEqual(Array.from({ length: to }, () => true));
      expect(list.map((_, i) => bitAt(to + i))).toEqual(list);
    }),
  );
});
