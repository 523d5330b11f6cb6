// Validity bitmaps and selections.
import { at, check, checkOptional, clearBit, isValid } from './memory';

/** out = a AND b, `bytes` long rounded up to 16; out may be one of them. */
export function bitmap_and(a: usize, b: usize, bytes: usize, out: usize): void {
  const end = (bytes + 15) & ~15;
  check(out, end);
  for (let i: usize = 0; i < end; i += 16) v128.store(out + i, v128.and(v128.load(a + i), v128.load(b + i)));
}

/** Clears the bits from number `to` on of `bitmap` that are 0 among the first n of `validity`. */
export function bitmap_clear(validity: usize, n: usize, bitmap: usize, to: usize): void {
  check(validity, (n + 7) >> 3);
  for (let i: usize = 0; i < n; i += 8) {
    if (load<u8>(validity + (i >> 3)) == 255) continue;
    const end = min<usize>(n, i + 8);
    for (let j = i; j < end; j++) if (!isValid(validity, j)) clearBit(bitmap, to + j);
  }
}

/** Bits that are 1 among the first n. */
export function bitmap_count(bitmap: usize, n: usize): usize {
  if (n == 0) return 0;
  check(bitmap, (n + 7) >> 3);
  let count: usize = 0;
  let i: usize = 0;
  for (; i + 64 <= n; i += 64) count += <usize>popcnt<u64>(load<u64>(bitmap + (i >> 3)));
  for (; i < n; i++) count += <usize>isValid(bitmap, i);
  return count;
}

/** The rows whose bit is 1, as a selection; `out` takes n + 1 u16. Returns how many. */
export function select_valid(bitmap: usize, sel: usize, n: usize, out: usize): usize {
  return selectBit(bitmap, sel, n, out, 1);
}

/** The rows whose bit is 0, as a selection; `out` takes n + 1 u16. Returns how many. */
export function select_null(bitmap: usize, sel: usize, n: usize, out: usize): usize {
  return selectBit(bitmap, sel, n, out, 0);
}

function selectBit(bitmap: usize, sel: usize, n: usize, out: usize, wanted: u32): usize {
  checkOptional(sel, n << 1);
  check(out, (n + 1) << 1);
  let k = out;
  let j: usize = 0;
  if (sel == 0 && bitmap != 0) {
    const flip: u32 = wanted ? 0 : 255;
    for (; j + 8 <= n; j += 8) {
      const bits = <u32>load<u8>(bitmap + (j >> 3)) ^ flip;
      if (bits == 255) {
        v128.store(k, i16x8.add(i16x8.splat(<i16>j), i16x8(0, 1, 2, 3, 4, 5, 6, 7)));
        k += 16;
      } else {
        for (let b: u32 = 0; b < 8; b++) {
          store<u16>(k, <u16>(<u32>j + b));
          k += <usize>((bits >> b) & 1) << 1;
        }
      }
    }
  }
  for (; j < n; j++) {
    const i = at(sel, j);
    store<u16>(k, <u16>i);
    k += (<usize>(<u32>isValid(bitmap, i) == wanted)) << 1;
  }
  return (k - out) >> 1;
}

/** The rows of a selection that are not in `without` (both increasing); `out` takes n + 1 u16. Returns how many. */
export function select_difference(sel: usize, n: usize, without: usize, m: usize, out: usize): usize {
  checkOptional(sel, n << 1);
  check(out, (n + 1) << 1);
  let k = out;
  let w: usize = 0;
  for (let j: usize = 0; j < n; j++) {
    const i = <u32>at(sel, j);
    if (w < m && <u32>load<u16>(without + (w << 1)) == i) w++;
    else {
      store<u16>(k, <u16>i);
      k += 2;
    }
  }
  return (k - out) >> 1;
}

/** The rows of either of two disjoint or overlapping increasing selections; `out` takes n + m u16. Returns how many. */
export function select_union(a: usize, n: usize, b: usize, m: usize, out: usize): usize {
  check(out, (n + m) << 1);
  let i: usize = 0;
  let j: usize = 0;
  let k = out;
  while (i < n && j < m) {
    const x = load<u16>(a + (i << 1));
    const y = load<u16>(b + (j << 1));
    store<u16>(k, x < y ? x : y);
    k += 2;
    i += <usize>(x <= y);
    j += <usize>(y <= x);
  }
  const restA = (n - i) << 1;
  memory.copy(k, a + (i << 1), restA);
  k += restA;
  const restB = (m - j) << 1;
  memory.copy(k, b + (j << 1), restB);
  return (k + restB - out) >> 1;
}
