// States that keep the rows with the n greatest or smallest keys: max(x, n), arg_min(x, y, n).
//
// A state is {entries u32, count u32, capacity u32, limit u32, seen u32, unused u32}. Its entries, of 40 bytes, are a binary heap whose
// root is the worst: {key 16 bytes, value 16 bytes, flags u32, number u32}. The number counts what a state took, so that the
// first of equals is better. Entries and texts lie in the heap of the states, in slabs of it.
import { copyBytes, refAddress, refLength } from './bytes';
import { compareKind, copyValue, REF, widthOf } from './kind';
import { at, check, checkOptional, clearBit, isValid } from './memory';
import { take } from './slab';
import { stateOf } from './state';

const COUNT = 4;
const CAPACITY = 8;
const LIMIT = 12;
const SEEN = 16;

const VALUE = 16;
const FLAGS = 32;
const NUMBER = 36;
const ENTRY: usize = 40;

const HAS_KEY: u32 = 1;
const HAS_VALUE: u32 = 2;

/** Rows of one state ask for different numbers of rows. */
const DIFFERENT: i32 = -1;
const FIRST_CAPACITY: u32 = 4;

/** Whether entry a is worse than b: without a key, with a key further from the end that counts, or later. */
function isWorse(isMax: i32, kind: i32, a: usize, b: usize): bool {
  const x = load<u32>(a, FLAGS) & HAS_KEY;
  const y = load<u32>(b, FLAGS) & HAS_KEY;
  if (x != y) return x == 0;
  const c = x == 0 ? 0 : compareKind(kind, a, b);
  if (c != 0) return isMax ? c < 0 : c > 0;
  return load<u32>(a, NUMBER) > load<u32>(b, NUMBER);
}

// @ts-ignore: decorator
@inline function copyEntry(to: usize, from: usize): void {
  v128.store(to, v128.load(from));
  v128.store(to, v128.load(from, 16), 16);
  store<u64>(to, load<u64>(from, 32), 32);
}

/** Moves a new last entry up to where it belongs. */
function siftUp(isMax: i32, kind: i32, entries: usize, index: usize, entry: usize): void {
  while (index > 0) {
    const parent = entries + ((index - 1) >> 1) * ENTRY;
    if (!isWorse(isMax, kind, entry, parent)) break;
    copyEntry(entries + index * ENTRY, parent);
    index = (index - 1) >> 1;
  }
  copyEntry(entries + index * ENTRY, entry);
}

/** Puts an entry in the place of the root of the first `count`. */
function siftDown(isMax: i32, kind: i32, entries: usize, count: usize, entry: usize): void {
  let index: usize = 0;
  for (;;) {
    let child: usize = 2 * index + 1;
    if (child >= count) break;
    if (child + 1 < count && isWorse(isMax, kind, entries + (child + 1) * ENTRY, entries + child * ENTRY)) child++;
    if (!isWorse(isMax, kind, entries + child * ENTRY, entry)) break;
    copyEntry(entries + index * ENTRY, entries + child * ENTRY);
    index = child;
  }
  copyEntry(entries + index * ENTRY, entry);
}

/** Makes room for one more entry; false when the slab has none. */
function grow(state: usize, slab: usize): bool {
  const capacity = load<u32>(state, CAPACITY);
  const count = load<u32>(state, COUNT);
  if (count < capacity) return true;
  const wider = capacity == 0 ? min<u32>(FIRST_CAPACITY, load<u32>(state, LIMIT)) : min<u32>(2 * capacity, load<u32>(state, LIMIT));
  const entries = take(slab, <usize>wider * ENTRY);
  if (entries == 0) return false;
  if (count > 0) memory.copy(entries, <usize>load<u32>(state), <usize>count * ENTRY);
  store<u32>(state, <u32>entries);
  store<u32>(state, wider, CAPACITY);
  return true;
}

/** Adds an entry that has room, or that is better than the worst. */
// @ts-ignore: decorator
@inline function insert(isMax: i32, kind: i32, state: usize, entry: usize): void {
  const entries = <usize>load<u32>(state);
  const count = load<u32>(state, COUNT);
  if (count < load<u32>(state, LIMIT)) {
    siftUp(isMax, kind, entries, count, entry);
    store<u32>(state, count + 1, COUNT);
  } else siftDown(isMax, kind, entries, count, entry);
}

/** The limit of a state, set with its first row; false when it has another one. */
// @ts-ignore: decorator
@inline function agrees(state: usize, limit: u32): bool {
  if (load<u32>(state, LIMIT) == 0) store<u32>(state, limit, LIMIT);
  return load<u32>(state, LIMIT) == limit;
}

/**
 * Takes rows, from the `from`-th selected one on. Values are the keys themselves when `a` is 0. `limits` are i64, which must lie between 1 and
 * 2^31. @param entry 40 bytes to work in
 * @returns how many selected rows are done: less than n when the slab is full; -1 when rows of a state differ in their limits
 */
export function top_update(
  isMax: i32, keyKind: i32, key: usize, km: usize, keyValidity: usize, kind: i32, a: usize, am: usize, validity: usize,
  limits: usize, lm: usize, states: usize, sm: usize, offset: usize, sel: usize, n: usize, from: usize, slab: usize, entry: usize,
): i32 {
  checkOptional(sel, n << 1);
  check(slab, 16);
  check(entry, ENTRY);
  const keyWidth = widthOf(keyKind);
  const width = widthOf(kind);
  for (let j = from; j < n; j++) {
    const i = at(sel, j);
    const state = stateOf(states, sm, offset, i);
    if (!agrees(state, <u32>load<i64>(limits + ((i & lm) << 3)))) return DIFFERENT;
    const hasKey = isValid(keyValidity, i & km);
    const k = key + (i & km) * keyWidth;
    const seen = load<u32>(state, SEEN);
    copyValue(keyWidth, entry, k);
    store<u32>(entry, hasKey ? HAS_KEY : 0, FLAGS);
    store<u32>(entry, seen, NUMBER);
    const isFull = load<u32>(state, COUNT) == load<u32>(state, LIMIT);
    if (isFull && !isWorse(isMax, keyKind, <usize>load<u32>(state), entry)) continue;
    if (!isFull && !grow(state, slab)) return <i32>j;
    const hasValue = a != 0 && isValid(validity, i & am);
    const p = a + (i & am) * width;
    const keyBytes = keyKind == REF && hasKey ? refLength(k) : 0;
    const bytes = keyBytes + (kind == REF && hasValue ? refLength(p) : 0);
    let own: usize = 0;
    if (bytes > 0) {
      own = take(slab, bytes);
      if (own == 0) return <i32>j;
    }
    if (keyBytes > 0) {
      copyBytes(own, refAddress(k), keyBytes);
      store<u32>(entry, <u32>own);
    }
    if (hasValue) {
      copyValue(width, entry + VALUE, p);
      store<u32>(entry, load<u32>(entry, FLAGS) | HAS_VALUE, FLAGS);
      if (bytes > keyBytes) {
        copyBytes(own + keyBytes, refAddress(p), bytes - keyBytes);
        store<u32>(entry, <u32>(own + keyBytes), VALUE);
      }
    }
    store<u32>(state, seen + 1, SEEN);
    insert(isMax, keyKind, state, entry);
  }
  return <i32>n;
}

/**
 * Pairwise: takes the sources' entries too, which stay as they are; their texts are shared. What is done of a pair when the
 * slab is full is `progress` (u32), 0 at first. Returns as `top_update` does.
 */
export function top_merge(isMax: i32, keyKind: i32, targets: usize, sources: usize, count: usize, offset: usize, from: usize, progress: usize, slab: usize, entry: usize): i32 {
  for (let k = from; k < count; k++) {
    const target = stateOf(targets, -1, offset, k);
    const source = stateOf(sources, -1, offset, k);
    const size = load<u32>(source, COUNT);
    if (size == 0) continue;
    if (!agrees(target, load<u32>(source, LIMIT))) return DIFFERENT;
    const before = load<u32>(target, SEEN);
    for (let e = load<u32>(progress); e < size; e++) {
      copyEntry(entry, <usize>load<u32>(source) + <usize>e * ENTRY);
      store<u32>(entry, load<u32>(entry, NUMBER) + before, NUMBER);
      const isFull = load<u32>(target, COUNT) == load<u32>(target, LIMIT);
      if (isFull && !isWorse(isMax, keyKind, <usize>load<u32>(target), entry)) continue;
      if (!isFull && !grow(target, slab)) {
        store<u32>(progress, e);
        return <i32>k;
      }
      insert(isMax, keyKind, target, entry);
    }
    store<u32>(progress, 0);
    store<u32>(target, before + load<u32>(source, SEEN), SEEN);
  }
  return <i32>count;
}

/** How many entries the states have together. */
export function top_total(states: usize, offset: usize, count: usize): usize {
  let total: usize = 0;
  for (let k: usize = 0; k < count; k++) total += <usize>load<u32>(stateOf(states, -1, offset, k), COUNT);
  return total;
}

/**
 * The entries of one state after another, the best first: `lists` gets {offset u32, length u32} for each state, `keys` and
 * `values` (0: not wanted) what they hold; bits of NULLs are cleared in bitmaps of ones. @param entry 40 bytes to work in
 */
export function top_values(
  isMax: i32, keyKind: i32, kind: i32, states: usize, offset: usize, count: usize, lists: usize, keys: usize, keyValidity: usize,
  values: usize, validity: usize, entry: usize,
): void {
  const keyWidth = widthOf(keyKind);
  const width = widthOf(kind);
  let index: usize = 0;
  for (let k: usize = 0; k < count; k++) {
    const state = stateOf(states, -1, offset, k);
    const entries = <usize>load<u32>(state);
    const size = <usize>load<u32>(state, COUNT);
    store<u32>(lists + (k << 3), <u32>index);
    store<u32>(lists + (k << 3), <u32>size, 4);
    // The worst goes last, again and again; its place is kept in `entry`.
    for (let left = size; left > 1; ) {
      left--;
      copyEntry(entry, entries + left * ENTRY);
      copyEntry(entries + left * ENTRY, entries);
      siftDown(isMax, keyKind, entries, left, entry);
    }
    for (let e: usize = 0; e < size; e++) {
      const from = entries + e * ENTRY;
      const flags = load<u32>(from, FLAGS);
      if (flags & HAS_KEY) copyValue(keyWidth, keys + index * keyWidth, from);
      else clearBit(keyValidity, index);
      if (values != 0) {
        if (flags & HAS_VALUE) copyValue(width, values + index * width, from + VALUE);
        else clearBit(validity, index);
      }
      index++;
    }
    // Turned round, they are a heap again.
    for (let e: usize = 0; e + e + 1 < size; e++) {
      const other = entries + (size - 1 - e) * ENTRY;
      copyEntry(entry, other);
      copyEntry(other, entries + e * ENTRY);
      copyEntry(entries + e * ENTRY, entry);
    }
  }
}
