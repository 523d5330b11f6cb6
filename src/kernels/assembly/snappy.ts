// Snappy's raw block format. Both buffers need 64 bytes of slack behind them: copies move 16 bytes at a time.
import { check, copy16 } from './memory';

/** Shuffle masks that repeat the first `offset` bytes, for offsets 0 … 7. */
const REPEAT: usize = memory.data<u8>([
  0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
  0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
  0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1,
  0, 1, 2, 0, 1, 2, 0, 1, 2, 0, 1, 2, 0, 1, 2, 0,
  0, 1, 2, 3, 0, 1, 2, 3, 0, 1, 2, 3, 0, 1, 2, 3,
  0, 1, 2, 3, 4, 0, 1, 2, 3, 4, 0, 1, 2, 3, 4, 0,
  0, 1, 2, 3, 4, 5, 0, 1, 2, 3, 4, 5, 0, 1, 2, 3,
  0, 1, 2, 3, 4, 5, 6, 0, 1, 2, 3, 4, 5, 6, 0, 1,
]);
/** The largest multiple of the offset that fits 16 bytes. */
const STRIDE: usize = memory.data<u8>([16, 16, 16, 15, 16, 15, 12, 14]);

/**
 * Copies `length` bytes from `offset` before `op` to `op`, as LZ77 does: the ranges may overlap and then repeat.
 * Writes up to 15 bytes more than `length`.
 */
// @ts-ignore: decorator
@inline export function copyMatch(op: usize, offset: usize, length: usize): void {
  let to = op;
  let from = op - offset;
  const end = op + length;
  if (offset >= 16) {
    do {
      copy16(to, from);
      to += 16;
      from += 16;
    } while (to < end);
  } else if (offset >= 8) {
    do {
      store<u64>(to, load<u64>(from));
      to += 8;
      from += 8;
    } while (to < end);
  } else {
    const pattern = i8x16.swizzle(v128.load(from), v128.load(REPEAT + (offset << 4)));
    const stride = <usize>load<u8>(STRIDE + offset);
    do {
      v128.store(to, pattern);
      to += stride;
    } while (to < end);
  }
}

/** Copies `length` bytes forward between buffers; may write up to 15 bytes more. */
// @ts-ignore: decorator
@inline export function copyLiteral(op: usize, ip: usize, length: usize): void {
  if (length > 128) {
    memory.copy(op, ip, length);
    return;
  }
  let to = op;
  let from = ip;
  const end = op + length;
  do {
    copy16(to, from);
    to += 16;
    from += 16;
  } while (to < end);
}

/** Decompresses to exactly `capacity` bytes at `dst`. Returns 0, or -1 when the data is damaged or of another size. */
export function snappy_decompress(src: usize, length: usize, dst: usize, capacity: usize): i32 {
  check(src, length + 64);
  check(dst, capacity + 64);
  let ip = src;
  const end = src + length;
  let size: u64 = 0;
  let shift: u64 = 0;
  let byte: u64 = 0;
  do {
    if (ip >= end || shift > 28) return -1;
    byte = <u64>load<u8>(ip++);
    size |= (byte & 127) << shift;
    shift += 7;
  } while (byte > 127);
  if (size != <u64>capacity) return -1;
  let op = dst;
  const opEnd = dst + capacity;
  while (ip < end) {
    const tag = <usize>load<u8>(ip++);
    const kind = tag & 3;
    if (kind == 0) {
      let n = (tag >> 2) + 1;
      // Most literals are short: one copy, no loop.
      if (n <= 16) {
        if (n > opEnd - op || n > end - ip) return -1;
        copy16(op, ip);
        ip += n;
        op += n;
        continue;
      }
      if (n > 60) {
        const bytes = n - 60;
        if (ip + bytes > end) return -1;
        n = <usize>(load<u32>(ip) & (<u32>0xffffffff >> (32 - (<u32>bytes << 3)))) + 1;
        ip += bytes;
      }
      // A length of 2^32 wraps to 0; comparing with what is left can't overflow.
      if (n == 0 || n > opEnd - op || n > end - ip) return -1;
      copyLiteral(op, ip, n);
      ip += n;
      op += n;
    } else {
      let n: usize;
      let offset: usize;
      if (kind == 1) {
        n = ((tag >> 2) & 7) + 4;
        offset = ((tag >> 5) << 8) | <usize>load<u8>(ip);
        ip += 1;
      } else if (kind == 2) {
        n = (tag >> 2) + 1;
        offset = <usize>load<u16>(ip);
        ip += 2;
      } else {
        n = (tag >> 2) + 1;
        offset = <usize>load<u32>(ip);
        ip += 4;
      }
      if (offset == 0 || offset > op - dst || n > opEnd - op || ip > end) return -1;
      copyMatch(op, offset, n);
      op += n;
    }
  }
  return op == opEnd ? 0 : -1;
}
