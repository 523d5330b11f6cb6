// Sort keys as bytes whose bytewise order is the rows' order.
import { refAddress, refLength } from './bytes';
import { at, check, checkOptional, isValid } from './memory';
import { orderedF32, orderedF64 } from './nested';

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
