// Rows in the order of a window: where partitions and peers begin and end, ranks, and rows that values come from.
//
// Rows are numbers in a run of sorted rows; `rows` holds their addresses (u32). Marks are bytes: 2 = the first row of a
// partition, 1 = the first of its peers, 0 = a peer of the row before. Places of consecutive rows from…from+count are u32
// arrays by position. A key is in the row's head, see sort-rows.ts: the bytes of PARTITION BY, then those of ORDER BY, then
// TAIL bytes that keep the order of the source.
import { equalBytes, hashBytes, refAddress, refLength } from './bytes';
import { at, check, clearBit, isValid } from './memory';

const TAIL: usize = 5;
/** "No row", see gather.ts. */
const NONE: u32 = 0xffffffff;
/** More than there can be rows. */
const FAR: i64 = 1 << 33;

/**
 * Writes the marks of the rows from…to, given those before. Fixed keys have `part` bytes of PARTITION BY and `peer` bytes
 * with ORDER BY. Variable ones (fixed = 0) say in the row, at `lengthAt`, how many bytes PARTITION BY takes (-1: none).
 */
export function window_marks(rows: usize, from: usize, to: usize, fixed: u32, part: usize, peer: usize, lengthAt: isize, marks: usize): void {
  check(rows, to << 2);
  check(marks, to);
  for (let i = from; i < to; i++) {
    let mark: u8 = 2;
    if (i > 0) {
      const a = <usize>load<u32>(rows + ((i - 1) << 2));
      const b = <usize>load<u32>(rows + (i << 2));
      if (fixed != 0) {
        if (equalBytes(a, b, part)) mark = <u8>!equalBytes(a + part, b + part, peer - part);
      } else {
        const pa = lengthAt < 0 ? 0 : <usize>load<u32>(a + <usize>lengthAt);
        const pb = lengthAt < 0 ? 0 : <usize>load<u32>(b + <usize>lengthAt);
        const ka = refAddress(a);
        const kb = refAddress(b);
        if (pa == pb && equalBytes(ka, kb, pa)) {
          const la = refLength(a) - TAIL;
          const lb = refLength(b) - TAIL;
          mark = <u8>(la != lb || !equalBytes(ka + pa, kb + pa, la - pa));
        }
      }
    }
    store<u8>(marks + i, mark);
  }
}

/** The number of the first row from `from` on that starts a partition; `n` when none does. */
export function window_next_partition(marks: usize, from: usize, n: usize): usize {
  check(marks, n);
  let i = from;
  while (i < n && load<u8>(marks + i) != 2) i++;
  return i;
}

/**
 * The places of the rows from…from+count of n; calls follow each other. `state` (6 u32, zero before row 0) holds the
 * place of the last row. `rows` are the rows' numbers; `peers` counts a partition's peers from 1, `groups` all peers from 1.
 */
export function window_places(
  marks: usize, n: usize, from: usize, count: usize, state: usize,
  rows: usize, partitionStart: usize, partitionEnd: usize, peerStart: usize, peerEnd: usize, peers: usize, groups: usize,
): void {
  check(marks, n);
  check(state, 24);
  check(rows, count << 2);
  check(partitionStart, count << 2);
  check(groups, count << 2);
  let ps = load<u32>(state);
  let pe = load<u32>(state, 4);
  let qs = load<u32>(state, 8);
  let qe = load<u32>(state, 12);
  let peer = load<u32>(state, 16);
  let group = load<u32>(state, 20);
  for (let k: usize = 0; k < count; k++) {
    const i = from + k;
    const mark = load<u8>(marks + i);
    if (mark == 2) {
      ps = <u32>i;
      pe = <u32>window_next_partition(marks, i + 1, n);
      peer = 0;
    }
    if (mark != 0) {
      qs = <u32>i;
      let j = i + 1;
      while (j < n && load<u8>(marks + j) == 0) j++;
      qe = <u32>j;
      peer++;
      group++;
    }
    const p = k << 2;
    store<u32>(rows + p, <u32>i);
    store<u32>(partitionStart + p, ps);
    store<u32>(partitionEnd + p, pe);
    store<u32>(peerStart + p, qs);
    store<u32>(peerEnd + p, qe);
    store<u32>(peers + p, peer);
    store<u32>(groups + p, group);
  }
  store<u32>(state, ps);
  store<u32>(state, pe, 4);
  store<u32>(state, qs, 8);
  store<u32>(state, qe, 12);
  store<u32>(state, peer, 16);
  store<u32>(state, group, 20);
}

/** Numbers of the first rows of all peers, in order. Returns how many there are. */
export function window_group_starts(marks: usize, n: usize, out: usize): usize {
  check(marks, n);
  let count: usize = 0;
  for (let i: usize = 0; i < n; i++) {
    if (load<u8>(marks + i) == 0) continue;
    store<u32>(out + (count << 2), <u32>i);
    count++;
  }
  return count;
}

export function window_row_number(count: usize, rows: usize, partitionStart: usize, out: usize): void {
  check(partitionStart, count << 2);
  check(out, count << 3);
  for (let k: usize = 0; k < count; k++) {
    store<u64>(out + (k << 3), load<u32>(rows + (k << 2)) - load<u32>(partitionStart + (k << 2)) + 1);
  }
}

export function window_rank(count: usize, partitionStart: usize, peerStart: usize, out: usize): void {
  check(out, count << 3);
  for (let k: usize = 0; k < count; k++) {
    store<u64>(out + (k << 3), load<u32>(peerStart + (k << 2)) - load<u32>(partitionStart + (k << 2)) + 1);
  }
}

export function window_dense_rank(count: usize, peers: usize, out: usize): void {
  check(out, count << 3);
  for (let k: usize = 0; k < count; k++) store<u64>(out + (k << 3), load<u32>(peers + (k << 2)));
}

export function window_percent_rank(count: usize, partitionStart: usize, partitionEnd: usize, peerStart: usize, out: usize): void {
  check(out, count << 3);
  for (let k: usize = 0; k < count; k++) {
    const p = k << 2;
    const start = load<u32>(partitionStart + p);
    const rows = load<u32>(partitionEnd + p) - start;
    store<f64>(out + (k << 3), rows <= 1 ? 0 : <f64>(load<u32>(peerStart + p) - start) / <f64>(rows - 1));
  }
}

export function window_cume_dist(count: usize, partitionStart: usize, partitionEnd: usize, peerEnd: usize, out: usize): void {
  check(out, count << 3);
  for (let k: usize = 0; k < count; k++) {
    const p = k << 2;
    const start = load<u32>(partitionStart + p);
    const rows = load<u32>(partitionEnd + p) - start;
    store<f64>(out + (k << 3), rows == 0 ? 0 : <f64>(load<u32>(peerEnd + p) - start) / <f64>rows);
  }
}

/** Returns the number of NULLs, or -1 when a number of buckets is not positive. */
export function window_ntile(
  data: usize, mask: usize, validity: usize, count: usize, rowNumbers: usize, partitionStart: usize, partitionEnd: usize, out: usize, outValidity: usize,
): isize {
  check(out, count << 3);
  memory.fill(outValidity, 255, (count + 7) >> 3);
  let nulls: isize = 0;
  for (let k: usize = 0; k < count; k++) {
    const v = k & mask;
    if (!isValid(validity, v)) {
      clearBit(outValidity, k);
      nulls++;
      continue;
    }
    const buckets = load<i64>(data + (v << 3));
    if (buckets <= 0) return -1;
    const start = load<u32>(partitionStart + (k << 2));
    const rows = <i64>(load<u32>(partitionEnd + (k << 2)) - start);
    if (rows == 0) {
      clearBit(outValidity, k);
      nulls++;
      continue;
    }
    const row = <i64>(load<u32>(rowNumbers + (k << 2)) - start);
    const small = rows / buckets;
    const large = rows % buckets;
    const border = large * (small + 1);
    store<i64>(out + (k << 3), row < border ? row / (small + 1) + 1 : (row - border) / (small == 0 ? 1 : small) + large + 1);
  }
  return nulls;
}

/**
 * The rows whose value is not NULL, and for each row (and the end) how many of these come before it.
 * `rows` has room for n, `before` for n + 1.
 */
export function window_non_nulls(validity: usize, n: usize, rows: usize, before: usize): void {
  check(before, (n + 1) << 2);
  let count: u32 = 0;
  for (let i: usize = 0; i < n; i++) {
    store<u32>(before + (i << 2), count);
    if (!isValid(validity, i)) continue;
    store<u32>(rows + (<usize>count << 2), <u32>i);
    count++;
  }
  store<u32>(before + (n << 2), count);
}

/**
 * lag (sign -1) and lead (1): for each row the row that lies `offset` rows (1 when data is 0) away, or NONE; with
 * `nonNulls`, only these rows count. Returns how many rows have none, though their offset is not NULL: their positions go
 * to `missing` (u16).
 */
export function window_shift(
  sign: i32, data: usize, mask: usize, validity: usize, count: usize, rows: usize, partitionStart: usize, partitionEnd: usize,
  nonNulls: usize, before: usize, out: usize, missing: usize,
): usize {
  check(out, count << 2);
  check(missing, count << 1);
  let absent: usize = 0;
  for (let k: usize = 0; k < count; k++) {
    const p = k << 2;
    const v = k & mask;
    let found = NONE;
    if (data == 0 || isValid(validity, v)) {
      let offset: i64 = data == 0 ? 1 : load<i64>(data + (v << 3));
      offset = min<i64>(max<i64>(offset, -FAR), FAR) * sign;
      const i = <i64>load<u32>(rows + p);
      const ps = <i64>load<u32>(partitionStart + p);
      const pe = <i64>load<u32>(partitionEnd + p);
      if (offset == 0) found = <u32>i;
      else if (nonNulls == 0) {
        if (i + offset >= ps && i + offset < pe) found = <u32>(i + offset);
      } else if (offset < 0) {
        const index = <i64>load<u32>(before + (<usize>i << 2)) + offset;
        if (index >= <i64>load<u32>(before + (<usize>ps << 2))) found = load<u32>(nonNulls + (<usize>index << 2));
      } else {
        const index = <i64>load<u32>(before + (<usize>(i + 1) << 2)) + offset - 1;
        if (index < <i64>load<u32>(before + (<usize>pe << 2))) found = load<u32>(nonNulls + (<usize>index << 2));
      }
      if (found == NONE) {
        store<u16>(missing + (absent << 1), <u16>k);
        absent++;
      }
    }
    store<u32>(out + p, found);
  }
  return absent;
}

/**
 * The radix number (hash of the PARTITION BY bytes, `bits` of it) of n encoded keys (see sort_put_keys, sort_put_refs):
 * how many have each to `counts`, their numbers (u16), list after list, to `picks`. `lengths`
 * are the bytes of variable keys, by position.
 */
export function window_radix(keys: usize, fixedBytes: usize, part: usize, lengths: usize, sel: usize, n: usize, bits: u32, counts: usize, picks: usize, numbers: usize): void {
  check(counts, 4 << bits);
  check(picks, n << 1);
  check(numbers, n);
  memory.fill(counts, 0, 4 << bits);
  for (let j: usize = 0; j < n; j++) {
    const key = fixedBytes == 0 ? refAddress(keys + (j << 3)) : keys + j * fixedBytes;
    const length = fixedBytes == 0 ? <usize>load<u32>(lengths + (at(sel, j) << 2)) : part;
    const r = <usize>(hashBytes(key, length, 0) >> <u64>(64 - bits));
    store<u8>(numbers + j, <u8>r);
    store<u32>(counts + (r << 2), load<u32>(counts + (r << 2)) + 1);
  }
  // Where each list starts; the loop below moves these on to where it ends.
  let next: u32 = 0;
  for (let r: usize = 0; r < <usize>1 << bits; r++) {
    const c = load<u32>(counts + (r << 2));
    store<u32>(counts + (r << 2), next);
    next += c;
  }
  for (let j: usize = 0; j < n; j++) {
    const c = counts + (<usize>load<u8>(numbers + j) << 2);
    const to = load<u32>(c);
    store<u16>(picks + (<usize>to << 1), <u16>j);
    store<u32>(c, to + 1);
  }
}

/** Bytes that n variable keys have so far, up to their cursors: at the rows' positions of `out`. */
export function window_key_lengths(refs: usize, cursors: usize, sel: usize, n: usize, out: usize): void {
  for (let j: usize = 0; j < n; j++) {
    store<u32>(out + (at(sel, j) << 2), load<u32>(cursors + (j << 2)) - <u32>refAddress(refs + (j << 3)));
  }
}

/** How many partitions begin among n rows. */
export function window_count_partitions(marks: usize, n: usize): usize {
  check(marks, n);
  let count: usize = 0;
  for (let i: usize = 0; i < n; i++) count += <usize>(load<u8>(marks + i) == 2);
  return count;
}
