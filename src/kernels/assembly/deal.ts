// Rows dealt out to the tasks of a stage that read them.
import { at, check, checkOptional } from './memory';

/** Mixes the bits of a hash: tables at the receiver look at it again, and must not see only a part of its values. */
// @ts-ignore: decorator
@inline function receiverOf(hash: u32, receivers: u32): u32 {
  return ((hash ^ (hash >>> 15)) * 0x2c1b3c6d) % receivers;
}

/**
 * Writes the positions of n rows (`sel`, n) to `out`, those of one receiver after those of the one before, in their order; `ends`
 * (u32, one for each receiver) tells where each one's end. The rows' hashes are at the start of n consecutive packed rows.
 * @param numbers takes a u16 for each row
 */
export function deal_rows(packed: usize, stride: usize, sel: usize, n: usize, receivers: u32, numbers: usize, ends: usize, out: usize): void {
  check(packed, n * stride);
  checkOptional(sel, n << 1);
  check(numbers, n << 1);
  check(ends, <usize>receivers << 2);
  check(out, n << 1);
  memory.fill(ends, 0, <usize>receivers << 2);
  for (let j: usize = 0; j < n; j++, packed += stride) {
    const receiver = receiverOf(load<u32>(packed), receivers);
    store<u16>(numbers + (j << 1), <u16>receiver);
    const end = ends + (<usize>receiver << 2);
    store<u32>(end, load<u32>(end) + 1);
  }
  let start: u32 = 0;
  for (let r: usize = 0; r < <usize>receivers; r++) {
    const rows = load<u32>(ends + (r << 2));
    store<u32>(ends + (r << 2), start);
    start += rows;
  }
  for (let j: usize = 0; j < n; j++) {
    const end = ends + (<usize>load<u16>(numbers + (j << 1)) << 2);
    const to = load<u32>(end);
    store<u16>(out + (<usize>to << 1), <u16>at(sel, j));
    store<u32>(end, to + 1);
  }
}
