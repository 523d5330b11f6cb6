import fc from 'fast-check';
import { expect, test } from 'vitest';
import { compareBytes } from '../../../src/batch/compare-raw.ts';
import { cutBounds } from '../../../src/sources/parquet/cut-bounds.ts';

const encode = (text: string): Uint8Array => new TextEncoder().encode(text);
const decode = (bytes: Uint8Array): string => new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);

test('shortened bounds of texts are texts, and bounds still', () => {
  const text = fc.string({
    unit: fc.constantFrom('a', 'é', '\ud7ff', '\uffff', '\ufeff', '\u{10ffff}'),
    maxLength: 90,
  });
  fc.assert(
    fc.property(text, text, (a, b) => {
      const [min, max] = [encode(a), encode(b)];
      const cut = cutBounds({ min, max }, true);
      if (cut === undefined) {
        expect(b.startsWith('\u{10ffff}'.repeat(16))).toBe(true);
        return;
      }
      for (const bound of [cut.min, cut.max]) {
        expect(bound.length).toBeLessThanOrEqual(65);
        expect(encode(decode(bound))).toEqual(bound);
      }
      expect(compareBytes(cut.min, min)).toBeLessThanOrEqual(0);
      expect(compareBytes(cut.max, max)).toBeGreaterThanOrEqual(0);
      if (max.length <= 64) expect(cut.max).toEqual(max);
    }),
    { numRuns: 1000 },
  );
});

test('shortened bounds of bytes are bounds still', () => {
  const bytes = fc.array(fc.constantFrom(0, 0x80, 0xfe, 0xff), { maxLength: 70 }).map(list => Uint8Array.from(list));
  fc.assert(
    fc.property(bytes, bytes, (min, max) => {
      const cut = cutBounds({ min, max }, false);
      if (cut === undefined) expect(max.subarray(0, 64)).toEqual(new Uint8Array(64).fill(0xff));
      else {
        expect(cut.max.length).toBeLessThanOrEqual(64);
        expect(compareBytes(cut.min, min)).toBeLessThanOrEqual(0);
        expect(compareBytes(cut.max, max)).toBeGreaterThanOrEqual(0);
      }
    }),
    { numRuns: 1000 },
  );
});

test.each([
  ['abc', 'abd'.repeat(30), `${'abd'.repeat(21)}b`],
  ['abc', `${'é'.repeat(31)}\u{d7ff}z`, `${'é'.repeat(30)}ê`],
  ['abc', `${'x'.repeat(61)}\u{d7ff}zzz`, `${'x'.repeat(61)}\u{e000}`],
  ['abc', `${'x'.repeat(60)}\u{10ffff}zzz`, `${'x'.repeat(59)}y`],
])('%j to %j', (min, max, expected) => {
  expect(decode(cutBounds({ min: encode(min), max: encode(max) }, true)!.max)).toBe(expected);
});
