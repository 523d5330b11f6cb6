// Sort keys as bytes whose bytewise order is the rows' order, and sorting by them. A row's key is in its head: the whole
// key when all parts have a fixed width, else {address u32, length u32} of it and its first HEAD bytes.
import { compareBytes, refAddress, refLength } from './bytes';
import { at, check, checkOptional, isValid } from './memory';
import { orderedF32, orderedF64 } from './nested';

/** Bytes of a key that a row holds beside its ref. */
const HEAD: usize = 24;

/** What comes before a value that is not NULL; NULL is 0 or 2. */
const VALUE: u8 = 1;

// Kinds of key parts; the order of src/operators/lib/sort-keys.ts.
const I8: u32 = 0;
const I16: u32 = 1;
const I32: u32 = 2;
const I64: u32 = 3;
const I128: u32 = 4;
const U8: u32 = 5;
const U16: u32 = 6;
const U32: u32 = 7;
const U64: u32 = 8;
const U128: u32 = 9;
const F32: u32 = 10;
const F64: u32 = 11;
const INTERVAL: u32 = 12;
const TEXT: u32 = 13;

const DAY: i64 = 86_400_000_000;

/** The bytes of a value, first byte lowest in memory. */
// @ts-ignore: decorator
@inline function put<T>(to: usize, v: T, flip: u64): void {
  if (isFloat<T>()) {
    if (sizeof<T>() == 8) store<u64>(to, bswap<u64>(orderedF64(<f64>v) ^ flip));
    else store<u32>(to, bswap<u32>(orderedF32(<f32>v) ^ <u32>flip));
  } else if (sizeof<T>() == 8) {
    store<u64>(to, bswap<u64>((isSigned<T>() ? <u64>v ^ (<u64>1 << 63) : <u64>v) ^ flip));
  } else if (sizeof<T>() == 4) {
    store<u32>(to, bswap<u32>((isSigned<T>() ? <u32>v ^ 0x80000000 : <u32>v) ^ <u32>flip));
  } else if (sizeof<T>() == 2) {
    store<u16>(to, bswap<u16>((isSigned<T>() ? <u16>v ^ 0x8000 : <u16>v) ^ <u16>flip));
  } else {
    store<u8>(to, (isSigned<T>() ? <u8>v ^ 0x80 : <u8>v) ^ <u8>flip);
  }
}

// @ts-ignore: decorator
@inline function encode<T>(data: usize, mask: usize, validity: usize, sel: usize, n: usize, cursors: usize, flip: u64, none: u8): void {
  for (let j: usize = 0; j < n; j++) {
    const i = at(sel, j) & mask;
    const to = <usize>load<u32>(cursors + (j << 2));
    if (isValid(validity, i)) {
      store<u8>(to, VALUE);
      put<T>(to + 1, load<T>(data + i * sizeof<T>()), flip);
    } else {
      store<u8>(to, none);
      memory.fill(to + 1, 0, sizeof<T>());
    }
    store<u32>(cursors + (j << 2), <u32>(to + 1 + sizeof<T>()));
  }
}

function encode128(kind: u32, data: usize, mask: usize, validity: usize, sel: usize, n: usize, cursors: usize, flip: u64, none: u8): void {
  for (let j: usize = 0; j < n; j++) {
    const i = at(sel, j) & mask;
    const to = <usize>load<u32>(cursors + (j << 2));
    store<u32>(cursors + (j << 2), <u32>(to + 17));
    if (!isValid(validity, i)) {
      store<u8>(to, none);
      memory.fill(to + 1, 0, 16);
      continue;
    }
    store<u8>(to, VALUE);
    const p = data + (i << 4);
    let low = load<u64>(p);
    let high = load<u64>(p, 8);
    if (kind == INTERVAL) {
      // By length, a month being 30 days.
      const micros = <i64>high;
      let days = <i64>load<i32>(p) * 30 + <i64>load<i32>(p, 4) + micros / DAY;
      let rest = micros % DAY;
      if (rest < 0) {
        rest += DAY;
        days--;
      }
      high = <u64>days;
      low = <u64>rest;
    }
    if (kind != U128) high ^= <u64>1 << 63;
    store<u64>(to + 1, bswap<u64>(high ^ flip));
    store<u64>(to + 9, bswap<u64>(low ^ flip));
  }
}

/** Text with 0 as {0, 255}, ended by {0, 0}. */
// @ts-ignore: decorator
@inline function putText(to: usize, p: usize, length: usize, flip: u64): usize {
  const end = p + length;
  while (p < end) {
    if (p + 8 <= end) {
      const word = load<u64>(p);
      if (((word - 0x0101010101010101) & ~word & 0x8080808080808080) == 0) {
        store<u64>(to, word ^ flip);
        p += 8;
        to += 8;
        continue;
      }
    }
    const c = load<u8>(p++);
    store<u8>(to++, c ^ <u8>flip);
    if (c == 0) store<u8>(to++, 255 ^ <u8>flip);
  }
  store<u16>(to, <u16>flip);
  return to + 2;
}

function encodeText(data: usize, mask: usize, validity: usize, sel: usize, n: usize, cursors: usize, flip: u64, none: u8): void {
  for (let j: usize = 0; j < n; j++) {
    const i = at(sel, j) & mask;
    let to = <usize>load<u32>(cursors + (j << 2));
    if (isValid(validity, i)) {
      store<u8>(to, VALUE);
      to = putText(to + 1, refAddress(data + (i << 3)), refLength(data + (i << 3)), flip);
    } else store<u8>(to++, none);
    store<u32>(cursors + (j << 2), <u32>to);
  }
}

/** Bytes that say themselves where they end. */
function encodeBytes(data: usize, mask: usize, validity: usize, sel: usize, n: usize, cursors: usize, flip: u64, none: u8): void {
  for (let j: usize = 0; j < n; j++) {
    const i = at(sel, j) & mask;
    let to = <usize>load<u32>(cursors + (j << 2));
    if (isValid(validity, i)) {
      store<u8>(to++, VALUE);
      const p = refAddress(data + (i << 3));
      const length = refLength(data + (i << 3));
      for (let b: usize = 0; b < length; b++) store<u8>(to + b, load<u8>(p + b) ^ <u8>flip);
      to += length;
    } else store<u8>(to++, none);
    store<u32>(cursors + (j << 2), <u32>to);
  }
}

/**
 * Appends a key part to n keys: row j's bytes go to the address cursors[j], which moves on. `none` stands for NULL;
 * `descending` is 0 or 1.
 */
export function sort_encode(
  kind: u32, data: usize, mask: usize, validity: usize, sel: usize, n: usize, cursors: usize, descending: u32, none: u32,
): void {
  checkOptional(sel, n << 1);
  check(cursors, n << 2);
  const flip: u64 = descending != 0 ? u64.MAX_VALUE : 0;
  switch (kind) {
    case I8:
      encode<i8>(data, mask, validity, sel, n, cursors, flip, <u8>none);
      break;
    case I16:
      encode<i16>(data, mask, validity, sel, n, cursors, flip, <u8>none);
      break;
    case I32:
      encode<i32>(data, mask, validity, sel, n, cursors, flip, <u8>none);
      break;
    case I64:
      encode<i64>(data, mask, validity, sel, n, cursors, flip, <u8>none);
      break;
    case U8:
      encode<u8>(data, mask, validity, sel, n, cursors, flip, <u8>none);
      break;
    case U16:
      encode<u16>(data, mask, validity, sel, n, cursors, flip, <u8>none);
      break;
    case U32:
      encode<u32>(data, mask, validity, sel, n, cursors, flip, <u8>none);
      break;
    case U64:
      encode<u64>(data, mask, validity, sel, n, cursors, flip, <u8>none);
      break;
    case F32:
      encode<f32>(data, mask, validity, sel, n, cursors, flip, <u8>none);
      break;
    case F64:
      encode<f64>(data, mask, validity, sel, n, cursors, flip, <u8>none);
      break;
    case I128:
    case U128:
    case INTERVAL:
      encode128(kind, data, mask, validity, sel, n, cursors, flip, <u8>none);
      break;
    case TEXT:
      encodeText(data, mask, validity, sel, n, cursors, flip, <u8>none);
      break;
    default:
      encodeBytes(data, mask, validity, sel, n, cursors, flip, <u8>none);
  }
}

/** Adds to sizes[j] what a text or encoded value of row j can take as a key part. */
export function sort_text_sizes(data: usize, mask: usize, validity: usize, sel: usize, n: usize, isText: u32, sizes: usize): void {
  check(sizes, n << 2);
  for (let j: usize = 0; j < n; j++) {
    const i = at(sel, j) & mask;
    let size: usize = 1;
    if (isValid(validity, i)) {
      const length = refLength(data + (i << 3));
      if (isText != 0) {
        const p = refAddress(data + (i << 3));
        for (let b: usize = 0; b < length; b++) size += <usize>(load<u8>(p + b) == 0);
        size += 2;
      }
      size += length;
    }
    store<u32>(sizes + (j << 2), load<u32>(sizes + (j << 2)) + <u32>size);
  }
}

/** Sum of n sizes. */
export function sort_total(sizes: usize, n: usize): usize {
  check(sizes, n << 2);
  let total: usize = 0;
  for (let j: usize = 0; j < n; j++) total += load<u32>(sizes + (j << 2));
  return total;
}

/** Gives each of n keys its place in `heap`: refs to them, and cursors to write them with. */
export function sort_places(sizes: usize, n: usize, heap: usize, cursors: usize, refs: usize): void {
  for (let j: usize = 0; j < n; j++) {
    const size = load<u32>(sizes + (j << 2));
    store<u32>(cursors + (j << 2), <u32>heap);
    store<u32>(refs + (j << 3), <u32>heap);
    store<u32>(refs + (j << 3), size, 4);
    heap += size;
  }
}

/** Copies keys of `bytes` bytes into the heads of consecutive rows: those numbered picked[0 … n), or 0 … n. */
export function sort_put_keys(keys: usize, bytes: usize, picked: usize, n: usize, head: usize, stride: usize): void {
  checkOptional(picked, n << 1);
  for (let j: usize = 0; j < n; j++, head += stride) {
    const from = keys + at(picked, j) * bytes;
    for (let b: usize = 0; b < bytes; b += 8) store<u64>(head + b, load<u64>(from + b));
  }
}

/** Bytes of the keys numbered picked[0 … n) that refs name. */
export function sort_ref_bytes(refs: usize, picked: usize, n: usize): usize {
  let bytes: usize = 0;
  for (let j: usize = 0; j < n; j++) bytes += refLength(refs + (at(picked, j) << 3));
  return bytes;
}

/** Copies the keys that refs name to `heap`, and their refs and first bytes into the heads of consecutive rows. */
export function sort_put_refs(refs: usize, picked: usize, n: usize, head: usize, stride: usize, heap: usize): void {
  checkOptional(picked, n << 1);
  for (let j: usize = 0; j < n; j++, head += stride) {
    const ref = refs + (at(picked, j) << 3);
    const length = refLength(ref);
    memory.copy(heap, refAddress(ref), length);
    store<u32>(head, <u32>heap);
    store<u32>(head, <u32>length, 4);
    memory.fill(head + 8, 0, HEAD);
    memory.copy(head + 8, heap, min<usize>(length, HEAD));
    heap += length;
  }
}

/** Folds `words` words of the keys in n consecutive rows into `bits`: first the words' AND, then their OR. */
export function sort_bits(key: usize, stride: usize, words: usize, n: usize, bits: usize): void {
  check(bits, words << 4);
  for (let w: usize = 0; w < words; w++) {
    let p = key + (w << 3);
    let all = load<u64>(bits + (w << 3));
    let any = load<u64>(bits + ((words + w) << 3));
    for (let j: usize = 0; j < n; j++, p += stride) {
      const word = load<u64>(p);
      all &= word;
      any |= word;
    }
    store<u64>(bits + (w << 3), all);
    store<u64>(bits + ((words + w) << 3), any);
  }
}

/** For n consecutive rows: the bytes of the key at `offsets[0 … count)` (u32) as one number, and the row's address. */
export function sort_prefixes(rows: usize, stride: usize, n: usize, offsets: usize, count: usize, keys: usize, out: usize): void {
  check(keys, n << 3);
  check(out, n << 2);
  for (let j: usize = 0; j < n; j++, rows += stride) {
    let key: u64 = 0;
    for (let b: usize = 0; b < count; b++) key = (key << 8) | <u64>load<u8>(rows + <usize>load<u32>(offsets + (b << 2)));
    store<u64>(keys + (j << 3), key);
    store<u32>(out + (j << 2), <u32>rows);
  }
}

/** Counts n keys by the byte at bit `shift`. */
export function sort_count(keys: usize, n: usize, shift: u32, counts: usize): void {
  check(counts, 1024);
  for (let j: usize = 0; j < n; j++) {
    const c = counts + ((<usize>(load<u64>(keys + (j << 3)) >> <u64>shift) & 255) << 2);
    store<u32>(c, load<u32>(c) + 1);
  }
}

/** Moves n keys and their rows to where `cursors` (u32 per byte value: the next free index) says. */
export function sort_scatter(keys: usize, rows: usize, n: usize, shift: u32, cursors: usize, keysOut: usize, rowsOut: usize): void {
  for (let j: usize = 0; j < n; j++) {
    const key = load<u64>(keys + (j << 3));
    const c = cursors + ((<usize>(key >> <u64>shift) & 255) << 2);
    const to = <usize>load<u32>(c);
    store<u32>(c, <u32>to + 1);
    store<u64>(keysOut + (to << 3), key);
    store<u32>(rowsOut + (to << 2), load<u32>(rows + (j << 2)));
  }
}

/** Sorts n keys with their rows by the lowest `bytes` bytes, stably; `counts` has room for bytes × 256 u32. */
export function sort_radix(keys: usize, rows: usize, n: usize, bytes: u32, keysTemp: usize, rowsTemp: usize, counts: usize): void {
  check(keys, n << 3);
  check(keysTemp, n << 3);
  check(counts, <usize>bytes << 10);
  if (n < 48) {
    insertionSort(keys, rows, n);
    return;
  }
  memory.fill(counts, 0, <usize>bytes << 10);
  for (let j: usize = 0; j < n; j++) {
    let key = load<u64>(keys + (j << 3));
    for (let d: u32 = 0; d < bytes; d++) {
      const c = counts + ((<usize>d << 8 | <usize>key & 255) << 2);
      store<u32>(c, load<u32>(c) + 1);
      key >>= 8;
    }
  }
  let a = keys;
  let ar = rows;
  let b = keysTemp;
  let br = rowsTemp;
  for (let d: u32 = 0; d < bytes; d++) {
    const digit = counts + (<usize>d << 10);
    const shift = d << 3;
    if (load<u32>(digit + ((<usize>(load<u64>(a) >> <u64>shift) & 255) << 2)) == <u32>n) continue;
    let sum: u32 = 0;
    for (let v: usize = 0; v < 1024; v += 4) {
      const c = load<u32>(digit + v);
      store<u32>(digit + v, sum);
      sum += c;
    }
    sort_scatter(a, ar, n, shift, digit, b, br);
    let t = a;
    a = b;
    b = t;
    t = ar;
    ar = br;
    br = t;
  }
  if (a != keys) {
    memory.copy(keys, a, n << 3);
    memory.copy(rows, ar, n << 2);
  }
}

function insertionSort(keys: usize, rows: usize, n: usize): void {
  for (let i: usize = 1; i < n; i++) {
    const key = load<u64>(keys + (i << 3));
    const row = load<u32>(rows + (i << 2));
    let j = i;
    for (; j > 0 && load<u64>(keys + ((j - 1) << 3)) > key; j--) {
      store<u64>(keys + (j << 3), load<u64>(keys + ((j - 1) << 3)));
      store<u32>(rows + (j << 2), load<u32>(rows + ((j - 1) << 2)));
    }
    store<u64>(keys + (j << 3), key);
    store<u32>(rows + (j << 2), row);
  }
}

/** The order of two keys: of `bytes` bytes, or variable ones by their refs when `bytes` is 0. */
// @ts-ignore: decorator
@inline function compareKeys(a: usize, b: usize, bytes: usize): i32 {
  if (bytes == 0) return compareBytes(refAddress(a), refLength(a), refAddress(b), refLength(b));
  for (let w: usize = 0; w < bytes; w += 8) {
    const x = load<u64>(a + w);
    const y = load<u64>(b + w);
    if (x != y) return bswap<u64>(x) < bswap<u64>(y) ? -1 : 1;
  }
  return 0;
}

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
 * count}; positions move on. `bytes` as in `compareKeys`; with `whole` ≠ 0 the prefixes say all. Returns how many.
 */
export function sort_merge(runs: usize, k: usize, n: usize, head: usize, bytes: usize, whole: u32, out: usize): usize {
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
    store<u32>(best, load<u32>(best, 8) + 1, 8);
    store<u32>(out + (m << 2), <u32>bestRow);
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

/** A selection of a selection: out[j] = sel[picked[j]]. */
export function sort_pick(sel: usize, picked: usize, n: usize, out: usize): void {
  check(picked, n << 1);
  for (let j: usize = 0; j < n; j++) store<u16>(out + (j << 1), <u16>at(sel, <usize>load<u16>(picked + (j << 1))));
}

/** The first `bytes` bytes of the heads of n rows by address: their keys, or refs to them. */
export function sort_take_keys(rows: usize, n: usize, bytes: usize, out: usize): void {
  check(out, n * bytes);
  for (let j: usize = 0; j < n; j++, out += bytes) {
    const row = <usize>load<u32>(rows + (j << 2));
    for (let b: usize = 0; b < bytes; b += 8) store<u64>(out + b, load<u64>(row + b));
  }
}
