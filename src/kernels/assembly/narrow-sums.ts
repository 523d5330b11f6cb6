// Sums of integers of up to 32 bits, and sums of several columns in one go.
//
// The state of a narrow sum is {sum i64, tally u64}, added to as one vector. The tally's low 40 bits count rows; its high
// 24 bits, signed, how often 2^62 was taken off the sum. That is looked into only when a state has so many rows that it
// may be needed, after each batch: a batch adds less than 2^48.
import { at, check, checkOptional, clearBit, value } from './memory';
import { quotient } from './quotient';
import { stateOf } from './state';

const ROWS: u64 = (1 << 40) - 1;
const MANY: u64 = 1 << 30;
const TURN: i64 = 1 << 62;

/** Takes as many 2^62 off the sums of states as there are in them. */
function settle(states: usize, sm: usize, offset: usize, sel: usize, n: usize): void {
  for (let j: usize = 0; j < n; j++) {
    const s = stateOf(states, sm, offset, at(sel, j));
    const sum = load<i64>(s);
    // -2 to 1: a sum has 64 bits.
    const turns = sum >> 62;
    if (turns == 0 || turns == -1) continue;
    const taken: i64 = turns < 0 ? -1 : 1;
    store<i64>(s, sum - taken * TURN);
    store<u64>(s, load<u64>(s, 8) + <u64>(taken << 40), 8);
  }
}

// @ts-ignore: decorator
@inline function settleMany(seen: v128, states: usize, sm: usize, offset: usize, sel: usize, n: usize): void {
  if (<u64>i64x2.extract_lane(seen, 1) >= MANY) settle(states, sm, offset, sel, n);
}

/** Adds a value to a narrow state, or to one {sum f64, count u64}; `seen` gathers the tallies. */
// @ts-ignore: decorator
@inline function add<T>(s: usize, p: usize, seen: v128): v128 {
  if (isFloat<T>()) {
    store<f64>(s, load<f64>(s) + <f64>load<T>(p));
    store<u64>(s, load<u64>(s, 8) + 1, 8);
    return seen;
  }
  const next = i64x2.add(v128.load(s), i64x2.replace_lane(i64x2(0, 1), 0, <i64>load<T>(p)));
  v128.store(s, next);
  return v128.or(seen, next);
}

// @ts-ignore: decorator
@inline function sumNarrow<T>(a: usize, am: usize, states: usize, sm: usize, offset: usize, sel: usize, n: usize): void {
  if (n == 0) return;
  checkOptional(sel, n << 1);
  check(a, am == 0 || sel != 0 ? sizeof<T>() : n * sizeof<T>());
  let seen = i64x2.splat(0);
  if (sm != 0) {
    for (let j: usize = 0; j < n; j++) {
      const i = at(sel, j);
      seen = add<T>(stateOf(states, sm, offset, i), a + (i & am) * sizeof<T>(), seen);
    }
  } else {
    const s = stateOf(states, 0, offset, 0);
    let sum: i64 = 0;
    if (sel == 0 && am != 0) for (let i: usize = 0; i < n; i++) sum += <i64>load<T>(a + i * sizeof<T>());
    else for (let j: usize = 0; j < n; j++) sum += <i64>value<T>(a, at(sel, j), am);
    seen = i64x2.add(v128.load(s), i64x2.replace_lane(i64x2.splat(<i64>n), 0, sum));
    v128.store(s, seen);
    n = 1;
  }
  settleMany(seen, states, sm, offset, sel, n);
}

export function agg_sum_i8(a: usize, am: usize, states: usize, sm: usize, offset: usize, sel: usize, n: usize): void {
  sumNarrow<i8>(a, am, states, sm, offset, sel, n);
}
export function agg_sum_i16(a: usize, am: usize, states: usize, sm: usize, offset: usize, sel: usize, n: usize): void {
  sumNarrow<i16>(a, am, states, sm, offset, sel, n);
}
export function agg_sum_i32(a: usize, am: usize, states: usize, sm: usize, offset: usize, sel: usize, n: usize): void {
  sumNarrow<i32>(a, am, states, sm, offset, sel, n);
}
export function agg_sum_u8(a: usize, am: usize, states: usize, sm: usize, offset: usize, sel: usize, n: usize): void {
  sumNarrow<u8>(a, am, states, sm, offset, sel, n);
}
export function agg_sum_u16(a: usize, am: usize, states: usize, sm: usize, offset: usize, sel: usize, n: usize): void {
  sumNarrow<u16>(a, am, states, sm, offset, sel, n);
}
export function agg_sum_u32(a: usize, am: usize, states: usize, sm: usize, offset: usize, sel: usize, n: usize): void {
  sumNarrow<u32>(a, am, states, sm, offset, sel, n);
}

// @ts-ignore: decorator
@inline function sumTwo<A, B>(a: usize, b: usize, states: usize, oa: usize, ob: usize, sel: usize, n: usize): void {
  let seen = i64x2.splat(0);
  for (let j: usize = 0; j < n; j++) {
    const i = at(sel, j);
    const s = <usize>load<u32>(states + (i << 2));
    seen = add<A>(s + oa, a + i * sizeof<A>(), seen);
    seen = add<B>(s + ob, b + i * sizeof<B>(), seen);
  }
  if (!isFloat<A>()) settleMany(seen, states, -1, oa, sel, n);
  if (!isFloat<B>()) settleMany(seen, states, -1, ob, sel, n);
}

// @ts-ignore: decorator
@inline function sumThree<A, B, C>(
  a: usize, b: usize, c: usize, states: usize, oa: usize, ob: usize, oc: usize, sel: usize, n: usize,
): void {
  let seen = i64x2.splat(0);
  for (let j: usize = 0; j < n; j++) {
    const i = at(sel, j);
    const s = <usize>load<u32>(states + (i << 2));
    seen = add<A>(s + oa, a + i * sizeof<A>(), seen);
    seen = add<B>(s + ob, b + i * sizeof<B>(), seen);
    seen = add<C>(s + oc, c + i * sizeof<C>(), seen);
  }
  if (!isFloat<A>()) settleMany(seen, states, -1, oa, sel, n);
  if (!isFloat<B>()) settleMany(seen, states, -1, ob, sel, n);
  if (!isFloat<C>()) settleMany(seen, states, -1, oc, sel, n);
}

// @ts-ignore: decorator
@inline function sumTwoWhere<A, B>(a: usize, b: usize, states: usize, oa: usize, ob: usize, sel: usize, n: usize): void {
  checkOptional(sel, n << 1);
  if (sel == 0) {
    check(a, n * sizeof<A>());
    check(b, n * sizeof<B>());
    sumTwo<A, B>(a, b, states, oa, ob, 0, n);
  } else sumTwo<A, B>(a, b, states, oa, ob, sel, n);
}

// @ts-ignore: decorator
@inline function sumThreeWhere<A, B, C>(
  a: usize, b: usize, c: usize, states: usize, oa: usize, ob: usize, oc: usize, sel: usize, n: usize,
): void {
  checkOptional(sel, n << 1);
  if (sel == 0) {
    check(a, n * sizeof<A>());
    check(b, n * sizeof<B>());
    check(c, n * sizeof<C>());
    sumThree<A, B, C>(a, b, c, states, oa, ob, oc, 0, n);
  } else sumThree<A, B, C>(a, b, c, states, oa, ob, oc, sel, n);
}

/**
 * Sums of vectors into the states of each row, at the offsets oa, ob: of i32 (n) into narrow states, of f64 (d) into
 * {sum f64, count u64}.
 */
export function agg_sums_nn(a: usize, b: usize, states: usize, oa: usize, ob: usize, sel: usize, n: usize): void {
  sumTwoWhere<i32, i32>(a, b, states, oa, ob, sel, n);
}
export function agg_sums_nd(a: usize, b: usize, states: usize, oa: usize, ob: usize, sel: usize, n: usize): void {
  sumTwoWhere<i32, f64>(a, b, states, oa, ob, sel, n);
}
export function agg_sums_dd(a: usize, b: usize, states: usize, oa: usize, ob: usize, sel: usize, n: usize): void {
  sumTwoWhere<f64, f64>(a, b, states, oa, ob, sel, n);
}
export function agg_sums_nnn(a: usize, b: usize, c: usize, states: usize, oa: usize, ob: usize, oc: usize, sel: usize, n: usize): void {
  sumThreeWhere<i32, i32, i32>(a, b, c, states, oa, ob, oc, sel, n);
}
export function agg_sums_nnd(a: usize, b: usize, c: usize, states: usize, oa: usize, ob: usize, oc: usize, sel: usize, n: usize): void {
  sumThreeWhere<i32, i32, f64>(a, b, c, states, oa, ob, oc, sel, n);
}
export function agg_sums_ndd(a: usize, b: usize, c: usize, states: usize, oa: usize, ob: usize, oc: usize, sel: usize, n: usize): void {
  sumThreeWhere<i32, f64, f64>(a, b, c, states, oa, ob, oc, sel, n);
}
export function agg_sums_ddd(a: usize, b: usize, c: usize, states: usize, oa: usize, ob: usize, oc: usize, sel: usize, n: usize): void {
  sumThreeWhere<f64, f64, f64>(a, b, c, states, oa, ob, oc, sel, n);
}

/** Narrow states, pairwise: a target may be the source of a later pair. */
export function merge_narrow_sum(targets: usize, sources: usize, count: usize, offset: usize): void {
  for (let k: usize = 0; k < count; k++) {
    const t = stateOf(targets, -1, offset, k);
    const merged = i64x2.add(v128.load(t), v128.load(stateOf(sources, -1, offset, k)));
    v128.store(t, merged);
    settleMany(merged, targets + (k << 2), 0, offset, 0, 1);
  }
}

// @ts-ignore: decorator
@inline function rowsOf(s: usize): u64 {
  return load<u64>(s, 8) & ROWS;
}

/** The sum's high 64 bits; its low ones are those of sum + turns × 2^62. */
// @ts-ignore: decorator
@inline function highOf(s: usize, low: u64): i64 {
  const sum = load<i64>(s);
  const turns = load<i64>(s, 8) >> 40;
  return (sum >> 63) + (turns >> 2) + <i64>(low < <u64>sum);
}

// @ts-ignore: decorator
@inline function lowOf(s: usize): u64 {
  return load<u64>(s) + (<u64>(load<i64>(s, 8) >> 40) << 62);
}

/** The sums of narrow states as 128-bit integers; NULL without rows. `validity` holds ones. Returns the number of NULLs. */
export function narrow_sums(states: usize, offset: usize, count: usize, out: usize, validity: usize): usize {
  check(out, count << 4);
  let nulls: usize = 0;
  for (let k: usize = 0; k < count; k++) {
    const s = stateOf(states, -1, offset, k);
    const low = lowOf(s);
    store<u64>(out + (k << 4), low);
    store<i64>(out + (k << 4), highOf(s, low), 8);
    if (rowsOf(s) == 0) {
      clearBit(validity, k);
      nulls++;
    }
  }
  return nulls;
}

/** Like `average_i128` for narrow states. */
export function average_narrow(states: usize, offset: usize, count: usize, unit: f64, out: usize, validity: usize): usize {
  check(out, count << 3);
  let nulls: usize = 0;
  for (let k: usize = 0; k < count; k++) {
    const s = stateOf(states, -1, offset, k);
    const rows = rowsOf(s);
    if (rows == 0) {
      clearBit(validity, k);
      nulls++;
      continue;
    }
    const low = lowOf(s);
    store<f64>(out + (k << 3), quotient(low, highOf(s, low), <f64>rows * unit));
  }
  return nulls;
}
