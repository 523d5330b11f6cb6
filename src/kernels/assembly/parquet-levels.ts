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

/** The widest values of which a lane of 16 bits holds any, from any bit of a byte. */
const MOST_NARROW: usize = 9;

/** `groups` of eight packed values: gathered by byte, multiplied to the upper end of their lane, shifted down. */
function unpackNarrow(bits: usize, width: usize, groups: usize, out: usize): void {
  const w = <u32>width;
  const free = 16 - w;
  const starts = i16x8.mul(i16x8.splat(<i16>w), i16x8(0, 1, 2, 3, 4, 5, 6, 7));
  const bytes = i16x8.add(i16x8.mul(i16x8.shr_u(starts, 3), i16x8.splat(0x0101)), i16x8.splat(0x0100));
  // 2^(7 - bit) by the bit of the byte where a value begins; the upper half of a lane takes a 0.
  const powers = i8x16(-128, 64, 32, 16, 8, 4, 2, 1, 0, 0, 0, 0, 0, 0, 0, 0);
  const begin = v128.or(v128.and(starts, i16x8.splat(7)), i16x8.splat(0x0f00));
  const factors = i16x8.shl(i8x16.swizzle(powers, begin), free - 7);
  let p = bits;
  let to = out;
  for (let g: usize = 0; g < groups; g++) {
    const x = i16x8.shr_u(i16x8.mul(i8x16.swizzle(v128.load(p), bytes), factors), free);
    v128.store(to, i32x4.extend_low_i16x8_u(x));
    v128.store(to, i32x4.extend_high_i16x8_u(x), 16);
    p += width;
    to += 32;
  }
}

/** `n` packed values from the index `from` of a run. */
function unpack(bits: usize, from: usize, width: usize, n: usize, out: usize): void {
  const mask: u64 = ((<u64>1) << width) - 1;
  let i = from;
  let to = out;
  const end = from + n;
  while (i < end && (i & 7) != 0) {
    store<u32>(to, extract(bits, i++, width, mask));
    to += 4;
  }
  let p = bits + (i >> 3) * width;
  if (width <= MOST_NARROW) {
    const groups = (end - i) >> 3;
    unpackNarrow(p, width, groups, to);
    i += groups << 3;
    to += groups << 5;
  } else if (width <= 16) {
    // The upper four of eight values begin at bit 0 or 4 of a byte: with up to 16 bits each they fit a load of 64 bits.
    const half = (width << 2) >> 3;
    const shift: u64 = (width << 2) & 7;
    while (i + 8 <= end) {
      let x = load<u64>(p);
      let y = load<u64>(p + half) >> shift;
      p += width;
      store<u32>(to, <u32>(x & mask));
      x >>= width;
      store<u32>(to, <u32>(x & mask), 4);
      x >>= width;
      store<u32>(to, <u32>(x & mask), 8);
      x >>= width;
      store<u32>(to, <u32>(x & mask), 12);
      store<u32>(to, <u32>(y & mask), 16);
      y >>= width;
      store<u32>(to, <u32>(y & mask), 20);
      y >>= width;
      store<u32>(to, <u32>(y & mask), 24);
      y >>= width;
      store<u32>(to, <u32>(y & mask), 28);
      to += 32;
      i += 8;
    }
  } else if (width <= 28) {
    // Pairs, from any bit of a byte, fit a load of 64 bits.
    const w = <u64>width;
    const b1 = (width << 1) >> 3;
    const s1: u64 = (w << 1) & 7;
    const b2 = (width << 2) >> 3;
    const s2: u64 = (w << 2) & 7;
    const b3 = (width * 6) >> 3;
    const s3: u64 = (w * 6) & 7;
    while (i + 8 <= end) {
      const x0 = load<u64>(p);
      const x1 = load<u64>(p + b1) >> s1;
      const x2 = load<u64>(p + b2) >> s2;
      const x3 = load<u64>(p + b3) >> s3;
      p += width;
      store<u32>(to, <u32>(x0 & mask));
      store<u32>(to, <u32>((x0 >> w) & mask), 4);
      store<u32>(to, <u32>(x1 & mask), 8);
      store<u32>(to, <u32>((x1 >> w) & mask), 12);
      store<u32>(to, <u32>(x2 & mask), 16);
      store<u32>(to, <u32>((x2 >> w) & mask), 20);
      store<u32>(to, <u32>(x3 & mask), 24);
      store<u32>(to, <u32>((x3 >> w) & mask), 28);
      to += 32;
      i += 8;
    }
  }
  while (i < end) {
    store<u32>(to, extract(bits, i++, width, mask));
    to += 4;
  }
}

function fill(out: usize, value: u32, n: usize): void {
  const v = i32x4.splat(value);
  for (let p = out; p < out + (n << 2); p += 16) v128.store(p, v);
}

function largest(values: usize, n: usize): u32 {
  let lanes = i32x4.splat(0);
  let i: usize = 0;
  for (; i + 4 <= n; i += 4) lanes = i32x4.max_u(lanes, v128.load(values + (i << 2)));
  const low = max(<u32>i32x4.extract_lane(lanes, 0), <u32>i32x4.extract_lane(lanes, 1));
  let most = max(low, max(<u32>i32x4.extract_lane(lanes, 2), <u32>i32x4.extract_lane(lanes, 3)));
  for (; i < n; i++) most = max(most, load<u32>(values + (i << 2)));
  return most;
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
      unpack(run, taken, width, take, to);
      store<u32>(state, <u32>(taken + take), TAKEN);
    } else fill(to, run, take);
    store<u32>(state, <u32>(left - take), LEFT);
    wanted -= take;
    to += take << 2;
  }
  return n > 0 && largest(out, n) >= limit ? -2 : 0;
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

/**
 * Copies `n` bits from bit `from` of `src` to bit `to` of `out`; what lies behind them within 8 bytes may become 0. Returns
 * how many of them are 1.
 */
export function bits_copy(src: usize, from: usize, n: usize, out: usize, to: usize): i32 {
  check(src, (from + n + 7) >> 3);
  check(out, ((to + n + 7) >> 3) + 8);
  let ones: i64 = 0;
  let i = from;
  let o = to;
  let left = n;
  if (((from | to) & 7) == 0) {
    for (; left >= 64; left -= 64, i += 64, o += 64) {
      const bits = load<u64>(src + (i >> 3));
      ones += popcnt<u64>(bits);
      store<u64>(out + (o >> 3), bits);
    }
    if (left == 0) store<u64>(out + (o >> 3), 0);
  }
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
