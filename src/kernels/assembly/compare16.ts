// The order of 16-byte values: 128-bit integers and intervals; for other kernels.

const MICROS_PER_DAY: i64 = 86_400_000_000;

/** Days and microseconds of an interval with months of 30 days: what its order goes by. */
// @ts-ignore: decorator
@inline function intervalDays(p: usize): i64 {
  const micros = load<i64>(p, 8);
  return <i64>load<i32>(p) * 30 + <i64>load<i32>(p, 4) + floorDiv(micros, MICROS_PER_DAY);
}

// @ts-ignore: decorator
@inline function floorDiv(a: i64, b: i64): i64 {
  return a / b - <i64>(a % b < 0);
}

/** Order of two 16-byte values. @param kind 0 = i128, 1 = u128, 2 = interval */
export function compare16(kind: i32, a: usize, b: usize): i32 {
  if (kind == 2) {
    const x = intervalDays(a);
    const y = intervalDays(b);
    if (x != y) return x < y ? -1 : 1;
    const xr = load<i64>(a, 8) - floorDiv(load<i64>(a, 8), MICROS_PER_DAY) * MICROS_PER_DAY;
    const yr = load<i64>(b, 8) - floorDiv(load<i64>(b, 8), MICROS_PER_DAY) * MICROS_PER_DAY;
    return <i32>(xr > yr) - <i32>(xr < yr);
  }
  const flip: u64 = kind == 0 ? 0x8000000000000000 : 0;
  const xh = load<u64>(a, 8) ^ flip;
  const yh = load<u64>(b, 8) ^ flip;
  if (xh != yh) return xh < yh ? -1 : 1;
  return <i32>(load<u64>(a) > load<u64>(b)) - <i32>(load<u64>(a) < load<u64>(b));
}
