// Values of Parquet pages: dictionaries, strings, spreading over NULLs, delta encodings, split streams.
// Sources need 32 bytes of readable slack behind their end, results 64 bytes of writable slack.
import { check, copy16, isValid } from './memory';
import { copyLiteral } from './snappy';

// @ts-ignore: decorator
@inline function lookUp<T>(codes: usize, n: usize, dictionary: usize, out: usize): void {
  for (let i: usize = 0; i < n; i++) {
    store<T>(out + i * sizeof<T>(), load<T>(dictionary + <usize>load<u32>(codes + (i << 2)) * sizeof<T>()));
  }
}

/** out[i] = dictionary[codes[i]], values of 1, 2, 4, 8 or 16 bytes. The codes are known to lie in the dictionary. */
export function dictionary_values(codes: usize, n: usize, dictionary: usize, width: u32, out: usize): void {
  check(codes, n << 2);
  check(out, n * <usize>width);
  if (width == 8) lookUp<u64>(codes, n, dictionary, out);
  else if (width == 4) lookUp<u32>(codes, n, dictionary, out);
  else if (width == 1) lookUp<u8>(codes, n, dictionary, out);
  else if (width == 2) lookUp<u16>(codes, n, dictionary, out);
  else {
    for (let i: usize = 0; i < n; i++) copy16(out + (i << 4), dictionary + (<usize>load<u32>(codes + (i << 2)) << 4));
  }
}

// @ts-ignore: decorator
@inline function pick<T>(codes: usize, sel: usize, k: usize, validity: usize, dictionary: usize, out: usize): void {
  for (let j: usize = 0; j < k; j++) {
    const i = <usize>load<u16>(sel + (j << 1));
    const value = load<T>(dictionary + <usize>load<u32>(codes + (i << 2)) * sizeof<T>());
    store<T>(out + i * sizeof<T>(), validity == 0 || isValid(validity, i) ? value : <T>0);
  }
}

/**
 * The same at the rows sel[0 … k) only; NULLs (by row in `validity`, which may be 0) become 0. Their codes count as well:
 * the dictionary is not empty.
 */
export function dictionary_pick(
  codes: usize, sel: usize, k: usize, validity: usize, dictionary: usize, width: u32, out: usize,
): void {
  check(sel, k << 1);
  if (width == 8) pick<u64>(codes, sel, k, validity, dictionary, out);
  else if (width == 4) pick<u32>(codes, sel, k, validity, dictionary, out);
  else if (width == 1) pick<u8>(codes, sel, k, validity, dictionary, out);
  else if (width == 2) pick<u16>(codes, sel, k, validity, dictionary, out);
  else {
    for (let j: usize = 0; j < k; j++) {
      const i = <usize>load<u16>(sel + (j << 1));
      const value = v128.load(dictionary + (<usize>load<u32>(codes + (i << 2)) << 4));
      v128.store(out + (i << 4), validity == 0 || isValid(validity, i) ? value : i64x2.splat(0));
    }
  }
}

/** Copies 8 values; the ranges may overlap. */
// @ts-ignore: decorator
@inline function copy8<T>(to: usize, from: usize): void {
  if (sizeof<T>() == 8) {
    const a = v128.load(from);
    const b = v128.load(from, 16);
    const c = v128.load(from, 32);
    const d = v128.load(from, 48);
    v128.store(to, a);
    v128.store(to, b, 16);
    v128.store(to, c, 32);
    v128.store(to, d, 48);
  } else if (sizeof<T>() == 4) {
    const a = v128.load(from);
    const b = v128.load(from, 16);
    v128.store(to, a);
    v128.store(to, b, 16);
  } else if (sizeof<T>() == 2) v128.store(to, v128.load(from));
  else store<u64>(to, load<u64>(from));
}

// For each pattern of bits of as many positions as a vector has lanes: which bytes of the next values go where, 128 for 0.
const LANES_OF_4: usize = memory.data<u8>([
  128, 128, 128, 128, 128, 128, 128, 128, 128, 128, 128, 128, 128, 128, 128, 128,
  0, 1, 2, 3, 128, 128, 128, 128, 128, 128, 128, 128, 128, 128, 128, 128,
  128, 128, 128, 128, 0, 1, 2, 3, 128, 128, 128, 128, 128, 128, 128, 128,
  0, 1, 2, 3, 4, 5, 6, 7, 128, 128, 128, 128, 128, 128, 128, 128,
  128, 128, 128, 128, 128, 128, 128, 128, 0, 1, 2, 3, 128, 128, 128, 128,
  0, 1, 2, 3, 128, 128, 128, 128, 4, 5, 6, 7, 128, 128, 128, 128,
  128, 128, 128, 128, 0, 1, 2, 3, 4, 5, 6, 7, 128, 128, 128, 128,
  0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 128, 128, 128, 128,
  128, 128, 128, 128, 128, 128, 128, 128, 128, 128, 128, 128, 0, 1, 2, 3,
  0, 1, 2, 3, 128, 128, 128, 128, 128, 128, 128, 128, 4, 5, 6, 7,
  128, 128, 128, 128, 0, 1, 2, 3, 128, 128, 128, 128, 4, 5, 6, 7,
  0, 1, 2, 3, 4, 5, 6, 7, 128, 128, 128, 128, 8, 9, 10, 11,
  128, 128, 128, 128, 128, 128, 128, 128, 0, 1, 2, 3, 4, 5, 6, 7,
  0, 1, 2, 3, 128, 128, 128, 128, 4, 5, 6, 7, 8, 9, 10, 11,
  128, 128, 128, 128, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11,
  0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15,
]);
const LANES_OF_8: usize = memory.data<u8>([
  128, 128, 128, 128, 128, 128, 128, 128, 128, 128, 128, 128, 128, 128, 128, 128,
  0, 1, 2, 3, 4, 5, 6, 7, 128, 128, 128, 128, 128, 128, 128, 128,
  128, 128, 128, 128, 128, 128, 128, 128, 0, 1, 2, 3, 4, 5, 6, 7,
  0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15,
]);

// @ts-ignore: decorator
@inline function spreadBack<T>(data: usize, bitmap: usize, from: usize, n: usize, valid: usize): void {
  let i = n;
  let j = valid;
  // Once as many values as positions are left, all of them stand where they belong.
  while (i > j && j > 0) {
    const bit = from + i - 1;
    const byte = <u32>load<u8>(bitmap + (bit >> 3));
    if ((bit & 7) == 7 && byte == 0xff && j >= 8) {
      i -= 8;
      j -= 8;
      copy8<T>(data + i * sizeof<T>(), data + j * sizeof<T>());
      continue;
    }
    if (sizeof<T>() >= 4 && (bit & 7) == 7 && i >= 8 && j >= 8) {
      // What is written lies behind all values that are still to be read: there are no more of them than positions.
      const lanes: usize = 16 / sizeof<T>();
      const table = sizeof<T>() == 4 ? LANES_OF_4 : LANES_OF_8;
      for (let at: u32 = 8; at > 0; ) {
        at -= <u32>lanes;
        const mask = (byte >> at) & ((<u32>1 << <u32>lanes) - 1);
        i -= lanes;
        j -= <usize>popcnt<u32>(mask);
        const lane = v128.load(table + (<usize>mask << 4));
        v128.store(data + i * sizeof<T>(), i8x16.swizzle(v128.load(data + j * sizeof<T>()), lane));
      }
      continue;
    }
    // No branch on the bit: where NULLs are, they are not foreseeable.
    const set = <usize>((byte >> (<u32>bit & 7)) & 1);
    const value = load<T>(data + (j - 1) * sizeof<T>());
    i--;
    store<T>(data + i * sizeof<T>(), set != 0 ? value : <T>0);
    j -= set;
  }
  if (i > j) memory.fill(data, 0, i * sizeof<T>());
}

/** Moves the first `valid` of `n` values to the positions whose bits (from bit `from`) are 1, in place; the others become 0. */
export function spread_values(data: usize, bitmap: usize, from: usize, n: usize, valid: usize, width: u32): void {
  check(data, n * <usize>width);
  check(bitmap, (from + n + 7) >> 3);
  if (width == 8) spreadBack<u64>(data, bitmap, from, n, valid);
  else if (width == 4) spreadBack<u32>(data, bitmap, from, n, valid);
  else if (width == 1) spreadBack<u8>(data, bitmap, from, n, valid);
  else if (width == 2) spreadBack<u16>(data, bitmap, from, n, valid);
  else {
    let j = valid;
    for (let i = n; i > j; ) {
      i--;
      const bit = from + i;
      if ((<u32>load<u8>(bitmap + (bit >> 3)) >> (<u32>bit & 7)) & 1) {
        if (j == 0) return;
        j--;
        copy16(data + (i << 4), data + (j << 4));
      } else v128.store(data + (i << 4), i64x2.splat(0));
    }
  }
}

/** References {address, length} to `n` byte arrays, each behind its length, in [src, end). Returns 0, or -1 when damaged. */
export function plain_refs(src: usize, end: usize, n: usize, out: usize): i32 {
  check(src, end - src);
  check(out, n << 3);
  let p = src;
  for (let i: usize = 0; i < n; i++) {
    if (end - p < 4) return -1;
    const length = <usize>load<u32>(p);
    p += 4;
    if (length > end - p) return -1;
    store<u64>(out + (i << 3), (<u64>length << 32) | <u64>p);
    p += length;
  }
  return 0;
}

/** The bytes behind `n` references side by side, `width` each. Returns 0, or -1 when one has another length. */
export function refs_to_fixed(refs: usize, n: usize, width: usize, out: usize): i32 {
  check(refs, n << 3);
  check(out, n * width);
  for (let i: usize = 0; i < n; i++) {
    if (<usize>load<u32>(refs + (i << 3), 4) != width) return -1;
    memory.copy(out + i * width, <usize>load<u32>(refs + (i << 3)), width);
  }
  return 0;
}

/** References to `n` values of `width` bytes side by side. */
export function fixed_to_refs(src: usize, n: usize, width: usize, out: usize): void {
  check(out, n << 3);
  for (let i: usize = 0; i < n; i++) store<u64>(out + (i << 3), (<u64>width << 32) | <u64>(src + i * width));
}

/** BYTE_STREAM_SPLIT: byte k of value i is at src[k × n + i]. */
export function split_streams(src: usize, n: usize, width: usize, out: usize): void {
  check(src, n * width);
  check(out, n * width);
  for (let k: usize = 0; k < width; k++) {
    const stream = src + k * n;
    for (let i: usize = 0; i < n; i++) store<u8>(out + i * width + k, load<u8>(stream + i));
  }
}

// Where a varint ends, or 0; its value goes to `to` as u64. Addresses are never 0.
function varint(p: usize, end: usize, to: usize): usize {
  let value: u64 = 0;
  let shift: u64 = 0;
  let byte: u64 = 0;
  do {
    if (p >= end || shift > 63) return 0;
    byte = <u64>load<u8>(p++);
    value |= (byte & 127) << shift;
    shift += 7;
  } while (byte > 127);
  store<u64>(to, value);
  return p;
}

// @ts-ignore: decorator
@inline function zigzag(value: u64): i64 {
  return <i64>(value >> 1) ^ -<i64>(value & 1);
}

// @ts-ignore: decorator
@inline function bitsAt(p: usize, bit: usize, width: u64): u64 {
  const from = p + (bit >> 3);
  const shift = <u64>(bit & 7);
  let value = load<u64>(from) >> shift;
  if (shift + width > 64) value |= <u64>load<u8>(from + 8) << (64 - shift);
  return width == 64 ? value : value & ((<u64>1 << width) - 1);
}

/**
 * DELTA_BINARY_PACKED: `n` integers of `width` 4 or 8 bytes. `scratch`: 8 bytes.
 * Returns the address behind the data, or 0 when it is damaged or has another count.
 */
export function delta_integers(src: usize, end: usize, n: usize, width: u32, scratch: usize, out: usize): usize {
  check(src, end - src);
  check(out, n * <usize>width);
  check(scratch, 8);
  let p = varint(src, end, scratch);
  if (p == 0) return 0;
  const blockSize = load<u64>(scratch);
  p = varint(p, end, scratch);
  if (p == 0) return 0;
  const miniblocks = load<u64>(scratch);
  p = varint(p, end, scratch);
  if (p == 0 || load<u64>(scratch) != <u64>n) return 0;
  p = varint(p, end, scratch);
  if (p == 0) return 0;
  let value = zigzag(load<u64>(scratch));
  if (blockSize == 0 || blockSize > 0x1000000 || miniblocks == 0 || miniblocks > blockSize) return 0;
  const perMiniblock = <usize>(blockSize / miniblocks);
  if (perMiniblock & 7) return 0;
  if (n == 0) return p;
  if (width == 8) store<i64>(out, value);
  else store<i32>(out, <i32>value);
  let i: usize = 1;
  while (i < n) {
    p = varint(p, end, scratch);
    if (p == 0) return 0;
    const least = zigzag(load<u64>(scratch));
    const widths = p;
    if (miniblocks > <u64>(end - p)) return 0;
    p += <usize>miniblocks;
    for (let m: usize = 0; m < <usize>miniblocks && i < n; m++) {
      const bits = <usize>load<u8>(widths + m);
      if (bits > 64) return 0;
      const count = min(perMiniblock, n - i);
      if ((<u64>count * bits + 7) >> 3 > <u64>(end - p)) return 0;
      for (let k: usize = 0; k < count; k++) {
        value += least + (bits == 0 ? 0 : <i64>bitsAt(p, k * bits, bits));
        if (width == 8) store<i64>(out + (i << 3), value);
        else store<i32>(out + (i << 2), <i32>value);
        i++;
      }
      // The last miniblock may lack its padding.
      p += <usize>min<u64>(<u64>perMiniblock * bits >> 3, <u64>(end - p));
    }
  }
  return p;
}

/** DELTA_LENGTH_BYTE_ARRAY: references to `n` byte arrays. `scratch`: 8 bytes. Returns 0, or -1 when damaged. */
export function delta_length_refs(src: usize, end: usize, n: usize, scratch: usize, out: usize): i32 {
  check(out, n << 3);
  // Lengths lie in the upper half of `out`, each read before a reference overwrites it.
  const lengths = out + (n << 2);
  let p = delta_integers(src, end, n, 4, scratch, lengths);
  if (p == 0) return -1;
  for (let i: usize = 0; i < n; i++) {
    const length = <usize>load<u32>(lengths + (i << 2));
    if (length > end - p) return -1;
    store<u64>(out + (i << 3), (<u64>length << 32) | <u64>p);
    p += length;
  }
  return 0;
}

/**
 * DELTA_BYTE_ARRAY, first pass: prefix lengths go to `prefixes` (n × 4 bytes), references to the suffixes to `out`.
 * `scratch`: 8 bytes. Returns the bytes of all values together, or -1 when damaged (or beyond 1 GiB).
 */
export function delta_prefix_sizes(src: usize, end: usize, n: usize, scratch: usize, prefixes: usize, out: usize): i32 {
  check(prefixes, n << 2);
  const suffixes = delta_integers(src, end, n, 4, scratch, prefixes);
  if (suffixes == 0 || delta_length_refs(suffixes, end, n, scratch, out) != 0) return -1;
  let total: u64 = 0;
  let before: u32 = 0;
  for (let i: usize = 0; i < n; i++) {
    const prefix = load<u32>(prefixes + (i << 2));
    if (prefix > before) return -1;
    const length = <u64>prefix + load<u32>(out + (i << 3), 4);
    total += length;
    if (total > 0x40000000) return -1;
    before = <u32>length;
  }
  return <i32>total;
}

/** DELTA_BYTE_ARRAY, second pass: builds the values at `bytes` and makes the references of `out` point to them. */
export function delta_prefix_build(n: usize, prefixes: usize, out: usize, bytes: usize): void {
  check(prefixes, n << 2);
  check(out, n << 3);
  let to = bytes;
  let before = bytes;
  for (let i: usize = 0; i < n; i++) {
    const prefix = <usize>load<u32>(prefixes + (i << 2));
    const ref = out + (i << 3);
    const suffix = <usize>load<u32>(ref, 4);
    if (prefix > 0) copyLiteral(to, before, prefix);
    if (suffix > 0) copyLiteral(to + prefix, <usize>load<u32>(ref), suffix);
    store<u64>(ref, (<u64>(prefix + suffix) << 32) | <u64>to);
    before = to;
    to += prefix + suffix;
  }
}
