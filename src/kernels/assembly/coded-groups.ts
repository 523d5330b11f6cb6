// Group keys whose columns are all dictionaries, or integers of a small range: the codes of a row make one number, and a
// table of row addresses by number spares hashing and comparing. NULLs of the columns' own bitmaps count as one more code.
import { at, check, checkOptional, denseEnd, isValid } from './memory';

/** numbers[i] = (first ? 0 : numbers[i] × size) + code, where a NULL has the code size - 1 when there is a bitmap. */
export function codes_combine(codes: usize, validity: usize, size: u32, sel: usize, n: usize, first: u32, numbers: usize): void {
  checkOptional(sel, n << 1);
  const dense = validity == 0 ? denseEnd(sel, n) : 0;
  if (dense != 0) {
    check(codes, dense << 2);
    check(numbers, dense << 2);
    if (first != 0) memory.copy(numbers, codes, dense << 2);
    else {
      const sizes = i32x4.splat(size);
      const end = numbers + (dense << 2);
      for (; numbers + 16 <= end; numbers += 16, codes += 16) {
        v128.store(numbers, i32x4.add(i32x4.mul(v128.load(numbers), sizes), v128.load(codes)));
      }
      for (; numbers < end; numbers += 4, codes += 4) store<u32>(numbers, load<u32>(numbers) * size + load<u32>(codes));
    }
    return;
  }
  const factor = first != 0 ? 0 : size;
  for (let j: usize = 0; j < n; j++) {
    const i = at(sel, j);
    const code = isValid(validity, i) ? load<u32>(codes + (i << 2)) : size - 1;
    const p = numbers + (i << 2);
    store<u32>(p, (factor != 0 ? load<u32>(p) * factor : 0) + code);
  }
}

// @ts-ignore: decorator
@inline function combine<T>(a: usize, mask: usize, validity: usize, base: T, size: u32, sel: usize, n: usize, first: u32, numbers: usize): void {
  const factor = first != 0 ? 0 : size;
  for (let j: usize = 0; j < n; j++) {
    const i = at(sel, j);
    const code = isValid(validity, i & mask) ? <u32>(<T>(load<T>(a + (i & mask) * sizeof<T>()) - base)) : size - 1;
    const p = numbers + (i << 2);
    store<u32>(p, (factor != 0 ? load<u32>(p) * factor : 0) + code);
  }
}

// @ts-ignore: decorator
@inline function combineWhere<T>(a: usize, mask: usize, validity: usize, base: usize, size: u32, sel: usize, n: usize, first: u32, numbers: usize): void {
  checkOptional(sel, n << 1);
  check(base, 8);
  const least = load<T>(base);
  if (sel == 0 && validity == 0 && mask != 0) {
    check(a, n * sizeof<T>());
    check(numbers, n << 2);
    return combine<T>(a, -1, 0, least, size, 0, n, first, numbers);
  }
  combine<T>(a, mask, validity, least, size, sel, n, first, numbers);
}

/** Like `codes_combine` for integers: a value's code is its distance from the u64 at `base`, which fits below size - 1. */
export function codes_combine_8(a: usize, mask: usize, validity: usize, base: usize, size: u32, sel: usize, n: usize, first: u32, numbers: usize): void {
  combineWhere<u8>(a, mask, validity, base, size, sel, n, first, numbers);
}
export function codes_combine_16(a: usize, mask: usize, validity: usize, base: usize, size: u32, sel: usize, n: usize, first: u32, numbers: usize): void {
  combineWhere<u16>(a, mask, validity, base, size, sel, n, first, numbers);
}
export function codes_combine_32(a: usize, mask: usize, validity: usize, base: usize, size: u32, sel: usize, n: usize, first: u32, numbers: usize): void {
  combineWhere<u32>(a, mask, validity, base, size, sel, n, first, numbers);
}
export function codes_combine_64(a: usize, mask: usize, validity: usize, base: usize, size: u32, sel: usize, n: usize, first: u32, numbers: usize): void {
  combineWhere<u64>(a, mask, validity, base, size, sel, n, first, numbers);
}

/** Of a number that has been asked for, until its row is remembered. */
const ASKED: u32 = 0xffffffff;

/**
 * out[i] = table[numbers[i]]; the first position of each number where that is 0 goes to `missing` (room for n + 1 u16).
 * Returns how many. Numbers that occur again have no row before it is remembered: look up once more afterwards.
 */
export function codes_look_up(numbers: usize, table: usize, sel: usize, n: usize, out: usize, missing: usize): usize {
  checkOptional(sel, n << 1);
  check(missing, (n + 1) << 1);
  let k = missing;
  for (let j: usize = 0; j < n; j++) {
    const i = at(sel, j);
    const entry = table + (<usize>load<u32>(numbers + (i << 2)) << 2);
    const row = load<u32>(entry);
    store<u32>(out + (i << 2), row);
    if (row == 0) {
      store<u16>(k, <u16>i);
      store<u32>(entry, ASKED);
      k += 2;
    }
  }
  return (k - missing) >> 1;
}

/** table[numbers[i]] = rows[i] at the positions `sel`. */
export function codes_remember(numbers: usize, rows: usize, sel: usize, n: usize, table: usize): void {
  check(sel, n << 1);
  for (let j: usize = 0; j < n; j++) {
    const i = at(sel, j);
    store<u32>(table + (<usize>load<u32>(numbers + (i << 2)) << 2), load<u32>(rows + (i << 2)));
  }
}
