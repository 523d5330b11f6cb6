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
