// Aggregates over frames: which rows go into which states. Conventions of windows.ts; states are `size` bytes each, side
// by side from a base. `included` are bytes: 0 keeps the row out of every frame; 0 for the address includes all.
import { check, isValid } from './memory';
import { hasPart, partFrom, partTo } from './window-frames';

/** Rows of a node on the lowest level, and nodes of one on each level above: 2^FAN. */
const FAN: usize = 4;
const FANOUT: usize = 1 << FAN;

/** Leaves out the rows whose condition (0: true) is not true or whose bit is 0. */
export function window_include(included: usize, n: usize, data: usize, mask: usize, validity: usize): void {
  check(included, n);
  for (let i: usize = 0; i < n; i++) {
    const v = i & mask;
    if (!isValid(validity, v) || (data != 0 && load<u8>(data + v) == 0)) store<u8>(included + i, 0);
  }
}

/** The included rows among from…from+count, as positions (u16). Returns how many. */
export function window_select(included: usize, from: usize, count: usize, out: usize): usize {
  check(out, count << 1);
  let k: usize = 0;
  for (let j: usize = 0; j < count; j++) {
    store<u16>(out + (k << 1), <u16>j);
    k += <usize>isIncluded(included, from + j);
  }
  return k;
}

/** The included rows by number, and for each row (and the end) how many of these come before it: see window_non_nulls. */
export function window_among(included: usize, n: usize, rows: usize, before: usize): void {
  check(included, n);
  check(before, (n + 1) << 2);
  let count: u32 = 0;
  for (let i: usize = 0; i < n; i++) {
    store<u32>(before + (i << 2), count);
    if (load<u8>(included + i) == 0) continue;
    store<u32>(rows + (<usize>count << 2), <u32>i);
    count++;
  }
  store<u32>(before + (n << 2), count);
}

/** Addresses of states: number (from + k) >> shift for k = 0 … count. */
export function window_states(base: usize, size: usize, shift: u32, from: usize, count: usize, out: usize): void {
  check(out, count << 2);
  for (let k: usize = 0; k < count; k++) store<u32>(out + (k << 2), <u32>(base + ((from + k) >> shift) * size));
}

/** Addresses of the states of the rows' partitions; `number` partitions begin before row `from`. Returns how many begin before the last row's end. */
export function window_partition_states(marks: usize, from: usize, count: usize, number: usize, base: usize, size: usize, out: usize): usize {
  check(marks + from, count);
  check(out, count << 2);
  for (let k: usize = 0; k < count; k++) {
    if (load<u8>(marks + from + k) == 2) number++;
    store<u32>(out + (k << 2), <u32>(base + (number - 1) * size));
  }
  return number;
}

/**
 * Pairs that make running states of one state a row: each row's state takes in that of the row before it (after it when
 * `backwards`), unless a partition lies between. Rows come in the order in which the states become complete.
 */
export function window_running(marks: usize, n: usize, from: usize, count: usize, backwards: u32, base: usize, size: usize, targets: usize, sources: usize): usize {
  check(targets, count << 2);
  check(sources, count << 2);
  let pairs: usize = 0;
  for (let k: usize = 0; k < count; k++) {
    const i = backwards != 0 ? from + count - 1 - k : from + k;
    let other = i - 1;
    if (backwards != 0) {
      other = i + 1;
      if (other >= n || load<u8>(marks + other) == 2) continue;
    } else if (load<u8>(marks + i) == 2) continue;
    store<u32>(targets + (pairs << 2), <u32>(base + i * size));
    store<u32>(sources + (pairs << 2), <u32>(base + other * size));
    pairs++;
  }
  return pairs;
}

/** The running states at the frames' ends (starts, when `backwards`), or the state `empty` for frames without rows. */
export function window_running_states(start: usize, end: usize, count: usize, backwards: u32, base: usize, size: usize, empty: usize, out: usize): void {
  check(start, count << 2);
  check(end, count << 2);
  check(out, count << 2);
  for (let k: usize = 0; k < count; k++) {
    const s = <usize>load<u32>(start + (k << 2));
    const e = <usize>load<u32>(end + (k << 2));
    store<u32>(out + (k << 2), s >= e ? <u32>empty : <u32>(base + (backwards != 0 ? s : e - 1) * size));
  }
}

// @ts-ignore: decorator
@inline function isIncluded(included: usize, i: usize): bool {
  return included == 0 || load<u8>(included + i) != 0;
}

/**
 * Frame rows that no whole node of the tree covers, with the states that they go into (base + k × size): those before
 * the first whole node (side 0), or after the last (side 1). At most 30 for each of the `count` frames.
 */
export function window_leaves(
  side: u32, part: u32, start: usize, end: usize, exclude: u32, from: usize, count: usize, peerStart: usize, peerEnd: usize,
  included: usize, base: usize, size: usize, rows: usize, states: usize,
): usize {
  check(start, count << 2);
  check(rows, count * 30 << 2);
  check(states, count * 30 << 2);
  let found: usize = 0;
  if (!hasPart(part, exclude)) return 0;
  for (let k: usize = 0; k < count; k++) {
    const p = k << 2;
    const a = partFrom(part, load<u32>(start + p), from + k, load<u32>(peerEnd + p), exclude);
    const b = partTo(part, load<u32>(end + p), from + k, load<u32>(peerStart + p), exclude);
    const up = (a + FANOUT - 1) & ~(FANOUT - 1);
    const down = b & ~(FANOUT - 1);
    let i = a;
    let to = min<usize>(b, up);
    if (up > down) {
      if (side != 0) continue;
      to = b;
    } else if (side != 0) {
      i = down;
      to = b;
    }
    const state = <u32>(base + k * size);
    for (; i < to; i++) {
      if (!isIncluded(included, i)) continue;
      store<u32>(rows + (found << 2), <u32>i);
      store<u32>(states + (found << 2), state);
      found++;
    }
  }
  return found;
}

// @ts-ignore: decorator
@inline function emitNodes(levels: usize, level: usize, from: usize, to: usize, size: usize, target: u32, targets: usize, sources: usize, pairs: usize): usize {
  const base = <usize>load<u32>(levels + ((level - 1) << 2));
  for (let node = from; node < to; node++) {
    store<u32>(targets + (pairs << 2), target);
    store<u32>(sources + (pairs << 2), <u32>(base + node * size));
    pairs++;
  }
  return pairs;
}

/**
 * The largest whole nodes that cover the frames, in order, with the states that they go into. `levels` holds the bases of
 * the tree's levels (u32), the lowest first; `stack` has 16 bytes for each. At most 32 pairs for each level and frame.
 */
export function window_nodes(
  part: u32, start: usize, end: usize, exclude: u32, from: usize, count: usize, peerStart: usize, peerEnd: usize,
  levels: usize, levelCount: usize, stack: usize, base: usize, size: usize, targets: usize, sources: usize,
): usize {
  check(levels, levelCount << 2);
  check(stack, levelCount << 4);
  check(targets, (count * levelCount) << 7);
  check(sources, (count * levelCount) << 7);
  let pairs: usize = 0;
  if (!hasPart(part, exclude)) return 0;
  for (let k: usize = 0; k < count; k++) {
    const p = k << 2;
    const a = partFrom(part, load<u32>(start + p), from + k, load<u32>(peerEnd + p), exclude);
    const b = partTo(part, load<u32>(end + p), from + k, load<u32>(peerStart + p), exclude);
    let low = (a + FANOUT - 1) >> FAN;
    let high = b >> FAN;
    const target = <u32>(base + k * size);
    let level: usize = 1;
    let depth: usize = 0;
    while (low < high) {
      const up = (low + FANOUT - 1) >> FAN;
      const down = high >> FAN;
      if (level == levelCount || up >= down) {
        pairs = emitNodes(levels, level, low, high, size, target, targets, sources, pairs);
        break;
      }
      pairs = emitNodes(levels, level, low, up << FAN, size, target, targets, sources, pairs);
      store<u32>(stack + (depth << 4), <u32>level);
      store<u32>(stack + (depth << 4), <u32>(down << FAN), 4);
      store<u32>(stack + (depth << 4), <u32>high, 8);
      depth++;
      low = up;
      high = down;
      level++;
    }
    while (depth > 0) {
      depth--;
      const s = stack + (depth << 4);
      pairs = emitNodes(levels, load<u32>(s), load<u32>(s, 4), load<u32>(s, 8), size, target, targets, sources, pairs);
    }
  }
  return pairs;
}

/**
 * All rows of the frames with their states (u32 addresses by position), at most `limit`: goes on where `cursor` (three
 * u32: position, part, next row or 0) stands. Returns how many; done when the cursor's position is `count`.
 * `among` (u32) has the rows that take part, and `before` (u32 by row) how many of them come before each; 0 when all do.
 */
export function window_expand(
  cursor: usize, start: usize, end: usize, exclude: u32, from: usize, count: usize, peerStart: usize, peerEnd: usize,
  among: usize, before: usize, frameStates: usize, limit: usize, rows: usize, states: usize,
): usize {
  check(cursor, 12);
  check(rows, limit << 2);
  check(states, limit << 2);
  let k = <usize>load<u32>(cursor);
  let part = load<u32>(cursor, 4);
  let next = <usize>load<u32>(cursor, 8);
  let found: usize = 0;
  for (; k < count; k++) {
    const p = k << 2;
    const state = load<u32>(frameStates + p);
    for (; part < 3; part++) {
      if (!hasPart(part, exclude)) continue;
      const a = partFrom(part, load<u32>(start + p), from + k, load<u32>(peerEnd + p), exclude);
      const b = partTo(part, load<u32>(end + p), from + k, load<u32>(peerStart + p), exclude);
      const low = before == 0 || a >= b ? a : <usize>load<u32>(before + (a << 2));
      const high = before == 0 || a >= b ? b : <usize>load<u32>(before + (b << 2));
      let i = max<usize>(low, next);
      for (; i < high && found < limit; i++) {
        store<u32>(rows + (found << 2), before == 0 ? <u32>i : load<u32>(among + (i << 2)));
        store<u32>(states + (found << 2), state);
        found++;
      }
      if (i < high) {
        store<u32>(cursor, <u32>k);
        store<u32>(cursor, part, 4);
        store<u32>(cursor, <u32>i, 8);
        return found;
      }
      next = 0;
    }
    part = 0;
  }
  store<u32>(cursor, <u32>count);
  return found;
}
