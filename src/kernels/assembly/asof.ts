// The nearest rows before keys: what an ASOF join looks up in sorted runs. Keys as in sort-keys.ts: some columns that must be
// equal, then the one that must be nearest. Runs are u32 words {keys, rows, hint, count}; a hint is where the last search
// of the run ended, since keys that follow each other are mostly near each other.
import { compareBytes, equalBytes, refAddress, refLength } from './bytes';
import { compareKeys } from './key-order';
import { at, check, checkOptional, isValid } from './memory';

/** Whether a row's key comes before the place that is looked for. */
// @ts-ignore: decorator
@inline function precedes(row: usize, key: usize, bytes: usize, strict: u32): bool {
  const order = compareKeys(row, key, bytes);
  return order < 0 || (order == 0 && strict == 0);
}

/** The last row of a run that precedes, or 0. Steps away from the hint that double, then a binary search between them. */
function lastBefore(run: usize, key: usize, bytes: usize, strict: u32): usize {
  const rows = <usize>load<u32>(run, 4);
  const count = <usize>load<u32>(run, 12);
  const hint = <usize>load<u32>(run, 8);
  // The first `low` rows precede; from `high` on none does.
  let low: usize = 0;
  let high = count;
  let step: usize = 1;
  if (hint == 0 || precedes(<usize>load<u32>(rows + ((hint - 1) << 2)), key, bytes, strict)) {
    low = hint;
    while (low + step <= count && precedes(<usize>load<u32>(rows + ((low + step - 1) << 2)), key, bytes, strict)) {
      low += step;
      step <<= 1;
    }
    high = min<usize>(count, low + step - 1);
  } else {
    high = hint - 1;
    while (step <= high && !precedes(<usize>load<u32>(rows + ((high - step) << 2)), key, bytes, strict)) {
      high -= step;
      step <<= 1;
    }
    low = step <= high ? high - step + 1 : 0;
  }
  while (low < high) {
    const middle = (low + high) >> 1;
    if (precedes(<usize>load<u32>(rows + (middle << 2)), key, bytes, strict)) low = middle + 1;
    else high = middle;
  }
  store<u32>(run, <u32>low, 8);
  return low == 0 ? 0 : <usize>load<u32>(rows + ((low - 1) << 2));
}

/** Whether the first `prefix` bytes of a row's key are those of a key. Parts of keys say where they end. */
// @ts-ignore: decorator
@inline function samePrefix(row: usize, key: usize, bytes: usize, prefix: usize): bool {
  if (bytes != 0) return compareBytes(row, prefix, key, prefix) == 0;
  return refLength(row) >= prefix && equalBytes(refAddress(row), refAddress(key), prefix);
}

/**
 * For each of n keys (of `bytes` bytes, or refs when `bytes` is 0) of the rows (sel, n) the address of the row of k runs
 * with the greatest key that is not after it (`strict` ≠ 0: that is before it) among those with equal first columns, to
 * out[0 … n) (u32); 0 where there is none, and for rows that are not valid. The first columns take `prefix` bytes, or
 * lengths[position] (u32) when `lengths` is there.
 */
export function asof_search(
  runs: usize, k: usize, keys: usize, bytes: usize, prefix: usize, lengths: usize, validity: usize, sel: usize, n: usize,
  strict: u32, out: usize,
): void {
  check(runs, k << 4);
  checkOptional(sel, n << 1);
  check(out, n << 2);
  const stride: usize = bytes == 0 ? 8 : bytes;
  check(keys, n * stride);
  for (let j: usize = 0; j < n; j++, keys += stride) {
    const i = at(sel, j);
    let best: usize = 0;
    if (isValid(validity, i)) {
      const length = lengths == 0 ? prefix : <usize>load<u32>(lengths + (i << 2));
      for (let r: usize = 0; r < k; r++) {
        const row = lastBefore(runs + (r << 4), keys, bytes, strict);
        if (row == 0 || !samePrefix(row, keys, bytes, length)) continue;
        if (best == 0 || compareKeys(best, row, bytes) < 0) best = row;
      }
    }
    store<u32>(out + (j << 2), <u32>best);
  }
}

/**
 * The positions of the rows (sel, n) whose address found[0 … n) is not 0 (with `missing` ≠ 0: is 0) to `positions` (u16),
 * the addresses to `rows` (u32). Returns how many; both have room for n + 1.
 */
export function asof_keep(found: usize, sel: usize, n: usize, missing: u32, positions: usize, rows: usize): usize {
  check(found, n << 2);
  checkOptional(sel, n << 1);
  check(positions, (n + 1) << 1);
  check(rows, (n + 1) << 2);
  let count: usize = 0;
  for (let j: usize = 0; j < n; j++) {
    const row = load<u32>(found + (j << 2));
    store<u16>(positions + (count << 1), <u16>at(sel, j));
    store<u32>(rows + (count << 2), row);
    count += <usize>((row == 0) == (missing != 0));
  }
  return count;
}
