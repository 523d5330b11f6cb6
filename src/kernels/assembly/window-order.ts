// Frames in an order of their own: which rank a row would have in its frame, and which row has a rank. Each of n rows has
// a number of its own below n, its place in that order; a wavelet matrix of the numbers (Claude, Navarro, Ordóñez 2015)
// answers both in one step a bit. Conventions of windows.ts.
//
// A matrix has for each of `levels` bits, from the lowest: ceil(n / 64) words of 64 rows, as many and one u32 with the ones
// before each word (padded to 8 bytes), and how many zeros there are (u64).
import { check } from './memory';
import { hasPart, partFrom, partTo } from './window-frames';

const NONE: u32 = 0xffffffff;

// @ts-ignore: decorator
@inline function wordsOf(n: usize): usize {
  return (n + 64) >> 6;
}

/** Bytes of a level. */
// @ts-ignore: decorator
@inline function levelBytes(n: usize): usize {
  return wordsOf(n) * 8 + ((wordsOf(n) * 4 + 7) & ~7) + 8;
}

/** Bytes of a matrix. */
export function window_order_bytes(n: usize, levels: usize): usize {
  return levelBytes(n) * levels;
}

/** Builds the matrix of n numbers (u32, lost by this); `temp` has room for them as well. */
export function window_order_build(numbers: usize, temp: usize, n: usize, levels: usize, matrix: usize): void {
  check(numbers, n << 2);
  check(temp, n << 2);
  check(matrix, levelBytes(n) * levels);
  memory.fill(matrix, 0, levelBytes(n) * levels);
  for (let l = levels; l > 0; l--) {
    const bits = matrix + (l - 1) * levelBytes(n);
    const counts = bits + wordsOf(n) * 8;
    let zeros: usize = 0;
    let ones: usize = 0;
    for (let i: usize = 0; i < n; i++) {
      if ((i & 63) == 0) store<u32>(counts + ((i >> 6) << 2), <u32>ones);
      const v = load<u32>(numbers + (i << 2));
      if (((v >> <u32>(l - 1)) & 1) != 0) {
        const word = bits + ((i >> 6) << 3);
        store<u64>(word, load<u64>(word) | (<u64>1 << <u64>(i & 63)));
        store<u32>(temp + (ones << 2), v);
        ones++;
      } else {
        store<u32>(numbers + (zeros << 2), v);
        zeros++;
      }
    }
    if ((n & 63) == 0) store<u32>(counts + ((n >> 6) << 2), <u32>ones);
    memory.copy(numbers + (zeros << 2), temp, ones << 2);
    store<u64>(bits + levelBytes(n) - 8, zeros);
  }
}

/** Ones before row i. */
// @ts-ignore: decorator
@inline function onesBefore(bits: usize, words: usize, i: usize): usize {
  const rest = load<u64>(bits + ((i >> 6) << 3)) & ((<u64>1 << <u64>(i & 63)) - 1);
  return <usize>load<u32>(bits + words * 8 + ((i >> 6) << 2)) + <usize>popcnt<u64>(rest);
}

/** How many of the rows low…high have a number below `bound`. */
function countBelow(matrix: usize, n: usize, levels: usize, low: usize, high: usize, bound: usize): usize {
  if (low >= high) return 0;
  if (bound >> levels != 0) return high - low;
  const words = wordsOf(n);
  let count: usize = 0;
  for (let l = levels; l > 0 && low < high; l--) {
    const bits = matrix + (l - 1) * levelBytes(n);
    const lowOnes = onesBefore(bits, words, low);
    const highOnes = onesBefore(bits, words, high);
    if (((bound >> (l - 1)) & 1) != 0) {
      const zeros = <usize>load<u64>(bits + levelBytes(n) - 8);
      count += high - highOnes - (low - lowOnes);
      low = zeros + lowOnes;
      high = zeros + highOnes;
    } else {
      low -= lowOnes;
      high -= highOnes;
    }
  }
  return count;
}

/** The row as the matrix counts: only some rows are in it when `before` says how many of these come before each. */
// @ts-ignore: decorator
@inline function inMatrix(before: usize, i: usize): usize {
  return before == 0 ? i : <usize>load<u32>(before + (i << 2));
}

/**
 * How many rows of each frame have a number below the row's bound (u32 by position); of all rows when `bounds` is 0.
 */
export function window_order_below(
  matrix: usize, n: usize, levels: usize, before: usize, start: usize, end: usize, exclude: u32, from: usize, count: usize,
  peerStart: usize, peerEnd: usize, bounds: usize, out: usize,
): void {
  check(start, count << 2);
  check(out, count << 2);
  for (let k: usize = 0; k < count; k++) {
    const p = k << 2;
    let below: usize = 0;
    for (let part: u32 = 0; part < 3; part++) {
      if (!hasPart(part, exclude)) continue;
      const a = partFrom(part, load<u32>(start + p), from + k, load<u32>(peerEnd + p), exclude);
      const b = partTo(part, load<u32>(end + p), from + k, load<u32>(peerStart + p), exclude);
      if (a >= b) continue;
      const low = inMatrix(before, a);
      const high = inMatrix(before, b);
      below += bounds == 0 ? high - low : countBelow(matrix, n, levels, low, high, load<u32>(bounds + p));
    }
    store<u32>(out + p, <u32>below);
  }
}

/**
 * For each frame the row with the rank `ranks` (u32 from 0 by position) among its rows: rows[number]. NONE stays NONE.
 * `ranges` has 48 bytes.
 */
export function window_order_select(
  matrix: usize, n: usize, levels: usize, before: usize, start: usize, end: usize, exclude: u32, from: usize, count: usize,
  peerStart: usize, peerEnd: usize, ranks: usize, rows: usize, ranges: usize, out: usize,
): void {
  check(ranks, count << 2);
  check(ranges, 48);
  check(out, count << 2);
  const words = wordsOf(n);
  for (let k: usize = 0; k < count; k++) {
    const p = k << 2;
    let rank = <usize>load<u32>(ranks + p);
    if (<u32>rank == NONE) {
      store<u32>(out + p, NONE);
      continue;
    }
    let parts: usize = 0;
    for (let part: u32 = 0; part < 3; part++) {
      if (!hasPart(part, exclude)) continue;
      const a = partFrom(part, load<u32>(start + p), from + k, load<u32>(peerEnd + p), exclude);
      const b = partTo(part, load<u32>(end + p), from + k, load<u32>(peerStart + p), exclude);
      if (a >= b) continue;
      store<u32>(ranges + (parts << 3), <u32>inMatrix(before, a));
      store<u32>(ranges + (parts << 3), <u32>inMatrix(before, b), 4);
      parts++;
    }
    let number: usize = 0;
    for (let l = levels; l > 0; l--) {
      const bits = matrix + (l - 1) * levelBytes(n);
      const zeros = <usize>load<u64>(bits + levelBytes(n) - 8);
      let below: usize = 0;
      for (let r: usize = 0; r < parts; r++) {
        const low = <usize>load<u32>(ranges + (r << 3));
        const high = <usize>load<u32>(ranges + (r << 3), 4);
        const lowOnes = onesBefore(bits, words, low);
        const highOnes = onesBefore(bits, words, high);
        below += high - highOnes - (low - lowOnes);
        store<u32>(ranges + 24 + (r << 3), <u32>lowOnes);
        store<u32>(ranges + 24 + (r << 3), <u32>highOnes, 4);
      }
      const isOne = rank >= below;
      if (isOne) {
        rank -= below;
        number |= <usize>1 << (l - 1);
      }
      for (let r: usize = 0; r < parts; r++) {
        const range = ranges + (r << 3);
        const lowOnes = load<u32>(range, 24);
        const highOnes = load<u32>(range, 28);
        store<u32>(range, isOne ? <u32>zeros + lowOnes : load<u32>(range) - lowOnes);
        store<u32>(range, isOne ? <u32>zeros + highOnes : load<u32>(range, 4) - highOnes, 4);
      }
    }
    store<u32>(out + p, load<u32>(rows + (number << 2)));
  }
}

/**
 * From n rows in order (their numbers, u32) with their peers marked: where each row stands, and where its peers begin
 * and end. Outputs by row number.
 */
export function window_order_places(rows: usize, marks: usize, n: usize, place: usize, first: usize, end: usize): void {
  check(rows, n << 2);
  check(marks, n);
  for (let i: usize = 0; i < n; ) {
    let j = i + 1;
    while (j < n && load<u8>(marks + j) == 0) j++;
    for (let k = i; k < j; k++) {
      const row = <usize>load<u32>(rows + (k << 2)) << 2;
      store<u32>(place + row, <u32>k);
      store<u32>(first + row, <u32>i);
      store<u32>(end + row, <u32>j);
    }
    i = j;
  }
}

/**
 * Numbers the values of n rows in order: `ids` by row number, in the values' order; `next` the row after each with the
 * same value (NONE for the last), `samples` a row with each value. Returns how many values there are.
 */
export function window_value_ids(rows: usize, first: usize, n: usize, ids: usize, next: usize, samples: usize): usize {
  check(rows, n << 2);
  let values: usize = 0;
  let last: usize = 0;
  for (let k: usize = 0; k < n; k++) {
    const row = <usize>load<u32>(rows + (k << 2)) << 2;
    if (load<u32>(first + row) == <u32>k) {
      store<u32>(samples + (values << 2), <u32>(row >> 2));
      values++;
    } else store<u32>(next + last, <u32>(row >> 2));
    store<u32>(ids + row, <u32>(values - 1));
    store<u32>(next + row, NONE);
    last = row;
  }
  return values;
}
