// Is it UTF-8? Sources of text check once, so that all other kernels can rely on it.
import { check } from './memory';

/** 1 when no byte of the range is above 127: then any part of it is valid UTF-8. */
export function ascii_only(p: usize, length: usize): i32 {
  check(p, length);
  const end = p + length;
  let high = i8x16.splat(0);
  while (p + 64 <= end) {
    high = v128.or(high, v128.or(v128.or(v128.load(p), v128.load(p, 16)), v128.or(v128.load(p, 32), v128.load(p, 48))));
    p += 64;
  }
  let rest: u8 = 0;
  for (; p < end; p++) rest |= load<u8>(p);
  return i8x16.bitmask(high) == 0 && rest < 128 ? 1 : 0;
}

/** The index of the first of `n` references whose bytes are not valid UTF-8, or -1. */
export function invalid_utf8_ref(refs: usize, n: usize): i32 {
  check(refs, n << 3);
  for (let i: usize = 0; i < n; i++) {
    const p = <usize>load<u32>(refs + (i << 3));
    if (!isUtf8(p, <usize>load<u32>(refs + (i << 3), 4))) return <i32>i;
  }
  return -1;
}

function isUtf8(from: usize, length: usize): bool {
  let p = from;
  const end = from + length;
  while (p < end) {
    while (p + 8 <= end && (load<u64>(p) & 0x8080808080808080) == 0) p += 8;
    if (p >= end) break;
    const lead = <u32>load<u8>(p);
    if (lead < 0x80) {
      p++;
      continue;
    }
    const more: usize = lead >= 0xf0 ? 3 : lead >= 0xe0 ? 2 : 1;
    if (lead < 0xc2 || lead > 0xf4 || end - p <= more) return false;
    const second = <u32>load<u8>(p + 1);
    // No overlong forms, no surrogates, nothing above U+10FFFF.
    const least: u32 = lead == 0xe0 ? 0xa0 : lead == 0xf0 ? 0x90 : 0x80;
    const most: u32 = lead == 0xed ? 0x9f : lead == 0xf4 ? 0x8f : 0xbf;
    if (second < least || second > most) return false;
    for (let k: usize = 2; k <= more; k++) if ((load<u8>(p + k) & 0xc0) != 0x80) return false;
    p += more + 1;
  }
  return true;
}
