// Text read as numbers and booleans: the common spellings of each type. Rows are (sel, n) from the `from`th on; NULL
// rows (`validity`) are passed over. Every kernel returns the ordinal of the first row that it can't read, or n: the
// caller looks closer at that row (rare spellings, errors) and goes on behind it.
import { refAddress, refLength } from './bytes';
import { digit } from './digits';
import { at, checkOptional, isValid } from './memory';
import { nearestDouble } from './nearest-double';
import { fractionOfPlain, plainNumber, valueOfPlain } from './plain-number';

// 10 ** k, k ≤ 15.
const TENS: usize = memory.data<f64>([1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15]);

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

// @ts-ignore: decorator
@inline function storeFloat(v: f64, bits: i32, out: usize, i: usize): void {
  if (bits == 64) store<f64>(out + (i << 3), v);
  else store<f32>(out + (i << 2), <f32>v);
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
    const plain = end - p - 1 < 16 ? plainNumber(p, end - p, point) : -1;
    if (plain >= 0) {
      // Both are exact doubles, or nothing stands behind the point: one rounding.
      const v = <f64>valueOfPlain(plain) / load<f64>(TENS + (<usize>fractionOfPlain(plain) << 3));
      storeFloat(negative ? -v : v, bits, out, i);
      continue;
    }
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
      v = nearestDouble(w, exponent);
    }
    storeFloat(negative ? -v : v, bits, out, i);
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
    let v: u64 = 0; // of 19 digits at most: more than an i64 holds
    let left = scale;
    let seen = false;
    for (; p < end; p++) {
      const d = digit(p);
      if (d > 9) break;
      seen = true;
      v = v * 10 + <u64>d;
    }
    if (p < end) {
      if (<i32>load<u8>(p) != point) return j;
      p++;
      for (; p < end; p++) {
        const d = digit(p);
        if (d > 9) return j;
        seen = true;
        if (left > 0) v = v * 10 + <u64>d;
        else if (left == 0 && d >= 5) v++;
        left--;
      }
    }
    if (!seen) return j;
    for (; left > 0; left--) {
      if (v >= <u64>limit) return j;
      v *= 10;
    }
    if (v >= <u64>limit) return j;
    store<i64>(out + (i << 3), negative ? -<i64>v : <i64>v);
  }
  return n;
}
