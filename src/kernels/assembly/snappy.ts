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

// @ts-ignore: decorator
@inline function copy48(to: usize, from: usize): void {
  copy16(to, from);
  copy16(to + 16, from + 16);
  copy16(to + 32, from + 32);
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
    // Far from both ends nothing but offsets needs a check, and copies may take 64 bytes.
    while (end - ip > 64 && opEnd - op > 64) {
      const tag = <usize>load<u8>(ip);
      const kind = tag & 3;
      if (kind == 0) {
        const n = (tag >> 2) + 1;
        if (n > 60) break;
        copy16(op, ip + 1);
        if (n > 16) copy48(op + 16, ip + 17);
        op += n;
        ip += n + 1;
      } else {
        if (kind == 3) break;
        // No branch on one or two bytes of offset: which of them comes next is not foreseeable.
        const long: usize = 0 - <usize>(kind >> 1);
        const bits = tag >> 2;
        const n = (bits & (long | 7)) + 4 + (long & -3);
        const offset = (((bits >> 3) << 8) & ~long) | (<usize>load<u16>(ip, 1) & (long | 0xff));
        if (offset < n) break;
        if (offset > op - dst) return -1;
        const from = op - offset;
        copy16(op, from);
        if (n > 16) copy48(op + 16, from + 16);
        op += n;
        ip += kind + 1;
      }
    }
    // Ends, long literals, far and overlapping matches.
    const tag = <usize>load<u8>(ip++);
    const kind = tag & 3;
    if (kind == 0) {
      let n = (tag >> 2) + 1;
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
      let n = (tag >> 2) + 1;
      let offset: usize;
      if (kind == 1) {
        n = ((tag >> 2) & 7) + 4;
        offset = ((tag >> 5) << 8) | <usize>load<u8>(ip);
        ip += 1;
      } else if (kind == 2) {
        offset = <usize>load<u16>(ip);
        ip += 2;
      } else {
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
