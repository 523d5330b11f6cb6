// The nearest rows before keys: what an ASOF join looks up in sorted runs. Keys as in sort-keys.ts: some columns that must be
// equal, then the one that must be nearest. Runs are u32 words {keys, rows, hint, count, samples}: prefixes of their keys
// (u64), addresses of their rows, where the last search ended (keys that follow each other are often near each other), how
// many, and every 64th prefix, which fit the cache when the prefixes do not.
import { compareBytes, equalBytes, refAddress, refLength } from './bytes';
import { compareKeys } from './key-order';
import { at, check, checkOptional, isValid } from './memory';

const RUN_WORDS: usize = 5;
const SAMPLED: usize = 64;
/** Steps from the hint that are tried before a search of the whole run. */
const NEAR: usize = 8;

/** How a key lies to the rows whose prefix is its own: among them (their keys decide), before, or after all of them. */
const AMONG: u8 = 0;
const BEFORE: u8 = 1;
const AFTER: u8 = 2;

/** Every 64th of n prefixes to `out`; (n + 63) / 64 of them. */
export function asof_samples(keys: usize, n: usize, out: usize): void {
  check(keys, n << 3);
  check(out, ((n + SAMPLED - 1) / SAMPLED) << 3);
  for (let i: usize = 0; i < n; i += SAMPLED, out += 8) store<u64>(out, load<u64>(keys + (i << 3)));
}

/**
 * The prefixes that n keys (of `bytes` bytes, or refs when `bytes` is 0) have in runs whose keys differ at the bytes
 * `offsets[0 … count)` (u32, of the first `head` bytes) and beyond; at those that `fixed` (`head` bytes) marks with 0xff
 * every row has the byte of `same`. A key with another byte there comes before or after all rows with its prefix.
 */
export function asof_prefixes(
  keys: usize, bytes: usize, n: usize, head: usize, same: usize, fixed: usize, offsets: usize, count: usize,
  prefixes: usize, sides: usize,
): void {
  const stride: usize = bytes == 0 ? 8 : bytes;
  check(keys, n * stride);
  check(same, head);
  check(fixed, head);
  check(prefixes, n << 3);
  check(sides, n);
  for (let j: usize = 0; j < n; j++, keys += stride) {
    const from = bytes == 0 ? refAddress(keys) : keys;
    const length = bytes == 0 ? refLength(keys) : bytes;
    let prefix: u64 = 0;
    let taken: usize = 0;
    let side = AMONG;
    for (let b: usize = 0; b < head; b++) {
      const byte = b < length ? load<u8>(from + b) : 0;
      if (load<u8>(fixed + b) == 0) {
        // Bytes that differ beyond the prefix are for the keys to compare.
        if (taken == count) break;
        prefix = (prefix << 8) | <u64>byte;
        taken++;
      } else {
        const expected = load<u8>(same + b);
        if (byte == expected) continue;
        side = byte < expected ? BEFORE : AFTER;
        for (; taken < count; taken++) prefix = (prefix << 8) | (side == BEFORE ? 0 : 0xff);
        break;
      }
    }
    store<u64>(prefixes + (j << 3), prefix);
    store<u8>(sides + j, side);
  }
}

/** How many of n sorted numbers are not greater. */
function countUpTo(keys: usize, n: usize, key: u64): usize {
  let base = keys;
  let left = n;
  while (left > 1) {
    const half = left >> 1;
    base = select<usize>(base + (half << 3), base, load<u64>(base + ((half - 1) << 3)) <= key);
    left -= half;
  }
  return ((base - keys) >> 3) + <usize>(left == 1 && load<u64>(base) <= key);
}

/** How many rows of a run have a prefix that is not greater: near the last place, or by way of the samples. */
function rowsUpTo(run: usize, key: u64): usize {
  const keys = <usize>load<u32>(run);
  const count = <usize>load<u32>(run, 12);
  let place = <usize>load<u32>(run, 8);
  if (place == 0 || load<u64>(keys + ((place - 1) << 3)) <= key) {
    const end = min<usize>(count, place + NEAR);
    while (place < end && load<u64>(keys + (place << 3)) <= key) place++;
    if (place < end || place == count) return place;
  } else {
    const end: usize = place > NEAR ? place - NEAR : 0;
    do place--;
    while (place > end && load<u64>(keys + ((place - 1) << 3)) > key);
    if (place > end || place == 0) return place;
  }
  const sampled = countUpTo(<usize>load<u32>(run, 16), (count + SAMPLED - 1) / SAMPLED, key);
  if (sampled == 0) return 0;
  const first = (sampled - 1) * SAMPLED;
  return first + countUpTo(keys + (first << 3), min<usize>(SAMPLED, count - first), key);
}

/** The last row of a run that precedes a key (with `strict`: that is less), or 0. */
function lastBefore(run: usize, key: usize, bytes: usize, prefix: u64, side: u8, whole: u32, strict: u32): usize {
  const keys = <usize>load<u32>(run);
  const rows = <usize>load<u32>(run, 4);
  let place = rowsUpTo(run, prefix);
  store<u32>(run, <u32>place, 8);
  const isTie = place > 0 && load<u64>(keys + ((place - 1) << 3)) == prefix;
  if (isTie && side != AFTER && (side == BEFORE || whole == 0 || strict != 0)) {
    let low: usize = prefix == 0 ? 0 : countUpTo(keys, place, prefix - 1);
    if (side == AMONG && whole == 0) {
      while (low < place) {
        const middle = (low + place) >> 1;
        const order = compareKeys(<usize>load<u32>(rows + (middle << 2)), key, bytes);
        if (order < 0 || (order == 0 && strict == 0)) low = middle + 1;
        else place = middle;
      }
    }
    place = low;
  }
  return place == 0 ? 0 : <usize>load<u32>(rows + ((place - 1) << 2));
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
 * out[0 … n) (u32); 0 where there is none, and for rows that are not valid. The first columns take `equal` bytes, or
 * lengths[position] (u32) when `lengths` is there. `prefixes` and `sides` are the keys' own; with `whole` ≠ 0 prefixes
 * say all about keys.
 */
export function asof_search(
  runs: usize, k: usize, keys: usize, bytes: usize, prefixes: usize, sides: usize, whole: u32, equal: usize, lengths: usize,
  validity: usize, sel: usize, n: usize, strict: u32, out: usize,
): void {
  check(runs, k * RUN_WORDS << 2);
  check(prefixes, n << 3);
  check(sides, n);
  checkOptional(sel, n << 1);
  check(out, n << 2);
  const stride: usize = bytes == 0 ? 8 : bytes;
  check(keys, n * stride);
  for (let j: usize = 0; j < n; j++, keys += stride) {
    const i = at(sel, j);
    let best: usize = 0;
    if (isValid(validity, i)) {
      const length = lengths == 0 ? equal : <usize>load<u32>(lengths + (i << 2));
      const prefix = load<u64>(prefixes + (j << 3));
      const side = load<u8>(sides + j);
      for (let r: usize = 0; r < k; r++) {
        const row = lastBefore(runs + r * RUN_WORDS * 4, keys, bytes, prefix, side, whole, strict);
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
