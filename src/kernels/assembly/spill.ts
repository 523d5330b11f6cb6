// Rows on their way to temporary files and back. What rows point to goes along: long texts (row-key.ts) in fields at
// offsets texts[0 … k) (u32), and with `ref` ≠ 0 the sort key that {address u32, length u32} at the row's start names
// (sort-rows.ts). In files the pointers are as they were when a block was filled; `spill_rebase` moves them.
import { check } from './memory';
import { hashKey, INLINE_TEXT, textAddress, textLength } from './row-key';

// @ts-ignore: decorator
@inline function heapBytes(row: usize, texts: usize, k: usize, ref: u32): usize {
  let bytes: usize = ref != 0 ? <usize>load<u32>(row, 4) : 0;
  for (let t: usize = 0; t < k; t++) {
    const length = textLength(row + <usize>load<u32>(texts + (t << 2)));
    if (length > INLINE_TEXT) bytes += <usize>length;
  }
  return bytes;
}

/** How many of n rows (u32 addresses) point to `space` bytes at most, all together; 0 when the first does not fit. */
export function spill_fitting(rows: usize, n: usize, texts: usize, k: usize, ref: u32, space: usize): usize {
  check(rows, n << 2);
  let left = space;
  let j: usize = 0;
  for (; j < n; j++) {
    const bytes = heapBytes(<usize>load<u32>(rows + (j << 2)), texts, k, ref);
    if (bytes > left) break;
    left -= bytes;
  }
  return j;
}

/** Bytes that the row at an address points to. */
export function spill_heap_bytes(row: usize, texts: usize, k: usize, ref: u32): usize {
  return heapBytes(row, texts, k, ref);
}

/** Copies n rows (u32 addresses) to consecutive ones, and what they point to to `heap`. Returns the heap's end. */
export function spill_copy(rows: usize, n: usize, rowBytes: usize, texts: usize, k: usize, ref: u32, target: usize, heap: usize): usize {
  check(rows, n << 2);
  check(target, n * rowBytes);
  for (let j: usize = 0; j < n; j++, target += rowBytes) {
    const row = <usize>load<u32>(rows + (j << 2));
    for (let b: usize = 0; b < rowBytes; b += 8) store<u64>(target + b, load<u64>(row + b));
    if (ref != 0) {
      const length = <usize>load<u32>(row, 4);
      memory.copy(heap, <usize>load<u32>(row), length);
      store<u32>(target, <u32>heap);
      heap += length;
    }
    for (let t: usize = 0; t < k; t++) {
      const text = target + <usize>load<u32>(texts + (t << 2));
      const length = textLength(text);
      if (length <= INLINE_TEXT) continue;
      memory.copy(heap, textAddress(text), length);
      store<u64>(text, <u64>heap, 8);
      heap += <usize>length;
    }
  }
  return heap;
}

/** Moves the pointers of n consecutive rows by `delta` (which may wrap). */
export function spill_rebase(row: usize, n: usize, rowBytes: usize, texts: usize, k: usize, ref: u32, delta: u32): void {
  check(row, n * rowBytes);
  for (let j: usize = 0; j < n; j++, row += rowBytes) {
    if (ref != 0) store<u32>(row, load<u32>(row) + delta);
    for (let t: usize = 0; t < k; t++) {
      const text = row + <usize>load<u32>(texts + (t << 2));
      if (textLength(text) > INLINE_TEXT) store<u64>(text, <u64>(load<u32>(text, 8) + delta), 8);
    }
  }
}

// @ts-ignore: decorator
@inline function partOf(hash: u64, seed: u64, bits: u32): usize {
  let h = (hash ^ seed) * 0x9e3779b97f4a7c15;
  h ^= h >> 29;
  h *= 0xbf58476d1ce4e5b9;
  return <usize>(h >> (64 - <u64>bits));
}

/**
 * Deals n rows (u32 addresses) out to 2^bits parts by hash of their keys: `words` words at offset `key`, or the hash at
 * the row's start when `key` is 0. Writes the addresses to `out`, part after part, and where each part ends to `ends`
 * (u32 counts); `numbers` takes n bytes in between. Another `level` deals rows of one part out anew.
 */
export function spill_deal(
  rows: usize, n: usize, key: usize, texts: usize, words: usize, level: u32, bits: u32, numbers: usize, ends: usize, out: usize,
): void {
  check(rows, n << 2);
  check(out, n << 2);
  const parts: usize = 1 << bits;
  const seed = (<u64>level + 1) * 0xd1b54a32d192ed03;
  memory.fill(ends, 0, parts << 2);
  for (let j: usize = 0; j < n; j++) {
    const row = <usize>load<u32>(rows + (j << 2));
    const hash = key == 0 ? load<u64>(row) : hashKey(row + key, texts, words);
    const part = partOf(hash, seed, bits);
    store<u8>(numbers + j, <u8>part);
    const end = ends + (part << 2);
    store<u32>(end, load<u32>(end) + 1);
  }
  let next: u32 = 0;
  for (let p: usize = 0; p < parts; p++) {
    const count = load<u32>(ends + (p << 2));
    store<u32>(ends + (p << 2), next);
    next += count;
  }
  for (let j: usize = 0; j < n; j++) {
    const end = ends + (<usize>load<u8>(numbers + j) << 2);
    const at = load<u32>(end);
    store<u32>(out + (<usize>at << 2), load<u32>(rows + (j << 2)));
    store<u32>(end, at + 1);
  }
}

/** Copies n hashes, one at the start of each `stride` bytes (0: all the first), to the starts of rows `rowBytes` apart. */
export function spill_put_hashes(hashes: usize, stride: usize, n: usize, row: usize, rowBytes: usize): void {
  for (let j: usize = 0; j < n; j++, row += rowBytes, hashes += stride) store<u64>(row, load<u64>(hashes));
}

/** The hashes at the starts of n rows (u32 addresses), to the starts of consecutive rows. */
export function spill_take_hashes(rows: usize, n: usize, row: usize, rowBytes: usize): void {
  check(rows, n << 2);
  for (let j: usize = 0; j < n; j++, row += rowBytes) store<u64>(row, load<u64>(<usize>load<u32>(rows + (j << 2))));
}

/** A checksum of some bytes, going on from another one. */
export function spill_checksum(p: usize, bytes: usize, seed: u32): u32 {
  check(p, bytes);
  let a: u64 = <u64>seed ^ 0x9e3779b97f4a7c15;
  let b: u64 = 0xc2b2ae3d27d4eb4f ^ <u64>bytes;
  const end = p + (bytes & ~15);
  for (; p < end; p += 16) {
    a = rotl<u64>((a ^ load<u64>(p)) * 0xd6e8feb86659fd93, 29);
    b = rotl<u64>((b ^ load<u64>(p, 8)) * 0xbf58476d1ce4e5b9, 31);
  }
  for (let i: usize = 0; i < (bytes & 15); i++) a = (a ^ <u64>load<u8>(p + i)) * 0xd6e8feb86659fd93;
  let h = (a ^ rotl<u64>(b, 17)) * 0x94d049bb133111eb;
  h ^= h >> 32;
  return <u32>h;
}
