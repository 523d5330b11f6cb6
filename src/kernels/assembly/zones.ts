// Instants and what clocks show, in microseconds: moved by the offsets of a time zone's table (src/types/time-zone.ts).
import { at, check, checkOptional, value } from './memory';

const INFINITE: i64 = i64.MAX_VALUE;
/** From 2500 on offsets are looked up 400 years, or a multiple, earlier. */
const FOLD_FROM: i64 = 16_725_225_600_000_000;
const FOLD_BY: i64 = 12_622_780_800_000_000;

// @ts-ignore: decorator
@inline function isInfinite(v: i64): bool {
  return v == INFINITE || v == -INFINITE;
}

/** Writes the least and the greatest finite value to `out`; returns how many there are. */
export function timestamp_range(a: usize, am: usize, sel: usize, n: usize, out: usize): usize {
  checkOptional(sel, n << 1);
  check(out, 16);
  let least = i64.MAX_VALUE;
  let greatest = i64.MIN_VALUE;
  let count: usize = 0;
  for (let j: usize = 0; j < n; j++) {
    const v = value<i64>(a, at(sel, j), am);
    if (isInfinite(v)) continue;
    count++;
    least = min(least, v);
    greatest = max(greatest, v);
  }
  store<i64>(out, least);
  store<i64>(out, greatest, 8);
  return count;
}

/** Adds `sign` × the offset that holds from the last of `count` starts that is not after the value; -1: out of range. */
export function shift_by_zone(a: usize, am: usize, sel: usize, n: usize, starts: usize, offsets: usize, count: usize, sign: i64, out: usize): i32 {
  checkOptional(sel, n << 1);
  check(starts, count << 3);
  check(offsets, count << 3);
  let from: i64 = 1;
  let to: i64 = 0;
  let offset: i64 = 0;
  for (let j: usize = 0; j < n; j++) {
    const i = at(sel, j);
    const v = value<i64>(a, i, am);
    if (isInfinite(v)) {
      store<i64>(out + (i << 3), v);
      continue;
    }
    const folded = v < FOLD_FROM ? v : FOLD_FROM - FOLD_BY + (v - FOLD_FROM) % FOLD_BY;
    if (folded < from || folded >= to) {
      let low: usize = 0;
      let high = count;
      while (high - low > 1) {
        const middle = (low + high) >> 1;
        if (load<i64>(starts + (middle << 3)) <= folded) low = middle;
        else high = middle;
      }
      from = low == 0 ? i64.MIN_VALUE : load<i64>(starts + (low << 3));
      to = low + 1 < count ? load<i64>(starts + ((low + 1) << 3)) : i64.MAX_VALUE;
      offset = load<i64>(offsets + (low << 3)) * sign;
    }
    const moved = v + offset;
    if (offset > 0 ? moved < v || moved == INFINITE : moved > v || moved <= -INFINITE) return -1;
    store<i64>(out + (i << 3), moved);
  }
  return 0;
}
