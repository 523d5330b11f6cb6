import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { testContext } from '../support/engine.ts';

const decoder = new TextDecoder('utf-8', { fatal: true });

function isUtf8(bytes: Uint8Array): boolean {
  try {
    decoder.decode(bytes);
    return true;
  } catch {
    return false;
  }
}

/** The first text that the kernel objects to; texts lie one behind the other, among bytes that are no text. */
function firstInvalid(texts: readonly Uint8Array[]): number {
  const { kernels, memory, arena } = testContext();
  const total = texts.reduce((sum, t) => sum + t.length + 1, 0);
  const [refs, bytes] = [arena.alloc(8 * texts.length), arena.alloc(total + 16)];
  memory.u8.fill(0xbf, bytes, bytes + total + 16);
  let at = bytes;
  for (const [i, text] of texts.entries()) {
    memory.u8.set(text, at);
    memory.u32.set([at, text.length], (refs >>> 2) + 2 * i);
    at += text.length + 1;
  }
  return kernels.invalid_utf8_ref(refs, texts.length);
}

const expected = (texts: readonly Uint8Array[]): number => texts.findIndex(t => !isUtf8(t));

describe('invalid_utf8_ref', () => {
  test('objects to what TextDecoder objects to', () => {
    const character = fc.oneof(fc.string({ unit: 'binary', maxLength: 3 }), fc.constantFrom('a', 'é', 'ж', '€', '𝄞'));
    const valid = fc.array(character, { maxLength: 30 }).map(parts => Buffer.from(parts.join('')));
    const damaged = fc
      .tuple(valid, fc.nat(), fc.integer({ min: 0, max: 255 }))
      .map(([bytes, at, byte]) => Uint8Array.from(bytes, (b, i) => (i === at % bytes.length ? byte : b)));
    const cut = fc.tuple(valid, fc.nat()).map(([bytes, n]) => bytes.subarray(0, n % (bytes.length + 1)));
    fc.assert(
      fc.property(fc.array(fc.oneof(valid, valid, cut, damaged), { minLength: 1, maxLength: 6 }), texts => {
        expect(firstInvalid(texts)).toBe(expected(texts));
      }),
      { numRuns: 500 },
    );
  });

  test.each([0, 13, 14, 15, 16])('knows all pairs of bytes, and more behind them, after %i others', before => {
    const texts: Uint8Array[] = [];
    const interesting = [0x00, 0x7f, 0x80, 0x8f, 0x90, 0x9f, 0xa0, 0xbf, 0xc0, 0xff];
    const start = new Array<number>(before).fill(0x61);
    for (let first = 0x70; first < 256; first++) {
      texts.push(Uint8Array.from([...start, first]));
      for (let second = 0; second < 256; second += second < 0x70 ? 16 : 1) {
        texts.push(Uint8Array.from([...start, first, second]));
        if (first < 0xe0) continue;
        for (const third of interesting) {
          texts.push(Uint8Array.from([...start, first, second, third]));
          if (first >= 0xf0) texts.push(Uint8Array.from([...start, first, second, third, 0x80, 0x61]));
        }
      }
    }
    const { kernels, memory, arena } = testContext();
    const [ref, bytes] = [arena.alloc(8), arena.alloc(64)];
    memory.u8.fill(0x80, bytes, bytes + 64);
    const wrong = texts.filter(text => {
      memory.u8.set(text, bytes);
      memory.u32.set([bytes, text.length], ref >>> 2);
      return kernels.invalid_utf8_ref(ref, 1) < 0 !== isUtf8(text);
    });
    expect(wrong).toEqual([]);
  });
});
