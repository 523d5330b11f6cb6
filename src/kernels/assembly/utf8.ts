// Characters (code points) of UTF-8 text. Bytes that can't begin a character count as one.
import { check } from './memory';

/** Bytes of the character whose first byte is at `p`. */
// @ts-ignore: decorator
@inline export function charBytes(p: usize): usize {
  const lead = <u32>load<u8>(p);
  return lead < 0xc0 ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
}

/** Characters in `length` bytes: those that continue none. */
export function countChars(p: usize, length: usize): usize {
  check(p, length);
  let count: usize = 0;
  const end = p + length;
  while (p + 16 <= end) {
    // Continuation bytes are 0x80 … 0xbf, the lowest of the signed bytes.
    count += 16 - <usize>popcnt<i32>(i8x16.bitmask(i8x16.lt_s(v128.load(p), i8x16.splat(-64))));
    p += 16;
  }
  for (; p < end; p++) count += <usize>((load<u8>(p) & 0xc0) != 0x80);
  return count;
}

/** Where the character that ends before `end` begins, not before `from`. */
export function previousChar(end: usize, from: usize): usize {
  let p = end - 1;
  while (p > from && (load<u8>(p) & 0xc0) == 0x80) p--;
  return p;
}

/** The address `count` characters after `p`, or `end` when there are fewer. */
export function skipChars(p: usize, end: usize, count: i64): usize {
  for (let k: i64 = 0; k < count && p < end; k++) p += charBytes(p);
  return min(p, end);
}
