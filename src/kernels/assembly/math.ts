// Functions of floats, and magnitude and sign of every number. Float functions compute all positions 0 … n: nothing
// can fail. Results are those of the C library to the last bit or two.

import { hi, lo, negate128, store128 } from './int128';
import { at, check, checkOptional, value } from './memory';
import { cos, sin, tan } from './trigonometry';

// @ts-ignore: decorator
@inline function roundHalfAway(x: f64): f64 {
  const t = trunc<f64>(x);
  return abs<f64>(x - t) >= 0.5 ? t + copysign<f64>(1, x) : copysign<f64>(t, x);
}

/** The next even integer away from zero. */
// @ts-ignore: decorator
@inline function even(x: f64): f64 {
  const c = ceil<f64>(abs<f64>(x));
  return copysign<f64>(c % 2 == 0 ? c : c + 1, x);
}

function unary(op: i32, x: f64): f64 {
  switch (op) {
    case 0: return sqrt<f64>(x);
    case 1: return Math.exp(x);
    case 2: return Math.log(x);
    case 3: return Math.log2(x);
    case 4: return Math.log10(x);
    case 5: return sin(x);
    case 6: return cos(x);
    case 7: return tan(x);
    case 8: return Math.asin(x);
    case 9: return Math.acos(x);
    case 10: return Math.atan(x);
    case 11: return Math.sinh(x);
    case 12: return Math.cosh(x);
    case 13: return Math.tanh(x);
    case 14: return Math.asinh(x);
    case 15: return Math.acosh(x);
    case 16: return Math.atanh(x);
    case 17: return Math.cbrt(x);
    case 18: return x * (180.0 / Math.PI);
    case 19: return x * (Math.PI / 180.0);
    case 20: return 1.0 / tan(x);
    case 21: return even(x);
    case 22: return floor<f64>(x);
    case 23: return ceil<f64>(x);
    case 24: return trunc<f64>(x);
    default: return roundHalfAway(x);
  }
}

/** out = f(a) (see `MATH_FUNCTIONS` on the host's side for the numbers). */
export function unary_f64(op: i32, a: usize, am: usize, n: usize, out: usize): void {
  check(a, am == 0 ? 8 : n << 3);
  check(out, n << 3);
  for (let i: usize = 0; i < n; i++) store<f64>(out + (i << 3), unary(op, value<f64>(a, i, am)));
}

/** The neighbour of x in the direction of y. */
function nextAfter(x: f64, y: f64): f64 {
  if (x != x || y != y) return x + y;
  if (x == y) return y;
  if (x == 0) return copysign<f64>(5e-324, y);
  const bits = reinterpret<i64>(x);
  return reinterpret<f64>((x < y) == (x > 0) ? bits + 1 : bits - 1);
}

/** Of FLOATs, as `nextAfter`. */
function nextAfter32(x: f32, y: f32): f32 {
  if (x != x || y != y) return x + y;
  if (x == y) return y;
  if (x == 0) return copysign<f32>(1.401298464324817e-45, y);
  const bits = reinterpret<i32>(x);
  return reinterpret<f32>((x < y) == (x > 0) ? bits + 1 : bits - 1);
}

/** The remainder with the divisor's sign; zero has none. */
function flooredRemainder(x: f64, y: f64): f64 {
  const r = x % y;
  return r == 0 ? 0 : (r < 0) != (y < 0) ? r + y : r;
}

/** Of FLOATs, as `flooredRemainder`. */
function flooredRemainder32(x: f32, y: f32): f32 {
  const r = x % y;
  return r == 0 ? 0 : (r < 0) != (y < 0) ? r + y : r;
}

/** out = f(a, b) of FLOATs: 3 nextafter, 4 the remainder with b's sign, as `binary_f64` numbers them. */
export function binary_f32(op: i32, a: usize, am: usize, b: usize, bm: usize, n: usize, out: usize): void {
  check(out, n << 2);
  for (let i: usize = 0; i < n; i++) {
    const x = value<f32>(a, i, am);
    const y = value<f32>(b, i, bm);
    store<f32>(out + (i << 2), op == 3 ? nextAfter32(x, y) : flooredRemainder32(x, y));
  }
}

function binary(op: i32, x: f64, y: f64): f64 {
  switch (op) {
    // As in C: JavaScript has NaN for 1 to an infinite or unknown power.
    case 0: return x == 1 || (x == -1 && abs(y) == Infinity) ? 1 : Math.pow(x, y);
    case 1: return Math.atan2(x, y);
    case 2: return Math.log10(y) / Math.log10(x);
    case 3: return nextAfter(x, y);
    default: return flooredRemainder(x, y);
  }
}

/** out = f(a, b): 0 power, 1 atan2, 2 logarithm of b to base a, 3 nextafter, 4 the remainder with b's sign. */
export function binary_f64(op: i32, a: usize, am: usize, b: usize, bm: usize, n: usize, out: usize): void {
  check(out, n << 3);
  for (let i: usize = 0; i < n; i++) {
    const x = value<f64>(a, i, am);
    const y = value<f64>(b, i, bm);
    store<f64>(out + (i << 3), binary(op, x, y));
  }
}

/** out = a rounded (or with `truncate` cut) to digits b (i32) after the point; negative digits are before it. */
export function round_f64(truncate: i32, a: usize, am: usize, b: usize, bm: usize, n: usize, out: usize): void {
  check(out, n << 3);
  for (let i: usize = 0; i < n; i++) {
    const x = value<f64>(a, i, am);
    const digits = value<i32>(b, i, bm);
    const scale = Math.pow(10, digits < 0 ? -<f64>digits : <f64>digits);
    const scaled = digits < 0 ? x / scale : x * scale;
    const whole = truncate != 0 ? trunc<f64>(scaled) : roundHalfAway(scaled);
    const r = digits < 0 ? whole * scale : whole / scale;
    // Out of range on the way: nothing to round, or nothing left.
    store<f64>(out + (i << 3), isFinite(r) ? r : digits < 0 && isFinite(x) ? 0 : x);
  }
}

/** out = a test of floats as booleans: 0 is NaN, 1 is infinite, 2 is finite. */
export function float_test(op: i32, a: usize, am: usize, n: usize, out: usize): void {
  check(out, n);
  for (let i: usize = 0; i < n; i++) {
    const x = value<f64>(a, i, am);
    const finite = x - x == 0;
    store<u8>(out + i, <u8>(op == 0 ? x != x : op == 1 ? !finite && x == x : finite));
  }
}

// @ts-ignore: decorator
@inline function magnitude<T>(a: usize, am: usize, sel: usize, n: usize, out: usize): i32 {
  for (let j: usize = 0; j < n; j++) {
    const i = at(sel, j);
    const x = value<T>(a, i, am);
    const r = isFloat<T>() ? abs<T>(x) : x < 0 ? <T>(0 - x) : x;
    store<T>(out + i * sizeof<T>(), r);
    if (isInteger<T>() && r < 0) return -1 - <i32>i;
  }
  return 0;
}

/** out = |a|, by type (0 i8, 1 i16, 2 i32, 3 i64, 8 f32, 9 f64, 10 i128); -1 - position where it does not fit. */
export function magnitude_of(type: i32, a: usize, am: usize, sel: usize, n: usize, out: usize): i32 {
  checkOptional(sel, n << 1);
  switch (type) {
    case 0: return magnitude<i8>(a, am, sel, n, out);
    case 1: return magnitude<i16>(a, am, sel, n, out);
    case 2: return magnitude<i32>(a, am, sel, n, out);
    case 3: return magnitude<i64>(a, am, sel, n, out);
    case 8: return magnitude<f32>(a, am, sel, n, out);
    case 9: return magnitude<f64>(a, am, sel, n, out);
    default: {
      for (let j: usize = 0; j < n; j++) {
        const i = at(sel, j);
        const x = a + ((i & am) << 4);
        const to = out + (i << 4);
        if (hi(x) < 0) {
          negate128(x, to);
          if (hi(to) < 0) return -1 - <i32>i;
        } else store128(to, lo(x), hi(x));
      }
      return 0;
    }
  }
}
