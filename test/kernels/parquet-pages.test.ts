import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { rowsOf, type TestContext, testContext } from '../support/engine.ts';

const SLACK = 64;

/** Bytes in linear memory, with the slack that the kernels ask for. */
function place(ctx: TestContext, bytes: Uint8Array | readonly number[]): number {
  const address = ctx.arena.alloc(bytes.length + SLACK);
  ctx.memory.u8.set(bytes, address);
  return address;
}

type Element =
  | { readonly kind: 'literal'; readonly length: number; readonly lengthBytes: number }
  | { readonly kind: 'copy'; readonly offset: number; readonly length: number; readonly offsetBytes: 1 | 2 | 4 };

const element = fc.oneof(
  fc.record({
    kind: fc.constant('literal' as const),
    length: fc.oneof(fc.integer({ min: 1, max: 70 }), fc.integer({ min: 1, max: 3000 })),
    lengthBytes: fc.integer({ min: 0, max: 4 }),
  }),
  fc.record({
    kind: fc.constant('copy' as const),
    offset: fc.oneof(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 1, max: 70_000 })),
    length: fc.integer({ min: 1, max: 64 }),
    offsetBytes: fc.constantFrom(1 as const, 2 as const, 4 as const),
  }),
);

/** Snappy data of the elements, and what it stands for. */
function snappy(elements: readonly Element[]): { data: number[]; plain: number[] } {
  const plain: number[] = [];
  const data: number[] = [];
  const little = (value: number, bytes: number): number[] =>
    Array.from({ length: bytes }, (_, i) => Math.floor(value / 2 ** (8 * i)) % 256);
  for (const e of elements) {
    if (e.kind === 'literal') {
      const needed = e.length <= 60 ? 0 : e.length <= 256 ? 1 : 2;
      const bytes = Math.max(needed, e.lengthBytes);
      data.push(bytes === 0 ? (e.length - 1) << 2 : (59 + bytes) << 2, ...little(e.length - 1, bytes));
      for (let i = 0; i < e.length; i++) {
        const byte = (plain.length * 31 + e.length * 7) & 255;
        data.push(byte);
        plain.push(byte);
      }
    } else if (plain.length > 0) {
      const offset = Math.min(e.offset, plain.length);
      let { offsetBytes } = e;
      if (offsetBytes === 1 && (offset > 2047 || e.length < 4 || e.length > 11)) offsetBytes = 2;
      if (offsetBytes === 2 && offset > 65535) offsetBytes = 4;
      if (offsetBytes === 1) data.push(1 | ((e.length - 4) << 2) | ((offset >> 8) << 5), offset & 255);
      else data.push((offsetBytes === 2 ? 2 : 3) | ((e.length - 1) << 2), ...little(offset, offsetBytes));
      for (let i = 0; i < e.length; i++) plain.push(plain[plain.length - offset]!);
    }
  }
  const size: number[] = [];
  for (let rest = plain.length; ; rest >>= 7) {
    size.push(rest < 128 ? rest : (rest & 127) | 128);
    if (rest < 128) break;
  }
  return { data: [...size, ...data], plain };
}

describe('snappy_decompress', () => {
  test('undoes any data of the format', () => {
    fc.assert(
      fc.property(fc.array(element, { maxLength: 60 }), elements => {
        const ctx = testContext();
        const { data, plain } = snappy(elements);
        const out = ctx.arena.alloc(plain.length + SLACK);
        expect(ctx.kernels.snappy_decompress(place(ctx, data), data.length, out, plain.length)).toBe(0);
        expect([...ctx.memory.u8.subarray(out, out + plain.length)]).toEqual(plain);
      }),
      { numRuns: 200 },
    );
  });

  test('refuses data that was cut, or is to have another size', () => {
    fc.assert(
      fc.property(fc.array(element, { minLength: 1, maxLength: 30 }), fc.nat(), (elements, seed) => {
        const ctx = testContext();
        const { data, plain } = snappy([{ kind: 'literal', length: 3, lengthBytes: 0 }, ...elements]);
        const cut = seed % data.length;
        const out = ctx.arena.alloc(plain.length + 1 + SLACK);
        expect(ctx.kernels.snappy_decompress(place(ctx, data.slice(0, cut)), cut, out, plain.length)).toBe(-1);
        expect(ctx.kernels.snappy_decompress(place(ctx, data), data.length, out, plain.length + 1)).toBe(-1);
      }),
    );
  });

  test('survives any damage', () => {
    fc.assert(
      fc.property(fc.array(element, { minLength: 1, maxLength: 30 }), fc.nat(), fc.nat(255), (elements, seed, byte) => {
        const ctx = testContext();
        const { data, plain } = snappy([{ kind: 'literal', length: 3, lengthBytes: 0 }, ...elements]);
        data[seed % data.length] = byte;
        const out = ctx.arena.alloc(plain.length + SLACK);
        expect([0, -1]).toContain(ctx.kernels.snappy_decompress(place(ctx, data), data.length, out, plain.length));
      }),
      { numRuns: 300 },
    );
  });

  test('refuses a match from before the start', () => {
    const ctx = testContext();
    // 100 bytes: a literal of 4, a match of 60 from 5 back, and more, far from the end.
    const data = [164, 1, 3 << 2, 1, 2, 3, 4, (59 << 2) | 2, 5, 0, ...new Array(100).fill(0)];
    const out = ctx.arena.alloc(164 + SLACK);
    expect(ctx.kernels.snappy_decompress(place(ctx, data), data.length, out, 164)).toBe(-1);
  });
});

type Run = { readonly packed: boolean; readonly values: readonly number[] };

/** Runs as bytes; packed ones are filled up to a multiple of 8 values. */
function hybrid(runs: readonly Run[], width: number): { data: number[]; values: number[] } {
  const data: number[] = [];
  const values: number[] = [];
  const put = (n: number): void => {
    for (let rest = n; ; rest = Math.floor(rest / 128)) {
      data.push(rest < 128 ? rest : (rest % 128) | 128);
      if (rest < 128) break;
    }
  };
  for (const run of runs) {
    if (run.packed) {
      const all = [...run.values, ...new Array((8 - (run.values.length % 8)) % 8).fill(0)];
      put((all.length / 8) * 2 + 1);
      let bits = 0n;
      all.forEach((v, i) => {
        bits |= BigInt(v) << BigInt(i * width);
      });
      for (let i = 0; i < (all.length * width) / 8; i++) data.push(Number((bits >> BigInt(8 * i)) & 255n));
      values.push(...all);
    } else {
      const [value = 0] = run.values;
      put(run.values.length * 2);
      for (let i = 0; i < (width + 7) >> 3; i++) data.push(Math.floor(value / 2 ** (8 * i)) % 256);
      for (let i = 0; i < run.values.length; i++) values.push(value);
    }
  }
  return { data, values };
}

const runsOf = (width: number): fc.Arbitrary<Run[]> =>
  fc.array(
    fc.record({
      packed: fc.boolean(),
      values: fc.array(fc.integer({ min: 0, max: 2 ** width - 1 }), { minLength: 1, maxLength: 70 }),
    }),
    { minLength: 1, maxLength: 6 },
  );

describe('hybrid_read', () => {
  const widths = fc.integer({ min: 1, max: 32 });
  test('reads run lengths and bit packing of any width, in steps of any size', () => {
    fc.assert(
      fc.property(
        widths.chain(width => fc.tuple(fc.constant(width), runsOf(width))),
        fc.array(fc.integer({ min: 1, max: 90 }), { minLength: 1, maxLength: 5 }),
        fc.boolean(),
        ([width, runs], steps, skips) => {
          const ctx = testContext();
          const { data, values } = hybrid(runs, width);
          const src = place(ctx, data);
          const state = ctx.arena.alloc(SLACK);
          const out = ctx.arena.alloc(values.length * 4 + SLACK);
          ctx.kernels.hybrid_open(state, src, src + data.length, width);
          for (let at = 0, i = 0; at < values.length; i++) {
            const n = Math.min(steps[i % steps.length]!, values.length - at);
            if (skips && i % 3 === 1) expect(ctx.kernels.hybrid_skip(state, n)).toBe(0);
            else {
              expect(ctx.kernels.hybrid_read(state, n, 0xffffffff, out)).toBeOneOf([0, -2]);
              expect([...ctx.memory.u32.subarray(out >>> 2, (out >>> 2) + n)]).toEqual(values.slice(at, at + n));
            }
            at += n;
          }
          expect(ctx.kernels.hybrid_read(state, 1, 0xffffffff, out)).toBe(-1);
        },
      ),
      { numRuns: 400 },
    );
  });

  test('picks some rows of a batch, and goes on behind them', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 32 }).chain(width => fc.tuple(fc.constant(width), runsOf(width))),
        fc.array(fc.boolean(), { minLength: 1, maxLength: 50 }),
        fc.array(fc.integer({ min: 1, max: 90 }), { minLength: 1, maxLength: 5 }),
        fc.integer({ min: 0, max: 9 }),
        ([width, runs], chosen, steps, first) => {
          const ctx = testContext();
          const { data, values } = hybrid(runs, width);
          const src = place(ctx, data);
          const state = ctx.arena.alloc(SLACK);
          const out = ctx.arena.alloc((values.length + first) * 4 + SLACK);
          ctx.kernels.hybrid_open(state, src, src + data.length, width);
          for (let at = 0, i = 0; at < values.length; i++) {
            const n = Math.min(steps[i % steps.length]!, values.length - at);
            const picked = Array.from({ length: n }, (_, j) => j).filter(
              j => chosen[(at + j) % chosen.length] === true,
            );
            const { selection } = rowsOf(
              ctx,
              first + n,
              picked.map(j => first + j),
            );
            const status = ctx.kernels.hybrid_pick(state, n, 0xffffffff, first, selection, picked.length, out);
            expect(status).toBeOneOf([0, -2]);
            const found = picked.map(j => ctx.memory.u32[(out >>> 2) + first + j]);
            expect(found).toEqual(picked.map(j => values[at + j]));
            const most = picked.reduce((a, j) => Math.max(a, values[at + j]!), -1);
            if (status === -2) expect(most).toBe(0xffffffff);
            at += n;
          }
          const { selection } = rowsOf(ctx, 1, [0]);
          if (width > 0) expect(ctx.kernels.hybrid_pick(state, 1, 0xffffffff, 0, selection, 1, out)).toBe(-1);
        },
      ),
      { numRuns: 400 },
    );
  });

  test('tells of values that are too large, wherever they stand', () => {
    fc.assert(
      fc.property(
        widths.chain(width => fc.tuple(fc.constant(width), runsOf(width))),
        ([width, runs]) => {
          const ctx = testContext();
          const { data, values } = hybrid(runs, width);
          const most = values.reduce((a, b) => Math.max(a, b));
          const src = place(ctx, data);
          const state = ctx.arena.alloc(SLACK);
          const out = ctx.arena.alloc(values.length * 4 + SLACK);
          const read = (limit: number): number => {
            ctx.kernels.hybrid_open(state, src, src + data.length, width);
            return ctx.kernels.hybrid_read(state, values.length, limit, out);
          };
          expect(read(most)).toBe(-2);
          if (most < 0xffffffff) expect(read(most + 1)).toBe(0);
        },
      ),
    );
  });

  test('values of no bits are 0, which must be less than the limit', () => {
    const ctx = testContext();
    const state = ctx.arena.alloc(SLACK);
    const out = ctx.arena.alloc(10 * 4 + SLACK);
    ctx.kernels.hybrid_open(state, out, out, 0);
    expect(ctx.kernels.hybrid_read(state, 10, 1, out)).toBe(0);
    expect([...ctx.memory.u32.subarray(out >>> 2, (out >>> 2) + 10)]).toEqual(new Array(10).fill(0));
    expect(ctx.kernels.hybrid_read(state, 10, 0, out)).toBe(-2);
    expect(ctx.kernels.hybrid_read(state, 0, 0, out)).toBe(0);
  });
});

describe('dictionary_pick', () => {
  test.each([1, 2, 4, 8, 16])('looks up the codes of some rows, %d bytes each; NULLs become 0', width => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.integer({ min: 0, max: 9 }), fc.boolean(), fc.boolean()), { maxLength: 40 }),
        fc.boolean(),
        (rows, hasNulls) => {
          const ctx = testContext();
          const n = rows.length;
          const codes = ctx.arena.alloc(n * 4 + SLACK);
          const dictionary = ctx.arena.alloc(10 * width + SLACK);
          const out = ctx.arena.allocZeroed(n * width + SLACK);
          const validity = ctx.arena.allocZeroed((n >> 3) + SLACK);
          ctx.memory.u32.set(
            rows.map(r => r[0]),
            codes >>> 2,
          );
          for (let i = 0; i < 10 * width; i++) ctx.memory.u8[dictionary + i] = 1 + Math.floor(i / width);
          for (const [i, r] of rows.entries()) if (r[2]) ctx.memory.u8[validity + (i >> 3)]! |= 1 << (i & 7);
          const { selection, selected } = rowsOf(
            ctx,
            n,
            rows.flatMap((r, i) => (r[1] ? [i] : [])),
          );
          ctx.kernels.dictionary_pick(codes, selection, selected, hasNulls ? validity : 0, dictionary, width, out);
          for (const [i, [code, isChosen, isValid]] of rows.entries()) {
            const expected = isChosen && (isValid || !hasNulls) ? code + 1 : 0;
            const bytes = [...ctx.memory.u8.subarray(out + i * width, out + (i + 1) * width)];
            expect(bytes).toEqual(new Array(width).fill(expected));
          }
        },
      ),
      { numRuns: 50 },
    );
  });
});
