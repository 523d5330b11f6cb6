import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { BINARY, decimal, INTERVAL, UINT32, UTF8 } from '../../src/types/data-type.ts';
import type { RawValue } from '../../src/types/raw-value.ts';
import { rowsOf, type TestContext, testContext, vectorOf } from '../support/engine.ts';

const SLACK = 64;

const bytesAt = (ctx: TestContext, address: number, count: number): number[] => [
  ...ctx.memory.u8.subarray(address, address + count),
];
const wordsAt = (ctx: TestContext, address: number, count: number): number[] => [
  ...ctx.memory.u32.subarray(address >>> 2, (address >>> 2) + count),
];

function place(ctx: TestContext, bytes: Uint8Array | readonly number[]): number {
  const address = ctx.arena.alloc(bytes.length + SLACK);
  ctx.memory.u8.set(bytes, address);
  return address;
}

/** Data with repeats near and far, and without. */
const compressible = fc
  .array(
    fc.oneof(
      fc.record({ bytes: fc.uint8Array({ minLength: 1, maxLength: 40 }), times: fc.integer({ min: 1, max: 60 }) }),
      fc.record({ bytes: fc.uint8Array({ minLength: 200, maxLength: 400 }), times: fc.integer({ min: 1, max: 3 }) }),
    ),
    { maxLength: 20 },
  )
  .map(parts => parts.flatMap(({ bytes, times }) => Array.from({ length: times }, () => [...bytes]).flat()));

describe('snappy_compress', () => {
  const roundTrip = (plain: readonly number[]): number => {
    const ctx = testContext();
    const src = place(ctx, plain);
    const most = 32 + plain.length + Math.floor(plain.length / 6);
    const packed = ctx.arena.alloc(most + SLACK);
    const size = ctx.kernels.snappy_compress(src, plain.length, ctx.arena.alloc(32 * 1024), packed);
    expect(size).toBeLessThanOrEqual(most);
    const out = ctx.arena.alloc(plain.length + SLACK);
    expect(ctx.kernels.snappy_decompress(packed, size, out, plain.length)).toBe(0);
    expect(Buffer.compare(ctx.memory.u8.slice(out, out + plain.length), Uint8Array.from(plain))).toBe(0);
    return size;
  };

  test('is undone by decompression', () => {
    fc.assert(
      fc.property(compressible, plain => {
        roundTrip(plain);
      }),
      { numRuns: 150 },
    );
  });

  test('takes blocks of any size, and makes them small or not much larger', () => {
    const random = Array.from({ length: 200_000 }, (_, i) => Math.imul(i, 2654435761) >>> 24);
    const noise = Array.from({ length: 70_000 }, (_, i) => (Math.imul(i ^ (i >>> 7), 0x9e3779b1) >>> 13) & 255);
    expect(roundTrip(new Array(200_000).fill(7))).toBeLessThan(200_000 / 20);
    for (const length of [0, 1, 15, 16, 17, 65_535, 65_536, 65_537]) roundTrip(random.slice(0, length));
    roundTrip(random);
    roundTrip(noise);
  });
});

describe('hybrid_write', () => {
  test('is undone by hybrid_read, and leaves what lies behind', () => {
    const runs = fc.integer({ min: 1, max: 32 }).chain(width =>
      fc.record({
        width: fc.constant(width),
        runs: fc.array(
          fc.record({
            values: fc.array(fc.integer({ min: 0, max: 2 ** width - 1 }), { minLength: 1, maxLength: 20 }),
            times: fc.constantFrom(1, 1, 1, 5, 40),
            isRun: fc.boolean(),
          }),
          { maxLength: 25 },
        ),
      }),
    );
    fc.assert(
      fc.property(runs, ({ width, runs }) => {
        const codes = runs.flatMap(({ values, times, isRun }) =>
          isRun
            ? new Array<number>(values.length * times).fill(values[0]!)
            : Array.from({ length: times }, () => values).flat(),
        );
        const ctx = testContext();
        const n = codes.length;
        const src = ctx.arena.alloc(n * 4 + SLACK);
        ctx.memory.u32.set([...codes, 0xabcdef01, 0x12345678], src >>> 2);
        const most = Math.ceil((n * (width + 1)) / 8) + 64;
        const out = ctx.arena.alloc(most + SLACK);
        const end = ctx.kernels.hybrid_write(src, n, width, out);
        expect(end - out).toBeLessThanOrEqual(most);
        expect(wordsAt(ctx, src, n + 2)).toEqual([...codes, 0xabcdef01, 0x12345678]);
        const state = ctx.arena.alloc(SLACK);
        const read = ctx.arena.alloc(n * 4 + SLACK);
        ctx.kernels.hybrid_open(state, out, end, width);
        expect([0, -2]).toContain(ctx.kernels.hybrid_read(state, n, 0xffffffff, read));
        expect(wordsAt(ctx, read, n)).toEqual(codes);
      }),
      { numRuns: 400 },
    );
  });

  test('of bits: any part of a bitmap', () => {
    fc.assert(
      fc.property(fc.array(fc.boolean(), { maxLength: 300 }), fc.nat(40), (bits, skip) => {
        const ctx = testContext();
        const from = Math.min(skip, bits.length);
        const bytes = Array.from({ length: (bits.length + 7) >> 3 }, (_, i) =>
          bits.slice(i * 8, i * 8 + 8).reduce((byte, bit, k) => byte | (bit ? 1 << k : 0), 0),
        );
        const wanted = bits.slice(from);
        const ones = wanted.filter(b => b).length;
        const out = ctx.arena.alloc(100 + SLACK);
        const end = ctx.kernels.hybrid_write_bits(place(ctx, bytes), from, wanted.length, ones, out);
        const state = ctx.arena.alloc(SLACK);
        const read = ctx.arena.alloc(400 * 4 + SLACK);
        ctx.kernels.hybrid_open(state, out, end, 1);
        if (wanted.length > 0) expect(ctx.kernels.hybrid_read(state, wanted.length, 2, read)).toBe(0);
        expect(wordsAt(ctx, read, wanted.length)).toEqual(wanted.map(Number));
      }),
    );
  });
});

test('append_validity: bits of rows, at any bit', () => {
  fc.assert(
    fc.property(fc.array(fc.boolean(), { minLength: 1, maxLength: 50 }), fc.nat(20), fc.nat(6), (valid, to, step) => {
      const ctx = testContext();
      const vector = vectorOf(
        ctx,
        UINT32,
        valid.map(v => (v ? 1 : null)),
      );
      const positions = valid.flatMap((_, i) => (i % (step + 1) === 0 ? [i] : []));
      const { selection } = rowsOf(ctx, valid.length, positions);
      const out = ctx.arena.alloc(32);
      ctx.memory.u8.fill(255, out, out + 32);
      ctx.kernels.append_validity(vector.validity, selection, positions.length, out, to);
      const bit = (i: number): number => (ctx.memory.u8[out + (i >> 3)]! >> (i & 7)) & 1;
      expect(positions.map((_, j) => bit(to + j))).toEqual(
        positions.map(i => (vector.validity === 0 || valid[i] ? 1 : 0)),
      );
      for (let i = 0; i < to; i++) expect(bit(i)).toBe(1);
    }),
  );
});

describe('dictionary_encode', () => {
  const codesOf = <T>(values: readonly T[], key: (value: T) => string): { codes: number[]; distinct: T[] } => {
    const known = new Map<string, number>();
    const distinct: T[] = [];
    const codes = values.map(v => {
      const k = key(v);
      if (!known.has(k)) {
        known.set(k, known.size);
        distinct.push(v);
      }
      return known.get(k)!;
    });
    return { codes, distinct };
  };

  test.each([4, 8, 16])('gives values of %i bytes codes in the order of their first occurrence', width => {
    fc.assert(
      fc.property(fc.array(fc.bigInt(0n, 30n), { minLength: 1, maxLength: 100 }), fc.nat(40), (small, limit) => {
        const ctx = testContext();
        const values = small.map(v => (v * 0x1_0000_0001_0003n) % 2n ** BigInt(width * 8));
        const bytes = values.flatMap(v => Array.from({ length: width }, (_, k) => Number((v >> BigInt(8 * k)) & 255n)));
        const { codes, distinct } = codesOf(values, String);
        const dictionary = ctx.arena.alloc(40 * width + SLACK);
        const out = ctx.arena.alloc(values.length * 4 + SLACK);
        const table = ctx.arena.allocZeroed(4 << 7);
        const { dictionary_encode } = ctx.kernels;
        const count = dictionary_encode(width, place(ctx, bytes), values.length, table, 7, dictionary, 0, limit, out);
        if (distinct.length > limit) {
          expect(count).toBe(-1);
          return;
        }
        expect(count).toBe(distinct.length);
        expect(wordsAt(ctx, out, codes.length)).toEqual(codes);
        const stored = distinct.flatMap(v =>
          Array.from({ length: width }, (_, k) => Number((v >> BigInt(8 * k)) & 255n)),
        );
        expect(bytesAt(ctx, dictionary, stored.length)).toEqual(stored);
      }),
    );
  });

  test('gives texts codes, and back', () => {
    const texts = fc.array(fc.oneof(fc.string({ maxLength: 3 }), fc.string({ minLength: 5, maxLength: 20 })), {
      minLength: 1,
      maxLength: 80,
    });
    fc.assert(
      fc.property(texts, fc.nat(900), (values, capacity) => {
        const ctx = testContext();
        const { codes, distinct } = codesOf(values, v => v);
        const encoded = distinct.map(v => [...new TextEncoder().encode(v)]);
        const plain = (bytes: number[]): number[] => [bytes.length, 0, 0, 0, ...bytes];
        const size = encoded.reduce((sum, b) => sum + b.length + 4, 0);
        const dictionary = ctx.arena.alloc(capacity + SLACK);
        const offsets = ctx.arena.allocZeroed(101 * 4);
        const out = ctx.arena.alloc(values.length * 4 + SLACK);
        const table = ctx.arena.allocZeroed(4 << 8);
        const { data } = vectorOf(ctx, UTF8, values);
        const { kernels } = ctx;
        const n = values.length;
        const encode = kernels.dictionary_encode_texts;
        const count = encode(data, -1, 0, n, table, 8, dictionary, capacity, offsets, 0, 100, out);
        if (size > capacity) {
          expect(count).toBe(-1);
          return;
        }
        expect(count).toBe(distinct.length);
        expect(wordsAt(ctx, out, n)).toEqual(codes);
        expect(bytesAt(ctx, dictionary, size)).toEqual(encoded.flatMap(plain));
        const all = values.flatMap(v => plain([...new TextEncoder().encode(v)]));
        expect(kernels.dictionary_text_bytes(out, n, offsets)).toBe(all.length);
        const back = ctx.arena.alloc(all.length + SLACK);
        expect(kernels.dictionary_texts(out, n, dictionary, offsets, back)).toBe(back + all.length);
        expect(bytesAt(ctx, back, all.length)).toEqual(all);
        expect(kernels.text_bytes(data, -1, 0, n) + n * 4).toBe(all.length);
        expect(kernels.plain_texts(data, -1, 0, n, back)).toBe(back + all.length);
        expect(bytesAt(ctx, back, all.length)).toEqual(all);
      }),
    );
  });
});

describe('stored_values', () => {
  const stored = (type: Parameters<typeof vectorOf>[1], kind: number, values: RawValue[], width: number): number[] => {
    const ctx = testContext();
    const out = ctx.arena.alloc(values.length * width + SLACK);
    const { data } = vectorOf(ctx, type, values);
    expect(ctx.kernels.stored_values(kind, data, -1, 0, values.length, out)).toBe(0);
    return bytesAt(ctx, out, values.length * width);
  };

  test('wide decimals are big-endian', () => {
    expect(stored(decimal(38, 0), 8, [258n, -1n], 16)).toEqual([
      ...new Array(14).fill(0),
      ...[1, 2],
      ...new Array(16).fill(255),
    ]);
  });

  test('intervals are months, days and milliseconds', () => {
    const interval = { months: 1, days: 2, micros: 3_004_999n };
    expect(stored(INTERVAL, 9, [interval], 12)).toEqual([1, 0, 0, 0, 2, 0, 0, 0, 188, 11, 0, 0]);
    const ctx = testContext();
    const { data } = vectorOf(ctx, INTERVAL, [{ months: 0, days: -1, micros: 0n }]);
    expect(ctx.kernels.stored_values(9, data, -1, 0, 1, ctx.arena.alloc(SLACK))).toBe(-1);
  });

  test('seconds become microseconds, where they can', () => {
    const ctx = testContext();
    const seconds = { kind: 'timestamp', unit: 's', zone: false } as const;
    const out = ctx.arena.alloc(SLACK);
    const store = (value: bigint): number =>
      ctx.kernels.stored_values(12, vectorOf(ctx, seconds, [value]).data, -1, 0, 1, out);
    expect(store(-7n)).toBe(0);
    expect(ctx.memory.i64[out >>> 3]).toBe(-7_000_000n);
    expect(store(9_223_372_036_855n)).toBe(-1);
  });
});

describe('bounds', () => {
  test('of texts, by their bytes', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 20 }), { minLength: 1, maxLength: 30 }), values => {
        const ctx = testContext();
        const { data } = vectorOf(ctx, BINARY, values);
        const plain = ctx.arena.alloc(values.reduce((sum, v) => sum + v.length + 4, 0) + SLACK);
        ctx.kernels.plain_texts(data, -1, 0, values.length, plain);
        const out = ctx.arena.alloc(16);
        ctx.kernels.text_bounds(plain, values.length, out);
        const sorted = values.map(v => Buffer.from(v)).sort(Buffer.compare);
        const lengthAt = (p: number): number => new DataView(ctx.memory.memory.buffer).getUint32(p, true);
        const [least, most] = wordsAt(ctx, out, 2).map(p => bytesAt(ctx, p + 4, lengthAt(p)));
        expect(least).toEqual([...sorted[0]!]);
        expect(most).toEqual([...sorted.at(-1)!]);
      }),
    );
  });

  test('of floats, without NaN; zeros stand for both', () => {
    const ctx = testContext();
    const out = ctx.arena.alloc(SLACK);
    const bounds = (values: readonly number[]): unknown => {
      const at = ctx.arena.alloc(values.length * 8 + SLACK);
      ctx.memory.f64.set(values, at >>> 3);
      if (ctx.kernels.stored_bounds(5, at, values.length, out) === 0) return undefined;
      return [ctx.memory.f64[out >>> 3], ctx.memory.f64[(out + 16) >>> 3]];
    };
    expect(bounds([Number.NaN, 3, -2, Number.NaN])).toEqual([-2, 3]);
    expect(bounds([Number.NaN])).toBe(undefined);
    expect(bounds([0, 5])).toEqual([-0, 5]);
    expect(bounds([-0, -5])).toEqual([-5, 0]);
    expect(bounds([Number.POSITIVE_INFINITY, 1])).toEqual([1, Number.POSITIVE_INFINITY]);
  });

  test('of wide decimals, signed', () => {
    const ctx = testContext();
    const { data } = vectorOf(ctx, decimal(38, 0), [5n, -(10n ** 30n), 10n ** 30n, -1n]);
    const values = ctx.arena.alloc(4 * 16 + SLACK);
    ctx.kernels.stored_values(8, data, -1, 0, 4, values);
    const out = ctx.arena.alloc(SLACK);
    ctx.kernels.stored_bounds(7, values, 4, out);
    expect(bytesAt(ctx, out, 16)).toEqual(bytesAt(ctx, values + 16, 16));
    expect(bytesAt(ctx, out + 16, 16)).toEqual(bytesAt(ctx, values + 32, 16));
  });
});
