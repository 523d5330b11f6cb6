// From the engine's values to Parquet's: physical values, levels, packed codes, plain byte arrays, bounds.
// Results need 64 bytes of writable slack behind them.
import { at, check, checkOptional, isValid } from './memory';
import { copyLiteral } from './snappy';

// How a value is stored; the numbers are those of stored-type.ts.
const BYTE = 0;
const WORD = 1;
const LONG = 2;
const FROM_I8 = 3;
const FROM_U8 = 4;
const FROM_I16 = 5;
const FROM_U16 = 6;
const LOW_WORD = 7;
const BIG_ENDIAN = 8;
const INTERVAL = 9;
const I128 = 10;
const U128 = 11;
const SECONDS = 12;

/** The words of 10³⁸. */
const TEN_TO_38_HIGH: u64 = 0x4b3b4ca85a86c47a;
const TEN_TO_38_LOW: u64 = 0x098a224000000000;

// @ts-ignore: decorator
@inline function copyRows<T, S>(data: usize, mask: usize, sel: usize, n: usize, out: usize): void {
  check(out, n * sizeof<S>());
  for (let j: usize = 0; j < n; j++) {
    store<S>(out + j * sizeof<S>(), <S>load<T>(data + (at(sel, j) & mask) * sizeof<T>()));
  }
}

/**
 * The values of rows as Parquet stores them, side by side at `out`. Returns 0, or -1 for a value that can't be stored:
 * a negative interval, seconds beyond the range of microseconds, an integer of more than 38 digits.
 */
export function stored_values(kind: i32, data: usize, mask: usize, sel: usize, n: usize, out: usize): i32 {
  checkOptional(sel, n << 1);
  if (kind == WORD) copyRows<u32, u32>(data, mask, sel, n, out);
  else if (kind == LONG) copyRows<u64, u64>(data, mask, sel, n, out);
  else if (kind == BYTE) copyRows<u8, u8>(data, mask, sel, n, out);
  else if (kind == FROM_I8) copyRows<i8, i32>(data, mask, sel, n, out);
  else if (kind == FROM_U8) copyRows<u8, i32>(data, mask, sel, n, out);
  else if (kind == FROM_I16) copyRows<i16, i32>(data, mask, sel, n, out);
  else if (kind == FROM_U16) copyRows<u16, i32>(data, mask, sel, n, out);
  else if (kind == LOW_WORD) copyRows<i64, i32>(data, mask, sel, n, out);
  else if (kind == BIG_ENDIAN) {
    check(out, n << 4);
    for (let j: usize = 0; j < n; j++) {
      const p = data + ((at(sel, j) & mask) << 4);
      const low = load<u64>(p);
      store<u64>(out + (j << 4), bswap<u64>(load<u64>(p, 8)));
      store<u64>(out + (j << 4), bswap<u64>(low), 8);
    }
  } else if (kind == INTERVAL) {
    check(out, n * 12);
    for (let j: usize = 0; j < n; j++) {
      const p = data + ((at(sel, j) & mask) << 4);
      const to = out + j * 12;
      const millis = load<i64>(p, 8) / 1000;
      if (load<i32>(p) < 0 || load<i32>(p, 4) < 0 || load<i64>(p, 8) < 0 || millis > 0xffffffff) return -1;
      store<u64>(to, load<u64>(p));
      store<u32>(to, <u32>millis, 8);
    }
  } else if (kind == SECONDS) {
    check(out, n << 3);
    for (let j: usize = 0; j < n; j++) {
      const seconds = load<i64>(data + ((at(sel, j) & mask) << 3));
      if (seconds > 9223372036854 || seconds < -9223372036854) return -1;
      store<i64>(out + (j << 3), seconds * 1000000);
    }
  } else {
    check(out, n << 4);
    for (let j: usize = 0; j < n; j++) {
      const p = data + ((at(sel, j) & mask) << 4);
      const low = load<u64>(p);
      const high = load<u64>(p, 8);
      const isNegative = kind == I128 && <i64>high < 0;
      const size = isNegative ? ~high + u64(low == 0) : high;
      const rest = isNegative ? 0 - low : low;
      if (size > TEN_TO_38_HIGH || (size == TEN_TO_38_HIGH && rest >= TEN_TO_38_LOW)) return -1;
      store<u64>(out + (j << 4), bswap<u64>(high));
      store<u64>(out + (j << 4), bswap<u64>(low), 8);
    }
  }
  return 0;
}

/** The bytes of the texts of rows together; a number that may be larger than the memory, as texts may repeat. */
export function text_bytes(data: usize, mask: usize, sel: usize, n: usize): f64 {
  let total: u64 = 0;
  for (let j: usize = 0; j < n; j++) total += <u64>load<u32>(data + ((at(sel, j) & mask) << 3), 4);
  return <f64>total;
}

/** The texts of rows, each behind its length, at `out`. Returns where they end. */
export function plain_texts(data: usize, mask: usize, sel: usize, n: usize, out: usize): usize {
  let to = out;
  for (let j: usize = 0; j < n; j++) {
    const ref = data + ((at(sel, j) & mask) << 3);
    const length = <usize>load<u32>(ref, 4);
    check(to, length + 4);
    store<u32>(to, <u32>length);
    if (length > 0) copyLiteral(to + 4, <usize>load<u32>(ref), length);
    to += length + 4;
  }
  return to;
}

/** The validity of the rows `sel` as bits of `out`, from bit `to` on; what lies behind them in their last byte becomes 0. */
export function append_validity(validity: usize, sel: usize, n: usize, out: usize, to: usize): void {
  check(sel, n << 1);
  check(out, (to + n + 7) >> 3);
  for (let j: usize = 0; j < n; j++) {
    const bit = to + j;
    const p = out + (bit >> 3);
    const below = (<u32>1 << (<u32>bit & 7)) - 1;
    const one = <u32>isValid(validity, <usize>load<u16>(sel + (j << 1)));
    store<u8>(p, <u8>((<u32>load<u8>(p) & below) | (one << (<u32>bit & 7))));
  }
}

// @ts-ignore: decorator
@inline function putVarint(value: u64, out: usize): usize {
  let to = out;
  let left = value;
  while (left > 127) {
    store<u8>(to++, <u8>(left | 128));
    left >>= 7;
  }
  store<u8>(to++, <u8>left);
  return to;
}

/**
 * Levels of 0 and 1: `n` bits from a bit on, `ones` of which are 1, as Parquet's hybrid of run lengths and bit packing,
 * in one run. Returns where it ends.
 */
export function hybrid_write_bits(bits: usize, from: usize, n: usize, ones: usize, out: usize): usize {
  if (ones == n || ones == 0) {
    const to = putVarint(<u64>n << 1, out);
    store<u8>(to, <u8>(ones == n));
    return to + 1;
  }
  check(bits, (from + n + 7) >> 3);
  const bytes = (n + 7) >> 3;
  const to = putVarint((<u64>bytes << 1) | 1, out);
  check(to, bytes + 8);
  const shift = <u32>(from & 7);
  for (let i: usize = 0; i < bytes; i++) store<u8>(to + i, <u8>(<u32>load<u16>(bits + (from >> 3) + i) >> shift));
  // Padding is zeros.
  if (n & 7) store<u8>(to + bytes - 1, <u8>(<u32>load<u8>(to + bytes - 1) & ((<u32>1 << (<u32>n & 7)) - 1)));
  return to + bytes;
}

/** Packs eight codes of `width` bits; writes up to 16 bytes more than `width`. */
// @ts-ignore: decorator
@inline function pack8(p: usize, width: u64, out: usize): void {
  const low = <u64>load<u32>(p) | (<u64>load<u32>(p, 4) << width);
  const high = <u64>load<u32>(p, 8) | (<u64>load<u32>(p, 12) << width);
  const low2 = <u64>load<u32>(p, 16) | (<u64>load<u32>(p, 20) << width);
  const high2 = <u64>load<u32>(p, 24) | (<u64>load<u32>(p, 28) << width);
  const two = width << 1;
  if (width <= 16) {
    const a = low | (high << two);
    const b = low2 | (high2 << two);
    const four = two << 1;
    if (four == 64) {
      store<u64>(out, a);
      store<u64>(out, b, 8);
    } else {
      store<u64>(out, a | (b << four));
      store<u64>(out, four == 0 ? 0 : b >> (64 - four), 8);
    }
  } else {
    // Pairs have 34 to 64 bits: one after another at their bits.
    memory.fill(out, 0, <usize>width + 8);
    orBits(out, 0, low);
    orBits(out, two, high);
    orBits(out, two * 2, low2);
    orBits(out, two * 3, high2);
  }
}

// @ts-ignore: decorator
@inline function orBits(out: usize, bit: u64, value: u64): void {
  const p = out + <usize>(bit >> 3);
  const shift = bit & 7;
  store<u64>(p, load<u64>(p) | (value << shift));
  if (shift > 0) store<u8>(p, load<u8>(p, 8) | <u8>(value >> (64 - shift)), 8);
}

/** So many groups of eight fit a run whose header is one byte. */
const MOST_GROUPS: usize = 63;

/** How many codes from `p` on are equal to the first. */
// @ts-ignore: decorator
@inline function repeats(p: usize, end: usize): usize {
  const first = load<u32>(p);
  let q = p + 4;
  while (q < end && load<u32>(q) == first) q += 4;
  return (q - p) >> 2;
}

/**
 * `n` codes of `width` 1 … 32 bits as Parquet's hybrid: eight or more equal ones, from a multiple of eight on, as a run.
 * The codes need 32 bytes of writable slack, which are put back as they were; the result takes n × (width + 1) / 8 + 64 bytes at most.
 * Returns where it ends.
 */
export function hybrid_write(codes: usize, n: usize, width: u32, out: usize): usize {
  check(codes, (n << 2) + 32);
  const end = codes + (n << 2);
  // The last group is filled up with zeros.
  const behind = v128.load(end);
  const further = v128.load(end, 16);
  memory.fill(end, 0, 32);
  let to = out;
  let p = codes;
  while (p < end) {
    const run = repeats(p, end);
    if (run >= 8) {
      to = putVarint(<u64>run << 1, to);
      check(to, 8);
      store<u32>(to, load<u32>(p));
      to += (<usize>width + 7) >> 3;
      p += run << 2;
      continue;
    }
    const header = to++;
    let groups: usize = 0;
    do {
      check(to, <usize>width + 16);
      pack8(p, <u64>width, to);
      to += <usize>width;
      p += 32;
      groups++;
    } while (p < end && groups < MOST_GROUPS && repeats(p, min(p + 32, end)) < 8);
    store<u8>(header, <u8>((groups << 1) | 1));
  }
  v128.store(end, behind);
  v128.store(end, further, 16);
  return to;
}

/** `n` bytes 0 or 1 as bits. */
export function bytes_to_bits(src: usize, n: usize, out: usize): void {
  check(src, n);
  check(out, (n + 7) >> 3);
  for (let i: usize = 0; i < n; i += 8) {
    let byte: u32 = 0;
    const m = min<usize>(8, n - i);
    for (let k: usize = 0; k < m; k++) byte |= <u32>load<u8>(src + i + k) << <u32>k;
    store<u8>(out + (i >> 3), <u8>byte);
  }
}

// @ts-ignore: decorator
@inline function bounds<T>(values: usize, n: usize, out: usize): void {
  let least = load<T>(values);
  let most = least;
  for (let i: usize = 1; i < n; i++) {
    const value = load<T>(values + i * sizeof<T>());
    least = min<T>(least, value);
    most = max<T>(most, value);
  }
  store<T>(out, least);
  store<T>(out, most, 16);
}

// @ts-ignore: decorator
@inline function floatBounds<T>(values: usize, n: usize, out: usize): i32 {
  let least: T = <T>Infinity;
  let most: T = <T>-Infinity;
  let found = false;
  for (let i: usize = 0; i < n; i++) {
    const value = load<T>(values + i * sizeof<T>());
    if (value != value) continue;
    found = true;
    if (value < least) least = value;
    if (value > most) most = value;
  }
  // A zero may stand for either.
  store<T>(out, least == 0 ? <T>-0.0 : least);
  store<T>(out, most == 0 ? <T>0.0 : most, 16);
  return <i32>found;
}

/**
 * The least and the greatest of `n` > 0 stored values, at `out` and 16 bytes behind it. Returns 1, or 0 when there are
 * none as all are NaN. @param kind 0 i32, 1 u32, 2 i64, 3 u64, 4 f32, 5 f64, 6 bytes 0 and 1, 7 big-endian of 16 bytes
 */
export function stored_bounds(kind: i32, values: usize, n: usize, out: usize): i32 {
  check(out, 32);
  if (kind == 0) bounds<i32>(values, n, out);
  else if (kind == 1) bounds<u32>(values, n, out);
  else if (kind == 2) bounds<i64>(values, n, out);
  else if (kind == 3) bounds<u64>(values, n, out);
  else if (kind == 4) return floatBounds<f32>(values, n, out);
  else if (kind == 5) return floatBounds<f64>(values, n, out);
  else if (kind == 6) bounds<u8>(values, n, out);
  else {
    let least = values;
    let most = values;
    for (let i: usize = 1; i < n; i++) {
      const p = values + (i << 4);
      if (isLess(p, least)) least = p;
      if (isLess(most, p)) most = p;
    }
    v128.store(out, v128.load(least));
    v128.store(out, v128.load(most), 16);
  }
  return 1;
}

// Signed numbers of 16 bytes, most significant byte first.
// @ts-ignore: decorator
@inline function isLess(a: usize, b: usize): bool {
  const x = <i64>bswap<u64>(load<u64>(a));
  const y = <i64>bswap<u64>(load<u64>(b));
  return x < y || (x == y && bswap<u64>(load<u64>(a, 8)) < bswap<u64>(load<u64>(b, 8)));
}

/** The addresses (of the lengths) of the least and the greatest of `n` > 0 plain texts, by their bytes, at `out`. */
export function text_bounds(texts: usize, n: usize, out: usize): void {
  check(out, 8);
  let least = texts;
  let most = texts;
  let p = texts;
  for (let i: usize = 0; i < n; i++) {
    if (i > 0) {
      if (compareTexts(p, least) < 0) least = p;
      else if (compareTexts(p, most) > 0) most = p;
    }
    p += <usize>load<u32>(p) + 4;
  }
  store<u32>(out, <u32>least);
  store<u32>(out, <u32>most, 4);
}

function compareTexts(a: usize, b: usize): i32 {
  const n = <usize>load<u32>(a);
  const m = <usize>load<u32>(b);
  const length = min(n, m);
  let i: usize = 0;
  for (; i + 8 <= length; i += 8) {
    const x = load<u64>(a + i, 4);
    const y = load<u64>(b + i, 4);
    if (x != y) return bswap<u64>(x) < bswap<u64>(y) ? -1 : 1;
  }
  for (; i < length; i++) {
    const d = <i32>load<u8>(a + i, 4) - <i32>load<u8>(b + i, 4);
    if (d != 0) return d;
  }
  return n < m ? -1 : <i32>(n > m);
}
