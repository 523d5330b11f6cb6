// Minimum and maximum. States of values of up to 8 bytes are {value, seen u64 at 8}, of 16 bytes {value, seen u64 at 16},
// of texts see `keep_ref` in keep.ts. NaN is greater than all else.

import { compare16 } from './compare16';
import { F32, I8, I16, I32, I64, U8, U16, U32, U64 } from './kind';
import { at, check, checkOptional, isValid, value } from './memory';
import { stateOf } from './state';

// @ts-ignore: decorator
@inline function beats<T>(max: i32, a: T, b: T): bool {
  if (isFloat<T>()) return max ? (a > b) | ((a != a) & (b == b)) : (a < b) | ((b != b) & (a == a));
  return max ? a > b : a < b;
}

// @ts-ignore: decorator
@inline function extremum<T>(max: i32, a: usize, am: usize, states: usize, sm: usize, offset: usize, sel: usize, n: usize): void {
  if (n == 0) return;
  checkOptional(sel, n << 1);
  check(a, am == 0 || sel != 0 ? sizeof<T>() : n * sizeof<T>());
  if (sm != 0) {
    for (let j: usize = 0; j < n; j++) {
      const i = at(sel, j);
      const s = stateOf(states, sm, offset, i);
      const v = value<T>(a, i, am);
      if (load<u64>(s, 8) == 0 || beats<T>(max, v, load<T>(s))) {
        store<T>(s, v);
        store<u64>(s, 1, 8);
      }
    }
    return;
  }
  const s = stateOf(states, 0, offset, 0);
  let best = load<u64>(s, 8) == 0 ? value<T>(a, at(sel, 0), am) : load<T>(s);
  if (max) best = fold<T>(1, best, a, am, sel, n);
  else best = fold<T>(0, best, a, am, sel, n);
  store<T>(s, best);
  store<u64>(s, 1, 8);
}

// @ts-ignore: decorator
@inline function better<T>(max: i32, a: v128, b: v128): v128 {
  if (sizeof<T>() == 8) return v128.bitselect(a, b, max ? i64x2.gt_s(a, b) : i64x2.lt_s(a, b));
  return max ? v128.max<T>(a, b) : v128.min<T>(a, b);
}

/** The best of n integers and another; n fills pairs of vectors. */
// @ts-ignore: decorator
@inline function foldVectors<T>(max: i32, other: T, a: usize, n: usize): T {
  let x = v128.splat<T>(other);
  let y = x;
  const end = a + n * sizeof<T>();
  for (; a < end; a += 32) {
    x = better<T>(max, v128.load(a), x);
    y = better<T>(max, v128.load(a, 16), y);
  }
  x = better<T>(max, x, y);
  x = better<T>(max, x, v128.shuffle<u8>(x, x, 8, 9, 10, 11, 12, 13, 14, 15, 0, 1, 2, 3, 4, 5, 6, 7));
  if (sizeof<T>() < 8) x = better<T>(max, x, v128.shuffle<u8>(x, x, 4, 5, 6, 7, 0, 1, 2, 3, 4, 5, 6, 7, 0, 1, 2, 3));
  if (sizeof<T>() < 4) x = better<T>(max, x, v128.shuffle<u8>(x, x, 2, 3, 0, 1, 2, 3, 0, 1, 2, 3, 0, 1, 2, 3, 0, 1));
  if (sizeof<T>() < 2) x = better<T>(max, x, v128.shuffle<u8>(x, x, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0));
  return v128.extract_lane<T>(x, 0);
}

// @ts-ignore: decorator
@inline function fold<T>(max: i32, best: T, a: usize, am: usize, sel: usize, n: usize): T {
  if (am == 0) n = 1;
  if (sel == 0) {
    let i: usize = 0;
    if (isInteger<T>() && (sizeof<T>() < 8 || isSigned<T>())) {
      const whole = n & ~(32 / sizeof<T>() - 1);
      if (whole != 0) best = foldVectors<T>(max, best, a, whole);
      i = whole;
    }
    for (; i < n; i++) {
      const v = load<T>(a + i * sizeof<T>());
      best = beats<T>(max, v, best) ? v : best;
    }
  } else {
    for (let j: usize = 0; j < n; j++) {
      const v = value<T>(a, at(sel, j), am);
      best = beats<T>(max, v, best) ? v : best;
    }
  }
  return best;
}

/** min (max = 0) or max (1) of the rows. */
export function agg_extremum_i8(max: i32, a: usize, am: usize, states: usize, sm: usize, offset: usize, sel: usize, n: usize): void {
  extremum<i8>(max, a, am, states, sm, offset, sel, n);
}
export function agg_extremum_i16(max: i32, a: usize, am: usize, states: usize, sm: usize, offset: usize, sel: usize, n: usize): void {
  extremum<i16>(max, a, am, states, sm, offset, sel, n);
}
export function agg_extremum_i32(max: i32, a: usize, am: usize, states: usize, sm: usize, offset: usize, sel: usize, n: usize): void {
  extremum<i32>(max, a, am, states, sm, offset, sel, n);
}
export function agg_extremum_i64(max: i32, a: usize, am: usize, states: usize, sm: usize, offset: usize, sel: usize, n: usize): void {
  extremum<i64>(max, a, am, states, sm, offset, sel, n);
}
export function agg_extremum_u8(max: i32, a: usize, am: usize, states: usize, sm: usize, offset: usize, sel: usize, n: usize): void {
  extremum<u8>(max, a, am, states, sm, offset, sel, n);
}
export function agg_extremum_u16(max: i32, a: usize, am: usize, states: usize, sm: usize, offset: usize, sel: usize, n: usize): void {
  extremum<u16>(max, a, am, states, sm, offset, sel, n);
}
export function agg_extremum_u32(max: i32, a: usize, am: usize, states: usize, sm: usize, offset: usize, sel: usize, n: usize): void {
  extremum<u32>(max, a, am, states, sm, offset, sel, n);
}
export function agg_extremum_u64(max: i32, a: usize, am: usize, states: usize, sm: usize, offset: usize, sel: usize, n: usize): void {
  extremum<u64>(max, a, am, states, sm, offset, sel, n);
}
export function agg_extremum_f32(max: i32, a: usize, am: usize, states: usize, sm: usize, offset: usize, sel: usize, n: usize): void {
  extremum<f32>(max, a, am, states, sm, offset, sel, n);
}
export function agg_extremum_f64(max: i32, a: usize, am: usize, states: usize, sm: usize, offset: usize, sel: usize, n: usize): void {
  extremum<f64>(max, a, am, states, sm, offset, sel, n);
}

// @ts-ignore: decorator
@inline function extreme<T>(max: i32, a: usize, validity: usize, n: usize): i64 {
  check(a, n * sizeof<T>());
  let i: usize = 0;
  while (!isValid(validity, i)) i++;
  let best = load<T>(a + i * sizeof<T>());
  if (validity == 0) return <i64>(max ? fold<T>(1, best, a, -1, 0, n) : fold<T>(0, best, a, -1, 0, n));
  for (; i < n; i++) {
    const v = isValid(validity, i) ? load<T>(a + i * sizeof<T>()) : best;
    best = beats<T>(max, v, best) ? v : best;
  }
  return <i64>best;
}

/** The least (max = 0) or greatest (1) of n values, not all of them NULL. */
export function extreme_i32(max: i32, a: usize, validity: usize, n: usize): i64 {
  return extreme<i32>(max, a, validity, n);
}
export function extreme_i64(max: i32, a: usize, validity: usize, n: usize): i64 {
  return extreme<i64>(max, a, validity, n);
}

/** min or max of 16-byte values. @param kind see `compare16` */
export function agg_extremum_16(max: i32, kind: i32, a: usize, am: usize, states: usize, sm: usize, offset: usize, sel: usize, n: usize): void {
  checkOptional(sel, n << 1);
  for (let j: usize = 0; j < n; j++) {
    const i = at(sel, j);
    const s = stateOf(states, sm, offset, i);
    const p = a + ((i & am) << 4);
    if (load<u64>(s, 16) != 0) {
      const c = compare16(kind, p, s);
      if (max ? c <= 0 : c >= 0) continue;
    }
    v128.store(s, v128.load(p));
    store<u64>(s, 1, 16);
  }
}

// @ts-ignore: decorator
@inline function merge<T>(max: i32, targets: usize, sources: usize, count: usize, offset: usize): void {
  for (let k: usize = 0; k < count; k++) {
    const s = stateOf(sources, -1, offset, k);
    if (load<u64>(s, 8) == 0) continue;
    const t = stateOf(targets, -1, offset, k);
    if (load<u64>(t, 8) != 0 && !beats<T>(max, load<T>(s), load<T>(t))) continue;
    store<T>(t, load<T>(s));
    store<u64>(t, 1, 8);
  }
}

/** Pairwise and in order, states of `agg_extremum_…`. @param kind of the values, see kind.ts */
export function merge_extremum(max: i32, kind: i32, targets: usize, sources: usize, count: usize, offset: usize): void {
  switch (kind) {
    case I8:
      return merge<i8>(max, targets, sources, count, offset);
    case I16:
      return merge<i16>(max, targets, sources, count, offset);
    case I32:
      return merge<i32>(max, targets, sources, count, offset);
    case I64:
      return merge<i64>(max, targets, sources, count, offset);
    case U8:
      return merge<u8>(max, targets, sources, count, offset);
    case U16:
      return merge<u16>(max, targets, sources, count, offset);
    case U32:
      return merge<u32>(max, targets, sources, count, offset);
    case U64:
      return merge<u64>(max, targets, sources, count, offset);
    case F32:
      return merge<f32>(max, targets, sources, count, offset);
    default:
      return merge<f64>(max, targets, sources, count, offset);
  }
}

/** The same for states of `agg_extremum_16`. @param kind see `compare16` */
export function merge_extremum_16(max: i32, kind: i32, targets: usize, sources: usize, count: usize, offset: usize): void {
  for (let k: usize = 0; k < count; k++) {
    const s = stateOf(sources, -1, offset, k);
    if (load<u64>(s, 16) == 0) continue;
    const t = stateOf(targets, -1, offset, k);
    if (load<u64>(t, 16) != 0) {
      const c = compare16(kind, s, t);
      if (max ? c <= 0 : c >= 0) continue;
    }
    v128.store(t, v128.load(s));
    store<u64>(t, 1, 16);
  }
}
