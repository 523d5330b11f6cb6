// Text read as values: the common spellings of each type. Rows are (sel, n) from the `from`th on; NULL rows
// (`validity`) are passed over. Every kernel returns the ordinal of the first row that it can't read, or n: the caller
// looks closer at that row (rare spellings, errors) and goes on behind it.
import { refAddress, refLength } from './bytes';
import { at, checkOptional, isValid } from './memory';
import { umulh } from './int128';

const NONE: i64 = i64.MIN_VALUE;
const MICROS_PER_DAY: i64 = 86_400_000_000;

// @ts-ignore: decorator
@inline function digit(p: usize): u32 {
  return <u32>load<u8>(p) - 48;
}

// @ts-ignore: decorator
@inline function skipSpaces(p: usize, end: usize): usize {
  while (p < end && load<u8>(p) == 32) p++;
  return p;
}

// @ts-ignore: decorator
@inline function trimEnd(p: usize, end: usize): usize {
  while (end > p && load<u8>(end - 1) == 32) end--;
  return end;
}

/** Eight ASCII digits as a number, or -1. */
// @ts-ignore: decorator
@inline function eightDigits(p: usize): i64 {
  const x = load<u64>(p);
  const d = x - 0x3030303030303030;
  if (((d + 0x7676767676767676) | d | x) & 0x8080808080808080) return -1;
  const pairs = d * 10 + (d >> 8);
  return <i64>((((pairs & 0x000000ff000000ff) * 0x000f424000000064) + (((pairs >> 16) & 0x000000ff000000ff) * 0x0000271000000001)) >> 32);
}

/** Integers of `bits`, signed or not, with at most 18 digits. */
export function parse_int(refs: usize, validity: usize, sel: usize, from: usize, n: usize, bits: i32, signed: i32, out: usize): usize {
  checkOptional(sel, n << 1);
  const shift = <u64>(64 - bits);
  for (let j = from; j < n; j++) {
    const i = at(sel, j);
    if (!isValid(validity, i)) continue;
    let p = refAddress(refs + (i << 3));
    let end = p + refLength(refs + (i << 3));
    if (p < end && load<u8>(p) == 32) p = skipSpaces(p, end);
    end = trimEnd(p, end);
    const negative = p < end && load<u8>(p) == 45;
    if (negative) p++;
    if (end - p - 1 >= 18) return j;
    let v: i64 = 0;
    if (end - p >= 8) {
      v = eightDigits(p);
      if (v < 0) return j;
      p += 8;
    }
    for (; p < end; p++) {
      const d = digit(p);
      if (d > 9) return j;
      v = v * 10 + <i64>d;
    }
    if (negative) v = -v;
    if (bits < 64) {
      const cut = signed != 0 ? (v << shift) >> shift : <i64>((<u64>v << shift) >> shift);
      if (cut != v) return j;
    } else if (signed == 0 && v < 0) return j;
    switch (bits) {
      case 8: store<u8>(out + i, <u8>v); break;
      case 16: store<u16>(out + (i << 1), <u16>v); break;
      case 32: store<u32>(out + (i << 2), <u32>v); break;
      default: store<i64>(out + (i << 3), v);
    }
  }
  return n;
}

/** Booleans: true, false, t, f, 1, 0 in any case. */
export function parse_bool(refs: usize, validity: usize, sel: usize, from: usize, n: usize, out: usize): usize {
  checkOptional(sel, n << 1);
  for (let j = from; j < n; j++) {
    const i = at(sel, j);
    if (!isValid(validity, i)) continue;
    const p = refAddress(refs + (i << 3));
    const length = refLength(refs + (i << 3));
    const c = length == 0 ? 0 : <u32>load<u8>(p) | 32;
    let v: u8 = 2;
    if (length == 1) v = c == 116 || c == 49 ? 1 : c == 102 || c == 48 ? 0 : 2;
    else if (length == 4 && (load<u32>(p) | 0x20202020) == 0x65757274) v = 1;
    else if (length == 5 && c == 102 && (load<u32>(p + 1) | 0x20202020) == 0x65736c61) v = 0;
    if (v == 2) return j;
    store<u8>(out + i, v);
  }
  return n;
}

/** 5 ** k, k ≤ 27. */
// @ts-ignore: decorator
@inline function powerOf5(k: i32): u64 {
  let r: u64 = 1;
  let b: u64 = 5;
  while (k > 0) {
    if (k & 1) r *= b;
    b *= b;
    k >>= 1;
  }
  return r;
}

/** (h * 2^64 + l) / d for h < d and d ≥ 2^63; the low bit is set when there is a remainder. */
function divide128(h: u64, l: u64, d: u64): u64 {
  // Two digits of 32 bits (Knuth's algorithm D).
  const d1 = d >> 32;
  const d0 = d & 0xffffffff;
  let q1 = h / d1;
  let r = h - q1 * d1;
  while (q1 >= 0x100000000 || q1 * d0 > ((r << 32) | (l >> 32))) {
    q1--;
    r += d1;
    if (r >= 0x100000000) break;
  }
  const middle = ((h << 32) | (l >> 32)) - q1 * d;
  let q0 = middle / d1;
  r = middle - q0 * d1;
  while (q0 >= 0x100000000 || q0 * d0 > ((r << 32) | (l & 0xffffffff))) {
    q0--;
    r += d1;
    if (r >= 0x100000000) break;
  }
  const rest = ((middle << 32) | (l & 0xffffffff)) - q0 * d;
  return ((q1 << 32) | q0) | (rest != 0 ? 1 : 0);
}

/** The double nearest to m * 2^e, where bit 63 of m is set and its low bit is sticky (more than 10 bits below the mantissa). */
// @ts-ignore: decorator
@inline function toDouble(m: u64, e: i32): f64 {
  let mantissa = m >> 11;
  const rest = m & 0x7ff;
  if (rest > 0x400 || (rest == 0x400 && (mantissa & 1) != 0)) mantissa++;
  // A carry to 2^53 is still exact.
  return <f64>mantissa * reinterpret<f64>(<u64>(e + 11 + 1023) << 52);
}

/** w * 10^q, correctly rounded, for w > 0 and |q| ≤ 27. */
function scaled(w: u64, q: i32): f64 {
  if (w <= 0x20000000000000 && q >= -22 && q <= 22) {
    // Both are exact doubles: one rounding.
    let ten: f64 = 1;
    let b: f64 = 10;
    for (let k = abs(q); k > 0; k >>= 1) {
      if (k & 1) ten *= b;
      b *= b;
    }
    return q < 0 ? <f64>w / ten : <f64>w * ten;
  }
  const zeros = clz(w);
  const x = w << zeros;
  const five = powerOf5(abs(q));
  const fiveZeros = clz(five);
  const y = five << fiveZeros;
  if (q >= 0) {
    let h = umulh(x, y);
    const l = x * y;
    let e = q - <i32>zeros - <i32>fiveZeros + 64;
    if (<i64>h >= 0) {
      h = (h << 1) | (l >> 63);
      e--;
      return toDouble(h | (l << 1 != 0 ? 1 : 0), e);
    }
    return toDouble(h | (l != 0 ? 1 : 0), e);
  }
  // x / y lies in (1/2, 2): half of x makes the quotient fit 64 bits.
  let quotient = divide128(x >> 1, x << 63, y);
  let e = q - <i32>zeros + <i32>fiveZeros - 63;
  if (<i64>quotient >= 0) {
    // Below 2^63: one bit more is needed than the quotient has; 10 bits and the sticky one are left.
    quotient = (quotient << 1) | (quotient & 1);
    e--;
  }
  return toDouble(quotient, e);
}

/** The double or float that a text spells. Texts of more than 19 digits or with great exponents are left to the caller. */
export function parse_float(refs: usize, validity: usize, sel: usize, from: usize, n: usize, point: i32, bits: i32, out: usize): usize {
  checkOptional(sel, n << 1);
  for (let j = from; j < n; j++) {
    const i = at(sel, j);
    if (!isValid(validity, i)) continue;
    let p = refAddress(refs + (i << 3));
    let end = p + refLength(refs + (i << 3));
    p = skipSpaces(p, end);
    end = trimEnd(p, end);
    const negative = p < end && load<u8>(p) == 45;
    if (negative) p++;
    let w: u64 = 0;
    let digits: i32 = 0;
    let exponent: i32 = 0;
    let seen = false;
    for (; p < end; p++) {
      const d = digit(p);
      if (d > 9) break;
      seen = true;
      if (d != 0 || digits != 0) digits++;
      w = w * 10 + <u64>d;
    }
    if (p < end && <i32>load<u8>(p) == point) {
      p++;
      for (; p < end; p++) {
        const d = digit(p);
        if (d > 9) break;
        seen = true;
        if (d != 0 || digits != 0) digits++;
        w = w * 10 + <u64>d;
        exponent--;
      }
    }
    if (!seen || digits > 19) return j;
    if (p < end) {
      if ((load<u8>(p) | 32) != 101) return j;
      p++;
      const minus = p < end && load<u8>(p) == 45;
      if (p < end && (minus || load<u8>(p) == 43)) p++;
      if (p >= end || end - p > 4) return j;
      let e: i32 = 0;
      for (; p < end; p++) {
        const d = digit(p);
        if (d > 9) return j;
        e = e * 10 + <i32>d;
      }
      exponent += minus ? -e : e;
    }
    let v: f64 = 0;
    if (w != 0) {
      if (exponent > 27 || exponent < -27) return j;
      v = scaled(w, exponent);
    }
    if (negative) v = -v;
    if (bits == 64) store<f64>(out + (i << 3), v);
    else store<f32>(out + (i << 2), <f32>v);
  }
  return n;
}

/** DECIMALs of at most 18 digits, rounded half away from zero to `scale`; |value| < limit (10 ** precision). */
export function parse_decimal(refs: usize, validity: usize, sel: usize, from: usize, n: usize, point: i32, scale: i32, limit: i64, out: usize): usize {
  checkOptional(sel, n << 1);
  for (let j = from; j < n; j++) {
    const i = at(sel, j);
    if (!isValid(validity, i)) continue;
    let p = refAddress(refs + (i << 3));
    let end = p + refLength(refs + (i << 3));
    p = skipSpaces(p, end);
    end = trimEnd(p, end);
    const negative = p < end && load<u8>(p) == 45;
    if (negative) p++;
    if (end - p - 1 >= 19) return j;
    let v: i64 = 0;
    let left = scale;
    let seen = false;
    for (; p < end; p++) {
      const d = digit(p);
      if (d > 9) break;
      seen = true;
      v = v * 10 + <i64>d;
    }
    if (p < end) {
      if (<i32>load<u8>(p) != point) return j;
      p++;
      for (; p < end; p++) {
        const d = digit(p);
        if (d > 9) return j;
        seen = true;
        if (left > 0) v = v * 10 + <i64>d;
        else if (left == 0 && d >= 5) v++;
        left--;
      }
    }
    if (!seen) return j;
    for (; left > 0; left--) {
      if (v >= limit) return j;
      v *= 10;
    }
    if (v >= limit) return j;
    store<i64>(out + (i << 3), negative ? -v : v);
  }
  return n;
}

// @ts-ignore: decorator
@inline function isLeap(y: i32): bool {
  return (y & 3) == 0 && (y % 100 != 0 || y % 400 == 0);
}

/** Days since 1970 of a civil date, or NONE. */
function days(y: i32, m: i32, d: i32): i64 {
  if (m < 1 || m > 12 || d < 1) return NONE;
  const last = m == 2 ? (isLeap(y) ? 29 : 28) : 30 + ((m + (m >> 3)) & 1);
  if (d > last) return NONE;
  const year = y - (m <= 2 ? 1 : 0);
  const era = year / 400;
  const yoe = year - era * 400;
  const doy = (153 * (m > 2 ? m - 3 : m + 9) + 2) / 5 + d - 1;
  return <i64>(era * 146_097 + yoe * 365 + yoe / 4 - yoe / 100 + doy - 719_468);
}

/** One or two digits at p, followed by `separator` (0: anything); stores nothing, returns value << 8 | length, or -1. */
// @ts-ignore: decorator
@inline function shortNumber(p: usize, end: usize): i32 {
  if (p >= end) return -1;
  const a = digit(p);
  if (a > 9) return -1;
  if (p + 1 < end) {
    const b = digit(p + 1);
    if (b <= 9) return ((<i32>a * 10 + <i32>b) << 8) | 2;
  }
  return (<i32>a << 8) | 1;
}

// @ts-ignore: decorator
@inline function fourDigits(p: usize, end: usize): i32 {
  if (p + 4 > end) return -1;
  let y: i32 = 0;
  for (let k: usize = 0; k < 4; k++) {
    const d = digit(p + k);
    if (d > 9) return -1;
    y = y * 10 + <i32>d;
  }
  return y;
}

/** A date at p: days << 8 | length, or NONE. Orders: 0 year month day, 1 month day year, 2 day month year. */
function dateAt(p: usize, end: usize, order: i32, separator: u8): i64 {
  let q = p;
  let y: i32 = 0;
  if (order == 0) {
    y = fourDigits(q, end);
    if (y < 0) return NONE;
    q += 4;
    if (q >= end || load<u8>(q++) != separator) return NONE;
  }
  const a = shortNumber(q, end);
  if (a < 0) return NONE;
  q += <usize>(a & 255);
  if (q >= end || load<u8>(q++) != separator) return NONE;
  const b = shortNumber(q, end);
  if (b < 0) return NONE;
  q += <usize>(b & 255);
  if (order != 0) {
    if (q >= end || load<u8>(q++) != separator) return NONE;
    y = fourDigits(q, end);
    if (y < 0) return NONE;
    q += 4;
  }
  const found = order == 2 ? days(y, b >> 8, a >> 8) : days(y, a >> 8, b >> 8);
  return found == NONE ? NONE : (found << 8) | <i64>(q - p);
}

/** DATEs with years of four digits, in an order of their parts, with a separator between them. */
export function parse_date(refs: usize, validity: usize, sel: usize, from: usize, n: usize, order: i32, separator: i32, out: usize): usize {
  checkOptional(sel, n << 1);
  for (let j = from; j < n; j++) {
    const i = at(sel, j);
    if (!isValid(validity, i)) continue;
    const p = refAddress(refs + (i << 3));
    const length = refLength(refs + (i << 3));
    const found = dateAt(p, p + length, order, <u8>separator);
    if (found == NONE || <usize>(found & 255) != length) return j;
    store<i32>(out + (i << 2), <i32>(found >> 8));
  }
  return n;
}

/** HH:MM or HH:MM:SS with up to six digits of a fraction, the whole text: microseconds, or NONE. */
function timeAt(p: usize, end: usize): i64 {
  const h = shortNumber(p, end);
  if (h < 0 || h >> 8 > 23) return NONE;
  p += <usize>(h & 255);
  if (p >= end || load<u8>(p++) != 58) return NONE;
  const m = shortNumber(p, end);
  if (m < 0 || (m & 255) != 2 || m >> 8 > 59) return NONE;
  p += 2;
  let seconds = (h >> 8) * 3600 + (m >> 8) * 60;
  if (p == end) return <i64>seconds * 1_000_000;
  if (load<u8>(p++) != 58) return NONE;
  const s = shortNumber(p, end);
  if (s < 0 || (s & 255) != 2 || s >> 8 > 59) return NONE;
  p += 2;
  seconds += s >> 8;
  let micros: i64 = 0;
  if (p < end) {
    if (load<u8>(p++) != 46 || p >= end || end - p > 6) return NONE;
    let unit: i64 = 100_000;
    for (; p < end; p++) {
      const d = digit(p);
      if (d > 9) return NONE;
      micros += <i64>d * unit;
      unit /= 10;
    }
  }
  return <i64>seconds * 1_000_000 + micros;
}

/** TIMEs as microseconds. */
export function parse_time(refs: usize, validity: usize, sel: usize, from: usize, n: usize, out: usize): usize {
  checkOptional(sel, n << 1);
  for (let j = from; j < n; j++) {
    const i = at(sel, j);
    if (!isValid(validity, i)) continue;
    const p = refAddress(refs + (i << 3));
    const found = timeAt(p, p + refLength(refs + (i << 3)));
    if (found == NONE) return j;
    store<i64>(out + (i << 3), found);
  }
  return n;
}

/** TIMESTAMPs in microseconds: a date, and behind a blank or T a time; a Z behind it is allowed. */
export function parse_timestamp(refs: usize, validity: usize, sel: usize, from: usize, n: usize, order: i32, separator: i32, out: usize): usize {
  checkOptional(sel, n << 1);
  for (let j = from; j < n; j++) {
    const i = at(sel, j);
    if (!isValid(validity, i)) continue;
    let p = refAddress(refs + (i << 3));
    let end = p + refLength(refs + (i << 3));
    const date = dateAt(p, end, order, <u8>separator);
    if (date == NONE) return j;
    p += <usize>(date & 255);
    let micros = (date >> 8) * MICROS_PER_DAY;
    if (p < end) {
      const between = load<u8>(p++);
      if (between != 32 && between != 84) return j;
      if (end > p && load<u8>(end - 1) == 90) end--;
      const time = timeAt(p, end);
      if (time == NONE) return j;
      micros += time;
    }
    store<i64>(out + (i << 3), micros);
  }
  return n;
}
