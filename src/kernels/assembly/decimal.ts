// Decimals: unscaled integers of 64 or 128 bits ("wide"). Failures as in cast.ts. Powers of ten come by address as
// {lo, hi} of 128 bits; a 64-bit kernel uses the low half.

import { div128, fromF64, hi, lo, mul128, negate128, store128, toF64 } from './int128';
import { at, check, checkOptional, clearBit, isValid, value } from './memory';

/** |v| < limit of unsigned halves. */
// @ts-ignore: decorator
@inline function within(p: usize, limit: usize): bool {
  let l = lo(p);
  let h = <u64>hi(p);
  if (<i64>h < 0) {
    h = ~h + <u64>(l == 0);
    l = 0 - l;
  }
  const lh = <u64>hi(limit);
  return h < lh || (h == lh && l < lo(limit));
}

/** v / factor, rounded by `mode`: 0 half away from zero, 1 towards zero, 2 down, 3 up, 4 half to even. */
// @ts-ignore: decorator
@inline function divideRounded(v: i64, factor: i64, mode: i32): i64 {
  const q = v / factor;
  const r = v % factor;
  if (r == 0 || mode == 1) return q;
  if (mode == 2) return r < 0 ? q - 1 : q;
  if (mode == 3) return r > 0 ? q + 1 : q;
  const twice = <u64>(r < 0 ? -r : r) << 1;
  const away = twice > <u64>factor || (twice == <u64>factor && (mode == 0 || (q & 1) != 0));
  return away ? q + (v < 0 ? -1 : 1) : q;
}

/** Like `divideRounded`, of 128 bits: out = v / factor. `scratch` holds 16 bytes. */
function divideRounded128(v: usize, factor: usize, mode: i32, scratch: usize, out: usize): void {
  const negative = hi(v) < 0;
  div128(v, factor, false, scratch);
  div128(v, factor, true, out);
  if ((lo(scratch) | <u64>hi(scratch)) == 0 || mode == 1) return;
  let away = false;
  if (mode == 2) away = negative;
  else if (mode == 3) away = !negative;
  else {
    if (negative) negate128(scratch, scratch);
    const l = lo(scratch) << 1;
    const h = (<u64>hi(scratch) << 1) | (lo(scratch) >> 63);
    const fh = <u64>hi(factor);
    const isHalf = h == fh && l == lo(factor);
    away = isHalf ? mode == 0 || (lo(out) & 1) != 0 : h > fh || (h == fh && l > lo(factor));
  }
  if (!away) return;
  const l = lo(out);
  if (negative) store128(out, l - 1, hi(out) - <i64>(l == 0));
  else store128(out, l + 1, hi(out) + <i64>(l == u64.MAX_VALUE));
}

/** Whether all of `n` 128-bit integers are below `limit` in magnitude; positions without a value may hold anything. */
export function all_within(a: usize, validity: usize, n: usize, limit: usize): bool {
  check(a, n << 4);
  for (let i: usize = 0; i < n; i++) if (isValid(validity, i) && !within(a + (i << 4), limit)) return false;
  return true;
}

/**
 * Changes the scale: multiplies (`up`) or divides by `factor`, rounding by `mode`; what is not below `limit` in
 * magnitude does not fit. `scratch` holds 48 bytes.
 */
export function decimal_rescale(
  fromWide: i32, toWide: i32, up: i32, mode: i32, a: usize, am: usize, factor: usize, limit: usize, scratch: usize,
  sel: usize, n: usize, out: usize, nulls: usize,
): i32 {
  checkOptional(sel, n << 1);
  const wide = scratch;
  const result = scratch + 16;
  const rest = scratch + 32;
  const f = <i64>lo(factor);
  const max = <i64>lo(limit);
  const narrow = fromWide == 0 && toWide == 0 && hi(factor) == 0 && f > 0;
  // With |v| below this, v * factor stays in 64 bits.
  const safe = narrow ? i64.MAX_VALUE / f : 0;
  for (let j: usize = 0; j < n; j++) {
    const i = at(sel, j);
    let fits = true;
    if (narrow) {
      const v = value<i64>(a, i, am);
      let r: i64 = 0;
      if (up != 0) {
        fits = v <= safe && v >= -safe;
        r = v * f;
      } else r = divideRounded(v, f, mode);
      fits = fits && r < max && r > -max;
      store<i64>(out + (i << 3), r);
    } else {
      if (fromWide != 0) store128(wide, lo(a + ((i & am) << 4)), hi(a + ((i & am) << 4)));
      else store128(wide, value<u64>(a, i, am), value<i64>(a, i, am) >> 63);
      if (up != 0) fits = !mul128(wide, factor, result);
      else divideRounded128(wide, factor, mode, rest, result);
      fits = fits && within(result, limit);
      if (toWide != 0) store128(out + (i << 4), lo(result), hi(result));
      else store<u64>(out + (i << 3), lo(result));
    }
    if (!fits) {
      if (nulls == 0) return -1 - <i32>i;
      clearBit(nulls, i);
    }
  }
  return 0;
}

/** As doubles: v / divisor, by whole and fraction where v is too large to be exact. */
export function decimal_to_f64(wide: i32, a: usize, am: usize, factor: usize, scratch: usize, sel: usize, n: usize, out: usize): void {
  checkOptional(sel, n << 1);
  const divisor = toF64(factor);
  const EXACT: i64 = 9007199254740992;
  for (let j: usize = 0; j < n; j++) {
    const i = at(sel, j);
    const p = wide != 0 ? a + ((i & am) << 4) : scratch;
    if (wide == 0) {
      const v = value<i64>(a, i, am);
      if (v <= EXACT && v >= -EXACT) {
        store<f64>(out + (i << 3), <f64>v / divisor);
        continue;
      }
      store128(scratch, <u64>v, v >> 63);
    }
    div128(p, factor, false, scratch + 16);
    const fraction = toF64(scratch + 16) / divisor;
    div128(p, factor, true, scratch + 16);
    store<f64>(out + (i << 3), toF64(scratch + 16) + fraction);
  }
}

/** Doubles as decimals: v × factor rounded half away from zero, below `limit` in magnitude. */
export function decimal_from_f64(wide: i32, a: usize, am: usize, factor: f64, limit: f64, sel: usize, n: usize, out: usize, nulls: usize): i32 {
  checkOptional(sel, n << 1);
  for (let j: usize = 0; j < n; j++) {
    const i = at(sel, j);
    const v = value<f64>(a, i, am) * factor;
    const whole = trunc<f64>(v);
    const r = abs<f64>(v - whole) >= 0.5 ? whole + copysign<f64>(1, v) : whole;
    const fits = r < limit && r > -limit;
    if (wide == 0) store<i64>(out + (i << 3), fits ? <i64>r : 0);
    else if (fits) fromF64(r, out + (i << 4));
    else store128(out + (i << 4), 0, 0);
    if (!fits) {
      if (nulls == 0) return -1 - <i32>i;
      clearBit(nulls, i);
    }
  }
  return 0;
}
