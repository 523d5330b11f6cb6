// States that collect all their rows' values: list, string_agg, quantiles, mode. And distinct counts by HyperLogLog.
//
// A state is {head u32, tail u32, count u64, parameter u64}: a chain of nodes {next u32, valid u32, value of 8 or 16 bytes} in the heap
// of the states, in the order of the rows. Merging joins chains, so the heaps of merged states must live on.
import { copyBytes, hashBytes, refAddress, refLength, storeRef } from './bytes';
import { compareKind, copyValue, REF, widthOf } from './kind';
import { at, check, checkOptional, clearBit, isValid } from './memory';
import { stateOf } from './state';

/** Bytes of a node. */
// @ts-ignore: decorator
@inline function nodeBytes(kind: i32): usize {
  return widthOf(kind) == 16 ? 24 : 16;
}

/**
 * Appends rows: `nodes` has room for n of them, `bytes` for the texts. NULLs are collected too.
 * @param parameter what the host wants to find in the states again: an address in the heap, or 0
 */
export function collect_rows(kind: i32, parameter: usize, a: usize, am: usize, validity: usize, states: usize, sm: usize, offset: usize, sel: usize, n: usize, nodes: usize, bytes: usize): void {
  checkOptional(sel, n << 1);
  check(nodes, n * nodeBytes(kind));
  const width = widthOf(kind);
  for (let j: usize = 0; j < n; j++) {
    const i = at(sel, j);
    const s = stateOf(states, sm, offset, i);
    const p = a + (i & am) * width;
    const valid = isValid(validity, i & am);
    store<u32>(nodes, 0);
    store<u32>(nodes, <u32>valid, 4);
    if (valid && kind == REF) {
      const length = refLength(p);
      copyBytes(bytes, refAddress(p), length);
      store<u32>(nodes, <u32>bytes, 8);
      store<u32>(nodes, <u32>length, 12);
      bytes += length;
    } else copyValue(width, nodes + 8, p);
    if (load<u32>(s) == 0) {
      store<u32>(s, <u32>nodes);
      store<u64>(s, <u64>parameter, 16);
    } else store<u32>(<usize>load<u32>(s, 4), <u32>nodes);
    store<u32>(s, <u32>nodes, 4);
    store<u64>(s, load<u64>(s, 8) + 1, 8);
    nodes += nodeBytes(kind);
  }
}

/** Pairwise: the source's chain behind the target's. */
export function merge_collected(targets: usize, sources: usize, count: usize, offset: usize): void {
  for (let k: usize = 0; k < count; k++) {
    const t = stateOf(targets, -1, offset, k);
    const s = stateOf(sources, -1, offset, k);
    if (load<u32>(s) == 0) continue;
    if (load<u32>(t) == 0) {
      store<u32>(t, load<u32>(s));
      store<u64>(t, load<u64>(s, 16), 16);
    } else store<u32>(<usize>load<u32>(t, 4), load<u32>(s));
    store<u32>(t, load<u32>(s, 4), 4);
    store<u64>(t, load<u64>(t, 8) + load<u64>(s, 8), 8);
  }
}

/** How many values the states have together. */
export function collected_total(states: usize, offset: usize, count: usize): u64 {
  let total: u64 = 0;
  for (let k: usize = 0; k < count; k++) total += load<u64>(stateOf(states, -1, offset, k), 8);
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
    store<u32>(lists + (k << 3), load<u32>(s, 8), 4);
    for (let node = <usize>load<u32>(s); node != 0; node = <usize>load<u32>(node)) {
      if (load<u32>(node, 4) == 0) {
        clearBit(validity, index);
        nulls++;
      } else copyValue(width, out + index * width, node + 8);
      index++;
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

/** Moves value number `k` in order to its place among the `n` values at `p`, smaller ones before it (quickselect). */
export function select_nth(kind: i32, p: usize, n: usize, k: usize): void {
  const width = widthOf(kind);
  check(p, n * width);
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
