// Booleans (1 byte, 0 or 1) under three-valued logic.
import { at, check, checkOptional, clearBit, isValid, setBit } from './memory';

const FALSE: u8 = 0;
const TRUE: u8 = 1;
const UNKNOWN: u8 = 2;

/** The rows that are true; `out` takes n + 1 u16. Returns how many. */
export function select_true(a: usize, validity: usize, sel: usize, n: usize, out: usize): usize {
  checkOptional(sel, n << 1);
  check(out, (n + 1) << 1);
  let k = out;
  if (validity == 0) {
    for (let j: usize = 0; j < n; j++) {
      const i = at(sel, j);
      store<u16>(k, <u16>i);
      k += (<usize>load<u8>(a + i)) << 1;
    }
  } else {
    for (let j: usize = 0; j < n; j++) {
      const i = at(sel, j);
      store<u16>(k, <u16>i);
      if (isValid(validity, i)) k += (<usize>load<u8>(a + i)) << 1;
    }
  }
  return (k - out) >> 1;
}

/** The rows whose code stands for true in a dictionary of booleans; either bitmap may be 0. Returns how many. */
export function select_true_coded(codes: usize, validity: usize, a: usize, dictionaryValidity: usize, sel: usize, n: usize, out: usize): usize {
  checkOptional(sel, n << 1);
  check(out, (n + 1) << 1);
  let k = out;
  for (let j: usize = 0; j < n; j++) {
    const i = at(sel, j);
    store<u16>(k, <u16>i);
    if (!isValid(validity, i)) continue;
    const code = <usize>load<u32>(codes + (i << 2));
    if (isValid(dictionaryValidity, code)) k += (<usize>load<u8>(a + code)) << 1;
  }
  return (k - out) >> 1;
}

/**
 * One argument of AND (`decisive` 0) or OR (1), folded into `states` (a byte a row: false, true, unknown). Rows that it
 * decides leave; the others are selected into `out` (n + 1 u16). Returns how many are left.
 */
export function logic_step(decisive: i32, states: usize, a: usize, mask: usize, validity: usize, sel: usize, n: usize, out: usize): usize {
  checkOptional(sel, n << 1);
  check(out, (n + 1) << 1);
  let k = out;
  for (let j: usize = 0; j < n; j++) {
    const i = at(sel, j);
    store<u16>(k, <u16>i);
    if (!isValid(validity, i & mask)) {
      store<u8>(states + i, UNKNOWN);
      k += 2;
    } else if (<i32>load<u8>(a + (i & mask)) == decisive) {
      store<u8>(states + i, <u8>decisive);
    } else k += 2;
  }
  return (k - out) >> 1;
}

/** States as booleans and validity, in place of the states. Returns how many are unknown. */
export function logic_result(states: usize, sel: usize, n: usize, validity: usize): usize {
  checkOptional(sel, n << 1);
  let unknown: usize = 0;
  for (let j: usize = 0; j < n; j++) {
    const i = at(sel, j);
    const s = load<u8>(states + i);
    if (s == UNKNOWN) {
      store<u8>(states + i, FALSE);
      clearBit(validity, i);
      unknown++;
    } else setBit(validity, i);
  }
  return unknown;
}

/** out = not a, for the positions 0 … n. */
export function bool_not(a: usize, n: usize, out: usize): void {
  check(a, n);
  check(out, n);
  for (let i: usize = 0; i < n; i++) store<u8>(out + i, load<u8>(a + i) ^ TRUE);
}

/** out = whether a (address, mask) is valid and equal to `wanted`, or with `negated` whether it is not. IS TRUE and its like. */
export function bool_is(a: usize, mask: usize, validity: usize, wanted: i32, negated: i32, n: usize, out: usize): void {
  check(out, n);
  for (let i: usize = 0; i < n; i++) {
    const hit = isValid(validity, i & mask) && <i32>load<u8>(a + (i & mask)) == wanted;
    store<u8>(out + i, <u8>hit ^ <u8>negated);
  }
}

/** out = bit i of a bitmap as a boolean, xor `flip`, for the positions 0 … n. */
export function bits_to_bools(bitmap: usize, flip: i32, n: usize, out: usize): void {
  check(out, n);
  for (let i: usize = 0; i < n; i++) store<u8>(out + i, <u8>isValid(bitmap, i) ^ <u8>flip);
}

/** Sets the bits of a zeroed bitmap where a boolean is true, for the rows. */
export function bools_to_bits(a: usize, sel: usize, n: usize, out: usize): void {
  checkOptional(sel, n << 1);
  for (let j: usize = 0; j < n; j++) {
    const i = at(sel, j);
    if (load<u8>(a + i) != 0) setBit(out, i);
  }
}

/** out = whether values are distinct (xor `negated`): `differ` where both are valid, else whether just one of them is. */
export function distinct_result(differ: usize, left: usize, right: usize, negated: i32, n: usize, out: usize): void {
  check(differ, n);
  check(out, n);
  for (let i: usize = 0; i < n; i++) {
    const l = isValid(left, i);
    const r = isValid(right, i);
    const distinct = l && r ? load<u8>(differ + i) : <u8>(l != r);
    store<u8>(out + i, distinct ^ <u8>negated);
  }
}
