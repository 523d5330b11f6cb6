// The double nearest to a decimal number, for numbers of usual lengths.
import { umulh } from './int128';

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
export function nearestDouble(w: u64, q: i32): f64 {
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
