// Rows that may be among the first of their partition, before they are sorted.
import { refAddress, refLength } from './bytes';
import { at, check } from './memory';

/** One u64 of a key's bytes, in which keys compare as numbers; bytes beyond its end count as 0. */
// @ts-ignore: decorator
@inline function keyWord(key: usize, length: usize, index: usize): u64 {
  const from = index << 3;
  if (from + 8 <= length) return bswap<u64>(load<u64>(key + from));
  let word: u64 = 0;
  for (let i = from; i < from + 8; i++) word = (word << 8) | (i < length ? <u64>load<u8>(key + i) : 0);
  return word;
}

/**
 * Leaves out rows before which `limit` others of their partition come for certain: positions of the others go to `out`
 * (u16), and how many they are is returned. Keys are n of `fixedBytes`, or refs when it is 0; their first `words` u64 are
 * looked at. A partition has at `found` (u32 addresses by position) + `offset`: how many keys it holds (u64, at first 0),
 * and the lowest keys seen, in order, at most `limit` of them.
 */
export function window_limit(keys: usize, fixedBytes: usize, words: usize, sel: usize, n: usize, found: usize, offset: usize, limit: usize, out: usize): usize {
  check(out, n << 1);
  const bytes = words << 3;
  let kept: usize = 0;
  for (let j: usize = 0; j < n; j++) {
    const position = at(sel, j);
    const key = fixedBytes == 0 ? refAddress(keys + (j << 3)) : keys + j * fixedBytes;
    const length = fixedBytes == 0 ? refLength(keys + (j << 3)) : fixedBytes;
    const held = <usize>load<u32>(found + (position << 2)) + offset;
    const first = held + 8;
    let count = <usize>load<u64>(held);
    let to = count;
    while (to > 0 && isBefore(key, length, words, first + (to - 1) * bytes)) to--;
    if (to == limit) {
      if (!isSame(key, length, words, first + (limit - 1) * bytes)) continue;
    } else {
      if (count < limit) store<u64>(held, ++count);
      const slot = first + to * bytes;
      memory.copy(slot + bytes, slot, (count - 1 - to) * bytes);
      for (let w: usize = 0; w < words; w++) store<u64>(slot + (w << 3), keyWord(key, length, w));
    }
    store<u16>(out + (kept << 1), <u16>position);
    kept++;
  }
  return kept;
}

// @ts-ignore: decorator
@inline function isBefore(key: usize, length: usize, words: usize, held: usize): bool {
  for (let w: usize = 0; w < words; w++) {
    const a = keyWord(key, length, w);
    const b = load<u64>(held + (w << 3));
    if (a != b) return a < b;
  }
  return false;
}

// @ts-ignore: decorator
@inline function isSame(key: usize, length: usize, words: usize, held: usize): bool {
  for (let w: usize = 0; w < words; w++) if (keyWord(key, length, w) != load<u64>(held + (w << 3))) return false;
  return true;
}
