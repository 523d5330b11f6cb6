import fc from 'fast-check';
import { expect, test } from 'vitest';
import { UTF8 } from '../../../src/types/data-type.ts';
import { testContext, vectorOf } from '../../support/engine.ts';

/** The doubles that the kernel reads; undefined where it leaves the text to its caller. */
function parseFloats(texts: readonly string[]): (number | undefined)[] {
  const ctx = testContext();
  const refs = vectorOf(ctx, UTF8, texts).data;
  const out = ctx.arena.alloc(texts.length * 8);
  return texts.map((_, i) => {
    const stopped = ctx.kernels.parse_float(refs, 0, 0, i, i + 1, 46, 64, out);
    return stopped === i ? undefined : ctx.memory.f64[out / 8 + i]!;
  });
}

test('doubles are rounded as JavaScript does', () => {
  const digits = fc.bigInt({ min: 0n, max: 10n ** 19n - 1n });
  const text = fc.tuple(digits, fc.integer({ min: -27, max: 27 }), fc.boolean());
  fc.assert(
    fc.property(fc.array(text, { minLength: 1, maxLength: 50 }), values => {
      const texts = values.map(([d, e, minus]) => `${minus ? '-' : ''}${d}e${e}`);
      expect(parseFloats(texts)).toEqual(texts.map(Number));
    }),
    { numRuns: 400 },
  );
  fc.assert(
    fc.property(fc.array(fc.double({ noNaN: true, noDefaultInfinity: true }), { minLength: 1 }), values => {
      const found = parseFloats(values.map(String));
      found.forEach((v, i) => {
        if (v !== undefined) expect(v).toBe(Number(String(values[i])));
      });
    }),
    { numRuns: 400 },
  );
});

test('halfway cases go to the even neighbour', () => {
  const texts = [
    '9007199254740993',
    '9007199254740995',
    '4503599627370497.5',
    '4503599627370498.5',
    '9007199254740993.0001',
  ];
  expect(parseFloats(texts)).toEqual(texts.map(t => (t.replace(/\D/g, '').length > 19 ? undefined : Number(t))));
});

test('plain numbers of any length are what JavaScript reads, and other texts are left', () => {
  const digits = (maxLength: number) => fc.string({ unit: fc.constantFrom(...'0123456789'), maxLength });
  const number = fc.tuple(fc.constantFrom('', '-'), digits(17), fc.constantFrom('', '.'), digits(9));
  const other = fc.string({ unit: fc.constantFrom(...'0159.,-: e/\u0000'), maxLength: 18 });
  const text = fc.oneof(
    number.map(parts => parts.join('')),
    other,
  );
  // What is behind a text in memory is no part of it: the next one.
  fc.assert(
    fc.property(fc.array(text, { minLength: 1, maxLength: 20 }), texts => {
      const found = parseFloats(texts);
      texts.forEach((t, i) => {
        const isNumber = /^ *-?(\d+\.?\d*|\.\d+)(e[-+]?\d+)? *$/.test(t);
        if (!isNumber) expect([t, found[i]]).toEqual([t, undefined]);
        else if (/^ *-?[\d.]{1,16} *$/.test(t) || found[i] !== undefined) expect([t, found[i]]).toEqual([t, Number(t)]);
      });
    }),
    { numRuns: 2000 },
  );
});
