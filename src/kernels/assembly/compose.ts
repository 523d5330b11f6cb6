// Text functions that write new bytes: the host allocates `bytes` of the size that a first kernel told.
// NULL positions hold arbitrary refs: rows are those that are valid.
import { copyBytes, findBytes, refAddress, refLength, storeRef } from './bytes';
import { at, check, checkOptional, isValid } from './memory';

/**
 * Lower (upper = 0) or upper case of ASCII letters, into `bytes` (`total_bytes` of room). Positions of texts with other
 * characters are listed in `others` (u16, room for n), whose case the host knows. @returns how many those are
 */
export function case_ascii(upper: i32, a: usize, am: usize, sel: usize, n: usize, out: usize, bytes: usize, others: usize): usize {
  checkOptional(sel, n << 1);
  check(others, n << 1);
  const first: u8 = upper ? 0x61 : 0x41;
  const first16 = i8x16.splat(first);
  const letters = i8x16.splat(26);
  const bit = i8x16.splat(0x20);
  let next = others;
  for (let j: usize = 0; j < n; j++) {
    const i = at(sel, j);
    const ref = a + ((i & am) << 3);
    const p = refAddress(ref);
    const length = refLength(ref);
    let high: i32 = 0;
    let k: usize = 0;
    for (; k + 16 <= length; k += 16) {
      const v = v128.load(p + k);
      high |= i8x16.bitmask(v);
      const isLetter = i8x16.lt_u(i8x16.sub(v, first16), letters);
      v128.store(bytes + k, v128.xor(v, v128.and(isLetter, bit)));
    }
    for (; k < length; k++) {
      const c = load<u8>(p + k);
      high |= <i32>c & 0x80;
      store<u8>(bytes + k, c ^ (<u8>(c - first < 26) << 5));
    }
    storeRef(out + (i << 3), bytes, length);
    bytes += length;
    if (high != 0) {
      store<u16>(next, <u16>i);
      next += 2;
    }
  }
  return (next - others) >> 1;
}

// An operand of concat_*: {data u32, mask u32, validity u32} of refs.

/** Bytes of all results of `concat_write`. @param separator an operand to put between texts that are not NULL, or 0 */
export function concat_bytes(operands: usize, count: usize, separator: usize, sel: usize, n: usize): u64 {
  check(operands, count * 12);
  checkOptional(sel, n << 1);
  let total: u64 = 0;
  for (let j: usize = 0; j < n; j++) {
    const i = at(sel, j);
    let texts: u64 = 0;
    for (let k: usize = 0; k < count; k++) {
      const ref = operandRef(operands + k * 12, i);
      if (ref == 0) continue;
      texts++;
      total += <u64>refLength(ref);
    }
    if (separator != 0 && texts > 1) total += (texts - 1) * <u64>refLength(operandRef(separator, i));
  }
  return total;
}

/** Joins the texts of each row that are not NULL. */
export function concat_write(operands: usize, count: usize, separator: usize, sel: usize, n: usize, out: usize, bytes: usize): void {
  for (let j: usize = 0; j < n; j++) {
    const i = at(sel, j);
    const from = bytes;
    let isFirst = true;
    for (let k: usize = 0; k < count; k++) {
      const ref = operandRef(operands + k * 12, i);
      if (ref == 0) continue;
      if (separator != 0 && !isFirst) bytes = append(bytes, operandRef(separator, i));
      isFirst = false;
      bytes = append(bytes, ref);
    }
    storeRef(out + (i << 3), from, bytes - from);
  }
}

/** The ref of position i of an operand; 0 when it is NULL there. */
// @ts-ignore: decorator
@inline function operandRef(operand: usize, i: usize): usize {
  const at = i & <usize>load<u32>(operand, 4);
  return isValid(<usize>load<u32>(operand, 8), at) ? <usize>load<u32>(operand) + (at << 3) : 0;
}

// @ts-ignore: decorator
@inline function append(bytes: usize, ref: usize): usize {
  copyBytes(bytes, refAddress(ref), refLength(ref));
  return bytes + refLength(ref);
}

/** `replace(a, b, c)`; a text without `b` is handed on as it is. With `bytes` 0 nothing is written. @returns bytes needed */
export function replace_ref(a: usize, am: usize, b: usize, bm: usize, c: usize, cm: usize, sel: usize, n: usize, out: usize, bytes: usize): u64 {
  checkOptional(sel, n << 1);
  let total: u64 = 0;
  for (let j: usize = 0; j < n; j++) {
    const i = at(sel, j);
    const ref = a + ((i & am) << 3);
    const old = b + ((i & bm) << 3);
    const by = c + ((i & cm) << 3);
    const width = refLength(old);
    const end = refAddress(ref) + refLength(ref);
    let p = refAddress(ref);
    let found: isize = width == 0 ? -1 : findBytes(p, end - p, refAddress(old), width);
    if (found < 0) {
      if (bytes != 0) store<u64>(out + (i << 3), load<u64>(ref));
      continue;
    }
    const from = bytes + <usize>total;
    while (found >= 0) {
      if (bytes != 0) {
        copyBytes(bytes + <usize>total, p, found);
        copyBytes(bytes + <usize>total + found, refAddress(by), refLength(by));
      }
      total += <u64>found + <u64>refLength(by);
      p += <usize>found + width;
      found = findBytes(p, end - p, refAddress(old), width);
    }
    if (bytes != 0) {
      copyBytes(bytes + <usize>total, p, end - p);
      storeRef(out + (i << 3), from, bytes + <usize>total + (end - p) - from);
    }
    total += <u64>(end - p);
  }
  return total;
}
