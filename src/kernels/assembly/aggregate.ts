// Folding rows into aggregate states: count, sum, min and max, and reading the states' values back.
//
// The state of position i begins at load<u32>(states + 4 × (i & sm)) + offset; sm 0 means one state for all rows, which
// is kept in locals over the batch. All zeros is the initial state. Rows with a NULL argument are not among (sel, n).
import { at, check, checkOptional, clearBit, value } from './memory';
import { quotient } from './quotient';
import { stateOf } from './state';

// @ts-ignore: decorator
@inline function checkRows(sel: usize, n: usize): void {
  checkOptional(sel, n << 1);
}

/** {count u64} += rows. */
export function agg_count(states: usize, sm: usize, offset: usize, sel: usize, n: usize): void {
  checkRows(sel, n);
  if (sm == 0) {
    const s = stateOf(states, 0, offset, 0);
    store<u64>(s, load<u64>(s) + n);
    return;
  }
  for (let j: usize = 0; j < n; j++) {
    const s = stateOf(states, sm, offset, at(sel, j));
    store<u64>(s, load<u64>(s) + 1);
  }
}

/** {sum i128, count u64}; the sum of 64-bit values can't leave 128 bits. For narrower ones see narrow-sums.ts. */
// @ts-ignore: decorator
@inline function sumInteger<T>(a: usize, am: usize, states: usize, sm: usize, offset: usize, sel: usize, n: usize): void {
  if (n == 0) return;
  checkRows(sel, n);
  check(a, am == 0 || sel != 0 ? sizeof<T>() : n * sizeof<T>());
  if (sm != 0) {
    for (let j: usize = 0; j < n; j++) {
      const i = at(sel, j);
      const s = stateOf(states, sm, offset, i);
      const v = value<T>(a, i, am);
      const old = load<u64>(s);
      const lo = old + <u64>v;
      store<u64>(s, lo);
      // Sign and carry make the high half change seldom: the branch is predicted, the store would not be free.
      const high = (isSigned<T>() ? <i64>v >> 63 : 0) + <i64>(lo < old);
      if (high != 0) store<i64>(s, load<i64>(s, 8) + high, 8);
      store<u64>(s, load<u64>(s, 16) + 1, 16);
    }
    return;
  }
  const s = stateOf(states, 0, offset, 0);
  let lo = load<u64>(s);
  let hi = load<i64>(s, 8);
  for (let j: usize = 0; j < n; j++) {
    const v = value<T>(a, at(sel, j), am);
    const old = lo;
    lo += <u64>v;
    hi += (isSigned<T>() ? <i64>v >> 63 : 0) + <i64>(lo < old);
  }
  store<u64>(s, lo);
  store<i64>(s, hi, 8);
  store<u64>(s, load<u64>(s, 16) + n, 16);
}

export function agg_sum_i64(a: usize, am: usize, states: usize, sm: usize, offset: usize, sel: usize, n: usize): void {
  sumInteger<i64>(a, am, states, sm, offset, sel, n);
}
export function agg_sum_u64(a: usize, am: usize, states: usize, sm: usize, offset: usize, sel: usize, n: usize): void {
  sumInteger<u64>(a, am, states, sm, offset, sel, n);
}

/** Adds a value to the state at s: see `sumInteger`. */
// @ts-ignore: decorator
@inline function addValue(s: usize, v: i64): void {
  const old = load<u64>(s);
  const lo = old + <u64>v;
  store<u64>(s, lo);
  const high = (v >> 63) + <i64>(lo < old);
  if (high != 0) store<i64>(s, load<i64>(s, 8) + high, 8);
  store<u64>(s, load<u64>(s, 16) + 1, 16);
}

/**
 * `agg_sum_i64` of four vectors into the states of each row, of which `offsets` has the places (four u32): rows of the
 * same group must wait for each other's stores, and here four wait at the same time.
 */
export function agg_sums_i64(a: usize, b: usize, c: usize, d: usize, states: usize, offsets: usize, sel: usize, n: usize): void {
  checkRows(sel, n);
  check(offsets, 16);
  const oa = <usize>load<u32>(offsets);
  const ob = <usize>load<u32>(offsets, 4);
  const oc = <usize>load<u32>(offsets, 8);
  const od = <usize>load<u32>(offsets, 12);
  for (let j: usize = 0; j < n; j++) {
    const i = at(sel, j);
    const s = <usize>load<u32>(states + (i << 2));
    addValue(s + oa, load<i64>(a + (i << 3)));
    addValue(s + ob, load<i64>(b + (i << 3)));
    addValue(s + oc, load<i64>(c + (i << 3)));
    addValue(s + od, load<i64>(d + (i << 3)));
  }
}

/** The same for two vectors. */
export function agg_sum_pair_i64(a: usize, b: usize, states: usize, oa: usize, ob: usize, sel: usize, n: usize): void {
  checkRows(sel, n);
  for (let j: usize = 0; j < n; j++) {
    const i = at(sel, j);
    const s = <usize>load<u32>(states + (i << 2));
    addValue(s + oa, load<i64>(a + (i << 3)));
    addValue(s + ob, load<i64>(b + (i << 3)));
  }
}

/** Adds {lo, hi} and a count to a state; false when the sum leaves 128 bits. */
// @ts-ignore: decorator
@inline function add128(s: usize, lo: u64, hi: i64, count: u64): bool {
  const sum = load<u64>(s) + lo;
  const old = load<i64>(s, 8);
  const high = old + hi + <i64>(sum < lo);
  store<u64>(s, sum);
  store<i64>(s, high, 8);
  store<u64>(s, load<u64>(s, 16) + count, 16);
  return ((old ^ high) & (hi ^ high)) >= 0;
}

/** Like the others for 128-bit values; -1 when a sum leaves 128 bits. */
export function agg_sum_i128(a: usize, am: usize, states: usize, sm: usize, offset: usize, sel: usize, n: usize): i32 {
  checkRows(sel, n);
  for (let j: usize = 0; j < n; j++) {
    const i = at(sel, j);
    const p = a + ((i & am) << 4);
    if (!add128(stateOf(states, sm, offset, i), load<u64>(p), load<i64>(p, 8), 1)) return -1;
  }
  return 0;
}

/** {sum i128, count u64} pairwise; -1 when a sum leaves 128 bits. */
export function merge_sum(targets: usize, sources: usize, count: usize, offset: usize): i32 {
  for (let k: usize = 0; k < count; k++) {
    const s = stateOf(sources, -1, offset, k);
    if (!add128(stateOf(targets, -1, offset, k), load<u64>(s), load<i64>(s, 8), load<u64>(s, 16))) return -1;
  }
  return 0;
}

/** {sum f64, count u64}. */
// @ts-ignore: decorator
@inline function sumFloat<T>(a: usize, am: usize, states: usize, sm: usize, offset: usize, sel: usize, n: usize): void {
  if (n == 0) return;
  checkRows(sel, n);
  check(a, am == 0 || sel != 0 ? sizeof<T>() : n * sizeof<T>());
  if (sm != 0) {
    for (let j: usize = 0; j < n; j++) {
      const i = at(sel, j);
      const s = stateOf(states, sm, offset, i);
      store<f64>(s, load<f64>(s) + <f64>value<T>(a, i, am));
      store<u64>(s, load<u64>(s, 8) + 1, 8);
    }
    return;
  }
  const s = stateOf(states, 0, offset, 0);
  let sum = load<f64>(s);
  // In the order of the rows, so that the rounding is the same as everywhere else.
  for (let j: usize = 0; j < n; j++) sum += <f64>value<T>(a, at(sel, j), am);
  store<f64>(s, sum);
  store<u64>(s, load<u64>(s, 8) + n, 8);
}

export function agg_sum_f32(a: usize, am: usize, states: usize, sm: usize, offset: usize, sel: usize, n: usize): void {
  sumFloat<f32>(a, am, states, sm, offset, sel, n);
}
export function agg_sum_f64(a: usize, am: usize, states: usize, sm: usize, offset: usize, sel: usize, n: usize): void {
  sumFloat<f64>(a, am, states, sm, offset, sel, n);
}

/** Pairwise: {f64, u64} += {f64, u64}. */
export function merge_sum_f64(targets: usize, sources: usize, count: usize, offset: usize): void {
  for (let k: usize = 0; k < count; k++) {
    const t = stateOf(targets, -1, offset, k);
    const s = stateOf(sources, -1, offset, k);
    store<f64>(t, load<f64>(t) + load<f64>(s));
    store<u64>(t, load<u64>(t, 8) + load<u64>(s, 8), 8);
  }
}

/** Pairwise: the u64 at `offset` of the target += that of the source. */
export function merge_count(targets: usize, sources: usize, count: usize, offset: usize): void {
  for (let k: usize = 0; k < count; k++) {
    const t = stateOf(targets, -1, offset, k);
    store<u64>(t, load<u64>(t) + load<u64>(stateOf(sources, -1, offset, k)));
  }
}

/**
 * The quotients sum ÷ (count × 10^scale) of {sum i128, count u64}, see `quotient`. NULL for a state without rows; `validity` holds ones. Returns the number of NULLs.
 */
export function average_i128(states: usize, offset: usize, count: usize, unit: f64, out: usize, validity: usize): usize {
  check(out, count << 3);
  let nulls: usize = 0;
  for (let k: usize = 0; k < count; k++) {
    const s = stateOf(states, -1, offset, k);
    const rows = load<u64>(s, 16);
    if (rows == 0) {
      clearBit(validity, k);
      nulls++;
      continue;
    }
    store<f64>(out + (k << 3), quotient(load<u64>(s), load<i64>(s, 8), <f64>rows * unit));
  }
  return nulls;
}

/** Quotients of {sum f64, count u64}, like `average_i128`. */
export function average_f64(states: usize, offset: usize, count: usize, out: usize, validity: usize): usize {
  check(out, count << 3);
  let nulls: usize = 0;
  for (let k: usize = 0; k < count; k++) {
    const s = stateOf(states, -1, offset, k);
    const rows = load<u64>(s, 8);
    if (rows == 0) {
      clearBit(validity, k);
      nulls++;
    } else store<f64>(out + (k << 3), load<f64>(s) / <f64>rows);
  }
  return nulls;
}

/**
 * Copies `width` bytes from the start of each state to `out`. Where the u64 at `seenAt` of the state is 0 the value is
 * NULL: its bit is cleared in `validity`, which holds ones. Returns the number of NULLs; `seenAt` -1: none.
 */
export function state_values(states: usize, offset: usize, count: usize, width: usize, seenAt: isize, out: usize, validity: usize): usize {
  check(out, count * width);
  let nulls: usize = 0;
  for (let k: usize = 0; k < count; k++) {
    const s = stateOf(states, -1, offset, k);
    if (seenAt >= 0 && load<u64>(s + <usize>seenAt) == 0) {
      clearBit(validity, k);
      nulls++;
      // Who looks at all values sees none of what was here before.
      memory.fill(out + k * width, 0, width);
    } else if (width == 8) store<u64>(out + (k << 3), load<u64>(s));
    else if (width == 16) v128.store(out + (k << 4), v128.load(s));
    else if (width == 4) store<u32>(out + (k << 2), load<u32>(s));
    else if (width == 2) store<u16>(out + (k << 1), load<u16>(s));
    else store<u8>(out + k, load<u8>(s));
  }
  return nulls;
}
