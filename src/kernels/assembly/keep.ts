// States that keep one text: min, max, first, last, any_value of VARCHAR and BLOB.
//
// A state is {ref 8 bytes, seen u64, own u32, capacity u32}: the text lies in `capacity` bytes at `own`, which the host
// takes from the heap of the states. A batch first borrows: refs point into the batch, and the states so changed are
// listed. Then the host sizes the list, allocates, and the texts are copied. So only the last text that a state kept in
// a batch is copied, and its old bytes are used again when they suffice.
import { at, check, checkOptional } from './memory';
import { stateOf } from './state';
import { compareRefs, copyBytes, refAddress, refLength } from './bytes';

const SEEN = 8;
const OWN = 16;
const CAPACITY = 20;
/** Value of `seen` while the ref is borrowed from the batch. */
const BORROWED: u64 = 3;

/**
 * Borrows the rows' texts where they win. @param rule 0 = the smaller, 1 = the greater, 2 = the first, 3 = the last
 * @returns how many states are in `dirty` (u32 addresses, room for n)
 */
export function keep_ref(rule: i32, a: usize, am: usize, states: usize, sm: usize, offset: usize, sel: usize, n: usize, dirty: usize): usize {
  checkOptional(sel, n << 1);
  check(dirty, n << 2);
  let d = dirty;
  for (let j: usize = 0; j < n; j++) {
    const i = at(sel, j);
    const s = stateOf(states, sm, offset, i);
    const p = a + ((i & am) << 3);
    const seen = load<u64>(s, SEEN);
    if (seen != 0 && rule != 3) {
      if (rule == 2) continue;
      const c = compareRefs(p, s);
      if (rule == 0 ? c >= 0 : c <= 0) continue;
    }
    store<u64>(s, load<u64>(p));
    if (seen == BORROWED) continue;
    store<u64>(s, BORROWED, SEEN);
    store<u32>(d, <u32>s);
    d += 4;
  }
  return (d - dirty) >> 2;
}

/** Bytes of heap that `keep_ref_copy` will need. */
export function keep_ref_bytes(dirty: usize, count: usize): usize {
  let bytes: usize = 0;
  for (let k: usize = 0; k < count; k++) {
    const s = <usize>load<u32>(dirty + (k << 2));
    if (refLength(s) > <usize>load<u32>(s, CAPACITY)) bytes += room(refLength(s));
  }
  return bytes;
}

/** Gives the listed states their own copies, in their old bytes or from `heap`. */
export function keep_ref_copy(dirty: usize, count: usize, heap: usize): void {
  for (let k: usize = 0; k < count; k++) {
    const s = <usize>load<u32>(dirty + (k << 2));
    const length = refLength(s);
    if (length > <usize>load<u32>(s, CAPACITY)) {
      store<u32>(s, <u32>heap, OWN);
      store<u32>(s, <u32>room(length), CAPACITY);
      heap += room(length);
    }
    const own = <usize>load<u32>(s, OWN);
    copyBytes(own, refAddress(s), length);
    store<u32>(s, <u32>own);
    store<u64>(s, 1, SEEN);
  }
}

/** Room for a text that grows: half as much again, in words. */
// @ts-ignore: decorator
@inline function room(length: usize): usize {
  return (length + (length >> 1) + 15) & ~7;
}
