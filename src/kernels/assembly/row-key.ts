// Keys in rows, for the other kernels; nothing here is exported to the host. A key is a run of 8-byte words: first two
// per text, then the fixed-width fields, NULL flags and zero padding. A text is {length u32, first 4 bytes, the other
// bytes up to 12 or the address of the text}, so that texts of up to 12 bytes are equal when their words are.
import { equalBytes, hashBytes, refAddress, refLength } from './bytes';

export const INLINE_TEXT: u32 = 12;
const MIX: u64 = 0xd6e8feb86659fd93;

/** Writes a ref's text as 16 bytes; longer texts stay where they are. `out` holds zeros. */
// @ts-ignore: decorator
@inline export function packText(ref: usize, out: usize): void {
  const length = <u32>refLength(ref);
  const p = refAddress(ref);
  if (length > INLINE_TEXT) {
    store<u64>(out, (<u64>load<u32>(p) << 32) | <u64>length);
    store<u64>(out, <u64>p, 8);
  } else if (length >= 8) {
    store<u32>(out, length);
    store<u64>(out, load<u64>(p), 4);
    // The last 4 bytes overlap what is there already.
    store<u32>(out + length, load<u32>(p + length - 4));
  } else if (length != 0) {
    store<u32>(out, length);
    store<u64>(out, load<u64>(p) & (((<u64>1) << (<u64>length << 3)) - 1), 4);
  }
}

// @ts-ignore: decorator
@inline export function textLength(text: usize): u32 {
  return load<u32>(text);
}

// @ts-ignore: decorator
@inline export function textAddress(text: usize): usize {
  return textLength(text) <= INLINE_TEXT ? text + 4 : <usize>load<u32>(text, 8);
}

// @ts-ignore: decorator
@inline function equalText(a: usize, b: usize): bool {
  const word = load<u64>(a);
  if (word != load<u64>(b)) return false;
  const x = load<u64>(a, 8);
  const y = load<u64>(b, 8);
  if (x == y) return true;
  const length = <u32>word;
  return length > INLINE_TEXT && equalBytes(<usize>x + 4, <usize>y + 4, length - 4);
}

/** Whether two keys of `words` words, the first `2 * texts` of them texts, are the same. */
// @ts-ignore: decorator
@inline export function equalKeys(a: usize, b: usize, texts: usize, words: usize): bool {
  const fixed = texts << 4;
  for (let t: usize = 0; t < fixed; t += 16) {
    if (!equalText(a + t, b + t)) return false;
  }
  const end = words << 3;
  for (let w = fixed; w < end; w += 8) {
    if (load<u64>(a + w) != load<u64>(b + w)) return false;
  }
  return true;
}

// @ts-ignore: decorator
@inline function mix(h: u64, word: u64): u64 {
  h = (h ^ word) * MIX;
  return h ^ (h >> 32);
}

// @ts-ignore: decorator
@inline export function hashKey(key: usize, texts: usize, words: usize): u64 {
  let h: u64 = 0x9e3779b97f4a7c15;
  const fixed = texts << 4;
  for (let t: usize = 0; t < fixed; t += 16) {
    const word = load<u64>(key + t);
    const rest = load<u64>(key + t, 8);
    const length = <u32>word;
    h = mix(h, word);
    h = length > INLINE_TEXT ? mix(h, hashBytes(<usize>rest + 4, length - 4, h)) : mix(h, rest);
  }
  const end = words << 3;
  for (let w = fixed; w < end; w += 8) h = mix(h, load<u64>(key + w));
  h *= MIX;
  return h ^ (h >> 29);
}
