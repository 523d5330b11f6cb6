// Flags of 1 byte a row, which threads may set side by side.
import { at, check, checkOptional } from './memory';

/** Sets the flags of the rows. Returns 1 when one was set already. */
export function flag_set(sel: usize, n: usize, flags: usize): u32 {
  checkOptional(sel, n << 1);
  let again: u32 = 0;
  for (let j: usize = 0; j < n; j++) {
    const p = flags + at(sel, j);
    again |= <u32>load<u8>(p);
    store<u8>(p, 1);
  }
  return again;
}

/** The rows whose flag is `wanted`; `out` takes n + 1 u16. Returns how many. */
export function flag_select(flags: usize, wanted: u32, sel: usize, n: usize, out: usize): usize {
  checkOptional(sel, n << 1);
  check(out, (n + 1) << 1);
  let k = out;
  for (let j: usize = 0; j < n; j++) {
    const i = at(sel, j);
    store<u16>(k, <u16>i);
    k += <usize>(<u32>load<u8>(flags + i) == wanted) << 1;
  }
  return (k - out) >> 1;
}

/** A bitmap with 0 for the rows whose flag is set, 1 for the others. */
export function flag_unset_bits(flags: usize, count: usize, out: usize): void {
  check(flags, count);
  for (let i: usize = 0; i < count; i += 8) {
    let byte: u32 = 0;
    const end = min<usize>(8, count - i);
    for (let b: usize = 0; b < end; b++) byte |= <u32>(load<u8>(flags + i + b) == 0) << <u32>b;
    store<u8>(out + (i >> 3), <u8>byte);
  }
}

/** Like `flag_set`, for the flags at positions[i] (u16) of the rows i. */
export function flag_set_at(positions: usize, sel: usize, n: usize, flags: usize): u32 {
  checkOptional(sel, n << 1);
  let again: u32 = 0;
  for (let j: usize = 0; j < n; j++) {
    const p = flags + <usize>load<u16>(positions + (at(sel, j) << 1));
    again |= <u32>load<u8>(p);
    store<u8>(p, 1);
  }
  return again;
}

/** Pairs every one of n rows with each of the positions first … first + k: position (u16) and index (u32) of the row, index of the other. */
export function loop_pairs(sel: usize, n: usize, first: u32, k: usize, positions: usize, indexes: usize, others: usize): void {
  checkOptional(sel, n << 1);
  check(positions, (n * k) << 1);
  check(indexes, (n * k) << 2);
  check(others, (n * k) << 2);
  let p: usize = 0;
  for (let r: usize = 0; r < k; r++) {
    for (let j: usize = 0; j < n; j++, p++) {
      const i = at(sel, j);
      store<u16>(positions + (p << 1), <u16>i);
      store<u32>(indexes + (p << 2), <u32>i);
      store<u32>(others + (p << 2), first + <u32>r);
    }
  }
}

/** Sets the flags at the indexes (u32) of the rows. */
export function flag_set_indexed(indexes: usize, sel: usize, n: usize, flags: usize): void {
  checkOptional(sel, n << 1);
  for (let j: usize = 0; j < n; j++) store<u8>(flags + <usize>load<u32>(indexes + (at(sel, j) << 2)), 1);
}
