// From Parquet's physical values to the engine's.
import { check } from './memory';

/** Moves bytes, ranges may overlap. JavaScript's copyWithin is slow in shared memory. */
export function move_bytes(to: usize, from: usize, bytes: usize): void {
  check(to, bytes);
  memory.copy(to, from, bytes);
}

/** 32-bit integers to their lowest 1 or 2 bytes. */
export function narrow_i32(src: usize, n: usize, width: u32, out: usize): void {
  check(src, n << 2);
  check(out, n * <usize>width);
  if (width == 1) for (let i: usize = 0; i < n; i++) store<u8>(out + i, load<u8>(src + (i << 2)));
  else for (let i: usize = 0; i < n; i++) store<u16>(out + (i << 1), load<u16>(src + (i << 2)));
}

/** 32-bit integers, signed or not, to 64 bits. */
export function widen_i32(src: usize, n: usize, signed: u32, out: usize): void {
  check(src, n << 2);
  check(out, n << 3);
  if (signed) for (let i: usize = 0; i < n; i++) store<i64>(out + (i << 3), <i64>load<i32>(src + (i << 2)));
  else for (let i: usize = 0; i < n; i++) store<u64>(out + (i << 3), <u64>load<u32>(src + (i << 2)));
}

/** Signed 64-bit integers to 128 bits. */
export function widen_i64(src: usize, n: usize, out: usize): void {
  check(src, n << 3);
  check(out, n << 4);
  for (let i: usize = 0; i < n; i++) {
    const value = load<i64>(src + (i << 3));
    store<i64>(out + (i << 4), value);
    store<i64>(out + (i << 4), value >> 63, 8);
  }
}

/** Numbers to f64. @param kind 0 i32, 1 u32, 2 i64, 3 u64, 4 f32 */
export function to_f64(src: usize, n: usize, kind: u32, out: usize): void {
  check(src, kind == 2 || kind == 3 ? n << 3 : n << 2);
  check(out, n << 3);
  if (kind == 0) for (let i: usize = 0; i < n; i++) store<f64>(out + (i << 3), <f64>load<i32>(src + (i << 2)));
  else if (kind == 1) for (let i: usize = 0; i < n; i++) store<f64>(out + (i << 3), <f64>load<u32>(src + (i << 2)));
  else if (kind == 2) for (let i: usize = 0; i < n; i++) store<f64>(out + (i << 3), <f64>load<i64>(src + (i << 3)));
  else if (kind == 3) for (let i: usize = 0; i < n; i++) store<f64>(out + (i << 3), <f64>load<u64>(src + (i << 3)));
  else for (let i: usize = 0; i < n; i++) store<f64>(out + (i << 3), <f64>load<f32>(src + (i << 2)));
}

/** Multiplies 64-bit integers in place by `factor`, or divides by `-factor`, rounding down. Returns 0, or -1 on overflow. */
export function scale_i64(values: usize, n: usize, factor: i32): i32 {
  check(values, n << 3);
  if (factor > 0) {
    const most = i64.MAX_VALUE / <i64>factor;
    for (let i: usize = 0; i < n; i++) {
      const value = load<i64>(values + (i << 3));
      if (value > most || value < -most) return -1;
      store<i64>(values + (i << 3), value * factor);
    }
  } else {
    const divisor = -<i64>factor;
    for (let i: usize = 0; i < n; i++) {
      const value = load<i64>(values + (i << 3));
      const quotient = value / divisor;
      store<i64>(values + (i << 3), quotient - <i64>(value < quotient * divisor));
    }
  }
  return 0;
}

// Big-endian two's complement of any length, to 8 or 16 bytes. False when it doesn't fit.
// @ts-ignore: decorator
@inline function bigEndian(p: usize, length: usize, width: u32, out: usize): bool {
  const sign: i64 = length > 0 && load<i8>(p) < 0 ? -1 : 0;
  let low: u64 = <u64>sign;
  let high: u64 = <u64>sign;
  for (let k: usize = 0; k < length; k++) {
    if (<i64>high >> 55 != sign || (width == 8 && <i64>low >> 55 != sign)) return false;
    high = (high << 8) | (low >> 56);
    low = (low << 8) | <u64>load<u8>(p + k);
  }
  store<u64>(out, low);
  if (width == 16) store<u64>(out, high, 8);
  return true;
}

/** Big-endian integers of `length` bytes to `width` 8 or 16 bytes. Returns 0, or -1 when one doesn't fit. */
export function big_endian_fixed(src: usize, length: usize, n: usize, width: u32, out: usize): i32 {
  check(src, n * length);
  check(out, n * <usize>width);
  for (let i: usize = 0; i < n; i++) {
    if (!bigEndian(src + i * length, length, width, out + i * <usize>width)) return -1;
  }
  return 0;
}

/** Big-endian integers behind references to `width` 8 or 16 bytes. Returns 0, or -1 when one doesn't fit. */
export function big_endian_refs(refs: usize, n: usize, width: u32, out: usize): i32 {
  check(refs, n << 3);
  check(out, n * <usize>width);
  for (let i: usize = 0; i < n; i++) {
    const ref = refs + (i << 3);
    if (!bigEndian(<usize>load<u32>(ref), <usize>load<u32>(ref, 4), width, out + i * <usize>width)) return -1;
  }
  return 0;
}

/** INT96 {nanoseconds of the day u64, Julian day u32} to microseconds since the epoch. */
export function int96_micros(src: usize, n: usize, out: usize): void {
  check(src, n * 12);
  check(out, n << 3);
  for (let i: usize = 0; i < n; i++) {
    const p = src + i * 12;
    const days = <i64>load<u32>(p, 8) - 2440588;
    store<i64>(out + (i << 3), days * 86400000000 + load<i64>(p) / 1000);
  }
}

/** Half floats to f32. */
export function half_floats(src: usize, n: usize, out: usize): void {
  check(src, n << 1);
  check(out, n << 2);
  for (let i: usize = 0; i < n; i++) {
    const half = <u32>load<u16>(src + (i << 1));
    const sign = (half & 0x8000) << 16;
    const exponent = (half >> 10) & 31;
    const fraction = half & 1023;
    let bits: u32;
    if (exponent == 31) bits = sign | 0x7f800000 | (fraction << 13);
    else if (exponent > 0) bits = sign | ((exponent + 112) << 23) | (fraction << 13);
    else bits = sign | reinterpret<u32>(<f32>fraction * 5.9604644775390625e-8);
    store<u32>(out + (i << 2), bits);
  }
}

/** UUIDs, most significant byte first, to u128. */
export function uuids(src: usize, n: usize, out: usize): void {
  check(src, n << 4);
  check(out, n << 4);
  for (let i: usize = 0; i < n; i++) {
    const high = bswap<u64>(load<u64>(src + (i << 4)));
    const low = bswap<u64>(load<u64>(src + (i << 4), 8));
    store<u64>(out + (i << 4), low);
    store<u64>(out + (i << 4), high, 8);
  }
}

/** Intervals {months u32, days u32, milliseconds u32} to {months i32, days i32, microseconds i64}. */
export function intervals(src: usize, n: usize, out: usize): void {
  check(src, n * 12);
  check(out, n << 4);
  for (let i: usize = 0; i < n; i++) {
    const p = src + i * 12;
    store<u64>(out + (i << 4), load<u64>(p));
    store<i64>(out + (i << 4), <i64>load<u32>(p, 8) * 1000, 8);
  }
}
