// Zstandard's entropy coders (RFC 8878, section 4): tables of FSE and Huffman codes, and Huffman streams.
// All read with a slack of 32 bytes behind their source. Streams are read from their end: a position counts the bits left.

/** Bits left in the backward stream [from, from + length): its last byte's highest 1 marks the end. -1 when there is none. */
export function streamBits(from: usize, length: usize): i32 {
  if (length == 0) return -1;
  const last = <u32>load<u8>(from + length - 1);
  if (last == 0) return -1;
  return <i32>((length - 1) << 3) + 31 - <i32>clz<u32>(last);
}

/** The `n` ≤ 32 bits from position `pos` on. */
// @ts-ignore: decorator
@inline export function bitsFrom(base: usize, pos: i32, n: u32): u32 {
  return <u32>((load<u64>(base + <usize>(pos >> 3)) >> <u64>(pos & 7)) & ((<u64>1 << n) - 1));
}

// Entries of an FSE table, u32: the next state's base | bits to add to it << 16 | symbol << 24.
// @ts-ignore: decorator
@inline export function fseBase(entry: u32): u32 {
  return entry & 0xffff;
}
// @ts-ignore: decorator
@inline export function fseBits(entry: u32): u32 {
  return (entry >> 16) & 255;
}
// @ts-ignore: decorator
@inline export function fseSymbol(entry: u32): u32 {
  return entry >> 24;
}

/**
 * Reads the probabilities of an FSE table: i16 for each symbol up to `maxSymbol` goes to `counts`; the others are 0.
 * Its log goes to `logTo` as u32. Returns the bytes read, or -1 when damaged.
 */
export function readCounts(src: usize, end: usize, maxSymbol: i32, maxLog: u32, counts: usize, logTo: usize): i32 {
  if (src >= end) return -1;
  const bitsAvailable = <i32>((end - src) << 3);
  memory.fill(counts, 0, <usize>(maxSymbol + 1) << 1);
  const log = (<u32>load<u8>(src) & 15) + 5;
  if (log > maxLog) return -1;
  store<u32>(logTo, log);
  let bit: i32 = 4;
  let bits: u32 = log + 1;
  let threshold: i32 = 1 << log;
  let remaining: i32 = threshold + 1;
  let symbol: i32 = 0;
  let wasZero = false;
  while (remaining > 1) {
    if (bit > bitsAvailable) return -1;
    if (wasZero) {
      const run = bitsFrom(src, bit, 2);
      bit += 2;
      symbol += <i32>run;
      if (symbol > maxSymbol) return -1;
      wasZero = run == 3;
      continue;
    }
    if (symbol > maxSymbol) return -1;
    const most = 2 * threshold - 1 - remaining;
    const peeked = <i32>bitsFrom(src, bit, bits);
    let count = peeked & (threshold - 1);
    if (count < most) bit += <i32>bits - 1;
    else {
      count = peeked & (2 * threshold - 1);
      if (count >= threshold) count -= most;
      bit += <i32>bits;
    }
    count--;
    remaining -= count < 0 ? -count : count;
    store<i16>(counts + (<usize>symbol << 1), <i16>count);
    symbol++;
    wasZero = count == 0;
    while (remaining < threshold) {
      bits--;
      threshold >>= 1;
    }
  }
  if (remaining != 1 || bit > bitsAvailable) return -1;
  return (bit + 7) >> 3;
}

/** Builds an FSE table of 1 << log entries. `next`: scratch, u16 for each symbol. False when the counts don't fill it. */
export function buildFse(counts: usize, maxSymbol: i32, log: u32, next: usize, table: usize): bool {
  const size: u32 = 1 << log;
  const mask = size - 1;
  let high: i32 = <i32>size - 1;
  for (let s: i32 = 0; s <= maxSymbol; s++) {
    const count = <i32>load<i16>(counts + (<usize>s << 1));
    if (count == -1) {
      if (high < 0) return false;
      store<u32>(table + (<usize>high << 2), <u32>s);
      high--;
      store<u16>(next + (<usize>s << 1), 1);
    } else store<u16>(next + (<usize>s << 1), <u16>count);
  }
  const step = (size >> 1) + (size >> 3) + 3;
  let at: u32 = 0;
  for (let s: i32 = 0; s <= maxSymbol; s++) {
    const count = <i32>load<i16>(counts + (<usize>s << 1));
    for (let k: i32 = 0; k < count; k++) {
      store<u32>(table + (<usize>at << 2), <u32>s);
      do at = (at + step) & mask;
      while (<i32>at > high);
    }
  }
  if (at != 0) return false;
  for (let u: u32 = 0; u < size; u++) {
    const s = load<u32>(table + (<usize>u << 2));
    const x = <u32>load<u16>(next + (<usize>s << 1));
    if (x == 0) return false;
    store<u16>(next + (<usize>s << 1), <u16>(x + 1));
    const n = log - (31 - clz<u32>(x));
    store<u32>(table + (<usize>u << 2), ((x << n) - size) | (n << 16) | (s << 24));
  }
  return true;
}

export const HUFFMAN_LOG: u32 = 11;

/**
 * Reads a Huffman tree at `src` and builds its table of u16 entries (symbol | bits << 8) at `table`; its log goes to
 * `logTo`. `scratch`: 2 KiB. Returns the bytes read, or -1 when damaged.
 */
export function readHuffman(src: usize, end: usize, scratch: usize, table: usize, logTo: usize): i32 {
  if (src >= end) return -1;
  const weights = scratch;
  const ranks = scratch + 512;
  const header = <i32>load<u8>(src);
  let count: i32 = 0;
  let read: i32 = 1;
  if (header >= 128) {
    count = header - 127;
    read += (count + 1) >> 1;
    if (<usize>read > end - src) return -1;
    for (let i: i32 = 0; i < count; i++) {
      const byte = load<u8>(src + 1 + <usize>(i >> 1));
      store<u8>(weights + <usize>i, i & 1 ? byte & 15 : byte >> 4);
    }
  } else {
    read += header;
    if (<usize>read > end - src) return -1;
    count = readWeights(src + 1, src + <usize>read, scratch + 640, weights);
    if (count < 0) return -1;
  }
  // What is missing to a power of two is the last symbol's weight.
  memory.fill(ranks, 0, 64);
  let total: u32 = 0;
  for (let i: i32 = 0; i < count; i++) {
    const weight = <u32>load<u8>(weights + <usize>i);
    if (weight > HUFFMAN_LOG) return -1;
    store<u32>(ranks + (<usize>weight << 2), load<u32>(ranks + (<usize>weight << 2)) + 1);
    total += ((<u32>1) << weight) >> 1;
  }
  if (total == 0) return -1;
  const log: u32 = 32 - clz<u32>(total);
  if (log > HUFFMAN_LOG) return -1;
  const rest = ((<u32>1) << log) - total;
  if (rest == 0 || (rest & (rest - 1)) != 0) return -1;
  const lastWeight: u32 = 32 - clz<u32>(rest);
  store<u8>(weights + <usize>count, <u8>lastWeight);
  store<u32>(ranks + (<usize>lastWeight << 2), load<u32>(ranks + (<usize>lastWeight << 2)) + 1);
  count++;
  // Ranks become the first entries of their weights.
  let first: u32 = 0;
  for (let w: u32 = 1; w <= log; w++) {
    const n = load<u32>(ranks + (<usize>w << 2));
    store<u32>(ranks + (<usize>w << 2), first);
    first += n << (w - 1);
  }
  if (first != (<u32>1) << log) return -1;
  for (let s: i32 = 0; s < count; s++) {
    const weight = <u32>load<u8>(weights + <usize>s);
    if (weight == 0) continue;
    const entries = (<u32>1 << weight) >> 1;
    const at = load<u32>(ranks + (<usize>weight << 2));
    const entry = <u16>(<u32>s | ((log + 1 - weight) << 8));
    for (let k: u32 = 0; k < entries; k++) store<u16>(table + (<usize>(at + k) << 1), entry);
    store<u32>(ranks + (<usize>weight << 2), at + entries);
  }
  store<u32>(logTo, log);
  return read;
}

/** Weights that are FSE-coded, by two states in turn. Returns how many, or -1. */
function readWeights(src: usize, end: usize, scratch: usize, weights: usize): i32 {
  const counts = scratch;
  const next = scratch + 64;
  const logAt = scratch + 128;
  const table = scratch + 192;
  const read = readCounts(src, end, 12, 6, counts, logAt);
  if (read < 0) return -1;
  const log = load<u32>(logAt);
  if (!buildFse(counts, 12, log, next, table)) return -1;
  const from = src + <usize>read;
  let pos = streamBits(from, end - from);
  pos -= <i32>log;
  if (pos < 0) return -1;
  let a = bitsFrom(from, pos, log);
  pos -= <i32>log;
  if (pos < 0) return -1;
  let b = bitsFrom(from, pos, log);
  let n: i32 = 0;
  while (n < 254) {
    const entry = load<u32>(table + (<usize>a << 2));
    store<u8>(weights + <usize>n, <u8>fseSymbol(entry));
    n++;
    pos -= <i32>fseBits(entry);
    // The stream is used up: the other state's symbol is the last.
    if (pos < 0) {
      store<u8>(weights + <usize>n, <u8>fseSymbol(load<u32>(table + (<usize>b << 2))));
      return n + 1;
    }
    a = b;
    b = fseBase(entry) + bitsFrom(from, pos, fseBits(entry));
  }
  return -1;
}

/** Decodes 4 symbols; needs 56 bits. Returns the bits left. */
// @ts-ignore: decorator
@inline function decode4(base: usize, pos: i32, table: usize, log: u32, out: usize): i32 {
  const mask: u64 = ((<u64>1) << log) - 1;
  const byte = (pos - 56) >> 3;
  const x = load<u64>(base + <usize>byte);
  let top = <u64>(pos - (byte << 3)) - log;
  let e = <u32>load<u16>(table + (<usize>((x >> top) & mask) << 1));
  store<u8>(out, <u8>e);
  top -= <u64>(e >> 8);
  let used = e >> 8;
  e = <u32>load<u16>(table + (<usize>((x >> top) & mask) << 1));
  store<u8>(out, <u8>e, 1);
  top -= <u64>(e >> 8);
  used += e >> 8;
  e = <u32>load<u16>(table + (<usize>((x >> top) & mask) << 1));
  store<u8>(out, <u8>e, 2);
  top -= <u64>(e >> 8);
  used += e >> 8;
  e = <u32>load<u16>(table + (<usize>((x >> top) & mask) << 1));
  store<u8>(out, <u8>e, 3);
  return pos - <i32>(used + (e >> 8));
}

/** Decodes the rest of a stream, [out, outEnd). True when that takes exactly the bits left. */
function decodeRest(base: usize, bits: i32, table: usize, log: u32, out: usize, outEnd: usize): bool {
  let pos = bits;
  let o = out;
  while (o + 4 <= outEnd && pos >= 56) {
    pos = decode4(base, pos, table, log, o);
    o += 4;
  }
  while (o < outEnd) {
    // Below the stream's first bit stand zeros.
    const lack = <i32>log - pos;
    const index = lack > 0 ? (pos <= 0 ? 0 : bitsFrom(base, 0, <u32>pos) << lack) : bitsFrom(base, pos - <i32>log, log);
    const e = <u32>load<u16>(table + (<usize>index << 1));
    store<u8>(o++, <u8>e);
    pos -= <i32>(e >> 8);
    if (pos < 0) return false;
  }
  return pos == 0;
}

/** One Huffman stream of `n` symbols. */
export function huffman1(src: usize, length: usize, table: usize, log: u32, out: usize, n: usize): bool {
  const bits = streamBits(src, length);
  return bits >= 0 && decodeRest(src, bits, table, log, out, out + n);
}

/** Four Huffman streams behind their lengths, a quarter of `n` symbols each. */
export function huffman4(src: usize, length: usize, table: usize, log: u32, out: usize, n: usize): bool {
  if (length < 10) return false;
  const l0 = <usize>load<u16>(src);
  const l1 = <usize>load<u16>(src, 2);
  const l2 = <usize>load<u16>(src, 4);
  if (l0 + l1 + l2 + 6 > length) return false;
  const s0 = src + 6;
  const s1 = s0 + l0;
  const s2 = s1 + l1;
  const s3 = s2 + l2;
  let p0 = streamBits(s0, l0);
  let p1 = streamBits(s1, l1);
  let p2 = streamBits(s2, l2);
  let p3 = streamBits(s3, length - 6 - l0 - l1 - l2);
  if (p0 < 0 || p1 < 0 || p2 < 0 || p3 < 0) return false;
  const part = (n + 3) >> 2;
  if (part * 3 > n) return false;
  let o: usize = 0;
  const common = n - part * 3;
  // All four at once: they don't wait for each other.
  while (o + 4 <= common && p0 >= 56 && p1 >= 56 && p2 >= 56 && p3 >= 56) {
    p0 = decode4(s0, p0, table, log, out + o);
    p1 = decode4(s1, p1, table, log, out + part + o);
    p2 = decode4(s2, p2, table, log, out + part * 2 + o);
    p3 = decode4(s3, p3, table, log, out + part * 3 + o);
    o += 4;
  }
  return (
    decodeRest(s0, p0, table, log, out + o, out + part) &&
    decodeRest(s1, p1, table, log, out + part + o, out + part * 2) &&
    decodeRest(s2, p2, table, log, out + part * 2 + o, out + part * 3) &&
    decodeRest(s3, p3, table, log, out + part * 3 + o, out + n)
  );
}
