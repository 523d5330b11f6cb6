// Quotients of 128-bit integers; nothing here is exported to the host.

/**
 * {lo, hi} ÷ divisor, to the last bit but for rare halves: the first quotient is corrected by its exact remainder, because
 * neither the dividend nor a product of doubles need fit 53 bits.
 */
export function quotient(lo: u64, hi: i64, divisor: f64): f64 {
  if (hi == <i64>lo >> 63 && <u64>(<i64>lo + (1 << 53)) < <u64>1 << 54) return <f64>(<i64>lo) / divisor;
  const high = <f64>hi * 18446744073709551616.0;
  const low = <f64>lo;
  // What rounding `lo` to a double lost; for values just below 2^64 `low` is 2^64.
  const lost = low >= 18446744073709551616.0 ? <f64>(<i64>lo) : <f64>(<i64>(lo - <u64>low));
  const sum = high + low;
  const rest = low - (sum - high) + lost;
  const first = sum / divisor;
  const product = first * divisor;
  return first + (sum - product - productError(first, divisor, product) + rest) / divisor;
}

/** a × b - p, exactly (Dekker). */
// @ts-ignore: decorator
@inline function productError(a: f64, b: f64, p: f64): f64 {
  const ca = a * 134217729.0;
  const cb = b * 134217729.0;
  const ah = ca - (ca - a);
  const bh = cb - (cb - b);
  const al = a - ah;
  const bl = b - bh;
  return al * bl - (p - ah * bh - al * bh - ah * bl);
}
