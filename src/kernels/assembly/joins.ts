// Hash joins. Build rows are {next row u32, matched u32, key words, payload}; the directory has u64 slots {filter u32,
// first row u32}: rows of a slot are chained by `next`, the filter has a bit per hash that went in.
import { at, check, checkOptional, isValid, setBit } from './memory';
import { equalKeys, hashKey } from './row-key';

const NEXT: usize = 0;
const MATCHED: usize = 4;
const KEY: usize = 8;

// @ts-ignore: decorator
@inline function filterBit(hash: u64): u32 {
  return <u32>1 << (<u32>hash & 31);
}

// @ts-ignore: decorator
@inline function slotOf(directory: usize, shift: u32, hash: u64): usize {
  return directory + (<usize>(<u32>(hash >> 32) >> shift) << 3);
}

// @ts-ignore: decorator
@inline function insert(rows: usize, stride: usize, n: usize, texts: usize, words: usize, directory: usize, shift: u32, shared: u32): void {
  for (let j: usize = 0; j < n; j++, rows += stride) {
    const hash = hashKey(rows + KEY, texts, words);
    const slot = slotOf(directory, shift, hash);
    let old = load<u64>(slot);
    while (true) {
      store<u32>(rows, <u32>old, NEXT);
      const entry = (((old >> 32) | <u64>filterBit(hash)) << 32) | <u64>rows;
      if (shared == 0) {
        store<u64>(slot, entry);
        break;
      }
      const seen = atomic.cmpxchg<u64>(slot, old, entry);
      if (seen == old) break;
      old = seen;
    }
  }
}

/** Enters n consecutive rows into a directory of 2^(32 - shift) slots; `shared` when other threads do so too. */
export function join_insert(
  rows: usize, stride: usize, n: usize, texts: usize, words: usize, directory: usize, shift: u32, shared: u32,
): void {
  if (n == 0) return;
  check(rows, n * stride);
  if (texts == 0 && words == 2) insert(rows, stride, n, 0, 2, directory, shift, shared);
  else insert(rows, stride, n, texts, words, directory, shift, shared);
}

/**
 * The first row of each packed key's chain, 0 where no row can match or the key has a NULL (`validity`, by position).
 * Returns nothing of use: the rows are read here, all at once, so that they come to the cache side by side.
 */
export function join_heads(
  packed: usize, stride: usize, sel: usize, n: usize, validity: usize, directory: usize, shift: u32, heads: usize,
): u32 {
  check(heads, n << 2);
  checkOptional(sel, n << 1);
  for (let j: usize = 0, p = packed; j < n; j++, p += stride) {
    const hash = load<u64>(p);
    const entry = load<u64>(slotOf(directory, shift, hash));
    store<u32>(heads + (j << 2), (<u32>(entry >> 32) & filterBit(hash)) != 0 ? <u32>entry : 0);
  }
  if (validity != 0) {
    for (let j: usize = 0; j < n; j++) {
      if (!isValid(validity, at(sel, j))) store<u32>(heads + (j << 2), 0);
    }
  }
  let seen: u32 = 0;
  for (let j: usize = 0; j < n; j++) {
    const row = <usize>load<u32>(heads + (j << 2));
    seen ^= load<u32>(row != 0 ? row + KEY : packed);
  }
  return seen;
}

// How far probing got, u32 words: the packed key, whether its chain was started, the chain's next row, whether the key
// had a match; and of the last call: whether a position was emitted twice.
const AT: usize = 0;
const STARTED: usize = 4;
const ROW: usize = 8;
const FOUND: usize = 12;
const REPEATS: usize = 16;

/** Emit each match; or also (position, 0) for keys without one; or only the first match. */
const ALL: u32 = 0;
const OUTER: u32 = 1;
const FIRST: u32 = 2;

// @ts-ignore: decorator
@inline function probe(
  compares: bool, packed: usize, texts: usize, words: usize, sel: usize, n: usize, heads: usize, mode: u32, progress: usize, capacity: usize, positions: usize, rows: usize,
): usize {
  const stride = <usize>8 + (words << 3);
  let j = <usize>load<u32>(progress, AT);
  let started = load<u32>(progress, STARTED) != 0;
  let row = <usize>load<u32>(progress, ROW);
  let found = load<u32>(progress, FOUND) != 0;
  let repeats = false;
  let k: usize = 0;
  let key = packed + j * stride + 8;
  for (; j < n; j++, key += stride) {
    if (!started) {
      row = <usize>load<u32>(heads + (j << 2));
      found = false;
      started = true;
    }
    while (row != 0 && k < capacity) {
      if (!compares || equalKeys(row + KEY, key, texts, words)) {
        store<u16>(positions + (k << 1), <u16>at(sel, j));
        store<u32>(rows + (k << 2), <u32>row);
        k++;
        if (mode == FIRST) {
          row = 0;
          break;
        }
        repeats = repeats || found;
        found = true;
      }
      row = <usize>load<u32>(row, NEXT);
    }
    if (row != 0) break;
    if (mode == OUTER && !found) {
      if (k == capacity) break;
      store<u16>(positions + (k << 1), <u16>at(sel, j));
      store<u32>(rows + (k << 2), 0);
      k++;
    }
    started = false;
  }
  store<u32>(progress, <u32>j, AT);
  store<u32>(progress, <u32>started, STARTED);
  store<u32>(progress, <u32>row, ROW);
  store<u32>(progress, <u32>found, FOUND);
  store<u32>(progress, <u32>repeats, REPEATS);
  return k;
}

/**
 * Emits (position u16, build row u32) pairs, at most `capacity`, from where the last call stopped (`progress`, zeros at
 * first); done when progress is n. The positions are increasing; REPEATS tells that one has several matches.
 */
export function join_probe(
  packed: usize, texts: usize, words: usize, sel: usize, n: usize, heads: usize, mode: u32, progress: usize, capacity: usize, positions: usize, rows: usize,
): usize {
  check(packed, n * (8 + (words << 3)));
  check(positions, capacity << 1);
  check(rows, capacity << 2);
  checkOptional(sel, n << 1);
  if (texts == 0 && words == 1) return probe(true, packed, 0, 1, sel, n, heads, mode, progress, capacity, positions, rows);
  if (texts == 0 && words == 2) return probe(true, packed, 0, 2, sel, n, heads, mode, progress, capacity, positions, rows);
  if (texts == 0 && words == 3) return probe(true, packed, 0, 3, sel, n, heads, mode, progress, capacity, positions, rows);
  return probe(true, packed, texts, words, sel, n, heads, mode, progress, capacity, positions, rows);
}

/** The same where each row of a chain has the key (see direct-joins.ts). */
export function join_probe_chains(
  sel: usize, n: usize, heads: usize, mode: u32, progress: usize, capacity: usize, positions: usize, rows: usize,
): usize {
  check(heads, n << 2);
  check(positions, capacity << 1);
  check(rows, capacity << 2);
  checkOptional(sel, n << 1);
  return probe(false, 0, 0, 0, sel, n, heads, mode, progress, capacity, positions, rows);
}

/** Notes a match in the build rows of the pairs sel[0 … n). */
export function join_mark_rows(rows: usize, sel: usize, n: usize): void {
  checkOptional(sel, n << 1);
  for (let j: usize = 0; j < n; j++) {
    const row = <usize>load<u32>(rows + (at(sel, j) << 2));
    if (row != 0) store<u32>(row, 1, MATCHED);
  }
}

/**
 * Notes a match in the bitmap at the positions of the pairs sel[0 … n). Returns 1 if one had a match already.
 */
export function join_mark_positions(positions: usize, sel: usize, n: usize, bitmap: usize): u32 {
  checkOptional(sel, n << 1);
  let again = false;
  for (let j: usize = 0; j < n; j++) {
    const i = <usize>load<u16>(positions + (at(sel, j) << 1));
    again = again || isValid(bitmap, i);
    setBit(bitmap, i);
  }
  return <u32>again;
}

/** The addresses of those of n consecutive rows that had a match, or had none. Returns how many. */
export function join_collect(rows: usize, stride: usize, n: usize, matched: u32, out: usize): usize {
  check(out, n << 2);
  let k = out;
  for (let j: usize = 0; j < n; j++, rows += stride) {
    store<u32>(k, <u32>rows);
    k += (<usize>(load<u32>(rows, MATCHED) == matched)) << 2;
  }
  return (k - out) >> 2;
}

/** 1 at the rows whose bit is set, else 0: a boolean column. */
export function join_booleans(bitmap: usize, sel: usize, n: usize, out: usize): void {
  checkOptional(sel, n << 1);
  for (let j: usize = 0; j < n; j++) {
    const i = at(sel, j);
    store<u8>(out + i, <u8>isValid(bitmap, i));
  }
}

/**
 * The rows among n consecutive build rows that might equal a packed key: each field equal, or NULL on a side where NULL
 * is unknown. Fields are u32 words {offset in the key area, bytes (0: text), flag's offset, flag, NULLs are equal}.
 */
export function join_maybe(key: usize, rows: usize, stride: usize, n: usize, fields: usize, count: usize, out: usize): usize {
  check(out, n << 2);
  let k = out;
  for (let j: usize = 0; j < n; j++, rows += stride) {
    const other = rows + KEY;
    let maybe = true;
    for (let f: usize = 0; f < count && maybe; f++) {
      const field = fields + f * 20;
      const offset = <usize>load<u32>(field);
      const flagAt = <usize>load<u32>(field, 8);
      const flag = load<u32>(field, 12);
      const a = <u32>load<u8>(key + flagAt) & flag;
      const b = <u32>load<u8>(other + flagAt) & flag;
      if (load<u32>(field, 16) == 0) {
        if ((a | b) != 0) continue;
      } else if (a != b) {
        maybe = false;
        break;
      }
      const bytes = <usize>load<u32>(field, 4);
      maybe = bytes == 0 ? equalKeys(key + offset, other + offset, 1, 2) : memory.compare(key + offset, other + offset, bytes) == 0;
    }
    store<u32>(k, <u32>rows);
    k += (<usize>maybe) << 2;
  }
  return (k - out) >> 2;
}
