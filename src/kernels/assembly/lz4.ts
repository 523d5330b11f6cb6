// LZ4's raw block format. Both buffers need 64 bytes of slack behind them.
import { check } from './memory';
import { copyLiteral, copyMatch } from './snappy';

/** Decompresses at most `capacity` bytes to `dst`. Returns how many, or -1 when the data is damaged. */
export function lz4_decompress(src: usize, length: usize, dst: usize, capacity: usize): i32 {
  check(src, length + 64);
  check(dst, capacity + 64);
  let ip = src;
  const end = src + length;
  let op = dst;
  const opEnd = dst + capacity;
  while (ip < end) {
    const token = <usize>load<u8>(ip++);
    let n = token >> 4;
    if (n == 15) {
      let more: usize;
      do {
        if (ip >= end) return -1;
        more = <usize>load<u8>(ip++);
        n += more;
      } while (more == 255);
    }
    if (n > end - ip || n > opEnd - op) return -1;
    if (n > 0) copyLiteral(op, ip, n);
    ip += n;
    op += n;
    if (ip == end) return <i32>(op - dst);
    if (end - ip < 2) return -1;
    const offset = <usize>load<u16>(ip);
    ip += 2;
    n = token & 15;
    if (n == 15) {
      let more: usize;
      do {
        if (ip >= end) return -1;
        more = <usize>load<u8>(ip++);
        n += more;
      } while (more == 255);
    }
    n += 4;
    if (offset == 0 || offset > op - dst || n > opEnd - op) return -1;
    copyMatch(op, offset, n);
    op += n;
  }
  // The last sequence has literals only, so that a block never ends here.
  return -1;
}
