// Columns to rows and back. Rows lie `stride` bytes apart; a field is at the same offset in each, its NULL flag is a bit
// of some byte of the row (1 = NULL, the field's bytes are then zero). Rows to write hold zeros.
import { storeRef } from './bytes';
import { at, check, checkOptional, clearBit, copy16, isValid, setBit, value } from './memory';
import { equalKeys, hashKey, INLINE_TEXT, packText, textAddress, textLength } from './row-key';

// @ts-ignore: decorator
@inline function flag(row: usize, bit: u32): void {
  store<u8>(row, load<u8>(row) | <u8>bit);
}

// @ts-ignore: decorator
@inline function normal<T>(v: T): T {
  // Adding zero makes -0 to 0; any NaN becomes the one NaN.
  return v != v ? <T>NaN : v + <T>0;
}

// @ts-ignore: decorator
@inline function pack<T>(data: usize, mask: usize, validity: usize, sel: usize, n: usize, field: usize, stride: usize, nulls: usize, bit: u32): void {
  if (n == 0) return;
  checkOptional(sel, n << 1);
  check(field, (n - 1) * stride + sizeof<T>());
  if (validity == 0 && sel == 0) {
    for (let j: usize = 0; j < n; j++) {
      const v = value<T>(data, j, mask);
      store<T>(field, isFloat<T>() ? normal<T>(v) : v);
      field += stride;
    }
    return;
  }
  for (let j: usize = 0; j < n; j++) {
    const i = at(sel, j);
    if (isValid(validity, i & mask)) {
      const v = value<T>(data, i, mask);
      store<T>(field, isFloat<T>() ? normal<T>(v) : v);
    } else flag(nulls, bit);
    field += stride;
    nulls += stride;
  }
}

/**
 * Writes a column's rows (values of 1 byte) into consecutive rows: `field` and `nulls` are the addresses in the first
 * row, `bit` is the NULL flag's mask.
 */
export function row_pack_8(data: usize, mask: usize, validity: usize, sel: usize, n: usize, field: usize, stride: usize, nulls: usize, bit: u32): void {
  pack<u8>(data, mask, validity, sel, n, field, stride, nulls, bit);
}
export function row_pack_16(data: usize, mask: usize, validity: usize, sel: usize, n: usize, field: usize, stride: usize, nulls: usize, bit: u32): void {
  pack<u16>(data, mask, validity, sel, n, field, stride, nulls, bit);
}
export function row_pack_32(data: usize, mask: usize, validity: usize, sel: usize, n: usize, field: usize, stride: usize, nulls: usize, bit: u32): void {
  pack<u32>(data, mask, validity, sel, n, field, stride, nulls, bit);
}
export function row_pack_64(data: usize, mask: usize, validity: usize, sel: usize, n: usize, field: usize, stride: usize, nulls: usize, bit: u32): void {
  pack<u64>(data, mask, validity, sel, n, field, stride, nulls, bit);
}
/** As keys: -0 is written as 0, every NaN alike. */
export function row_pack_f32(data: usize, mask: usize, validity: usize, sel: usize, n: usize, field: usize, stride: usize, nulls: usize, bit: u32): void {
  pack<f32>(data, mask, validity, sel, n, field, stride, nulls, bit);
}
export function row_pack_f64(data: usize, mask: usize, validity: usize, sel: usize, n: usize, field: usize, stride: usize, nulls: usize, bit: u32): void {
  pack<f64>(data, mask, validity, sel, n, field, stride, nulls, bit);
}
export function row_pack_128(data: usize, mask: usize, validity: usize, sel: usize, n: usize, field: usize, stride: usize, nulls: usize, bit: u32): void {
  checkOptional(sel, n << 1);
  for (let j: usize = 0; j < n; j++) {
    const i = at(sel, j) & mask;
    if (isValid(validity, i)) copy16(field, data + (i << 4));
    else flag(nulls, bit);
    field += stride;
    nulls += stride;
  }
}
export function row_pack_text(data: usize, mask: usize, validity: usize, sel: usize, n: usize, field: usize, stride: usize, nulls: usize, bit: u32): void {
  checkOptional(sel, n << 1);
  for (let j: usize = 0; j < n; j++) {
    const i = at(sel, j) & mask;
    if (isValid(validity, i)) packText(data + (i << 3), field);
    else flag(nulls, bit);
    field += stride;
    nulls += stride;
  }
}

/** Microseconds of a day, and days of a month: how intervals compare. */
const DAY: i64 = 86_400_000_000;

/** As keys: the interval's length in microseconds, a month of 30 days, as 128 bits. */
export function row_pack_interval(data: usize, mask: usize, validity: usize, sel: usize, n: usize, field: usize, stride: usize, nulls: usize, bit: u32): void {
  checkOptional(sel, n << 1);
  for (let j: usize = 0; j < n; j++) {
    const i = at(sel, j) & mask;
    if (isValid(validity, i)) {
      const p = data + (i << 4);
      const micros = load<i64>(p, 8);
      // Whole days apart from the rest, so that nothing overflows.
      let days = <i64>load<i32>(p) * 30 + <i64>load<i32>(p, 4) + micros / DAY;
      let rest = micros % DAY;
      if (rest < 0) {
        rest += DAY;
        days--;
      }
      store<i64>(field, rest);
      store<i64>(field, days, 8);
    } else flag(nulls, bit);
    field += stride;
    nulls += stride;
  }
}

/** Zeros for rows to come. */
export function row_clear(rows: usize, bytes: usize): void {
  check(rows, bytes);
  memory.fill(rows, 0, bytes);
}

/** Zeros in `bytes` bytes (a multiple of 8) from `area` on, in each of n consecutive rows. */
export function row_clear_area(area: usize, stride: usize, bytes: usize, n: usize): void {
  for (let j: usize = 0; j < n; j++, area += stride) {
    for (let b: usize = 0; b < bytes; b += 8) store<u64>(area + b, 0);
  }
}

/** Sets the NULL flag in n consecutive rows. */
export function row_pack_null(n: usize, stride: usize, nulls: usize, bit: u32): void {
  for (let j: usize = 0; j < n; j++) {
    flag(nulls, bit);
    nulls += stride;
  }
}

/** Bytes of the long texts of a field of n consecutive rows. */
export function row_text_bytes(field: usize, stride: usize, n: usize): usize {
  let bytes: usize = 0;
  for (let j: usize = 0; j < n; j++) {
    const length = textLength(field);
    if (length > INLINE_TEXT) bytes += length;
    field += stride;
  }
  return bytes;
}

/** Copies the long texts of a field of n consecutive rows to `heap` and points the rows there. */
export function row_text_copy(field: usize, stride: usize, n: usize, heap: usize): void {
  for (let j: usize = 0; j < n; j++) {
    const length = textLength(field);
    if (length > INLINE_TEXT) {
      memory.copy(heap, textAddress(field), length);
      store<u64>(field, <u64>heap, 8);
      heap += length;
    }
    field += stride;
  }
}

/**
 * Writes each row's hash of its key (at `key` in the first row) to the row's start. Returns `texts` if any text is too long
 * to lie in the key, else 0: such keys are compared, and hashed, like so many numbers.
 */
export function row_hash(rows: usize, stride: usize, key: usize, texts: usize, words: usize, n: usize): usize {
  if (n == 0) return 0;
  check(rows, n * stride);
  texts = longTexts(key, stride, texts, n);
  if (texts == 0 && words == 1) {
    for (let j: usize = 0; j < n; j++, rows += stride, key += stride) store<u64>(rows, hashKey(key, 0, 1));
  } else if (texts == 0 && words == 2) {
    for (let j: usize = 0; j < n; j++, rows += stride, key += stride) store<u64>(rows, hashKey(key, 0, 2));
  } else if (texts == 0 && words == 3) {
    for (let j: usize = 0; j < n; j++, rows += stride, key += stride) store<u64>(rows, hashKey(key, 0, 3));
  } else {
    for (let j: usize = 0; j < n; j++, rows += stride, key += stride) store<u64>(rows, hashKey(key, texts, words));
  }
  return texts;
}

// @ts-ignore: decorator
@inline function longTexts(key: usize, stride: usize, texts: usize, n: usize): usize {
  for (let t: usize = 0; t < texts << 4; t += 16) {
    let longest: u32 = 0;
    for (let j: usize = 0, p = key + t; j < n; j++, p += stride) longest = max<u32>(longest, textLength(p));
    if (longest > INLINE_TEXT) return texts;
  }
  return 0;
}

/** The addresses of n consecutive rows. */
export function row_addresses(rows: usize, stride: usize, n: usize, out: usize): void {
  check(out, n << 2);
  for (let j: usize = 0; j < n; j++) store<u32>(out + (j << 2), <u32>(rows + j * stride));
}

// @ts-ignore: decorator
@inline function isNullAt(row: usize, nulls: usize, bit: u32): bool {
  return (<u32>load<u8>(row + nulls) & bit) != 0;
}

// @ts-ignore: decorator
@inline function gather<T>(rows: usize, n: usize, field: usize, nulls: usize, bit: u32, sel: usize, out: usize): usize {
  check(rows, n << 2);
  checkOptional(sel, n << 1);
  let missing: usize = 0;
  for (let k: usize = 0; k < n; k++) {
    const row = <usize>load<u32>(rows + (k << 2));
    const to = out + at(sel, k) * sizeof<T>();
    if (row == 0) {
      store<T>(to, 0);
      missing++;
    } else {
      store<T>(to, load<T>(row + field));
      missing += <usize>isNullAt(row, nulls, bit);
    }
  }
  return missing;
}

/**
 * Reads a field (at offset `field`, its NULL flag in the byte at offset `nulls`) of n rows by their addresses, 0 giving
 * NULL; row k goes to position sel[k] (k when sel is 0) of `out`. Returns how many are NULL.
 */
export function row_gather_8(rows: usize, n: usize, field: usize, nulls: usize, bit: u32, sel: usize, out: usize): usize {
  return gather<u8>(rows, n, field, nulls, bit, sel, out);
}
export function row_gather_16(rows: usize, n: usize, field: usize, nulls: usize, bit: u32, sel: usize, out: usize): usize {
  return gather<u16>(rows, n, field, nulls, bit, sel, out);
}
export function row_gather_32(rows: usize, n: usize, field: usize, nulls: usize, bit: u32, sel: usize, out: usize): usize {
  return gather<u32>(rows, n, field, nulls, bit, sel, out);
}
export function row_gather_64(rows: usize, n: usize, field: usize, nulls: usize, bit: u32, sel: usize, out: usize): usize {
  return gather<u64>(rows, n, field, nulls, bit, sel, out);
}
export function row_gather_128(rows: usize, n: usize, field: usize, nulls: usize, bit: u32, sel: usize, out: usize): usize {
  check(rows, n << 2);
  checkOptional(sel, n << 1);
  let missing: usize = 0;
  for (let k: usize = 0; k < n; k++) {
    const row = <usize>load<u32>(rows + (k << 2));
    const to = out + (at(sel, k) << 4);
    if (row == 0 || isNullAt(row, nulls, bit)) {
      v128.store(to, i64x2.splat(0));
      missing++;
    } else copy16(to, row + field);
  }
  return missing;
}
/** Refs to the texts where they lie: in the rows or in their heap. */
export function row_gather_text(rows: usize, n: usize, field: usize, nulls: usize, bit: u32, sel: usize, out: usize): usize {
  check(rows, n << 2);
  checkOptional(sel, n << 1);
  let missing: usize = 0;
  for (let k: usize = 0; k < n; k++) {
    const row = <usize>load<u32>(rows + (k << 2));
    const to = out + (at(sel, k) << 3);
    if (row == 0) {
      store<u64>(to, 0);
      missing++;
    } else {
      const text = row + field;
      storeRef(to, textAddress(text), textLength(text));
      missing += <usize>isNullAt(row, nulls, bit);
    }
  }
  return missing;
}

/** The bitmap that belongs to gathered values. */
export function row_gather_validity(rows: usize, n: usize, nulls: usize, bit: u32, sel: usize, out: usize): void {
  check(rows, n << 2);
  for (let k: usize = 0; k < n; k++) {
    const row = <usize>load<u32>(rows + (k << 2));
    if (row == 0 || isNullAt(row, nulls, bit)) clearBit(out, at(sel, k));
    else setBit(out, at(sel, k));
  }
}

// Nested fields are {description u32, position u32}: a value of a vector that is kept elsewhere (see stored-vector.ts).
// A description is u32 words {form, length, data, validity, children …}; stored vectors are flat (0) or constant (1).

// @ts-ignore: decorator
@inline function positionIn(description: usize, position: u32): usize {
  return load<u32>(description) == 1 ? 0 : <usize>position;
}

/** Reads nested fields of rows: n {description, position} pairs, {0, 0} for NULL. Returns how many are NULL. */
export function row_gather_nested(rows: usize, n: usize, field: usize, nulls: usize, bit: u32, sel: usize, out: usize): usize {
  check(rows, n << 2);
  let missing: usize = 0;
  for (let k: usize = 0; k < n; k++) {
    const row = <usize>load<u32>(rows + (k << 2));
    const isNull = row == 0 || isNullAt(row, nulls, bit);
    store<u64>(out + (at(sel, k) << 3), isNull ? 0 : load<u64>(row + field));
    missing += <usize>isNull;
  }
  return missing;
}

/** Writes pairs {description, 0 …} into a field of n consecutive rows, numbered from 0. */
export function row_pack_nested(description: u32, n: usize, field: usize, stride: usize): void {
  for (let j: usize = 0; j < n; j++) {
    store<u64>(field, (<u64>j << 32) | <u64>description);
    field += stride;
  }
}

/** The bitmap of the values that n pairs name. Returns how many are NULL. */
export function pair_validity(pairs: usize, n: usize, out: usize): usize {
  check(pairs, n << 3);
  let missing: usize = 0;
  for (let k: usize = 0; k < n; k++) {
    const description = <usize>load<u32>(pairs + (k << 3));
    if (description != 0 && isValid(<usize>load<u32>(description, 12), positionIn(description, load<u32>(pairs + (k << 3), 4)))) setBit(out, k);
    else {
      clearBit(out, k);
      missing++;
    }
  }
  return missing;
}

/** The values of `width` bytes that n pairs name; zeros where there is none. */
export function pair_values(pairs: usize, n: usize, width: usize, out: usize): void {
  check(pairs, n << 3);
  check(out, n * width);
  for (let k: usize = 0; k < n; k++) {
    const description = <usize>load<u32>(pairs + (k << 3));
    const to = out + k * width;
    if (description == 0) memory.fill(to, 0, width);
    else memory.copy(to, <usize>load<u32>(description, 8) + positionIn(description, load<u32>(pairs + (k << 3), 4)) * width, width);
  }
}

/** Turns pairs that name structs into pairs that name the struct's child number `child`. */
export function pair_fields(pairs: usize, n: usize, child: usize, out: usize): void {
  check(pairs, n << 3);
  check(out, n << 3);
  for (let k: usize = 0; k < n; k++) {
    const description = <usize>load<u32>(pairs + (k << 3));
    if (description == 0) {
      store<u64>(out + (k << 3), 0);
      continue;
    }
    store<u32>(out + (k << 3), load<u32>(description + 16 + (child << 2)));
    store<u32>(out + (k << 3), <u32>positionIn(description, load<u32>(pairs + (k << 3), 4)), 4);
  }
}

/**
 * For n pairs that name lists: rewrites their offsets (in `lists`, as `pair_values` read them) to be consecutive and
 * writes the pairs of their elements. `validity` is theirs.
 */
export function pair_elements(pairs: usize, n: usize, lists: usize, validity: usize, out: usize): void {
  let k: u32 = 0;
  for (let i: usize = 0; i < n; i++) {
    const list = lists + (i << 3);
    const from = load<u32>(list);
    const length = isValid(validity, i) ? load<u32>(list, 4) : 0;
    store<u32>(list, k);
    store<u32>(list, length, 4);
    if (length == 0) continue;
    const child = <u64>load<u32>(<usize>load<u32>(pairs + (i << 3)), 16);
    for (let e: u32 = 0; e < length; e++) store<u64>(out + (<usize>(k + e) << 3), (<u64>(from + e) << 32) | child);
    k += length;
  }
}

/**
 * The packed keys {hash, key words} that differ from the one before; the first is compared to `previous` (0: it
 * differs). `out` takes n + 1 u16. Returns how many.
 */
export function row_changes(packed: usize, texts: usize, words: usize, n: usize, previous: usize, out: usize): usize {
  check(out, (n + 1) << 1);
  let k = out;
  for (let j: usize = 0; j < n; j++) {
    store<u16>(k, <u16>j);
    k += <usize>(previous == 0 || !equalKeys(previous + 8, packed + 8, texts, words)) << 1;
    previous = packed;
    packed += 8 + (words << 3);
  }
  return (k - out) >> 1;
}
