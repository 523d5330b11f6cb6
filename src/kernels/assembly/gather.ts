// Copies values by index (joins, sorts, compaction), by code (dictionaries) and repeated (constants).
// Index 0xffffffff means "no row": it reads as zeros and NULL.
import { at, check, checkOptional, clearBit, copy16, isValid, setBit } from './memory';

const NONE: u32 = 0xffffffff;

// @ts-ignore: decorator
@inline function gather<T>(from: usize, indexes: usize, n: usize, out: usize): void {
  check(indexes, n << 2);
  check(out, n * sizeof<T>());
  for (let i: usize = 0; i < n; i++) {
    const k = load<u32>(indexes + (i << 2));
    store<T>(out + i * sizeof<T>(), k == NONE ? <T>0 : load<T>(from + <usize>k * sizeof<T>()));
  }
}

/** out[i] = from[indexes[i]], values of 1 byte. */
export function gather_8(from: usize, indexes: usize, n: usize, out: usize): void {
  gather<u8>(from, indexes, n, out);
}
export function gather_16(from: usize, indexes: usize, n: usize, out: usize): void {
  gather<u16>(from, indexes, n, out);
}
export function gather_32(from: usize, indexes: usize, n: usize, out: usize): void {
  gather<u32>(from, indexes, n, out);
}
export function gather_64(from: usize, indexes: usize, n: usize, out: usize): void {
  gather<u64>(from, indexes, n, out);
}
export function gather_128(from: usize, indexes: usize, n: usize, out: usize): void {
  check(indexes, n << 2);
  check(out, n << 4);
  for (let i: usize = 0; i < n; i++) {
    const k = load<u32>(indexes + (i << 2));
    if (k == NONE) v128.store(out + (i << 4), i64x2.splat(0));
    else copy16(out + (i << 4), from + ((<usize>k) << 4));
  }
}

// @ts-ignore: decorator
@inline function compact<T>(from: usize, sel: usize, n: usize, out: usize): void {
  check(sel, n << 1);
  check(out, n * sizeof<T>());
  for (let j: usize = 0; j < n; j++) {
    store<T>(out + j * sizeof<T>(), load<T>(from + <usize>load<u16>(sel + (j << 1)) * sizeof<T>()));
  }
}

/** out[j] = from[sel[j]]: the values at some positions one behind the other, of 1 byte. */
export function compact_8(from: usize, sel: usize, n: usize, out: usize): void {
  compact<u8>(from, sel, n, out);
}
export function compact_16(from: usize, sel: usize, n: usize, out: usize): void {
  compact<u16>(from, sel, n, out);
}
export function compact_32(from: usize, sel: usize, n: usize, out: usize): void {
  compact<u32>(from, sel, n, out);
}
export function compact_64(from: usize, sel: usize, n: usize, out: usize): void {
  compact<u64>(from, sel, n, out);
}
export function compact_128(from: usize, sel: usize, n: usize, out: usize): void {
  check(sel, n << 1);
  check(out, n << 4);
  for (let j: usize = 0; j < n; j++) copy16(out + (j << 4), from + (<usize>load<u16>(sel + (j << 1)) << 4));
}

/** Bit i of `out` = bit indexes[i] of `bitmap` (all ones when 0), 0 for "no row". Returns how many are 0. */
export function gather_bits(bitmap: usize, indexes: usize, n: usize, out: usize): usize {
  check(indexes, n << 2);
  check(out, (n + 7) >> 3);
  let zeros: usize = 0;
  for (let i: usize = 0; i < n; i += 8) {
    let byte: u32 = 0;
    const end = min<usize>(8, n - i);
    for (let b: usize = 0; b < end; b++) {
      const k = load<u32>(indexes + ((i + b) << 2));
      const valid: bool = k != NONE && isValid(bitmap, <usize>k);
      byte |= (<u32>valid) << (<u32>b);
      zeros += <usize>!valid;
    }
    store<u8>(out + (i >> 3), <u8>byte);
  }
  return zeros;
}

/** How many of the indexes are "no row". */
export function count_none(indexes: usize, n: usize): usize {
  check(indexes, n << 2);
  let k: usize = 0;
  for (let i: usize = 0; i < n; i++) k += <usize>(load<u32>(indexes + (i << 2)) == NONE);
  return k;
}

/** A selection (0 … n when 0) as u32 indexes. */
export function indexes_of(sel: usize, n: usize, out: usize): void {
  checkOptional(sel, n << 1);
  check(out, n << 2);
  for (let j: usize = 0; j < n; j++) store<u32>(out + (j << 2), <u32>at(sel, j));
}

// @ts-ignore: decorator
@inline function decode<T>(dictionary: usize, codes: usize, sel: usize, n: usize, out: usize): void {
  if (n == 0) return;
  checkOptional(sel, n << 1);
  if (sel == 0) {
    check(codes, n << 2);
    check(out, n * sizeof<T>());
    for (let i: usize = 0; i < n; i++) {
      store<T>(out + i * sizeof<T>(), load<T>(dictionary + <usize>load<u32>(codes + (i << 2)) * sizeof<T>()));
    }
  } else {
    for (let j: usize = 0; j < n; j++) {
      const i = <usize>load<u16>(sel + (j << 1));
      store<T>(out + i * sizeof<T>(), load<T>(dictionary + <usize>load<u32>(codes + (i << 2)) * sizeof<T>()));
    }
  }
}

/** out[i] = codes[i] where the row i is valid, else 0: what stands at a NULL need not be a code of any dictionary. */
export function codes_of_valid(validity: usize, codes: usize, sel: usize, n: usize, out: usize): void {
  checkOptional(sel, n << 1);
  for (let j: usize = 0; j < n; j++) {
    const i = at(sel, j);
    store<u32>(out + (i << 2), isValid(validity, i) ? load<u32>(codes + (i << 2)) : 0);
  }
}

/** out[i] = dictionary[codes[i]] for the rows i, values of 1 byte. */
export function decode_8(dictionary: usize, codes: usize, sel: usize, n: usize, out: usize): void {
  decode<u8>(dictionary, codes, sel, n, out);
}
export function decode_16(dictionary: usize, codes: usize, sel: usize, n: usize, out: usize): void {
  decode<u16>(dictionary, codes, sel, n, out);
}
export function decode_32(dictionary: usize, codes: usize, sel: usize, n: usize, out: usize): void {
  decode<u32>(dictionary, codes, sel, n, out);
}
export function decode_64(dictionary: usize, codes: usize, sel: usize, n: usize, out: usize): void {
  decode<u64>(dictionary, codes, sel, n, out);
}
export function decode_128(dictionary: usize, codes: usize, sel: usize, n: usize, out: usize): void {
  checkOptional(sel, n << 1);
  for (let j: usize = 0; j < n; j++) {
    const i = at(sel, j);
    copy16(out + (i << 4), dictionary + ((<usize>load<u32>(codes + (i << 2))) << 4));
  }
}

/**
 * The validity of the rows of a dictionary vector: bit i of `validity` and bit codes[i] of `dictionary` (either may
 * be 0: all ones). Returns how many rows are NULL.
 */
export function decode_bits(validity: usize, dictionary: usize, codes: usize, sel: usize, n: usize, out: usize): usize {
  checkOptional(sel, n << 1);
  let nulls: usize = 0;
  for (let j: usize = 0; j < n; j++) {
    const i = at(sel, j);
    // Codes of NULL rows are arbitrary.
    if (isValid(validity, i) && isValid(dictionary, <usize>load<u32>(codes + (i << 2)))) setBit(out, i);
    else {
      clearBit(out, i);
      nulls++;
    }
  }
  return nulls;
}

// @ts-ignore: decorator
@inline function fill<T>(value: T, n: usize, out: usize): void {
  check(out, n * sizeof<T>());
  for (let i: usize = 0; i < n; i++) store<T>(out + i * sizeof<T>(), value);
}

/** out[0 … n) = the value at `from`, of 1 byte. */
export function fill_8(from: usize, n: usize, out: usize): void {
  check(out, n);
  memory.fill(out, load<u8>(from), n);
}
export function fill_16(from: usize, n: usize, out: usize): void {
  fill<u16>(load<u16>(from), n, out);
}
export function fill_32(from: usize, n: usize, out: usize): void {
  fill<u32>(load<u32>(from), n, out);
}
export function fill_64(from: usize, n: usize, out: usize): void {
  fill<u64>(load<u64>(from), n, out);
}
export function fill_128(from: usize, n: usize, out: usize): void {
  check(out, n << 4);
  const value = v128.load(from);
  for (let i: usize = 0; i < n; i++) v128.store(out + (i << 4), value);
}

// @ts-ignore: decorator
@inline function blend<T>(from: usize, mask: usize, sel: usize, n: usize, out: usize): void {
  checkOptional(sel, n << 1);
  for (let j: usize = 0; j < n; j++) {
    const i = at(sel, j);
    store<T>(out + i * sizeof<T>(), load<T>(from + (i & mask) * sizeof<T>()));
  }
}

/** out[i] = from[i & mask] for the rows i, values of 1 byte: puts the branches of a CASE together. */
export function blend_8(from: usize, mask: usize, sel: usize, n: usize, out: usize): void {
  blend<u8>(from, mask, sel, n, out);
}
export function blend_16(from: usize, mask: usize, sel: usize, n: usize, out: usize): void {
  blend<u16>(from, mask, sel, n, out);
}
export function blend_32(from: usize, mask: usize, sel: usize, n: usize, out: usize): void {
  blend<u32>(from, mask, sel, n, out);
}
export function blend_64(from: usize, mask: usize, sel: usize, n: usize, out: usize): void {
  blend<u64>(from, mask, sel, n, out);
}
export function blend_128(from: usize, mask: usize, sel: usize, n: usize, out: usize): void {
  checkOptional(sel, n << 1);
  for (let j: usize = 0; j < n; j++) {
    const i = at(sel, j);
    copy16(out + (i << 4), from + ((i & mask) << 4));
  }
}

/** Bit i of `out` = bit i & mask of `bitmap` (1 when 0) for the rows i. Returns how many are 0. */
export function blend_bits(bitmap: usize, mask: usize, sel: usize, n: usize, out: usize): usize {
  checkOptional(sel, n << 1);
  let zeros: usize = 0;
  for (let j: usize = 0; j < n; j++) {
    const i = at(sel, j);
    if (isValid(bitmap, i & mask)) setBit(out, i);
    else {
      clearBit(out, i);
      zeros++;
    }
  }
  return zeros;
}
