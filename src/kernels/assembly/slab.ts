// Slabs of a heap, which kernels take bytes from without asking the host each time. A slab is {at u32, end u32, needed u32,
// unused u32}. A kernel that finds no room stops; the host sees how many bytes it needs, gives the slab more, and goes on.
import { check } from './memory';

/** Bytes from a slab, 8-byte aligned; 0 when it has no room for them, which it remembers. */
export function take(slab: usize, bytes: usize): usize {
  check(slab, 16);
  const start = <usize>load<u32>(slab);
  bytes = (bytes + 7) & ~7;
  if (start + bytes > <usize>load<u32>(slab, 4)) {
    store<u32>(slab, <u32>bytes, 8);
    return 0;
  }
  store<u32>(slab, <u32>(start + bytes));
  return start;
}
