// Frames of windows: the first row and the end of each row's frame, and the rows that are in it. Conventions of windows.ts.
import { compareBytes, refAddress } from './bytes';
import { check, isValid } from './memory';

const NONE: u32 = 0xffffffff;
const FAR: i64 = 1 << 33;

/** A distance cannot be NULL; it cannot be negative. */
const IS_NULL: i32 = -1;
const IS_NEGATIVE: i32 = -2;

/** What a key begins with that is not NULL, see sort-keys.ts. */
const VALUE: u8 = 1;

const CURRENT_ROW: u32 = 1;
const TIES: u32 = 3;

/** Frames that start (isEnd = 0) or end at a row some rows before (sign -1) or after. Returns 0, IS_NULL or IS_NEGATIVE. */
export function window_rows_bound(
  isEnd: u32, sign: i32, data: usize, mask: usize, validity: usize, from: usize, count: usize, partitionStart: usize, partitionEnd: usize, out: usize,
): i32 {
  check(out, count << 2);
  for (let k: usize = 0; k < count; k++) {
    const v = k & mask;
    if (!isValid(validity, v)) return IS_NULL;
    const distance = load<i64>(data + (v << 3));
    if (distance < 0) return IS_NEGATIVE;
    const to = <i64>(from + k) + min<i64>(distance, FAR) * sign + <i64>isEnd;
    const lowest = <i64>load<u32>(partitionStart + (k << 2));
    const highest = <i64>load<u32>(partitionEnd + (k << 2));
    store<u32>(out + (k << 2), <u32>min<i64>(max<i64>(to, lowest), highest));
  }
  return 0;
}

/** The same for distances in groups of peers; `starts` are the first rows of all groups, `groupCount` of them. */
export function window_groups_bound(
  isEnd: u32, sign: i32, data: usize, mask: usize, validity: usize, count: usize, partitionStart: usize, partitionEnd: usize,
  peers: usize, groups: usize, starts: usize, groupCount: usize, out: usize,
): i32 {
  check(out, count << 2);
  for (let k: usize = 0; k < count; k++) {
    const p = k << 2;
    const v = k & mask;
    if (!isValid(validity, v)) return IS_NULL;
    const distance = load<i64>(data + (v << 3));
    if (distance < 0) return IS_NEGATIVE;
    const group = <i64>load<u32>(groups + p) - 1;
    const first = group - <i64>load<u32>(peers + p) + 1;
    const to = group + min<i64>(distance, FAR) * sign + <i64>isEnd;
    let row = load<u32>(partitionEnd + p);
    if (to < first) row = load<u32>(partitionStart + p);
    else if (to < <i64>groupCount) row = min<u32>(row, load<u32>(starts + (<usize>to << 2)));
    store<u32>(out + p, row);
  }
  return 0;
}

/**
 * Frames that start at the first row of the partition whose sort key is at least (isEnd = 0), or end at the first whose
 * key is beyond, the row's limit. Limits are encoded like keys: `bytes` bytes, `stride` apart; a frame whose limit is NULL
 * goes to the row's own peers (their starts or ends are `peers`). `hint` is where the last
 * search ended: the next one begins there, so that limits that grow with the rows are found in a few steps.
 * Fixed keys have `part` bytes before the sort key; variable ones say so at `lengthAt` of the row. Returns the new hint.
 */
export function window_range_bound(
  isEnd: u32, limits: usize, stride: usize, bytes: usize, rows: usize, fixed: u32, part: usize, lengthAt: isize, count: usize,
  partitionStart: usize, partitionEnd: usize, peers: usize, hint: usize, out: usize,
): usize {
  check(limits, count * stride);
  check(out, count << 2);
  const beyond: i32 = isEnd != 0 ? 1 : 0;
  for (let k: usize = 0; k < count; k++) {
    const limit = limits + k * stride;
    const lowest = <usize>load<u32>(partitionStart + (k << 2));
    const highest = <usize>load<u32>(partitionEnd + (k << 2));
    if (load<u8>(limit) != VALUE) {
      store<u32>(out + (k << 2), load<u32>(peers + (k << 2)));
      continue;
    }
    let low = lowest;
    let high = highest;
    const h = hint < lowest || hint > highest ? lowest : hint;
    let step: usize = 1;
    if (h < highest && isBefore(rows, h, fixed, part, lengthAt, limit, bytes, beyond)) {
      low = h + 1;
      while (low + step <= highest && isBefore(rows, low + step - 1, fixed, part, lengthAt, limit, bytes, beyond)) {
        low += step;
        step <<= 1;
      }
      high = min<usize>(highest, low + step - 1);
    } else {
      high = h;
      while (high >= lowest + step && !isBefore(rows, high - step, fixed, part, lengthAt, limit, bytes, beyond)) {
        high -= step;
        step <<= 1;
      }
      low = high >= lowest + step ? high - step : lowest;
    }
    while (low < high) {
      const middle = (low + high) >> 1;
      if (isBefore(rows, middle, fixed, part, lengthAt, limit, bytes, beyond)) low = middle + 1;
      else high = middle;
    }
    hint = low;
    store<u32>(out + (k << 2), <u32>low);
  }
  return hint;
}

// @ts-ignore: decorator
@inline function isBefore(rows: usize, i: usize, fixed: u32, part: usize, lengthAt: isize, limit: usize, bytes: usize, beyond: i32): bool {
  const row = <usize>load<u32>(rows + (i << 2));
  const key = fixed != 0 ? row + part : refAddress(row) + (lengthAt < 0 ? 0 : <usize>load<u32>(row + <usize>lengthAt));
  return compareBytes(key, bytes, limit, bytes) < beyond;
}

// A frame [s, e) of row i without what EXCLUDE takes out is up to three parts, in order: before, the row itself (TIES
// only), after.
// @ts-ignore: decorator
@inline export function partFrom(part: u32, s: usize, i: usize, peerEnd: usize, exclude: u32): usize {
  if (part == 0) return s;
  if (part == 1) return max<usize>(s, i);
  return max<usize>(s, exclude == CURRENT_ROW ? i + 1 : peerEnd);
}

// @ts-ignore: decorator
@inline export function partTo(part: u32, e: usize, i: usize, peerStart: usize, exclude: u32): usize {
  if (part == 0) return exclude == 0 ? e : min<usize>(e, exclude == CURRENT_ROW ? i : peerStart);
  if (part == 1) return min<usize>(e, i + 1);
  return e;
}

/** Whether frames with this exclusion have such a part. */
// @ts-ignore: decorator
@inline export function hasPart(part: u32, exclude: u32): bool {
  return part == 0 || (exclude != 0 && (part == 2 || exclude == TIES));
}

/**
 * The n-th row (the first when data is 0) of each frame from its start, or from its end; NONE when there is none. With
 * `nonNulls`, only these rows count, see window_non_nulls.
 */
export function window_nth(
  fromEnd: u32, data: usize, mask: usize, validity: usize, from: usize, count: usize, start: usize, end: usize, exclude: u32,
  peerStart: usize, peerEnd: usize, nonNulls: usize, before: usize, out: usize,
): void {
  check(start, count << 2);
  check(out, count << 2);
  for (let k: usize = 0; k < count; k++) {
    const p = k << 2;
    const v = k & mask;
    let wanted: i64 = 1;
    if (data != 0) wanted = isValid(validity, v) ? load<i64>(data + (v << 3)) : 0;
    let found = NONE;
    for (let step: u32 = 0; step < 3 && wanted > 0; step++) {
      const part = fromEnd != 0 ? 2 - step : step;
      if (!hasPart(part, exclude)) continue;
      const i = from + k;
      const a = partFrom(part, load<u32>(start + p), i, load<u32>(peerEnd + p), exclude);
      const b = partTo(part, load<u32>(end + p), i, load<u32>(peerStart + p), exclude);
      if (a >= b) continue;
      const first = nonNulls == 0 ? a : <usize>load<u32>(before + (a << 2));
      const last = nonNulls == 0 ? b : <usize>load<u32>(before + (b << 2));
      const length = <i64>(last - first);
      if (wanted > length) {
        wanted -= length;
        continue;
      }
      const index = fromEnd != 0 ? last - <usize>wanted : first + <usize>wanted - 1;
      found = nonNulls == 0 ? <u32>index : load<u32>(nonNulls + (index << 2));
      break;
    }
    store<u32>(out + p, found);
  }
}
