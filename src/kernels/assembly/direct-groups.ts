// Groups by one integer whose values lie close together: an array over the values' range leads to the groups' rows (see
// groups.ts for those and for the table's struct), so nothing is hashed or compared.
import { at, check, checkOptional, isValid } from './memory';

// The array's struct.
const BASE: usize = 0; // u64: the least value
const SPAN: usize = 8; // u32: values from the least to the greatest that there is room for
const ENTRIES: usize = 12; // u32 address of span + 1 u32: each value's row, then that of NULL

// The table's struct, as in groups.ts.
const TOUCHED: usize = 8; // nothing of use
const NEXT_ROW: usize = 12;
const END_ROWS: usize = 16;
const COUNT: usize = 20;

const KEY: usize = 8;

/** Bytes of rows that a core's cache hardly holds. */
const LARGE: usize = 1 << 18;

// @ts-ignore: decorator
@inline function find<T>(
  table: usize, array: usize, a: usize, mask: usize, validity: usize, rowBytes: usize, nulls: usize, bit: u32, sel: usize, from: usize, n: usize, out: usize,
): usize {
  const base = load<T>(array, BASE);
  const span = load<u32>(array, SPAN);
  const entries = <usize>load<u32>(array, ENTRIES);
  const end = <usize>load<u32>(table, END_ROWS);
  let next = <usize>load<u32>(table, NEXT_ROW);
  const first = next;
  let j = from;
  for (; j < n; j++) {
    const i = at(sel, j);
    const valid = isValid(validity, i & mask);
    const v = load<T>(a + (i & mask) * sizeof<T>());
    const entry = entries + (<usize>(valid ? <u32>(<u64>(<T>(v - base))) : span) << 2);
    let row = load<u32>(entry);
    if (row == 0) {
      if (next >= end) break;
      row = <u32>next;
      for (let w: usize = 0; w < rowBytes; w += 8) store<u64>(next + w, 0);
      if (valid) store<T>(next, v, KEY);
      else store<u8>(next + nulls, <u8>bit);
      store<u32>(entry, row);
      next += rowBytes;
    }
    store<u32>(out + (i << 2), row);
  }
  store<u32>(table, <u32>next, NEXT_ROW);
  const count = load<u32>(table, COUNT) + <u32>((next - first) / rowBytes);
  store<u32>(table, count, COUNT);
  if (<usize>count * rowBytes > LARGE) store<u32>(table, touchRows(sel, from, j, out, rowBytes), TOUCHED);
  return j;
}

/**
 * Brings rows to the cache before their states are updated: with so little to do for each, many are waited for at the
 * same time.
 */
// @ts-ignore: decorator
@inline function touchRows(sel: usize, from: usize, to: usize, rows: usize, rowBytes: usize): u32 {
  let seen: u32 = 0;
  for (let j = from; j < to; j++) {
    const row = <usize>load<u32>(rows + (at(sel, j) << 2));
    seen ^= load<u32>(row) ^ load<u32>(row + rowBytes - 8);
  }
  return seen;
}

// @ts-ignore: decorator
@inline function findWhere<T>(
  table: usize, array: usize, a: usize, mask: usize, validity: usize, rowBytes: usize, nulls: usize, bit: u32, sel: usize, from: usize, n: usize, out: usize,
): usize {
  check(table, 28);
  check(array, 16);
  checkOptional(sel, n << 1);
  if (sel == 0 && validity == 0 && mask != 0) return find<T>(table, array, a, -1, 0, rowBytes, nulls, bit, 0, from, n, out);
  return find<T>(table, array, a, mask, validity, rowBytes, nulls, bit, sel, from, n, out);
}

/**
 * Finds the rows of values, all of them within the array's range or NULL, adding those that are new: row j's address
 * goes to position sel[j] of `out`. New rows hold the key (NULL: the flag `bit` at offset `nulls`) and zeros; their hash
 * is not set. Starts with row `from`; returns the row at which more space is needed for rows, or n.
 */
export function direct_find_8(
  table: usize, array: usize, a: usize, mask: usize, validity: usize, rowBytes: usize, nulls: usize, bit: u32, sel: usize, from: usize, n: usize, out: usize,
): usize {
  return findWhere<u8>(table, array, a, mask, validity, rowBytes, nulls, bit, sel, from, n, out);
}
export function direct_find_16(
  table: usize, array: usize, a: usize, mask: usize, validity: usize, rowBytes: usize, nulls: usize, bit: u32, sel: usize, from: usize, n: usize, out: usize,
): usize {
  return findWhere<u16>(table, array, a, mask, validity, rowBytes, nulls, bit, sel, from, n, out);
}
export function direct_find_32(
  table: usize, array: usize, a: usize, mask: usize, validity: usize, rowBytes: usize, nulls: usize, bit: u32, sel: usize, from: usize, n: usize, out: usize,
): usize {
  return findWhere<u32>(table, array, a, mask, validity, rowBytes, nulls, bit, sel, from, n, out);
}
export function direct_find_64(
  table: usize, array: usize, a: usize, mask: usize, validity: usize, rowBytes: usize, nulls: usize, bit: u32, sel: usize, from: usize, n: usize, out: usize,
): usize {
  return findWhere<u64>(table, array, a, mask, validity, rowBytes, nulls, bit, sel, from, n, out);
}

/** Copies the entries of `span` values to `to`, in a larger array whose NULL entry is at `nullEntry`. */
export function direct_move(entries: usize, span: usize, to: usize, nullEntry: usize): void {
  check(entries, (span + 1) << 2);
  check(to, span << 2);
  check(nullEntry, 4);
  memory.copy(to, entries, span << 2);
  store<u32>(nullEntry, load<u32>(entries + (span << 2)));
}

/**
 * Merges the rows that n consecutive entries of an array lead to into `table` (u32 rows by value, zeros at first): a row
 * whose value has none yet is entered as it is and appended to `kept`; for the others the pair goes to `targets` and
 * `sources` (room for n each). Returns the number kept; the number of pairs goes to `pairs`.
 */
export function direct_merge(entries: usize, n: usize, table: usize, kept: usize, targets: usize, sources: usize, pairs: usize): u32 {
  check(entries, n << 2);
  check(table, n << 2);
  check(targets, n << 2);
  check(sources, n << 2);
  let k: usize = 0;
  let m: usize = 0;
  for (let i: usize = 0; i < n << 2; i += 4) {
    const row = load<u32>(entries + i);
    if (row == 0) continue;
    const target = load<u32>(table + i);
    if (target == 0) {
      store<u32>(table + i, row);
      store<u32>(kept + (k << 2), row);
      k++;
    } else {
      store<u32>(targets + (m << 2), target);
      store<u32>(sources + (m << 2), row);
      m++;
    }
  }
  store<u32>(pairs, <u32>m);
  return <u32>k;
}
