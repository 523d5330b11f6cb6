// Casts among numbers. Type codes: 0 i8, 1 i16, 2 i32, 3 i64, 4 u8 (and booleans), 5 u16, 6 u32, 7 u64, 8 f32, 9 f64,
// 10 i128, 11 u128. Floats round to the nearest integer, ties to even.
// A value that does not fit: with `nulls` (a bitmap, ones where valid) its bit is cleared, for TRY_CAST; without, the
// kernel returns -1 - position.

import { fromF64, hi, lo, store128, toF64, toF64U } from './int128';
import { at, check, checkOptional, clearBit, value } from './memory';

const TWO64: f64 = 18446744073709551616.0;

/** Stores x as T; returns whether it fits. */
// @ts-ignore: decorator
@inline function convert<F, T>(x: F, out: usize): bool {
  if (isFloat<T>()) {
    const r = <T>x;
    store<T>(out, r);
    // Only a finite f64 beyond f32's range does not fit.
    if (isFloat<F>() && sizeof<F>() > sizeof<T>()) return r - r == 0 || x - x != 0;
    return true;
  }
  if (isFloat<F>()) {
    const r = nearest<f64>(<f64>x);
    // Bounds as floats: exact for the lower one, and the first that is too large.
    const low: f64 = isSigned<T>() ? -<f64>(<u64>1 << <u64>(sizeof<T>() * 8 - 1)) : 0;
    const high: f64 = <f64>(<u64>1 << <u64>(sizeof<T>() * 8 - 1)) * (isSigned<T>() ? 1.0 : 2.0);
    const fits = r >= low && r < high;
    if (fits) store<T>(out, isSigned<T>() ? <T>(<i64>r) : <T>(<u64>r));
    else store<T>(out, 0);
    return fits;
  }
  const r = <T>x;
  store<T>(out, r);
  // It fits when it comes back the same, with the same sign.
  return <F>r == x && (isSigned<F>() && x < 0) == (isSigned<T>() && r < 0);
}

// @ts-ignore: decorator
@inline function loop<F, T>(a: usize, am: usize, sel: usize, n: usize, out: usize, nulls: usize): i32 {
  for (let j: usize = 0; j < n; j++) {
    const i = at(sel, j);
    if (!convert<F, T>(value<F>(a, i, am), out + i * sizeof<T>())) {
      if (nulls == 0) return -1 - <i32>i;
      clearBit(nulls, i);
    }
  }
  return 0;
}

// @ts-ignore: decorator
@inline function from<F>(to: i32, a: usize, am: usize, sel: usize, n: usize, out: usize, nulls: usize): i32 {
  check(a, am == 0 || sel != 0 ? sizeof<F>() : n * sizeof<F>());
  switch (to) {
    case 0: return loop<F, i8>(a, am, sel, n, out, nulls);
    case 1: return loop<F, i16>(a, am, sel, n, out, nulls);
    case 2: return loop<F, i32>(a, am, sel, n, out, nulls);
    case 3: return loop<F, i64>(a, am, sel, n, out, nulls);
    case 4: return loop<F, u8>(a, am, sel, n, out, nulls);
    case 5: return loop<F, u16>(a, am, sel, n, out, nulls);
    case 6: return loop<F, u32>(a, am, sel, n, out, nulls);
    case 7: return loop<F, u64>(a, am, sel, n, out, nulls);
    case 8: return loop<F, f32>(a, am, sel, n, out, nulls);
    default: return loop<F, f64>(a, am, sel, n, out, nulls);
  }
}

/** Casts among the types of at most 64 bits. */
export function cast_number(fromType: i32, to: i32, a: usize, am: usize, sel: usize, n: usize, out: usize, nulls: usize): i32 {
  if (n == 0) return 0;
  checkOptional(sel, n << 1);
  check(out, 1);
  switch (fromType) {
    case 0: return from<i8>(to, a, am, sel, n, out, nulls);
    case 1: return from<i16>(to, a, am, sel, n, out, nulls);
    case 2: return from<i32>(to, a, am, sel, n, out, nulls);
    case 3: return from<i64>(to, a, am, sel, n, out, nulls);
    case 4: return from<u8>(to, a, am, sel, n, out, nulls);
    case 5: return from<u16>(to, a, am, sel, n, out, nulls);
    case 6: return from<u32>(to, a, am, sel, n, out, nulls);
    case 7: return from<u64>(to, a, am, sel, n, out, nulls);
    case 8: return from<f32>(to, a, am, sel, n, out, nulls);
    default: return from<f64>(to, a, am, sel, n, out, nulls);
  }
}

/** An i128 (u128 when `unsigned`) stored as a narrower type; returns whether it fits. */
function narrow(unsigned: i32, p: usize, to: i32, out: usize): bool {
  const h = hi(p);
  const l = lo(p);
  if (to == 8 || to == 9) {
    const f = unsigned != 0 ? toF64U(p) : toF64(p);
    if (to == 8) store<f32>(out, <f32>f);
    else store<f64>(out, f);
    return true;
  }
  if (to >= 10) {
    store128(out, l, h);
    return (unsigned == (to == 11 ? 1 : 0)) || h >= 0;
  }
  const fitsSigned = (h == 0 && <i64>l >= 0) || (unsigned == 0 && h == -1 && <i64>l < 0);
  switch (to) {
    case 0: return convert<i64, i8>(<i64>l, out) && fitsSigned;
    case 1: return convert<i64, i16>(<i64>l, out) && fitsSigned;
    case 2: return convert<i64, i32>(<i64>l, out) && fitsSigned;
    case 3: return convert<i64, i64>(<i64>l, out) && fitsSigned;
    case 4: return convert<u64, u8>(l, out) && h == 0;
    case 5: return convert<u64, u16>(l, out) && h == 0;
    case 6: return convert<u64, u32>(l, out) && h == 0;
    default: return convert<u64, u64>(l, out) && h == 0;
  }
}

/** A number of at most 64 bits stored as i128 (u128 when `unsigned`); returns whether it fits. */
function widen(fromType: i32, a: usize, am: usize, i: usize, unsigned: i32, out: usize): bool {
  if (fromType >= 8) {
    const f = nearest<f64>(fromType == 8 ? <f64>value<f32>(a, i, am) : value<f64>(a, i, am));
    const high = unsigned != 0 ? TWO64 * TWO64 : TWO64 * TWO64 / 2;
    const low = unsigned != 0 ? 0.0 : -high;
    if (!(f >= low && f < high)) {
      store128(out, 0, 0);
      return false;
    }
    fromF64(f, out);
    return true;
  }
  let v: i64;
  switch (fromType) {
    case 0: v = <i64>value<i8>(a, i, am); break;
    case 1: v = <i64>value<i16>(a, i, am); break;
    case 2: v = <i64>value<i32>(a, i, am); break;
    case 4: v = <i64>value<u8>(a, i, am); break;
    case 5: v = <i64>value<u16>(a, i, am); break;
    case 6: v = <i64>value<u32>(a, i, am); break;
    default: v = value<i64>(a, i, am);
  }
  store128(out, <u64>v, fromType < 4 ? v >> 63 : 0);
  return unsigned == 0 || fromType >= 4 || v >= 0;
}

/** Casts where one type has 128 bits. */
export function cast_wide(fromType: i32, to: i32, a: usize, am: usize, sel: usize, n: usize, out: usize, nulls: usize): i32 {
  checkOptional(sel, n << 1);
  const width: usize = to == 0 || to == 4 ? 1 : to == 1 || to == 5 ? 2 : to == 2 || to == 6 || to == 8 ? 4 : to >= 10 ? 16 : 8;
  for (let j: usize = 0; j < n; j++) {
    const i = at(sel, j);
    const target = out + i * width;
    const fits = fromType >= 10
      ? narrow(fromType == 11 ? 1 : 0, a + ((i & am) << 4), to, target)
      : widen(fromType, a, am, i, to == 11 ? 1 : 0, target);
    if (!fits) {
      if (nulls == 0) return -1 - <i32>i;
      clearBit(nulls, i);
    }
  }
  return 0;
}
