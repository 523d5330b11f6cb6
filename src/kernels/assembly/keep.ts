// States that keep one value of their rows: min and max of texts, first, last, any_value, arg_min, arg_max.
//
// A slot is {value 16 bytes, valid u64, own u32, capacity u32, seen u64}: `seen` is 1 once a row was kept, `valid` 1 when
// its value is not NULL. A text lies in `capacity` bytes at `own`, which the host takes from the heap of the states. A
// batch first borrows: refs point into the batch, and the slots so changed are listed. Then the host sizes the list,
// allocates, and the texts are copied: only the last one that a slot kept in a batch, into its old bytes if they suffice.
import { copyBytes, refAddress, refLength } from './bytes';
import { compareKind, copyValue, REF, widthOf } from './kind';
import { at, check, checkOptional, isValid } from './memory';
import { stateOf } from './state';

const VALID = 16;
const OWN = 24;
const CAPACITY = 28;
const SEEN = 32;
const SLOT: usize = 40;
/** Values of `valid` while the slot is listed: its ref is borrowed from the batch, or it became NULL since. */
const BORROWED: u64 = 3;
const BORROWED_NULL: u64 = 2;

const SMALLER = 0;
const GREATER = 1;
const FIRST = 2;

/** Puts a value into a slot; lists the slot at `dirty` when its text is to be copied. Returns the end of the list. */
// @ts-ignore: decorator
@inline function put(kind: i32, slot: usize, p: usize, valid: bool, dirty: usize): usize {
  store<u64>(slot, 1, SEEN);
  const isListed = load<u64>(slot, VALID) >= BORROWED_NULL;
  if (kind != REF) {
    if (valid) copyValue(widthOf(kind), slot, p);
    store<u64>(slot, <u64>valid, VALID);
    return dirty;
  }
  if (!valid) {
    store<u64>(slot, isListed ? BORROWED_NULL : 0, VALID);
    return dirty;
  }
  store<u64>(slot, load<u64>(p));
  store<u64>(slot, BORROWED, VALID);
  if (isListed) return dirty;
  store<u32>(dirty, <u32>slot);
  return dirty + 4;
}

/**
 * Keeps the rows' values that win. @param rule 0 = the smaller, 1 = the greater, 2 = the first, 3 = the last
 * @returns how many slots are in `dirty` (u32 addresses, room for n)
 */
export function keep_value(rule: i32, kind: i32, a: usize, am: usize, validity: usize, states: usize, sm: usize, offset: usize, sel: usize, n: usize, dirty: usize): usize {
  checkOptional(sel, n << 1);
  check(dirty, n << 2);
  const width = widthOf(kind);
  let d = dirty;
  for (let j: usize = 0; j < n; j++) {
    const i = at(sel, j);
    const slot = stateOf(states, sm, offset, i);
    const p = a + (i & am) * width;
    if (load<u64>(slot, SEEN) != 0) {
      if (rule == FIRST) continue;
      if (rule == SMALLER && compareKind(kind, p, slot) >= 0) continue;
      if (rule == GREATER && compareKind(kind, p, slot) <= 0) continue;
    }
    d = put(kind, slot, p, isValid(validity, i & am), d);
  }
  return (d - dirty) >> 2;
}

/**
 * arg_min (max 0), arg_max (1): keeps the value `a` of the row with the least or greatest `key`, the first among equals; it may be NULL.
 * A state is a slot of the value and one of the key; `dirty` has room for 2 n.
 */
export function keep_arg(max: i32, keyKind: i32, key: usize, km: usize, kind: i32, a: usize, am: usize, validity: usize, states: usize, sm: usize, offset: usize, sel: usize, n: usize, dirty: usize): usize {
  checkOptional(sel, n << 1);
  check(dirty, n << 3);
  const width = widthOf(kind);
  const keyWidth = widthOf(keyKind);
  let d = dirty;
  for (let j: usize = 0; j < n; j++) {
    const i = at(sel, j);
    const slot = stateOf(states, sm, offset, i);
    const k = key + (i & km) * keyWidth;
    if (load<u64>(slot, SEEN) != 0) {
      const c = compareKind(keyKind, k, slot + SLOT);
      if (max ? c <= 0 : c >= 0) continue;
    }
    d = put(keyKind, slot + SLOT, k, true, d);
    d = put(kind, slot, a + (i & am) * width, isValid(validity, i & am), d);
  }
  return (d - dirty) >> 2;
}

/** Bytes of heap that `keep_copy` will need. */
export function keep_bytes(dirty: usize, count: usize): usize {
  let bytes: usize = 0;
  for (let k: usize = 0; k < count; k++) {
    const slot = <usize>load<u32>(dirty + (k << 2));
    if (refLength(slot) > <usize>load<u32>(slot, CAPACITY)) bytes += room(refLength(slot));
  }
  return bytes;
}

/** Gives the listed slots their own copies, in their old bytes or from `heap`. */
export function keep_copy(dirty: usize, count: usize, heap: usize): void {
  for (let k: usize = 0; k < count; k++) {
    const slot = <usize>load<u32>(dirty + (k << 2));
    if (load<u64>(slot, VALID) == BORROWED_NULL) {
      store<u64>(slot, 0, VALID);
      continue;
    }
    const length = refLength(slot);
    if (length > <usize>load<u32>(slot, CAPACITY)) {
      store<u32>(slot, <u32>heap, OWN);
      store<u32>(slot, <u32>room(length), CAPACITY);
      heap += room(length);
    }
    const own = <usize>load<u32>(slot, OWN);
    copyBytes(own, refAddress(slot), length);
    store<u64>(slot, 1, VALID);
    store<u32>(slot, <u32>own);
  }
}

/** Room for a text that grows: half as much again, in words. */
// @ts-ignore: decorator
@inline function room(length: usize): usize {
  return (length + (length >> 1) + 15) & ~7;
}
