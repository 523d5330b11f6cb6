// States that collect all their rows' values: list, string_agg, quantiles, mode. And distinct counts by HyperLogLog.
//
// A state is {head u32, tail u32, count u32, next u32, parameter u32, end u32}: a chain of chunks in the heap of the
// states, in the order of the rows; the next value goes to `next`, unless that is the end of the last chunk's values. A
// chunk is {next u32, count u16, capacity u16, NULLs u32, bytes of a value u32}, then the values, then a byte for each that is 1 when it is
// NULL. The last chunk's count is not kept up: the state has it. Each chunk is twice as large as the one before, up to a
// limit: states of few rows stay small, and those of many are read in long runs. Merging joins chains, so the heaps of
// merged states must live on.
import { copyBytes, hashBytes, refAddress, refLength, storeRef } from './bytes';
import { compareKind, copyValue, F64, I32, I64, REF, widthOf } from './kind';
import { at, check, checkOptional, clearBit, isValid } from './memory';
import { selectNumber } from './select-number';
import { stateOf } from './state';

// A state.
const TAIL: usize = 4;
const ROWS: usize = 8;
const NEXT: usize = 12;
const PARAMETER: usize = 16;
const END: usize = 20;

// A chunk.
const COUNT: usize = 4;
const CAPACITY: usize = 6;
const NULLS: usize = 8;
const WIDTH: usize = 12;
const VALUES: usize = 16;

const FIRST_CAPACITY: usize = 2;
const LARGEST_CAPACITY: usize = 128;

// Where chunks and texts are to go, u32 words.
const NEXT_CHUNK: usize = 0;
const END_CHUNKS: usize = 4;
const NEXT_BYTES: usize = 8;

// @ts-ignore: decorator
@inline function chunkBytes(width: usize, capacity: usize): usize {
  return (VALUES + capacity * (width + 1) + 7) & ~7;
}

/** Gives a state whose last chunk is full another one; false when `space` has no room for it. */
function addChunk(s: usize, width: usize, parameter: usize, space: usize): bool {
  const last = <usize>load<u32>(s, TAIL);
  const capacity = last == 0 ? FIRST_CAPACITY : min<usize>(<usize>load<u16>(last, CAPACITY) << 1, LARGEST_CAPACITY);
  const size = chunkBytes(width, capacity);
  const chunk = <usize>load<u32>(space, NEXT_CHUNK);
  if (size > <usize>load<u32>(space, END_CHUNKS) - chunk) return false;
  store<u32>(space, <u32>(chunk + size), NEXT_CHUNK);
  if (last == 0) {
    store<u32>(s, <u32>chunk);
    store<u32>(s, <u32>parameter, PARAMETER);
  } else store<u32>(last, <u32>chunk);
  store<u32>(s, <u32>chunk, TAIL);
  // All others than the last are full.
  store<u64>(chunk, (<u64>capacity << (CAPACITY << 3)) | (<u64>capacity << (COUNT << 3)));
  store<u64>(chunk, <u64>width << 32, NULLS);
  const values = chunk + VALUES;
  const end = values + capacity * width;
  memory.fill(end, 0, capacity);
  store<u32>(s, <u32>values, NEXT);
  store<u32>(s, <u32>end, END);
  return true;
}

/** Values that are not NULL, and no texts. */
// @ts-ignore: decorator
@inline function collectPlain<T>(parameter: usize, a: usize, am: usize, states: usize, sm: usize, offset: usize, sel: usize, from: usize, n: usize, space: usize): usize {
  for (let j = from; j < n; j++) {
    const i = at(sel, j);
    const s = stateOf(states, sm, offset, i);
    let place = load<u64>(s, ROWS);
    if (<u32>(place >> 32) == load<u32>(s, END)) {
      if (!addChunk(s, sizeof<T>(), parameter, space)) return j;
      place = load<u64>(s, ROWS);
    }
    store<T>(<usize>(place >> 32), load<T>(a + (i & am) * sizeof<T>()));
    // One row more, and the next place.
    store<u64>(s, place + (1 | ((<u64>sizeof<T>()) << 32)), ROWS);
  }
  return n;
}

/**
 * Appends rows from number `from` on; returns the row for which `space` {next chunk u32, end u32, next text u32} has no
 * room for another chunk, or n. Texts go to the third of them, where there is room for those of all rows. NULLs are
 * collected too.
 * @param parameter what the host wants to find in the states again: an address in the heap, or 0
 */
export function collect_rows(kind: i32, parameter: usize, a: usize, am: usize, validity: usize, states: usize, sm: usize, offset: usize, sel: usize, from: usize, n: usize, space: usize): usize {
  checkOptional(sel, n << 1);
  check(space, 12);
  const width = widthOf(kind);
  if (validity == 0 && kind != REF) {
    if (width == 8) return collectPlain<u64>(parameter, a, am, states, sm, offset, sel, from, n, space);
    if (width == 4) return collectPlain<u32>(parameter, a, am, states, sm, offset, sel, from, n, space);
  }
  let bytes = <usize>load<u32>(space, NEXT_BYTES);
  let j = from;
  for (; j < n; j++) {
    const i = at(sel, j);
    const s = stateOf(states, sm, offset, i);
    const p = a + (i & am) * width;
    if (load<u32>(s, NEXT) == load<u32>(s, END) && !addChunk(s, width, parameter, space)) break;
    const to = <usize>load<u32>(s, NEXT);
    const valid = isValid(validity, i & am);
    if (valid && kind == REF) {
      const length = refLength(p);
      copyBytes(bytes, refAddress(p), length);
      storeRef(to, bytes, length);
      bytes += length;
    } else copyValue(width, to, p);
    if (!valid) {
      const chunk = <usize>load<u32>(s, TAIL);
      store<u8>(<usize>load<u32>(s, END) + (to - chunk - VALUES) / width, 1);
      store<u32>(chunk, load<u32>(chunk, NULLS) + 1, NULLS);
    }
    store<u32>(s, load<u32>(s, ROWS) + 1, ROWS);
    store<u32>(s, <u32>(to + width), NEXT);
  }
  store<u32>(space, <u32>bytes, NEXT_BYTES);
  return j;
}

/** Pairwise: the source's chain behind the target's. */
export function merge_collected(targets: usize, sources: usize, count: usize, offset: usize): void {
  for (let k: usize = 0; k < count; k++) {
    const t = stateOf(targets, -1, offset, k);
    const s = stateOf(sources, -1, offset, k);
    if (load<u32>(s) == 0) continue;
    if (load<u32>(t) == 0) {
      store<u32>(t, load<u32>(s));
      store<u32>(t, load<u32>(s, PARAMETER), PARAMETER);
    } else {
      const last = <usize>load<u32>(t, TAIL);
      const bytes = <usize>load<u32>(t, NEXT) - last - VALUES;
      store<u16>(last, <u16>(bytes / <usize>load<u32>(last, WIDTH)), COUNT);
      store<u32>(last, load<u32>(s));
    }
    store<u32>(t, load<u32>(s, TAIL), TAIL);
    store<u32>(t, load<u32>(t, ROWS) + load<u32>(s, ROWS), ROWS);
    store<u32>(t, load<u32>(s, NEXT), NEXT);
    store<u32>(t, load<u32>(s, END), END);
  }
}

/** How many values the states have together. */
export function collected_total(states: usize, offset: usize, count: usize): u64 {
  let total: u64 = 0;
  for (let k: usize = 0; k < count; k++) total += <u64>load<u32>(stateOf(states, -1, offset, k), ROWS);
  return total;
}

/**
 * The collected values one state after another: `lists` gets {offset u32, length u32} for each, `out` the values; bits of
 * NULLs are cleared in `validity`, which holds ones. Returns the number of NULLs.
 */
export function collected_values(kind: i32, states: usize, offset: usize, count: usize, lists: usize, out: usize, validity: usize): usize {
  const width = widthOf(kind);
  let index: usize = 0;
  let nulls: usize = 0;
  for (let k: usize = 0; k < count; k++) {
    const s = stateOf(states, -1, offset, k);
    store<u32>(lists + (k << 3), <u32>index);
    store<u32>(lists + (k << 3), load<u32>(s, ROWS), 4);
    const tail = <usize>load<u32>(s, TAIL);
    for (let chunk = <usize>load<u32>(s); chunk != 0; chunk = <usize>load<u32>(chunk)) {
      const from = chunk + VALUES;
      const n = chunk == tail ? (<usize>load<u32>(s, NEXT) - from) / width : <usize>load<u16>(chunk, COUNT);
      const to = out + index * width;
      if (n > 8) copyBytes(to, from, n * width);
      else for (let v: usize = 0; v < n * width; v += width) copyValue(width, to + v, from + v);
      if (load<u32>(chunk, NULLS) != 0) {
        const marks = from + <usize>load<u16>(chunk, CAPACITY) * width;
        for (let v: usize = 0; v < n; v++) if (load<u8>(marks + v) != 0) clearBit(validity, index + v);
        nulls += <usize>load<u32>(chunk, NULLS);
      }
      index += n;
    }
  }
  return nulls;
}

/** Joins the texts of each list with a separator between; NULLs are left out by whoever collects. Writes refs to `out`. */
export function join_lists(lists: usize, count: usize, values: usize, separator: usize, separatorLength: usize, out: usize, bytes: usize): void {
  for (let k: usize = 0; k < count; k++) {
    const from = bytes;
    let p = values + (<usize>load<u32>(lists + (k << 3)) << 3);
    const end = p + (<usize>load<u32>(lists + (k << 3), 4) << 3);
    for (let isFirst = true; p < end; p += 8) {
      if (!isFirst) {
        copyBytes(bytes, separator, separatorLength);
        bytes += separatorLength;
      }
      isFirst = false;
      copyBytes(bytes, refAddress(p), refLength(p));
      bytes += refLength(p);
    }
    storeRef(out + (k << 3), from, bytes - from);
  }
}

/** Swaps two values. */
// @ts-ignore: decorator
@inline function swap(width: usize, a: usize, b: usize): void {
  if (width == 8) {
    const x = load<u64>(a);
    store<u64>(a, load<u64>(b));
    store<u64>(b, x);
  } else if (width == 16) {
    const x = v128.load(a);
    v128.store(a, v128.load(b));
    v128.store(b, x);
  } else if (width == 4) {
    const x = load<u32>(a);
    store<u32>(a, load<u32>(b));
    store<u32>(b, x);
  } else {
    for (let i: usize = 0; i < width; i++) {
      const x = load<u8>(a + i);
      store<u8>(a + i, load<u8>(b + i));
      store<u8>(b + i, x);
    }
  }
}

/** `select_nth` of any kind. */
function select(kind: i32, p: usize, n: usize, k: usize): void {
  const width = widthOf(kind);
  let low = p;
  let high = p + (n - 1) * width;
  const target = p + k * width;
  while (low < high) {
    // The median of three as pivot, moved to the front.
    const middle = low + ((high - low) / width / 2) * width;
    if (compareKind(kind, high, low) < 0) swap(width, high, low);
    if (compareKind(kind, middle, low) < 0) swap(width, middle, low);
    if (compareKind(kind, high, middle) < 0) swap(width, high, middle);
    swap(width, low, middle);
    let i = low;
    let j = high + width;
    while (true) {
      do i += width;
      while (i < high && compareKind(kind, i, low) < 0);
      do j -= width;
      while (compareKind(kind, low, j) < 0);
      if (i >= j) break;
      swap(width, i, j);
    }
    swap(width, low, j);
    if (j == target) return;
    if (j < target) low = j + width;
    else high = j - width;
  }
}

/** Moves value number `k` in order to its place among the `n` values at `p`, smaller ones before it (quickselect). */
export function select_nth(kind: i32, p: usize, n: usize, k: usize): void {
  check(p, n * widthOf(kind));
  if (kind == F64) selectNumber<f64>(p, n, k);
  else if (kind == I64) selectNumber<i64>(p, n, k);
  else if (kind == I32) selectNumber<i32>(p, n, k);
  else select(kind, p, n, k);
}

/** Bytes of the registers of a distinct count: 2^9. */
const REGISTERS: usize = 512;

/** {seen u64, registers 512 × u8}: each holds the longest run of leading zeros of the hashes that fall to it, plus one. */
export function agg_hll(kind: i32, a: usize, am: usize, states: usize, sm: usize, offset: usize, sel: usize, n: usize): void {
  checkOptional(sel, n << 1);
  const width = widthOf(kind);
  for (let j: usize = 0; j < n; j++) {
    const i = at(sel, j);
    const p = a + (i & am) * width;
    const s = stateOf(states, sm, offset, i) + 8;
    const hash = kind == REF ? hashBytes(refAddress(p), refLength(p), 1) : hashBytes(p, width, 1);
    const register = s + (<usize>hash & (REGISTERS - 1));
    const run = <u8>(clz<u64>(hash | (REGISTERS - 1)) + 1);
    if (run > load<u8>(register)) store<u8>(register, run);
  }
}

/** Pairwise: the greater of each register. */
export function merge_hll(targets: usize, sources: usize, count: usize, offset: usize): void {
  for (let k: usize = 0; k < count; k++) {
    const t = stateOf(targets, -1, offset, k) + 8;
    const s = stateOf(sources, -1, offset, k) + 8;
    for (let r: usize = 0; r < REGISTERS; r += 16) v128.store(t + r, i8x16.max_u(v128.load(t + r), v128.load(s + r)));
  }
}
