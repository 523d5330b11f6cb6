// Joins by one integer whose build values lie close together: an array over the values' range leads to the build rows
// (see joins.ts for those), so nothing is hashed or compared. DuckDB has the like as "perfect hash join". Where the
// values lie less close, a bitmap over their range tells which probe values need to be looked for at all.
import { at, check, checkOptional, isValid } from './memory';

// The table's struct.
const BASE: usize = 0; // u64: the least value, sign-extended or not as its type is
const SPAN: usize = 8; // u32: values from the least to the greatest
const ENTRIES: usize = 12; // u32 address of span + 1 u32: the first row of each value's chain, then a 0
const BITMAP: usize = 12; // or, of the sparse form, of span + 1 bits: the values that there are; the last is 0

const NEXT: usize = 0;
const KEY: usize = 8;

/** From the least value; what is out of range wraps to something beyond the span, where the 0 at its end is. */
// @ts-ignore: decorator
@inline function distanceOf<T>(span: u32, base: T, v: T): u32 {
  const distance = <u64>(<T>(v - base));
  return distance < <u64>span ? <u32>distance : span;
}

// @ts-ignore: decorator
@inline function entryOf<T>(entries: usize, span: u32, base: T, v: T): usize {
  return entries + (<usize>distanceOf<T>(span, base, v) << 2);
}

// @ts-ignore: decorator
@inline function insert<T>(table: usize, rows: usize, stride: usize, n: usize, shared: u32): u32 {
  if (n == 0) return 0;
  check(table, 16);
  check(rows, n * stride);
  const base = load<T>(table, BASE);
  const span = load<u32>(table, SPAN);
  const entries = <usize>load<u32>(table, ENTRIES);
  let taken: u32 = 0;
  for (let j: usize = 0; j < n; j++, rows += stride) {
    const entry = entryOf<T>(entries, span, base, load<T>(rows, KEY));
    let old = load<u32>(entry);
    if (shared != 0) {
      while (true) {
        store<u32>(rows, old, NEXT);
        const seen = atomic.cmpxchg<u32>(entry, old, <u32>rows);
        if (seen == old) break;
        old = seen;
      }
    } else {
      store<u32>(rows, old, NEXT);
      store<u32>(entry, <u32>rows);
    }
    taken |= old;
  }
  return <u32>(taken != 0);
}

/** Enters n consecutive rows; `shared` when other threads do so too. Returns 1 if a value was there already. */
export function direct_insert_8(table: usize, rows: usize, stride: usize, n: usize, shared: u32): u32 {
  return insert<u8>(table, rows, stride, n, shared);
}
export function direct_insert_16(table: usize, rows: usize, stride: usize, n: usize, shared: u32): u32 {
  return insert<u16>(table, rows, stride, n, shared);
}
export function direct_insert_32(table: usize, rows: usize, stride: usize, n: usize, shared: u32): u32 {
  return insert<u32>(table, rows, stride, n, shared);
}
export function direct_insert_64(table: usize, rows: usize, stride: usize, n: usize, shared: u32): u32 {
  return insert<u64>(table, rows, stride, n, shared);
}

// @ts-ignore: decorator
@inline function headsOf<T>(table: usize, a: usize, mask: usize, sel: usize, n: usize, heads: usize): void {
  const base = load<T>(table, BASE);
  const span = load<u32>(table, SPAN);
  const entries = <usize>load<u32>(table, ENTRIES);
  for (let j: usize = 0; j < n; j++) {
    store<u32>(heads + (j << 2), load<u32>(entryOf<T>(entries, span, base, load<T>(a + ((at(sel, j) & mask) * sizeof<T>())))));
  }
}

// @ts-ignore: decorator
@inline function headsWhere<T>(table: usize, a: usize, mask: usize, validity: usize, sel: usize, n: usize, heads: usize): void {
  check(table, 16);
  check(heads, n << 2);
  checkOptional(sel, n << 1);
  if (sel == 0) headsOf<T>(table, a, mask, 0, n, heads);
  else headsOf<T>(table, a, mask, sel, n, heads);
  if (validity == 0) return;
  for (let j: usize = 0; j < n; j++) {
    if (!isValid(validity, at(sel, j))) store<u32>(heads + (j << 2), 0);
  }
}

/** The first row of each value's chain, 0 where there is none or the value is NULL (`validity`, by position). */
export function direct_heads_8(table: usize, a: usize, mask: usize, validity: usize, sel: usize, n: usize, heads: usize): void {
  headsWhere<u8>(table, a, mask, validity, sel, n, heads);
}
export function direct_heads_16(table: usize, a: usize, mask: usize, validity: usize, sel: usize, n: usize, heads: usize): void {
  headsWhere<u16>(table, a, mask, validity, sel, n, heads);
}
export function direct_heads_32(table: usize, a: usize, mask: usize, validity: usize, sel: usize, n: usize, heads: usize): void {
  headsWhere<u32>(table, a, mask, validity, sel, n, heads);
}
export function direct_heads_64(table: usize, a: usize, mask: usize, validity: usize, sel: usize, n: usize, heads: usize): void {
  headsWhere<u64>(table, a, mask, validity, sel, n, heads);
}

/**
 * The (position, row) pairs of chains of one row at most: all of them, since there are no more than n. With `outer` also
 * (position, 0) where there is no chain.
 */
export function direct_pairs(sel: usize, n: usize, heads: usize, outer: u32, positions: usize, rows: usize): usize {
  check(positions, n << 1);
  check(rows, n << 2);
  checkOptional(sel, n << 1);
  let k: usize = 0;
  for (let j: usize = 0; j < n; j++) {
    const row = load<u32>(heads + (j << 2));
    store<u16>(positions + (k << 1), <u16>at(sel, j));
    store<u32>(rows + (k << 2), row);
    k += <usize>((row | outer) != 0);
  }
  return k;
}

// @ts-ignore: decorator
@inline function note<T>(table: usize, keys: usize, stride: usize, n: usize, shared: u32): void {
  if (n == 0) return;
  check(table, 16);
  check(keys, (n - 1) * stride + sizeof<T>());
  const base = load<T>(table, BASE);
  const span = load<u32>(table, SPAN);
  const bitmap = <usize>load<u32>(table, BITMAP);
  for (let j: usize = 0; j < n; j++, keys += stride) {
    const distance = distanceOf<T>(span, base, load<T>(keys));
    const word = bitmap + (<usize>(distance >> 5) << 2);
    const bit = <u32>1 << (distance & 31);
    if (shared != 0) atomic.or<u32>(word, bit);
    else store<u32>(word, load<u32>(word) | bit);
  }
}

/** Notes n values, `stride` bytes apart, in the bitmap; `shared` when other threads do so too. */
export function sparse_note_8(table: usize, keys: usize, stride: usize, n: usize, shared: u32): void {
  note<u8>(table, keys, stride, n, shared);
}
export function sparse_note_16(table: usize, keys: usize, stride: usize, n: usize, shared: u32): void {
  note<u16>(table, keys, stride, n, shared);
}
export function sparse_note_32(table: usize, keys: usize, stride: usize, n: usize, shared: u32): void {
  note<u32>(table, keys, stride, n, shared);
}
export function sparse_note_64(table: usize, keys: usize, stride: usize, n: usize, shared: u32): void {
  note<u64>(table, keys, stride, n, shared);
}

// @ts-ignore: decorator
@inline function selectNoted<T>(table: usize, a: usize, mask: usize, sel: usize, n: usize, out: usize): usize {
  const base = load<T>(table, BASE);
  const span = load<u32>(table, SPAN);
  const bitmap = <usize>load<u32>(table, BITMAP);
  let k = out;
  for (let j: usize = 0; j < n; j++) {
    const i = at(sel, j);
    const distance = distanceOf<T>(span, base, load<T>(a + (i & mask) * sizeof<T>()));
    store<u16>(k, <u16>i);
    k += <usize>((load<u32>(bitmap + (<usize>(distance >> 5) << 2)) >> (distance & 31)) & 1) << 1;
  }
  return (k - out) >> 1;
}

// @ts-ignore: decorator
@inline function select<T>(table: usize, a: usize, mask: usize, sel: usize, n: usize, out: usize): usize {
  check(table, 16);
  check(out, (n + 1) << 1);
  checkOptional(sel, n << 1);
  return sel == 0 ? selectNoted<T>(table, a, mask, 0, n, out) : selectNoted<T>(table, a, mask, sel, n, out);
}

/** The rows whose value is in the bitmap; NULLs count as any value. `out` takes n + 1 u16. Returns how many. */
export function sparse_select_8(table: usize, a: usize, mask: usize, sel: usize, n: usize, out: usize): usize {
  return select<u8>(table, a, mask, sel, n, out);
}
export function sparse_select_16(table: usize, a: usize, mask: usize, sel: usize, n: usize, out: usize): usize {
  return select<u16>(table, a, mask, sel, n, out);
}
export function sparse_select_32(table: usize, a: usize, mask: usize, sel: usize, n: usize, out: usize): usize {
  return select<u32>(table, a, mask, sel, n, out);
}
export function sparse_select_64(table: usize, a: usize, mask: usize, sel: usize, n: usize, out: usize): usize {
  return select<u64>(table, a, mask, sel, n, out);
}
