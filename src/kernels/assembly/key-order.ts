// The order of encoded sort keys, for the other kernels; nothing here is exported to the host. See sort-keys.ts.
import { compareBytes, refAddress, refLength } from './bytes';

/** The order of two keys: of `bytes` bytes, or variable ones by their refs when `bytes` is 0. */
// @ts-ignore: decorator
@inline export function compareKeys(a: usize, b: usize, bytes: usize): i32 {
  if (bytes == 0) return compareBytes(refAddress(a), refLength(a), refAddress(b), refLength(b));
  for (let w: usize = 0; w < bytes; w += 8) {
    const x = load<u64>(a + w);
    const y = load<u64>(b + w);
    if (x != y) return bswap<u64>(x) < bswap<u64>(y) ? -1 : 1;
  }
  return 0;
}
