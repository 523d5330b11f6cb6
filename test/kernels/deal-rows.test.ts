import fc from 'fast-check';
import { expect, test } from 'vitest';
import { testContext } from '../support/engine.ts';

/** The receiver of a row, as plain arithmetic: it must be the same in every process of a query. */
const receiverOf = (hash: number, receivers: number): number =>
  Number((BigInt((hash ^ (hash >>> 15)) >>> 0) * 0x2c1b3c6dn) % 2n ** 32n) % receivers;

const batches = fc.record({
  hashes: fc.array(fc.oneof(fc.nat({ max: 0xffff_ffff }), fc.constantFrom(0, 7, 0xffff_ffff)), { maxLength: 300 }),
  receivers: fc.oneof(fc.integer({ min: 1, max: 9 }), fc.constantFrom(64, 1000, 65_536)),
  stride: fc.constantFrom(8, 16, 40),
  gaps: fc.option(fc.array(fc.nat({ max: 3 }), { minLength: 300, maxLength: 300 })),
});

test('every row goes to the receiver of its hash, in the order of the rows', () => {
  fc.assert(
    fc.property(batches, ({ hashes, receivers, stride, gaps }) => {
      const ctx = testContext();
      const n = hashes.length;
      let position = -1;
      const positions = hashes.map((_, j) => (gaps === null ? j : (position += 1 + gaps[j]!)));
      const packed = ctx.arena.alloc(n * stride + 8);
      const selection = gaps === null ? 0 : ctx.arena.alloc(n * 2 + 2);
      const [numbers, out] = [ctx.arena.alloc(n * 2 + 2), ctx.arena.alloc(n * 2 + 2)];
      const ends = ctx.arena.alloc(receivers * 4);
      const { u8, u16, u32 } = ctx.memory;
      u8.fill(0xee, packed, packed + n * stride);
      for (const [j, hash] of hashes.entries()) u32[(packed + j * stride) >>> 2] = hash;
      if (gaps !== null) u16.set(positions, selection >>> 1);
      ctx.kernels.deal_rows(packed, stride, selection, n, receivers, numbers, ends, out);
      const expected = new Map<number, number[]>();
      for (const [j, hash] of hashes.entries()) {
        const receiver = receiverOf(hash, receivers);
        expected.set(receiver, [...(expected.get(receiver) ?? []), positions[j]!]);
      }
      const found = new Map<number, number[]>();
      let start = 0;
      for (let r = 0; r < receivers; r++) {
        const end = ctx.memory.u32[(ends >>> 2) + r]!;
        if (end > start) found.set(r, [...ctx.memory.u16.slice((out >>> 1) + start, (out >>> 1) + end)]);
        start = end;
      }
      expect(start).toBe(n);
      expect(found).toEqual(expected);
    }),
  );
});
