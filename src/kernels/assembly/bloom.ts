// Bloom filters over integers that lie too far apart for a bitmap over their range. All bits of a value are in one u64
// word ("register-blocked": Lang et al., "Performance-Optimal Filtering", VLDB 2019), so a look-up is one read.
import { at, check, checkOptional } from './memory';

// The filter's struct.
const WORDS: usize = 12; // u32 address of 2^(64 - shift) u64 words
const SHIFT: usize = 20; // u32

/** Mixes all bits of a value into all bits of its hash (the finalizer of MurmurHash3). */
// @ts-ignore: decorator
@inline function mixed(v: u64): u64 {
  v ^= v >> 33;
  v *= 0xff51afd7ed558ccd;
  v ^= v >> 33;
  v *= 0xc4ceb9fe1a85ec53;
  return v ^ (v >> 33);
}

/** Three bits of the word, two of which may coincide. */
// @ts-ignore: decorator
@inline function bitsOf(hash: u64): u64 {
  return (<u64>1 << (hash & 63)) | (<u64>1 << ((hash >> 6) & 63)) | (<u64>1 << ((hash >> 12) & 63));
}

// @ts-ignore: decorator
@inline function wordOf(words: usize, shift: u32, hash: u64): usize {
  return words + (<usize>(hash >> <u64>shift) << 3);
}

// @ts-ignore: decorator
@inline function note<T>(filter: usize, keys: usize, stride: usize, n: usize, shared: u32): void {
  if (n == 0) return;
  check(filter, 24);
  check(keys, (n - 1) * stride + sizeof<T>());
  const words = <usize>load<u32>(filter, WORDS);
  const shift = load<u32>(filter, SHIFT);
  for (let j: usize = 0; j < n; j++, keys += stride) {
    const hash = mixed(<u64>load<T>(keys));
    const word = wordOf(words, shift, hash);
    if (shared != 0) atomic.or<u64>(word, bitsOf(hash));
    else store<u64>(word, load<u64>(word) | bitsOf(hash));
  }
}

// @ts-ignore: decorator
@inline function selectNoted<T>(filter: usize, a: usize, mask: usize, sel: usize, n: usize, out: usize): usize {
  const words = <usize>load<u32>(filter, WORDS);
  const shift = load<u32>(filter, SHIFT);
  let k = out;
  for (let j: usize = 0; j < n; j++) {
    const i = at(sel, j);
    const hash = mixed(<u64>load<T>(a + (i & mask) * sizeof<T>()));
    const bits = bitsOf(hash);
    store<u16>(k, <u16>i);
    k += <usize>((load<u64>(wordOf(words, shift, hash)) & bits) == bits) << 1;
  }
  return (k - out) >> 1;
}

// @ts-ignore: decorator
@inline function select<T>(filter: usize, a: usize, mask: usize, sel: usize, n: usize, out: usize): usize {
  check(filter, 24);
  check(out, (n + 1) << 1);
  checkOptional(sel, n << 1);
  return sel == 0 ? selectNoted<T>(filter, a, mask, 0, n, out) : selectNoted<T>(filter, a, mask, sel, n, out);
}

/** Notes n values, `stride` bytes apart, in the filter; `shared` when other threads do so too. */
export function bloom_note_32(filter: usize, keys: usize, stride: usize, n: usize, shared: u32): void {
  note<u32>(filter, keys, stride, n, shared);
}
export function bloom_note_64(filter: usize, keys: usize, stride: usize, n: usize, shared: u32): void {
  note<u64>(filter, keys, stride, n, shared);
}

/** The rows whose value was noted, and a few others; NULLs count as any value. `out` takes n + 1 u16. Returns how many. */
export function bloom_select_32(filter: usize, a: usize, mask: usize, sel: usize, n: usize, out: usize): usize {
  return select<u32>(filter, a, mask, sel, n, out);
}
export function bloom_select_64(filter: usize, a: usize, mask: usize, sel: usize, n: usize, out: usize): usize {
  return select<u64>(filter, a, mask, sel, n, out);
}
