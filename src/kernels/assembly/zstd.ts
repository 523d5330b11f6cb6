// Zstandard frames (RFC 8878) without dictionaries. Source and result need 64 bytes of slack behind them.
import { check } from './memory';
import { copyLiteral, copyMatch } from './snappy';
import { bitsFrom, buildFse, fseBase, fseBits, fseSymbol, huffman1, huffman4, readCounts, readHuffman, streamBits } from './zstd-entropy';

// The work area, kept through a frame: logs of the tables (NONE before the first), recent offsets, tables, scratch.
const HUFFMAN_LOG_AT = 0;
const LENGTHS_LOG = 4;
const OFFSETS_LOG = 8;
const MATCHES_LOG = 12;
const RECENT = 16;
const LITERALS_AT = 32;
const LITERALS_LEFT = 36;
const SCRATCH: usize = 64;
const HUFFMAN: usize = 4096;
const LENGTHS: usize = 8192;
const OFFSETS: usize = 10240;
const MATCHES: usize = 12288;
const LITERALS: usize = 16384;
const MAX_BLOCK: usize = 128 * 1024;
/** Bytes of the work area. */
const WORK_BYTES: usize = LITERALS + MAX_BLOCK + 64;
const NONE: u32 = 0xffffffff;

const LENGTH_COUNTS: usize = memory.data<i16>([
  4, 3, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 1, 1, 1, 2, 2, 2, 2, 2, 2, 2, 2, 2, 3, 2, 1, 1, 1, 1, 1, -1, -1, -1, -1,
]);
const OFFSET_COUNTS: usize = memory.data<i16>([
  1, 1, 1, 1, 1, 1, 2, 2, 2, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, -1, -1, -1, -1, -1,
]);
const MATCH_COUNTS: usize = memory.data<i16>([
  1, 4, 3, 2, 2, 2, 2, 2, 2, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1,
  1, 1, 1, 1, -1, -1, -1, -1, -1, -1, -1,
]);
/** By code: the smallest length | extra bits << 24. */
const LENGTH_CODES: usize = memory.data<u32>([
  0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 0x1000010, 0x1000012, 0x1000014, 0x1000016, 0x2000018, 0x200001c,
  0x3000020, 0x3000028, 0x4000030, 0x6000040, 0x7000080, 0x8000100, 0x9000200, 0xa000400, 0xb000800, 0xc001000, 0xd002000,
  0xe004000, 0xf008000, 0x10010000,
]);
const MATCH_CODES: usize = memory.data<u32>([
  3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31, 32, 33, 34,
  0x1000023, 0x1000025, 0x1000027, 0x1000029, 0x200002b, 0x200002f, 0x3000033, 0x300003b, 0x4000043, 0x4000053, 0x5000063,
  0x7000083, 0x8000103, 0x9000203, 0xa000403, 0xb000803, 0xc001003, 0xd002003, 0xe004003, 0xf008003, 0x10010003,
]);

/** Bytes that `zstd_decompress` needs to work in. */
export function zstd_work_bytes(): usize {
  return WORK_BYTES;
}

/** Decompresses frames to exactly `capacity` bytes at `dst`. Returns 0, or -1 when they are damaged or of another size. */
export function zstd_decompress(src: usize, length: usize, dst: usize, capacity: usize, work: usize): i32 {
  check(src, length + 64);
  check(dst, capacity + 64);
  check(work, WORK_BYTES);
  let ip = src;
  const end = src + length;
  let op = dst;
  const opEnd = dst + capacity;
  while (ip < end) {
    if (end - ip < 5) return -1;
    const magic = load<u32>(ip);
    if ((magic & 0xfffffff0) == 0x184d2a50) {
      const skip = <usize>load<u32>(ip, 4);
      if (end - ip < 8 || skip > end - ip - 8) return -1;
      ip += skip + 8;
      continue;
    }
    if (magic != 0xfd2fb528) return -1;
    const descriptor = <u32>load<u8>(ip, 4);
    ip += 5;
    const isSingle = (descriptor >> 5) & 1;
    const sizeFlag = descriptor >> 6;
    const dictionaryFlag = descriptor & 3;
    if (descriptor & 8) return -1;
    // The window's size doesn't matter: all of the result stays in reach.
    const windowBytes: usize = isSingle ? 0 : 1;
    const dictionaryBytes: usize = dictionaryFlag == 3 ? 4 : dictionaryFlag;
    const sizeBytes: usize = sizeFlag == 0 ? <usize>isSingle : <usize>1 << sizeFlag;
    if (end - ip < windowBytes + dictionaryBytes + sizeBytes) return -1;
    for (let k: usize = 0; k < dictionaryBytes; k++) if (load<u8>(ip + windowBytes + k) != 0) return -1;
    ip += windowBytes + dictionaryBytes + sizeBytes;
    store<u32>(work, NONE, HUFFMAN_LOG_AT);
    store<u32>(work, NONE, LENGTHS_LOG);
    store<u32>(work, NONE, OFFSETS_LOG);
    store<u32>(work, NONE, MATCHES_LOG);
    store<u32>(work, 1, RECENT);
    store<u32>(work, 4, RECENT + 4);
    store<u32>(work, 8, RECENT + 8);
    const frame = op;
    let isLast = false;
    while (!isLast) {
      if (end - ip < 3) return -1;
      const header = load<u32>(ip) & 0xffffff;
      ip += 3;
      isLast = (header & 1) != 0;
      const kind = (header >> 1) & 3;
      const size = <usize>(header >> 3);
      if (kind == 1) {
        if (ip >= end || size > opEnd - op) return -1;
        memory.fill(op, load<u8>(ip), size);
        ip += 1;
        op += size;
        continue;
      }
      if (size > end - ip || kind == 3) return -1;
      if (kind == 0) {
        if (size > opEnd - op) return -1;
        memory.copy(op, ip, size);
        op += size;
      } else {
        op = block(ip, ip + size, frame, op, opEnd, work);
        if (op == 0) return -1;
      }
      ip += size;
    }
    if (descriptor & 4) {
      if (end - ip < 4) return -1;
      ip += 4;
    }
  }
  return op == opEnd ? 0 : -1;
}

/** Decompresses a block. Returns where its result ends, or 0 when damaged. */
function block(src: usize, end: usize, frame: usize, out: usize, outEnd: usize, work: usize): usize {
  let ip = literals(src, end, work);
  if (ip == 0 || ip >= end) return 0;
  let count = <u32>load<u8>(ip++);
  if (count >= 128) {
    if (count < 255) {
      count = ((count - 128) << 8) + load<u8>(ip);
      ip++;
    } else {
      count = <u32>load<u16>(ip) + 0x7f00;
      ip += 2;
    }
  }
  let op = out;
  let lit = <usize>load<u32>(work, LITERALS_AT);
  const litEnd = lit + <usize>load<u32>(work, LITERALS_LEFT);
  if (count > 0) {
    if (ip >= end) return 0;
    const modes = <u32>load<u8>(ip++);
    if (modes & 3) return 0;
    ip = sequenceTable(modes >> 6, ip, end, 35, 9, LENGTH_COUNTS, 6, work, work + LENGTHS, work + LENGTHS_LOG);
    if (ip == 0) return 0;
    ip = sequenceTable((modes >> 4) & 3, ip, end, 31, 8, OFFSET_COUNTS, 5, work, work + OFFSETS, work + OFFSETS_LOG);
    if (ip == 0) return 0;
    ip = sequenceTable((modes >> 2) & 3, ip, end, 52, 9, MATCH_COUNTS, 6, work, work + MATCHES, work + MATCHES_LOG);
    if (ip == 0 || ip >= end) return 0;
    const lengthsLog = load<u32>(work, LENGTHS_LOG);
    const offsetsLog = load<u32>(work, OFFSETS_LOG);
    const matchesLog = load<u32>(work, MATCHES_LOG);
    let pos = streamBits(ip, end - ip) - <i32>(lengthsLog + offsetsLog + matchesLog);
    if (pos < 0) return 0;
    let lengthState = bitsFrom(ip, pos + <i32>(offsetsLog + matchesLog), lengthsLog);
    let offsetState = bitsFrom(ip, pos + <i32>matchesLog, offsetsLog);
    let matchState = bitsFrom(ip, pos, matchesLog);
    let recent0 = load<u32>(work, RECENT);
    let recent1 = load<u32>(work, RECENT + 4);
    let recent2 = load<u32>(work, RECENT + 8);
    for (let k: u32 = 0; k < count; k++) {
      const lengthEntry = load<u32>(work + LENGTHS + (<usize>lengthState << 2));
      const offsetEntry = load<u32>(work + OFFSETS + (<usize>offsetState << 2));
      const matchEntry = load<u32>(work + MATCHES + (<usize>matchState << 2));
      const offsetBits = fseSymbol(offsetEntry);
      pos -= <i32>offsetBits;
      const code = ((<u32>1) << offsetBits) + bitsFrom(ip, pos, offsetBits);
      const matchCode = load<u32>(MATCH_CODES + (<usize>fseSymbol(matchEntry) << 2));
      pos -= <i32>(matchCode >> 24);
      const matchLength = <usize>((matchCode & 0xffffff) + bitsFrom(ip, pos, matchCode >> 24));
      const lengthCode = load<u32>(LENGTH_CODES + (<usize>fseSymbol(lengthEntry) << 2));
      pos -= <i32>(lengthCode >> 24);
      const litLength = <usize>((lengthCode & 0xffffff) + bitsFrom(ip, pos, lengthCode >> 24));
      let offset: u32;
      if (code > 3) {
        offset = code - 3;
        recent2 = recent1;
        recent1 = recent0;
        recent0 = offset;
      } else {
        const which = code + (litLength == 0 ? 1 : 0);
        if (which == 1) offset = recent0;
        else {
          offset = which == 2 ? recent1 : which == 3 ? recent2 : recent0 - 1;
          if (which > 2) recent2 = recent1;
          recent1 = recent0;
          recent0 = offset;
        }
      }
      if (k + 1 < count) {
        pos -= <i32>fseBits(lengthEntry);
        lengthState = fseBase(lengthEntry) + bitsFrom(ip, pos, fseBits(lengthEntry));
        pos -= <i32>fseBits(matchEntry);
        matchState = fseBase(matchEntry) + bitsFrom(ip, pos, fseBits(matchEntry));
        pos -= <i32>fseBits(offsetEntry);
        offsetState = fseBase(offsetEntry) + bitsFrom(ip, pos, fseBits(offsetEntry));
      }
      if (pos < 0 || litLength > litEnd - lit || litLength > outEnd - op) return 0;
      if (litLength > 0) copyLiteral(op, lit, litLength);
      lit += litLength;
      op += litLength;
      if (offset == 0 || <usize>offset > op - frame || matchLength > outEnd - op) return 0;
      copyMatch(op, <usize>offset, matchLength);
      op += matchLength;
    }
    if (pos != 0) return 0;
    store<u32>(work, recent0, RECENT);
    store<u32>(work, recent1, RECENT + 4);
    store<u32>(work, recent2, RECENT + 8);
  } else if (ip != end) return 0;
  const rest = litEnd - lit;
  if (rest > outEnd - op) return 0;
  if (rest > 0) copyLiteral(op, lit, rest);
  return op + rest;
}

/** Finds or decodes a block's literals; notes where they are. Returns what follows them, or 0 when damaged. */
function literals(src: usize, end: usize, work: usize): usize {
  if (src >= end) return 0;
  const header = <u32>load<u8>(src);
  const kind = header & 3;
  const format = (header >> 2) & 3;
  if (kind < 2) {
    const headerBytes: usize = format == 1 ? 2 : format == 3 ? 3 : 1;
    const size = <usize>(format == 1 ? <u32>load<u16>(src) >> 4 : format == 3 ? (load<u32>(src) & 0xffffff) >> 4 : header >> 3);
    const from = src + headerBytes;
    const stored: usize = kind == 0 ? size : 1;
    if (from > end || stored > end - from) return 0;
    if (kind == 1) {
      if (size > MAX_BLOCK) return 0;
      memory.fill(work + LITERALS, load<u8>(from), size);
    }
    store<u32>(work, <u32>(kind == 0 ? from : work + LITERALS), LITERALS_AT);
    store<u32>(work, <u32>size, LITERALS_LEFT);
    return from + stored;
  }
  const bits: u64 = format < 2 ? 10 : format == 2 ? 14 : 18;
  const headerBytes: usize = format < 2 ? 3 : format == 2 ? 4 : 5;
  const sizes = load<u64>(src) >> 4;
  const mask = ((<u64>1) << bits) - 1;
  const size = <usize>(sizes & mask);
  const compressed = <usize>((sizes >> bits) & mask);
  let from = src + headerBytes;
  if (from > end || compressed > end - from || size > MAX_BLOCK) return 0;
  const next = from + compressed;
  if (kind == 2) {
    const read = readHuffman(from, next, work + SCRATCH, work + HUFFMAN, work + HUFFMAN_LOG_AT);
    if (read < 0) return 0;
    from += <usize>read;
  }
  const log = load<u32>(work, HUFFMAN_LOG_AT);
  if (log == NONE) return 0;
  const done =
    format == 0
      ? huffman1(from, next - from, work + HUFFMAN, log, work + LITERALS, size)
      : huffman4(from, next - from, work + HUFFMAN, log, work + LITERALS, size);
  if (!done) return 0;
  store<u32>(work, <u32>(work + LITERALS), LITERALS_AT);
  store<u32>(work, <u32>size, LITERALS_LEFT);
  return next;
}

/** Prepares a table of sequence codes: predefined, of one symbol, described here, or as before. Returns what follows, or 0. */
function sequenceTable(mode: u32, src: usize, end: usize, maxSymbol: i32, maxLog: u32, predefined: usize, predefinedLog: u32, work: usize, table: usize, logTo: usize): usize {
  const counts = work + SCRATCH;
  const next = work + SCRATCH + 256;
  if (mode == 0) {
    // The predefined offsets end at 28.
    const last = maxSymbol == 31 ? 28 : maxSymbol;
    store<u32>(logTo, predefinedLog);
    return buildFse(predefined, last, predefinedLog, next, table) ? src : 0;
  }
  if (mode == 1) {
    if (src >= end) return 0;
    const symbol = <u32>load<u8>(src);
    if (<i32>symbol > maxSymbol) return 0;
    store<u32>(table, symbol << 24);
    store<u32>(logTo, 0);
    return src + 1;
  }
  if (mode == 2) {
    store<u32>(logTo, NONE);
    const read = readCounts(src, end, maxSymbol, maxLog, counts, logTo);
    if (read < 0 || !buildFse(counts, maxSymbol, load<u32>(logTo), next, table)) return 0;
    return src + <usize>read;
  }
  return load<u32>(logTo) == NONE ? 0 : src;
}
