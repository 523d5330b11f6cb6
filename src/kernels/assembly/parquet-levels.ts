// Parquet's hybrid of run lengths and bit packing (levels, dictionary codes, booleans), and bitmaps made of it.
// Sources need 32 bytes of readable slack behind their end, results 64 bytes of writable slack.
import { check } from './memory';

// A reader's state: where the next run starts, where the data ends, bits of a value, and the current run:
// values left in it, whether it is packed, its value or the address of its bits, and values already taken.
const NEXT = 0;
const END = 4;
const WIDTH = 8;
const LEFT = 12;
const PACKED = 16;
const RUN = 20;
const TAKEN = 24;

/** Sets up the 28-byte state of a hybrid reader over [src, end), `width` ≤ 32 bits a value. */
export function hybrid_open(state: usize, src: usize, end: usize, width: u32): void {
  check(state, 28);
  store<u32>(state, <u32>src, NEXT);
  store<u32>(state, <u32>end, END);
  store<u32>(state, width, WIDTH);
  store<u32>(state, 0, LEFT);
}

/** Reads the header of the next run. False at the end of the data or when it is damaged. */
function nextRun(state: usize): bool {
  let p = <usize>load<u32>(state, NEXT);
  const end = <usize>load<u32>(state, END);
  const width = load<u32>(state, WIDTH);
  let header: u64 = 0;
  let shift: u64 = 0;
  let byte: u64 = 0;
  do {
    if (p >= end || shift > 28) return false;
    byte = <u64>load<u8>(p++);
    header |= (byte & 127) << shift;
    shift += 7;
  } while (byte > 127);
  const count = header >> 1;
  if (header & 1) {
    // The last run of a page may lack its padding.
    const bytes = min<u64>(count * width, <u64>(end - p));
    const values = min<u64>(min<u64>(count << 3, (bytes << 3) / width), 0xffffffff);
    if (count > 0 && values == 0) return false;
    store<u32>(state, <u32>values, LEFT);
    store<u32>(state, 1, PACKED);
    store<u32>(state, <u32>p, RUN);
    store<u32>(state, 0, TAKEN);
    p += <usize>bytes;
  } else {
    const bytes = <usize>((width + 7) >> 3);
    if (bytes > end - p) return false;
    store<u32>(state, <u32>count, LEFT);
    store<u32>(state, 0, PACKED);
    store<u32>(state, <u32>(<u64>load<u32>(p) & ((<u64>1 << width) - 1)), RUN);
    p += bytes;
  }
  store<u32>(state, <u32>p, NEXT);
  return true;
}

// @ts-ignore: decorator
@inline function extract(bits: usize, index: usize, width: usize, mask: u64): u32 {
  const bit = <u64>index * width;
  return <u32>((load<u64>(bits + <usize>(bit >> 3)) >> (bit & 7)) & mask);
}

/** The widest values of which a lane of 32 bits holds any, from any bit of a byte. */
const MOST_SIMD_BITS: usize = 25;

// @ts-ignore: decorator
@inline function largest(most: v128): u32 {
  const low = max(<u32>i32x4.extract_lane(most, 0), <u32>i32x4.extract_lane(most, 1));
  return max(low, max(<u32>i32x4.extract_lane(most, 2), <u32>i32x4.extract_lane(most, 3)));
}

/** The bytes that hold values at the bits `bits` of 16 bytes: four for each lane. */
// @ts-ignore: decorator
@inline function bytesOf(bits: v128): v128 {
  return i32x4.add(i32x4.mul(i32x4.shr_u(bits, 3), i32x4.splat(0x01010101)), i32x4.splat(0x03020100));
}

/** 2^(free - bit of the byte) by lane: multiplied by it, values stand at the upper end of their lane. */
// @ts-ignore: decorator
@inline function factors(bits: v128, free: u32): v128 {
  const a = 1 << (free - (i32x4.extract_lane(bits, 0) & 7));
  const b = 1 << (free - (i32x4.extract_lane(bits, 1) & 7));
  const c = 1 << (free - (i32x4.extract_lane(bits, 2) & 7));
  const d = 1 << (free - (i32x4.extract_lane(bits, 3) & 7));
  return i32x4.replace_lane(i32x4.replace_lane(i32x4.replace_lane(i32x4.splat(a), 1, b), 2, c), 3, d);
}

/** `n` packed values from the index `from` of a run. Returns the largest. */
function unpack(bits: usize, from: usize, width: usize, n: usize, out: usize): u32 {
  const mask: u64 = ((<u64>1) << width) - 1;
  let most: u32 = 0;
  let i = from;
  let to = out;
  const end = from + n;
  const bySimd = width <= MOST_SIMD_BITS;
  while (i < end && (!bySimd || (i & 7) != 0)) {
    const value = extract(bits, i++, width, mask);
    store<u32>(to, value);
    most = max(most, value);
    to += 4;
  }
  if (i + 8 <= end) {
    const w = <u32>width;
    const free = 32 - w;
    // The second four of eight values begin at bit 0 or 4 of a byte.
    const half = (width << 2) >> 3;
    const lowBits = i32x4.mul(i32x4.splat(w), i32x4(0, 1, 2, 3));
    const highBits = i32x4.add(lowBits, i32x4.splat((w << 2) & 7));
    const lowBytes = bytesOf(lowBits);
    const highBytes = bytesOf(highBits);
    const lowFactors = factors(lowBits, free);
    const highFactors = factors(highBits, free);
    let mosts = i32x4.splat(0);
    for (let p = bits + (i >> 3) * width; i + 8 <= end; i += 8) {
      const low = i32x4.shr_u(i32x4.mul(i8x16.swizzle(v128.load(p), lowBytes), lowFactors), free);
      const high = i32x4.shr_u(i32x4.mul(i8x16.swizzle(v128.load(p + half), highBytes), highFactors), free);
      v128.store(to, low);
      v128.store(to, high, 16);
      mosts = i32x4.max_u(mosts, i32x4.max_u(low, high));
      p += width;
      to += 32;
    }
    most = max(most, largest(mosts));
  }
  while (i < end) {
    const value = extract(bits, i++, width, mask);
    store<u32>(to, value);
    most = max(most, value);
    to += 4;
  }
  return most;
}

function fill(out: usize, value: u32, n: usize): void {
  const v = i32x4.splat(value);
  for (let p = out; p < out + (n << 2); p += 16) v128.store(p, v);
}

/**
 * The next `n` values as u32, each of which must be less than `limit`.
 * Returns 0, -1 when the data ends early or is damaged, or -2 for a value that is too large.
 */
export function hybrid_read(state: usize, n: usize, limit: u32, out: usize): i32 {
  check(state, 28);
  check(out, (n << 2) + 16);
  const width = <usize>load<u32>(state, WIDTH);
  if (width == 0) {
    fill(out, 0, n);
    return n > 0 && limit == 0 ? -2 : 0;
  }
  let to = out;
  let wanted = n;
  let most: u32 = 0;
  while (wanted > 0) {
    let left = <usize>load<u32>(state, LEFT);
    if (left == 0) {
      if (!nextRun(state)) return -1;
      left = <usize>load<u32>(state, LEFT);
    }
    const take = min(wanted, left);
    const run = load<u32>(state, RUN);
    if (load<u32>(state, PACKED)) {
      const taken = <usize>load<u32>(state, TAKEN);
      most = max(most, unpack(run, taken, width, take, to));
      store<u32>(state, <u32>(taken + take), TAKEN);
    } else {
      fill(to, run, take);
      // A run of no values says nothing.
      if (take > 0) most = max(most, run);
    }
    store<u32>(state, <u32>(left - take), LEFT);
    wanted -= take;
    to += take << 2;
  }
  return n > 0 && most >= limit ? -2 : 0;
}

/** Passes over `n` values. Returns 0, or -1 when the data ends early or is damaged. */
export function hybrid_skip(state: usize, n: usize): i32 {
  check(state, 28);
  if (load<u32>(state, WIDTH) == 0) return 0;
  let wanted = n;
  while (wanted > 0) {
    let left = <usize>load<u32>(state, LEFT);
    if (left == 0) {
      if (!nextRun(state)) return -1;
      left = <usize>load<u32>(state, LEFT);
    }
    const take = min(wanted, left);
    store<u32>(state, load<u32>(state, TAKEN) + <u32>take, TAKEN);
    store<u32>(state, <u32>(left - take), LEFT);
    wanted -= take;
  }
  return 0;
}

/**
 * The values at `k` of the next `n` positions, which are rows sel[0 … k) counted from row `first`, to out[sel[j]]; passes
 * over the others. Returns as `hybrid_read` does.
 */
export function hybrid_pick(state: usize, n: usize, limit: u32, first: usize, sel: usize, k: usize, out: usize): i32 {
  check(state, 28);
  check(sel, k << 1);
  const width = <usize>load<u32>(state, WIDTH);
  const mask: u64 = ((<u64>1) << width) - 1;
  let passed: usize = 0;
  let most: u32 = 0;
  for (let j: usize = 0; j < k; ) {
    let left = <usize>load<u32>(state, LEFT);
    if (width == 0) left = n;
    else if (left == 0) {
      if (!nextRun(state)) return -1;
      left = <usize>load<u32>(state, LEFT);
    }
    const begin = first + passed;
    const end = begin + left;
    if (width != 0 && load<u32>(state, PACKED) != 0) {
      const bits = <usize>load<u32>(state, RUN);
      const from = <usize>load<u32>(state, TAKEN) - begin;
      for (; j < k; j++) {
        const row = <usize>load<u16>(sel + (j << 1));
        if (row >= end) break;
        const value = extract(bits, from + row, width, mask);
        store<u32>(out + (row << 2), value);
        most = max(most, value);
      }
    } else {
      const value = width == 0 ? 0 : load<u32>(state, RUN);
      for (; j < k; j++) {
        const row = <usize>load<u16>(sel + (j << 1));
        if (row >= end) break;
        store<u32>(out + (row << 2), value);
        most = max(most, value);
      }
    }
    if (j == k) break;
    passed += left;
    store<u32>(state, 0, LEFT);
  }
  if (hybrid_skip(state, n - passed) < 0) return -1;
  return k > 0 && most >= limit ? -2 : 0;
}

/** Writes the lowest `n` ≤ 32 bits of `value` at a bit; what lies behind them within 8 bytes becomes 0. */
// @ts-ignore: decorator
@inline function putBits(out: usize, bit: usize, value: u64): void {
  const p = out + (bit >> 3);
  const shift = <u64>(bit & 7);
  store<u64>(p, (load<u64>(p) & ((<u64>1 << shift) - 1)) | (value << shift));
}

/** Sets `n` bits from a bit on, to 1 or 0; what lies behind them within 8 bytes becomes 0. */
export function bits_fill(out: usize, from: usize, n: usize, value: u32): void {
  check(out, ((from + n + 7) >> 3) + 8);
  let bit = from;
  let left = n;
  while (left > 0) {
    const take = min<usize>(left, 32);
    putBits(out, bit, value ? (<u64>1 << take) - 1 : 0);
    bit += take;
    left -= take;
  }
}

/** Copies `n` bits from bit `from` of `src` to bit `to` of `out`. Returns how many of them are 1. */
export function bits_copy(src: usize, from: usize, n: usize, out: usize, to: usize): i32 {
  check(src, (from + n + 7) >> 3);
  check(out, ((to + n + 7) >> 3) + 8);
  let ones: i64 = 0;
  let i = from;
  let o = to;
  let left = n;
  while (left > 0) {
    const take = min<usize>(left, 32);
    const bits = (load<u64>(src + (i >> 3)) >> (i & 7)) & ((<u64>1 << take) - 1);
    ones += popcnt<u64>(bits);
    putBits(out, o, bits);
    i += take;
    o += take;
    left -= take;
  }
  return <i32>ones;
}

/** How many of `n` bits from a bit on are 1. */
export function bits_count(src: usize, from: usize, n: usize): i32 {
  check(src, (from + n + 7) >> 3);
  let ones: i64 = 0;
  let i = from;
  let left = n;
  while (left > 0) {
    const take = min<usize>(left, 32);
    ones += popcnt<u64>((load<u64>(src + (i >> 3)) >> (i & 7)) & ((<u64>1 << take) - 1));
    i += take;
    left -= take;
  }
  return <i32>ones;
}

/** `n` bits from a bit on, as bytes 0 and 1. */
export function bits_to_bytes(src: usize, from: usize, n: usize, out: usize): void {
  check(src, (from + n + 7) >> 3);
  check(out, n);
  for (let i: usize = 0; i < n; i++) {
    const bit = from + i;
    store<u8>(out + i, <u8>((<u32>load<u8>(src + (bit >> 3)) >> (<u32>bit & 7)) & 1));
  }
}

/** Hybrid values of 1 bit in [src, end) as a bitmap of `n` bits. Returns how many are 1, or -1 when the data is damaged. */
export function hybrid_bitmap(state: usize, src: usize, end: usize, n: usize, out: usize): i32 {
  check(out, ((n + 7) >> 3) + 16);
  hybrid_open(state, src, end, 1);
  let ones: i32 = 0;
  let bit: usize = 0;
  while (bit < n) {
    if (!nextRun(state)) return -1;
    const take = min(n - bit, <usize>load<u32>(state, LEFT));
    const run = load<u32>(state, RUN);
    if (load<u32>(state, PACKED)) ones += bits_copy(<usize>run, 0, take, out, bit);
    else {
      bits_fill(out, bit, take, run);
      if (run) ones += <i32>take;
    }
    bit += take;
  }
  return ones;
}
