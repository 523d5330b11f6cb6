// Makes lists of elements that stand one after the other: {first element, length} pairs of u32.
import { at, check, checkOptional, clearBit, isValid, setBit } from './memory';

/** Row j's pair, at its position of `pairs`, for lists of these lengths one after the other. Returns the sum of the lengths. */
export function list_pairs(lengths: usize, sel: usize, n: usize, pairs: usize): usize {
  checkOptional(sel, n << 1);
  check(lengths, n << 2);
  let first: u32 = 0;
  for (let j: usize = 0; j < n; j++) {
    const p = pairs + (at(sel, j) << 3);
    const length = load<u32>(lengths + (j << 2));
    store<u32>(p, first);
    store<u32>(p, length, 4);
    first += length;
  }
  return <usize>first;
}

/** The lists of the selected ones of some elements get longer by one each in `lengths`; `owners` names them. */
export function list_keep(sel: usize, n: usize, owners: usize, lengths: usize): void {
  checkOptional(sel, n << 1);
  for (let m: usize = 0; m < n; m++) {
    const p = lengths + (<usize>load<u32>(owners + (at(sel, m) << 2)) << 2);
    store<u32>(p, load<u32>(p) + 1);
  }
}

/** Parts rows that go through lists by whether these have an element of a number: their indexes into `out`, those that have it first. Returns how many do. */
export function list_rest(lengths: usize, rows: usize, n: usize, element: u32, out: usize): usize {
  check(rows, n << 2);
  check(out, n << 2);
  let going: usize = 0;
  let ended: usize = n;
  for (let k: usize = 0; k < n; k++) {
    const has = element < load<u32>(lengths + (<usize>load<u32>(rows + (k << 2)) << 2));
    store<u32>(out + ((has ? going : ended - 1) << 2), <u32>k);
    if (has) going++;
    else ended--;
  }
  return going;
}

/** out[k] = k for k in 0 … n, at the places that `order` names: the inverse of a permutation. */
export function inverse_order(order: usize, n: usize, out: usize): void {
  check(order, n << 2);
  for (let k: usize = 0; k < n; k++) store<u32>(out + (<usize>load<u32>(order + (k << 2)) << 2), <u32>k);
}

/** Bits from … from + n of `out` = the first n bits of `bitmap` (all ones when 0). */
export function append_bits(bitmap: usize, n: usize, out: usize, from: usize): void {
  check(out, (from + n + 7) >> 3);
  for (let i: usize = 0; i < n; i++) {
    if (isValid(bitmap, i)) setBit(out, from + i);
    else clearBit(out, from + i);
  }
}

/** out = n pairs with their first elements `by` further. */
export function shift_pairs(pairs: usize, n: usize, by: u32, out: usize): void {
  check(pairs, n << 3);
  check(out, n << 3);
  for (let i: usize = 0; i < n; i++) {
    store<u32>(out + (i << 3), load<u32>(pairs + (i << 3)) + by);
    store<u32>(out + (i << 3), load<u32>(pairs + (i << 3), 4), 4);
  }
}
