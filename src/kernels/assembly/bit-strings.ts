// Bit strings: texts of the bytes '0' and '1', of one length where two of them meet. States of bit_and and its like hold
// one: {address u32, length u32}, in a slab of the heap of the states.
import { copyBytes, refAddress, refLength, storeRef } from './bytes';
import { at, check, checkOptional } from './memory';
import { take } from './slab';
import { stateOf } from './state';

const ZERO: u8 = 48;
const AND = 0;
const OR = 1;

/** The rows went well; else the position of the first that did not is returned. */
const DONE: i32 = -1;

/** Writes the bits that come of two strings; `to` may be one of them. */
function combine(op: i32, a: usize, b: usize, length: usize, to: usize): void {
  let k: usize = 0;
  const zeros = i8x16.splat(ZERO);
  for (; k + 16 <= length; k += 16) {
    const x = v128.load(a + k);
    const y = v128.load(b + k);
    v128.store(to + k, op == AND ? v128.and(x, y) : op == OR ? v128.or(x, y) : v128.or(v128.xor(x, y), zeros));
  }
  for (; k < length; k++) {
    const x = load<u8>(a + k);
    const y = load<u8>(b + k);
    store<u8>(to + k, op == AND ? x & y : op == OR ? x | y : (x ^ y) | ZERO);
  }
}

/** `&` (0), `|` (1) and xor (2); results lie in `bytes`. Returns -1, or a position whose strings differ in length. */
export function bitstring_combine(op: i32, a: usize, am: usize, b: usize, bm: usize, sel: usize, n: usize, out: usize, bytes: usize): i32 {
  checkOptional(sel, n << 1);
  for (let j: usize = 0; j < n; j++) {
    const i = at(sel, j);
    const x = a + ((i & am) << 3);
    const y = b + ((i & bm) << 3);
    const length = refLength(x);
    if (length != refLength(y)) return <i32>i;
    check(bytes, length);
    combine(op, refAddress(x), refAddress(y), length, bytes);
    storeRef(out + (i << 3), bytes, length);
    bytes += length;
  }
  return DONE;
}

/** All bits turned; results lie in `bytes`. */
export function bitstring_not(a: usize, am: usize, sel: usize, n: usize, out: usize, bytes: usize): void {
  checkOptional(sel, n << 1);
  for (let j: usize = 0; j < n; j++) {
    const i = at(sel, j);
    const x = a + ((i & am) << 3);
    const length = refLength(x);
    check(bytes, length);
    for (let k: usize = 0; k < length; k++) store<u8>(bytes + k, load<u8>(refAddress(x) + k) ^ 1);
    storeRef(out + (i << 3), bytes, length);
    bytes += length;
  }
}

/** The bits moved to the left or right by i32 places; the length stays. A right shift by less than 0 leaves no bit. Returns -1, or a position with a left shift by less than 0. */
export function bitstring_shift(toLeft: i32, a: usize, am: usize, by: usize, bm: usize, sel: usize, n: usize, out: usize, bytes: usize): i32 {
  checkOptional(sel, n << 1);
  for (let j: usize = 0; j < n; j++) {
    const i = at(sel, j);
    const x = a + ((i & am) << 3);
    const places = load<i32>(by + ((i & bm) << 2));
    if (toLeft && places < 0) return <i32>i;
    const length = refLength(x);
    const gone = places < 0 ? length : min<usize>(<usize>places, length);
    check(bytes, length);
    if (toLeft) {
      copyBytes(bytes, refAddress(x) + gone, length - gone);
      memory.fill(bytes + length - gone, ZERO, gone);
    } else {
      memory.fill(bytes, ZERO, gone);
      copyBytes(bytes + gone, refAddress(x), length - gone);
    }
    storeRef(out + (i << 3), bytes, length);
    bytes += length;
  }
  return DONE;
}

/** How many bits are 1, as i64. */
export function bitstring_count(a: usize, am: usize, sel: usize, n: usize, out: usize): void {
  checkOptional(sel, n << 1);
  for (let j: usize = 0; j < n; j++) {
    const i = at(sel, j);
    const x = a + ((i & am) << 3);
    const end = refAddress(x) + refLength(x);
    let count: i64 = 0;
    for (let p = refAddress(x); p < end; p++) count += load<u8>(p) & 1;
    store<i64>(out + (i << 3), count);
  }
}

/** Rows or pairs of states differ in the lengths of their bits. */
const DIFFERENT: i32 = -1;

/** Folds a string into a state; false when the slab is full. */
// @ts-ignore: decorator
@inline function fold(op: i32, state: usize, address: usize, length: usize, slab: usize): bool {
  if (load<u32>(state) == 0) {
    const own = take(slab, max<usize>(length, 1));
    if (own == 0) return false;
    copyBytes(own, address, length);
    storeRef(state, own, length);
  } else combine(op, refAddress(state), address, length, refAddress(state));
  return true;
}

/**
 * bit_and (0), bit_or (1) and bit_xor (2), from the `from`-th selected row on. Returns how many selected rows are done: less
 * than n when the slab is full; -1 when lengths differ.
 */
export function agg_bitstrings(op: i32, a: usize, am: usize, states: usize, sm: usize, offset: usize, sel: usize, n: usize, from: usize, slab: usize): i32 {
  checkOptional(sel, n << 1);
  for (let j = from; j < n; j++) {
    const i = at(sel, j);
    const state = stateOf(states, sm, offset, i);
    const x = a + ((i & am) << 3);
    if (load<u32>(state) != 0 && refLength(state) != refLength(x)) return DIFFERENT;
    if (!fold(op, state, refAddress(x), refLength(x), slab)) return <i32>j;
  }
  return <i32>n;
}

/** Pairwise: folds the sources, which stay as they are. Returns as `agg_bitstrings` does. */
export function merge_bitstrings(op: i32, targets: usize, sources: usize, count: usize, offset: usize, from: usize, slab: usize): i32 {
  for (let k = from; k < count; k++) {
    const target = stateOf(targets, -1, offset, k);
    const source = stateOf(sources, -1, offset, k);
    if (load<u32>(source) == 0) continue;
    if (load<u32>(target) != 0 && refLength(target) != refLength(source)) return DIFFERENT;
    if (!fold(op, target, refAddress(source), refLength(source), slab)) return <i32>k;
  }
  return <i32>count;
}

/**
 * Sets bits by their numbers, u32 below `length`, from the `from`-th selected row on, in states of `length` bits. Returns how many
 * selected rows are done: less than n when the slab is full.
 */
export function agg_bitstring_set(numbers: usize, length: usize, states: usize, sm: usize, offset: usize, sel: usize, n: usize, from: usize, slab: usize): usize {
  checkOptional(sel, n << 1);
  for (let j = from; j < n; j++) {
    const i = at(sel, j);
    const state = stateOf(states, sm, offset, i);
    if (load<u32>(state) == 0) {
      const own = take(slab, length);
      if (own == 0) return j;
      memory.fill(own, ZERO, length);
      storeRef(state, own, length);
    }
    store<u8>(refAddress(state) + <usize>load<u32>(numbers + (i << 2)), ZERO + 1);
  }
  return n;
}
