// Compression to Snappy's raw block format: greedy, with a table of the last place of each hash of four bytes, as the
// reference implementation does it. The source needs 16 bytes of readable slack behind its end.
import { check } from './memory';
import { copyLiteral } from './snappy';

/** Offsets fit 16 bits: blocks are compressed on their own. */
const BLOCK: usize = 65536;
const TABLE_BITS: u32 = 14;
/** Matches end so far before the block's end that loads of 8 bytes stay inside. */
const MARGIN: usize = 15;

// @ts-ignore: decorator
@inline function hashOf(bytes: u32, shift: u32): usize {
  return <usize>((bytes * 0x1e35a7bd) >> shift) << 1;
}

// @ts-ignore: decorator
@inline function emitLiteral(to: usize, from: usize, length: usize): usize {
  const n = length - 1;
  let op = to;
  if (n < 60) store<u8>(op++, <u8>(n << 2));
  else if (n < 256) {
    store<u8>(op, 60 << 2);
    store<u8>(op, <u8>n, 1);
    op += 2;
  } else {
    store<u8>(op, 61 << 2);
    store<u16>(op, <u16>n, 1);
    op += 3;
  }
  copyLiteral(op, from, length);
  return op + length;
}

// @ts-ignore: decorator
@inline function emitShort(to: usize, offset: usize, length: usize): usize {
  if (length < 12 && offset < 2048) {
    store<u8>(to, <u8>(1 | ((length - 4) << 2) | ((offset >> 8) << 5)));
    store<u8>(to, <u8>offset, 1);
    return to + 2;
  }
  store<u8>(to, <u8>(2 | ((length - 1) << 2)));
  store<u16>(to, <u16>offset, 1);
  return to + 3;
}

// @ts-ignore: decorator
@inline function emitCopy(to: usize, offset: usize, length: usize): usize {
  let op = to;
  let left = length;
  while (left >= 68) {
    op = emitShort(op, offset, 64);
    left -= 64;
  }
  // What is left must not be shorter than 4.
  if (left > 64) {
    op = emitShort(op, offset, 60);
    left -= 60;
  }
  return emitShort(op, offset, left);
}

/** How many bytes at `a` and `b` are equal, up to `end` of `b`. */
// @ts-ignore: decorator
@inline function matchLength(a: usize, b: usize, end: usize): usize {
  let p = a;
  let q = b;
  while (q + 8 <= end) {
    const difference = load<u64>(p) ^ load<u64>(q);
    if (difference != 0) return q - b + <usize>(ctz<u64>(difference) >> 3);
    p += 8;
    q += 8;
  }
  while (q < end && load<u8>(p) == load<u8>(q)) {
    p++;
    q++;
  }
  return q - b;
}

/** Compresses one block of [from, end) to `to`; returns where the data ends. */
function compressBlock(from: usize, end: usize, table: usize, to: usize): usize {
  let op = to;
  let next = from;
  if (end - from > MARGIN) {
    // Small blocks clear a small table.
    let bits: u32 = 8;
    while (bits < TABLE_BITS && <usize>1 << bits < end - from) bits++;
    const shift = 32 - bits;
    memory.fill(table, 0, <usize>2 << bits);
    const limit = end - MARGIN;
    let ip = from + 1;
    while (true) {
      // Ever longer steps through what does not compress.
      let skip: usize = 32;
      let candidate: usize = 0;
      while (ip < limit) {
        const bytes = load<u32>(ip);
        const slot = table + hashOf(bytes, shift);
        candidate = from + <usize>load<u16>(slot);
        store<u16>(slot, <u16>(ip - from));
        if (load<u32>(candidate) == bytes) break;
        ip += skip >> 5;
        skip++;
      }
      if (ip >= limit) break;
      op = emitLiteral(op, next, ip - next);
      do {
        const length = matchLength(candidate + 4, ip + 4, end) + 4;
        op = emitCopy(op, ip - candidate, length);
        ip += length;
        next = ip;
        if (ip >= limit) break;
        store<u16>(table + hashOf(load<u32>(ip - 1), shift), <u16>(ip - 1 - from));
        const slot = table + hashOf(load<u32>(ip), shift);
        candidate = from + <usize>load<u16>(slot);
        store<u16>(slot, <u16>(ip - from));
      } while (load<u32>(candidate) == load<u32>(ip));
      if (ip >= limit) break;
      ip++;
    }
  }
  return next < end ? emitLiteral(op, next, end - next) : op;
}

/**
 * Compresses `length` bytes. Returns the size of the result, at most 32 + length + length / 6, and 64 bytes of slack
 * behind that are written too. @param table 32 KiB of scratch
 */
export function snappy_compress(src: usize, length: usize, table: usize, dst: usize): usize {
  check(src, length + 16);
  check(dst, 32 + length + length / 6 + 64);
  check(table, <usize>2 << TABLE_BITS);
  let op = dst;
  let size = length;
  while (size > 127) {
    store<u8>(op++, <u8>(size | 128));
    size >>= 7;
  }
  store<u8>(op++, <u8>size);
  const end = src + length;
  for (let p = src; p < end; ) {
    const blockEnd = end - p > BLOCK ? p + BLOCK : end;
    op = compressBlock(p, blockEnd, table, op);
    p = blockEnd;
  }
  return op - dst;
}
