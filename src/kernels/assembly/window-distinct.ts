// Aggregates of the distinct values of frames: a row counts when the row before it with the same value lies before the
// frame. Conventions of windows.ts; `previous` are u32 by row number: the number + 1 of that row, 0 when there is none, NONE
// for rows that no frame takes; `next` the number of the row after it with the same value, or NONE.
//
// A merge sort tree finds these rows (Vogelsgesang, Neumann, Leis, Kemper: "Efficient Evaluation of Arbitrarily-Framed
// Holistic SQL Aggregates and Window Functions", SIGMOD 2022): its nodes are 16, 256, … consecutive rows in the order of
// `previous`, each with the state of itself and those before it in the node. Per level: `sorted` values of `previous`
// (u32), and as many states; node after node, without the rows that no frame takes: `before` says how many of the others
// come before each row.
import { check } from './memory';
import { hasPart, partFrom, partTo } from './window-frames';

const NONE: u32 = 0xffffffff;
const FAN: usize = 4;
const FANOUT: usize = 1 << FAN;
const CURRENT_ROW: u32 = 1;
const TIES: u32 = 3;

/**
 * Links the rows sel of from…from+count to the rows before them with the same value. `seen` are the addresses by position of
 * what rows with the same value share: the number + 1 of the last such row is at `lastAt` (u32, zero before).
 */
export function window_previous(from: usize, sel: usize, selected: usize, seen: usize, lastAt: usize, previous: usize): void {
  for (let j: usize = 0; j < selected; j++) {
    const k = <usize>load<u16>(sel + (j << 1));
    const word = <usize>load<u32>(seen + (k << 2)) + lastAt;
    store<u32>(previous + ((from + k) << 2), load<u32>(word));
    store<u32>(word, <u32>(from + k + 1));
  }
}

/** Marks with 1 the rows that are the first of their partition with their value, others with 0. */
export function window_first_seen(previous: usize, marks: usize, n: usize, included: usize): void {
  check(previous, n << 2);
  check(marks, n);
  check(included, n);
  let partition: u32 = 0;
  for (let i: usize = 0; i < n; i++) {
    if (load<u8>(marks + i) == 2) partition = <u32>i;
    store<u8>(included + i, <u8>(load<u32>(previous + (i << 2)) <= partition));
  }
}

/**
 * From `previous`: `next`, how many rows that frames take come before each row (`before`, n + 1), and these rows in the
 * order of `previous`. Returns how many they are.
 */
export function window_distinct_order(previous: usize, n: usize, next: usize, before: usize, order: usize): usize {
  check(previous, n << 2);
  check(next, n << 2);
  check(before, (n + 1) << 2);
  memory.fill(next, 255, n << 2);
  let m: usize = 0;
  let k: usize = 0;
  for (let i: usize = 0; i < n; i++) {
    store<u32>(before + (i << 2), <u32>m);
    const p = load<u32>(previous + (i << 2));
    if (p == NONE) continue;
    m++;
    if (p != 0) {
      store<u32>(next + (<usize>(p - 1) << 2), <u32>i);
      continue;
    }
    store<u32>(order + (k << 2), <u32>i);
    k++;
  }
  store<u32>(before + (n << 2), <u32>m);
  for (let i: usize = 0; i < n; i++) {
    const row = load<u32>(next + (i << 2));
    if (row == NONE) continue;
    store<u32>(order + (k << 2), row);
    k++;
  }
  return m;
}

/**
 * The m rows in `order`, taken apart into nodes of 2^shift rows, and their values of `previous`. `cursors` has room for a
 * u32 for each node of the n rows.
 */
export function window_distinct_level(order: usize, m: usize, n: usize, shift: u32, previous: usize, before: usize, cursors: usize, rows: usize, sorted: usize): void {
  check(order, m << 2);
  check(rows, m << 2);
  check(sorted, m << 2);
  for (let node: usize = 0; node << shift < n; node++) {
    store<u32>(cursors + (node << 2), load<u32>(before + ((node << shift) << 2)));
  }
  for (let k: usize = 0; k < m; k++) {
    const row = <usize>load<u32>(order + (k << 2));
    const cursor = cursors + ((row >> shift) << 2);
    const to = <usize>load<u32>(cursor);
    store<u32>(cursor, <u32>(to + 1));
    store<u32>(rows + (to << 2), <u32>row);
    store<u32>(sorted + (to << 2), load<u32>(previous + (row << 2)));
  }
}

/** Pairs that make running states in nodes of 2^shift rows, of one state for each of the level's rows from…from+count. */
export function window_distinct_running(rows: usize, shift: u32, from: usize, count: usize, base: usize, size: usize, targets: usize, sources: usize): usize {
  check(targets, count << 2);
  check(sources, count << 2);
  let pairs: usize = 0;
  for (let p = max<usize>(from, 1); p < from + count; p++) {
    if (load<u32>(rows + (p << 2)) >> shift != load<u32>(rows + ((p - 1) << 2)) >> shift) continue;
    store<u32>(targets + (pairs << 2), <u32>(base + p * size));
    store<u32>(sources + (pairs << 2), <u32>(base + (p - 1) * size));
    pairs++;
  }
  return pairs;
}

/** Rows that no whole node of the tree covers, with the states that they go into: at most 30 for each frame. */
export function window_distinct_leaves(
  part: u32, start: usize, end: usize, exclude: u32, from: usize, count: usize, peerStart: usize, peerEnd: usize,
  previous: usize, base: usize, size: usize, rows: usize, states: usize,
): usize {
  check(start, count << 2);
  check(rows, count * 30 << 2);
  check(states, count * 30 << 2);
  let found: usize = 0;
  if (!hasPart(part, exclude)) return 0;
  for (let k: usize = 0; k < count; k++) {
    const p = k << 2;
    const first = load<u32>(start + p);
    const a = partFrom(part, first, from + k, load<u32>(peerEnd + p), exclude);
    const b = partTo(part, load<u32>(end + p), from + k, load<u32>(peerStart + p), exclude);
    const up = (a + FANOUT - 1) & ~(FANOUT - 1);
    const down = b & ~(FANOUT - 1);
    const state = <u32>(base + k * size);
    for (let i = a; i < b; i++) {
      if (i == up && up < down) i = down;
      if (i >= b) break;
      if (load<u32>(previous + (i << 2)) > first) continue;
      store<u32>(rows + (found << 2), <u32>i);
      store<u32>(states + (found << 2), state);
      found++;
    }
  }
  return found;
}

/** How many of the sorted values low…high are at most `limit`. */
// @ts-ignore: decorator
@inline function atMost(sorted: usize, low: usize, high: usize, limit: u32): usize {
  const from = low;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (load<u32>(sorted + (middle << 2)) <= limit) low = middle + 1;
    else high = middle;
  }
  return low - from;
}

/** Writes pairs for the nodes low…high of a level. `tree` has for each level {address of `sorted`, base of the states}. */
function emitNodes(tree: usize, level: usize, low: usize, high: usize, before: usize, limit: u32, size: usize, target: u32, targets: usize, sources: usize, pairs: usize): usize {
  const sorted = <usize>load<u32>(tree + ((level - 1) << 3));
  const base = <usize>load<u32>(tree + ((level - 1) << 3), 4);
  const shift = level * FAN;
  for (let node = low; node < high; node++) {
    const first = <usize>load<u32>(before + ((node << shift) << 2));
    const found = atMost(sorted, first, <usize>load<u32>(before + (((node + 1) << shift) << 2)), limit);
    if (found == 0) continue;
    store<u32>(targets + (pairs << 2), target);
    store<u32>(sources + (pairs << 2), <u32>(base + (first + found - 1) * size));
    pairs++;
  }
  return pairs;
}

/** The states of the largest whole nodes that cover the frames, with those that they go into: at most 32 pairs for each level and frame. */
export function window_distinct_nodes(
  part: u32, start: usize, end: usize, exclude: u32, from: usize, count: usize, peerStart: usize, peerEnd: usize,
  before: usize, tree: usize, levels: usize, base: usize, size: usize, targets: usize, sources: usize,
): usize {
  check(tree, levels << 3);
  check(targets, (count * levels) << 7);
  check(sources, (count * levels) << 7);
  let pairs: usize = 0;
  if (!hasPart(part, exclude)) return 0;
  for (let k: usize = 0; k < count; k++) {
    const p = k << 2;
    const limit = load<u32>(start + p);
    const a = partFrom(part, limit, from + k, load<u32>(peerEnd + p), exclude);
    const b = partTo(part, load<u32>(end + p), from + k, load<u32>(peerStart + p), exclude);
    const target = <u32>(base + k * size);
    let low = (a + FANOUT - 1) >> FAN;
    let high = b >> FAN;
    for (let level: usize = 1; low < high; level++) {
      const up = (low + FANOUT - 1) >> FAN;
      const down = high >> FAN;
      if (level == levels || up >= down) {
        pairs = emitNodes(tree, level, low, high, before, limit, size, target, targets, sources, pairs);
        break;
      }
      pairs = emitNodes(tree, level, low, up << FAN, before, limit, size, target, targets, sources, pairs);
      pairs = emitNodes(tree, level, down << FAN, high, before, limit, size, target, targets, sources, pairs);
      low = up;
      high = down;
    }
  }
  return pairs;
}

/** The first row from `row` on with the same value that does not come before `limit`; NONE when there is none. */
// @ts-ignore: decorator
@inline function beyond(next: usize, row: u32, limit: u32): u32 {
  let r = row;
  while (r < limit) r = load<u32>(next + (<usize>r << 2));
  return r;
}

/**
 * With EXCLUDE: rows that stand for values which the frame has only after the hole that EXCLUDE makes, though rows of the
 * hole have them as well; and with TIES the row itself, when no other of the frame has its value. At most `limit`: goes on
 * where `cursor` (two u32: position, next row of the hole or 0) stands; done when its position is `count`. Takes one step
 * for each row of the hole.
 */
export function window_distinct_mends(
  cursor: usize, start: usize, end: usize, exclude: u32, from: usize, count: usize, peerStart: usize, peerEnd: usize,
  previous: usize, next: usize, base: usize, size: usize, limit: usize, rows: usize, states: usize,
): usize {
  check(cursor, 8);
  check(rows, limit << 2);
  check(states, limit << 2);
  let k = <usize>load<u32>(cursor);
  let resumed = <usize>load<u32>(cursor, 4);
  let found: usize = 0;
  for (; k < count; k++) {
    const p = k << 2;
    const i = from + k;
    const s = load<u32>(start + p);
    const e = load<u32>(end + p);
    const low = exclude == CURRENT_ROW ? <u32>i : load<u32>(peerStart + p);
    const high = exclude == CURRENT_ROW ? <u32>(i + 1) : load<u32>(peerEnd + p);
    const state = <u32>(base + k * size);
    const to = <usize>min<u32>(e, high);
    for (let h = max<usize>(max<u32>(s, low), resumed); h < to; h++) {
      if (found == limit) {
        store<u32>(cursor, <u32>k);
        store<u32>(cursor, <u32>h, 4);
        return found;
      }
      const before = load<u32>(previous + (h << 2));
      if (before == NONE) continue;
      let row = NONE;
      if (before <= s) {
        const after = beyond(next, <u32>h, high);
        if (after < e) row = after;
        else if (exclude == TIES && <u32>i < e && isSame(next, <u32>h, <u32>i)) row = <u32>i;
      }
      if (row == NONE) continue;
      store<u32>(rows + (found << 2), row);
      store<u32>(states + (found << 2), state);
      found++;
    }
    resumed = 0;
  }
  store<u32>(cursor, <u32>count);
  return found;
}

/** Whether `row` is in the chain of rows with the same value that starts at `first`. */
// @ts-ignore: decorator
@inline function isSame(next: usize, first: u32, row: u32): bool {
  return beyond(next, first, row) == row;
}
