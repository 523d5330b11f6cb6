// Sorting and merging rows by comparing their keys, which are in the rows' heads (sort-rows.ts).
import { compareKeys } from './key-order';
import { check } from './memory';

/** Sorts n rows by their whole keys, stably. */
function mergeSort(rows: usize, n: usize, temp: usize, head: usize, bytes: usize): void {
  if (n <= 12) {
    for (let i: usize = 1; i < n; i++) {
      const row = load<u32>(rows + (i << 2));
      let j = i;
      for (; j > 0 && compareKeys(<usize>load<u32>(rows + ((j - 1) << 2)) + head, <usize>row + head, bytes) > 0; j--) {
        store<u32>(rows + (j << 2), load<u32>(rows + ((j - 1) << 2)));
      }
      store<u32>(rows + (j << 2), row);
    }
    return;
  }
  const half = n >> 1;
  mergeSort(rows, half, temp, head, bytes);
  mergeSort(rows + (half << 2), n - half, temp, head, bytes);
  memory.copy(temp, rows, half << 2);
  let i: usize = 0;
  let j = half;
  for (let k: usize = 0; i < half; k++) {
    const a = load<u32>(temp + (i << 2));
    if (j < n && compareKeys(<usize>load<u32>(rows + (j << 2)) + head, <usize>a + head, bytes) < 0) {
      store<u32>(rows + (k << 2), load<u32>(rows + (j << 2)));
      j++;
    } else {
      store<u32>(rows + (k << 2), a);
      i++;
    }
  }
}

/**
 * Sorts the rows of equal prefixes by their whole keys, for the runs of equal prefixes that start in [from, to).
 * Returns where the next run starts.
 */
export function sort_ties(keys: usize, rows: usize, from: usize, to: usize, n: usize, head: usize, bytes: usize, temp: usize): usize {
  check(keys, n << 3);
  check(rows, n << 2);
  let start = from;
  while (start < to) {
    const key = load<u64>(keys + (start << 3));
    let end = start + 1;
    while (end < n && load<u64>(keys + (end << 3)) == key) end++;
    if (end - start > 1) mergeSort(rows + (start << 2), end - start, temp, head, bytes);
    start = end;
  }
  return start;
}

/**
 * Merges sorted runs: writes the addresses of the next n rows to `out`. Runs are u32 words {keys, rows, position,
 * count}; positions move on. `bytes` as in `compareKeys`; with `whole` ≠ 0 the prefixes say all. Returns how many; with
 * `stop` ≠ 0 fewer, when one of the first `stop` runs has come to its end: it may have more rows elsewhere.
 */
export function sort_merge(runs: usize, k: usize, n: usize, head: usize, bytes: usize, whole: u32, stop: usize, out: usize): usize {
  check(runs, k << 4);
  check(out, n << 2);
  let m: usize = 0;
  for (; m < n; m++) {
    let best: usize = 0;
    let bestKey: u64 = 0;
    let bestRow: usize = 0;
    for (let r: usize = 0; r < k; r++) {
      const run = runs + (r << 4);
      const position = <usize>load<u32>(run, 8);
      if (position >= <usize>load<u32>(run, 12)) continue;
      const key = load<u64>(<usize>load<u32>(run) + (position << 3));
      const row = <usize>load<u32>(<usize>load<u32>(run, 4) + (position << 2));
      if (best == 0 || key < bestKey || (key == bestKey && whole == 0 && compareKeys(row + head, bestRow + head, bytes) < 0)) {
        best = run;
        bestKey = key;
        bestRow = row;
      }
    }
    if (best == 0) break;
    const next = load<u32>(best, 8) + 1;
    store<u32>(best, next, 8);
    store<u32>(out + (m << 2), <u32>bestRow);
    if (next >= load<u32>(best, 12) && best < runs + (stop << 4)) return m + 1;
  }
  return m;
}

/**
 * The numbers of the keys (n keys of `bytes` bytes at `keys`, or n refs when `bytes` is 0) that come before the key in
 * the head at `bound`. Returns how many.
 */
export function sort_before(keys: usize, bytes: usize, n: usize, bound: usize, out: usize): usize {
  check(out, (n + 1) << 1);
  const stride: usize = bytes == 0 ? 8 : bytes;
  let k = out;
  for (let j: usize = 0; j < n; j++, keys += stride) {
    store<u16>(k, <u16>j);
    k += <usize>(compareKeys(keys, bound, bytes) < 0) << 1;
  }
  return (k - out) >> 1;
}
