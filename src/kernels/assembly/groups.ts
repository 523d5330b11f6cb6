// Hash tables of distinct keys. The directory has u64 slots {high half of the hash, row address}, 0 when empty; a key's
// slot comes from the hash's top bits, so growing reads the old directory alone and writes the new one nearly in order.
import { at, check, checkOptional } from './memory';
import { equalKeys, hashKey, INLINE_TEXT } from './row-key';

// The table, u32 words.
const DIRECTORY: usize = 0;
const SHIFT: usize = 4; // 32 - log2 of the slots
const TOUCHED: usize = 8; // nothing of use
const NEXT_ROW: usize = 12; // where the next new row goes
const END_ROWS: usize = 16; // no row starts from here on
const COUNT: usize = 20;
const LIMIT: usize = 24; // the directory must grow when COUNT gets here

/** Directories of more slots than 2^(32 - this) are larger than a core's cache. */
const LARGE: u32 = 16;

// @ts-ignore: decorator
@inline function maskOf(shift: u32): u32 {
  return <u32>((<u64>1 << (32 - <u64>shift)) - 1);
}

/**
 * Brings the keys' slots to the cache: with so little to do for each, many are waited for at the same time. Pays for
 * directories that the cache doesn't hold.
 */
// @ts-ignore: decorator
@inline function touchSlots(directory: usize, shift: u32, packed: usize, stride: usize, from: usize, n: usize): u32 {
  let seen: u32 = 0;
  const end = packed + n * stride;
  for (let p = packed + from * stride; p < end; p += stride) {
    seen ^= load<u32>(directory + (<usize>(<u64>load<u32>(p, 4) >> <u64>shift) << 3));
  }
  return seen;
}

/** The same for the rows that were found, from their key to their states' end; address 0 is as good as any. */
// @ts-ignore: decorator
@inline function touchRows(from: usize, n: usize, found: usize, rowBytes: usize): u32 {
  let seen: u32 = 0;
  for (let j = from; j < n; j++) {
    const row = <usize>load<u32>(found + (j << 2));
    seen ^= load<u32>(row, 8) ^ load<u32>(row + rowBytes - 8);
  }
  return seen;
}

/**
 * Step 1: the rows that the keys' slots name, 0 where neither the first slot nor the two behind it have the tag: most
 * keys that had to make way are there. Nothing here depends on what was read before, so that slots far apart come to
 * the cache side by side.
 */
// @ts-ignore: decorator
@inline function candidates(directory: usize, shift: u32, packed: usize, stride: usize, from: usize, n: usize, found: usize): void {
  const mask = maskOf(shift);
  let p = packed + from * stride;
  for (let j = from; j < n; j++, p += stride) {
    const tag = load<u32>(p, 4);
    const slot = <u32>(<u64>tag >> <u64>shift);
    const first = load<u64>(directory + (<usize>slot << 3));
    const second = load<u64>(directory + (<usize>((slot + 1) & mask) << 3));
    const third = load<u64>(directory + (<usize>((slot + 2) & mask) << 3));
    let row = select<u32>(<u32>third, 0, <u32>(third >> 32) == tag);
    row = select<u32>(<u32>second, row, <u32>(second >> 32) == tag);
    store<u32>(found + (j << 2), select<u32>(<u32>first, row, <u32>(first >> 32) == tag));
  }
}

/** Step 2, for texts: reads where the candidates' long texts are, all at once. */
// @ts-ignore: decorator
@inline function touchTexts(packed: usize, texts: usize, from: usize, n: usize, found: usize): u32 {
  let seen: u32 = 0;
  for (let j = from; j < n; j++) {
    const row = <usize>load<u32>(found + (j << 2));
    const key = (row != 0 ? row : packed) + 8;
    for (let t: usize = 0; t < texts << 4; t += 16) {
      seen ^= load<u32>(load<u32>(key + t) > INLINE_TEXT ? <usize>load<u32>(key + t, 8) : key);
    }
  }
  return seen;
}

/** Step 3: candidates with the same key are the rows; the other keys' numbers go to `missing`. Returns how many. */
// @ts-ignore: decorator
@inline function compareAll(
  packed: usize, texts: usize, words: usize, sel: usize, from: usize, n: usize, found: usize, missing: usize, out: usize,
): usize {
  const stride: usize = 8 + (words << 3);
  let p = packed + from * stride;
  let m = missing;
  for (let j = from; j < n; j++, p += stride) {
    const row = <usize>load<u32>(found + (j << 2));
    store<u32>(out + (at(sel, j) << 2), <u32>row);
    store<u16>(m, <u16>j);
    const key = (row != 0 ? row : packed) + 8;
    let isSame: bool;
    if (texts == 0 && words == 1) isSame = load<u64>(key) == load<u64>(p, 8);
    else if (texts == 0 && words == 2) isSame = ((load<u64>(key) ^ load<u64>(p, 8)) | (load<u64>(key, 8) ^ load<u64>(p, 16))) == 0;
    else if (texts == 0 && words == 3) {
      const differ = (load<u64>(key) ^ load<u64>(p, 8)) | (load<u64>(key, 8) ^ load<u64>(p, 16)) | (load<u64>(key, 16) ^ load<u64>(p, 24));
      isSame = differ == 0;
    }
    else isSame = row != 0 && equalKeys(key, p + 8, texts, words);
    m += <usize>(row == 0 || !isSame) << 1;
  }
  return (m - missing) >> 1;
}

/** Step 4: looks for the others one by one, adding what is new. Returns the number of those that were found a row. */
// @ts-ignore: decorator
@inline function addMissing(
  table: usize, packed: usize, texts: usize, words: usize, rowBytes: usize, sel: usize, missing: usize, n: usize, out: usize, fresh: usize,
): usize {
  const directory = <usize>load<u32>(table, DIRECTORY);
  const shift = load<u32>(table, SHIFT);
  const mask = maskOf(shift);
  const end = <usize>load<u32>(table, END_ROWS);
  const limit = load<u32>(table, LIMIT);
  const stride: usize = 8 + (words << 3);
  let next = <usize>load<u32>(table, NEXT_ROW);
  let count = load<u32>(table, COUNT);
  let m: usize = 0;
  for (; m < n; m++) {
    const j = <usize>load<u16>(missing + (m << 1));
    const p = packed + j * stride;
    const tag = load<u32>(p, 4);
    let slot = <u32>(<u64>tag >> <u64>shift);
    let row: usize = 0;
    while (true) {
      const s = directory + (<usize>slot << 3);
      const entry = load<u64>(s);
      if (entry == 0) {
        if (next >= end || count >= limit) break;
        row = next;
        next += rowBytes;
        count++;
        for (let w: usize = 0; w < stride; w += 8) store<u64>(row + w, load<u64>(p + w));
        for (let w: usize = stride; w < rowBytes; w += 8) store<u64>(row + w, 0);
        store<u64>(s, (<u64>tag << 32) | <u64>row);
        if (fresh != 0) {
          store<u16>(fresh, <u16>at(sel, j));
          fresh += 2;
        }
        break;
      }
      if (<u32>(entry >> 32) == tag) {
        row = <usize>(<u32>entry);
        if (equalKeys(row + 8, p + 8, texts, words)) break;
        row = 0;
      }
      slot = (slot + 1) & mask;
    }
    if (row == 0) break;
    store<u32>(out + (at(sel, j) << 2), <u32>row);
  }
  store<u32>(table, <u32>next, NEXT_ROW);
  store<u32>(table, count, COUNT);
  return m;
}

// @ts-ignore: decorator
@inline function find(
  table: usize, packed: usize, texts: usize, words: usize, rowBytes: usize, sel: usize, from: usize, n: usize, out: usize, fresh: usize, work: usize,
): usize {
  const missing = work + (n << 2);
  const directory = <usize>load<u32>(table, DIRECTORY);
  const shift = load<u32>(table, SHIFT);
  const isLarge = shift < LARGE;
  if (isLarge) store<u32>(table, touchSlots(directory, shift, packed, 8 + (words << 3), from, n), TOUCHED);
  candidates(directory, shift, packed, 8 + (words << 3), from, n, work);
  if (isLarge) store<u32>(table, touchRows(from, n, work, rowBytes), TOUCHED);
  if (texts != 0) store<u32>(table, touchTexts(packed, texts, from, n, work), TOUCHED);
  const m = compareAll(packed, texts, words, sel, from, n, work, missing, out);
  const done = addMissing(table, packed, texts, words, rowBytes, sel, missing, m, out, fresh);
  return done == m ? n : <usize>load<u16>(missing + (done << 1));
}

/**
 * Finds the rows of packed keys {hash, key words}, adding those that are new: row j's address goes to position sel[j]
 * of `out`. New rows get hash and key, then zeros; the positions that made one go to `fresh` (optional). Starts with row
 * `from`; returns the row at which more space is needed, for rows or in the directory, or n. `work` has room for 6 bytes
 * a row, and 2 more.
 */
export function group_find(
  table: usize, packed: usize, texts: usize, words: usize, rowBytes: usize, sel: usize, from: usize, n: usize, out: usize, fresh: usize, work: usize,
): usize {
  check(table, 28);
  check(packed, n * (8 + (words << 3)));
  check(work, n * 6 + 2);
  checkOptional(sel, n << 1);
  if (texts == 0 && words == 1) return find(table, packed, 0, 1, rowBytes, sel, from, n, out, fresh, work);
  if (texts == 0 && words == 2) return find(table, packed, 0, 2, rowBytes, sel, from, n, out, fresh, work);
  if (texts == 0 && words == 3) return find(table, packed, 0, 3, rowBytes, sel, from, n, out, fresh, work);
  return find(table, packed, texts, words, rowBytes, sel, from, n, out, fresh, work);
}

/** Moves the slots of an old directory into the table's new one, which holds zeros. */
export function group_rehash(table: usize, old: usize, slots: usize): void {
  check(old, slots << 3);
  const directory = <usize>load<u32>(table, DIRECTORY);
  const shift = load<u32>(table, SHIFT);
  const mask = maskOf(shift);
  for (let i: usize = 0; i < slots; i++) {
    const entry = load<u64>(old + (i << 3));
    if (entry == 0) continue;
    let slot = <u32>((entry >> 32) >> <u64>shift);
    while (load<u64>(directory + (<usize>slot << 3)) != 0) slot = (slot + 1) & mask;
    store<u64>(directory + (<usize>slot << 3), entry);
  }
}

/**
 * Merges n rows of another table, by address, into this one: rows with a new key are entered as they are (no copy) and
 * their addresses appended to `kept`; for the others the pair goes to `targets` and `sources`. `forward` ≠ 0 is the
 * offset in a row where the address of the row that stands for it is left. The directory is large enough for all.
 * Returns the number kept; the others are n - that.
 */
export function group_merge(
  table: usize, rows: usize, n: usize, texts: usize, words: usize, forward: usize, kept: usize, targets: usize, sources: usize,
): usize {
  check(rows, n << 2);
  const directory = <usize>load<u32>(table, DIRECTORY);
  const shift = load<u32>(table, SHIFT);
  const mask = maskOf(shift);
  let k: usize = 0;
  let m: usize = 0;
  for (let j: usize = 0; j < n; j++) {
    const source = <usize>load<u32>(rows + (j << 2));
    const tag = load<u32>(source, 4);
    let slot = <u32>(<u64>tag >> <u64>shift);
    let row: usize = 0;
    while (true) {
      const s = directory + (<usize>slot << 3);
      const entry = load<u64>(s);
      if (entry == 0) {
        store<u64>(s, (<u64>tag << 32) | <u64>source);
        row = source;
        store<u32>(kept + (k << 2), <u32>source);
        k++;
        break;
      }
      if (<u32>(entry >> 32) == tag && equalKeys(<usize>(<u32>entry) + 8, source + 8, texts, words)) {
        row = <usize>(<u32>entry);
        store<u32>(targets + (m << 2), <u32>row);
        store<u32>(sources + (m << 2), <u32>source);
        m++;
        break;
      }
      slot = (slot + 1) & mask;
    }
    if (forward != 0) store<u32>(source + forward, <u32>row);
  }
  store<u32>(table, load<u32>(table, COUNT) + <u32>k, COUNT);
  return k;
}

/** Counts n consecutive rows by the low `bits` of the hash that is at the address in the row's `via` field (at the row itself when 0). */
export function group_radix_count(rows: usize, stride: usize, n: usize, via: usize, bits: u32, counts: usize): void {
  const mask = (<u32>1 << bits) - 1;
  for (let j: usize = 0; j < n; j++, rows += stride) {
    const c = counts + (<usize>(hashAt(rows, via) & mask) << 2);
    store<u32>(c, load<u32>(c) + 1);
  }
}

/** Writes the addresses of n consecutive rows to their partitions: `cursors` are u32 addresses of the next free place of each. */
export function group_radix_scatter(rows: usize, stride: usize, n: usize, via: usize, bits: u32, cursors: usize): void {
  const mask = (<u32>1 << bits) - 1;
  for (let j: usize = 0; j < n; j++, rows += stride) {
    const c = cursors + (<usize>(hashAt(rows, via) & mask) << 2);
    const to = load<u32>(c);
    store<u32>(to, <u32>rows);
    store<u32>(c, to + 4);
  }
}

// @ts-ignore: decorator
@inline function hashAt(row: usize, via: usize): u32 {
  return load<u32>(via == 0 ? row : <usize>load<u32>(row + via));
}

/** Replaces the row address at offset `field` of n rows by what that row has at offset `forward`. */
export function group_follow(rows: usize, n: usize, field: usize, forward: usize): void {
  check(rows, n << 2);
  for (let j: usize = 0; j < n; j++) {
    const at = <usize>load<u32>(rows + (j << 2)) + field;
    store<u32>(at, load<u32>(<usize>load<u32>(at) + forward));
  }
}

/** Hashes the keys of n rows by address anew. */
export function group_hash(rows: usize, n: usize, texts: usize, words: usize): void {
  check(rows, n << 2);
  for (let j: usize = 0; j < n; j++) {
    const row = <usize>load<u32>(rows + (j << 2));
    store<u64>(row, hashKey(row + 8, texts, words));
  }
}

/**
 * The rows whose table row (u32 address at their position of `found`) has 0 in the word at `mark`, which becomes 1: of
 * those with the same table row the first. Returns how many.
 */
export function select_unmarked(found: usize, mark: usize, sel: usize, n: usize, out: usize): usize {
  checkOptional(sel, n << 1);
  check(out, n << 1);
  let k: usize = 0;
  for (let j: usize = 0; j < n; j++) {
    const i = at(sel, j);
    const word = <usize>load<u32>(found + (i << 2)) + mark;
    if (load<u32>(word) != 0) continue;
    store<u32>(word, 1);
    store<u16>(out + (k << 1), <u16>i);
    k++;
  }
  return k;
}
