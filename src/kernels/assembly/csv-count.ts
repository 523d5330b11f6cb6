// Records of CSV that are only counted, with two bounds each (see csv.ts for these and the dialect).
import { isMisplaced, mask64, prefixXor, topBits } from './csv-masks';
import { require } from './memory';

/**
 * Counts records by 64 bytes at a time, up to one that needs a closer look, at state[0], and stores the bounds of each.
 * Returns the new number of rows. What is left of less than 64 bytes needs a closer look as well.
 */
export function countRecords(state: usize, from: usize, end: usize, columns: i32, have: i32, maxRows: i32, dialect: usize, out: usize): i32 {
  const delimiters = i8x16.splat(load<i8>(dialect));
  const newlines = i8x16.splat(load<i8>(dialect, 3));
  // Where there is no quote: a byte that no text has.
  const quotes = i8x16.splat(load<u8>(dialect, 5) != 0 ? load<i8>(dialect, 1) : -1);
  const last = out + (<usize>maxRows << 3);
  let w = out + (<usize>have << 3);
  store<u32>(w, <u32>from);
  let missing = columns; // delimiters and the line end that the record still has to have
  let p = from;
  const lastBlock = end - 64;
  while (p <= lastBlock && w < last) {
    const began = p;
    // A block has at most 64 line ends.
    while (p <= lastBlock && w + (64 << 3) <= last) {
      const a = v128.load(p);
      const b = v128.load(p, 16);
      const c = v128.load(p, 32);
      const d = v128.load(p, 48);
      let n = topBits(i8x16.eq(a, newlines), i8x16.eq(b, newlines), i8x16.eq(c, newlines), i8x16.eq(d, newlines));
      const s = n | topBits(i8x16.eq(a, delimiters), i8x16.eq(b, delimiters), i8x16.eq(c, delimiters), i8x16.eq(d, delimiters));
      const q = i8x16.bitmask(v128.or(v128.or(i8x16.eq(a, quotes), i8x16.eq(b, quotes)), v128.or(i8x16.eq(c, quotes), i8x16.eq(d, quotes))));
      // The first line end goes without a branch: whether a block has one is as good as random.
      const has = <i32>(n != 0);
      if ((q | ((separatorsTo(n, s) ^ missing) * has)) != 0) break;
      storeEnd(w, p, n);
      w += <usize>has << 3;
      missing += columns * has;
      n &= n - 1;
      while (n != 0) {
        if (separatorsTo(n, s) != missing) return countedTo(state, w, last, out);
        storeEnd(w, p, n);
        w += 8;
        missing += columns;
        n &= n - 1;
      }
      missing -= <i32>popcnt(s);
      p += 64;
    }
    if (p > lastBlock) break;
    // Where one quote follows another, the loop above is not tried for a while.
    const until = p - began < 192 ? p + 1024 : p;
    p = countQuoted(state, from, p, until, lastBlock, columns, missing, w, last, dialect);
    w = <usize>load<u32>(state);
    missing = load<i32>(state, 4);
    if (p == 0) break;
  }
  return countedTo(state, w, last, out);
}

/** Of a block, the delimiters and line ends up to the first line end. */
// @ts-ignore: decorator
@inline function separatorsTo(lineEnds: u64, separators: u64): i32 {
  return <i32>popcnt(separators & (lineEnds ^ (lineEnds - 1)));
}

/** Stores where the record at `w` ends and the next one begins: behind the first line end of the block at `p`. */
// @ts-ignore: decorator
@inline function storeEnd(w: usize, p: usize, lineEnds: u64): void {
  const next = <u64>(<u32>(p + 1 + <usize>ctz(lineEnds)));
  store<u64>(w, next | (next << 32), 4);
}

// @ts-ignore: decorator
@inline function countedTo(state: usize, w: usize, last: usize, out: usize): i32 {
  require(w <= last);
  store<u32>(state, load<u32>(w));
  return <i32>((w - out) >> 3);
}

/**
 * Goes on counting where there may be quotes, at least up to `until`. Returns where to go on without, with the address of the
 * record's bounds in state[0] and what it is missing in state[1]; or 0, when the record needs a closer look, or there is no more.
 */
function countQuoted(state: usize, from: usize, at: usize, until: usize, lastBlock: usize, columns: i32, left: i32, bounds: usize, last: usize, dialect: usize): usize {
  const delimiters = i8x16.splat(load<i8>(dialect));
  const quotes = i8x16.splat(load<i8>(dialect, 1));
  const newlines = i8x16.splat(load<i8>(dialect, 3));
  const returns = i8x16.splat(13);
  const hasQuote = load<u8>(dialect, 5) != 0;
  let w = bounds;
  let missing = left;
  let p = at;
  let next: usize = 0;
  let inside: u64 = 0; // all ones within quotes
  let closed: u64 = 0; // the byte before was a closing quote
  let mayOpen: u64 = 1; // bit 0: a quote may open at the next byte
  if (p > from) mayOpen = <u64>(load<u8>(p - 1) == load<u8>(dialect) || load<u8>(p - 1) == load<u8>(dialect, 3));
  while (true) {
    let n = mask64(p, newlines);
    let s = mask64(p, delimiters) | n;
    if (hasQuote) {
      const q = mask64(p, quotes);
      if ((q | inside | closed) != 0) {
        const quoted = prefixXor(q) ^ inside;
        s &= ~quoted;
        n &= ~quoted;
        const closes = q & ~quoted;
        const opens = q & quoted;
        const follows = s | q | mask64(p, returns);
        if (isMisplaced(opens, closes, s, follows, mayOpen, closed)) break;
        closed = closes >> 63;
        inside = <u64>(<i64>quoted >> 63);
        mayOpen = (s | closes) >> 63;
      } else mayOpen = s >> 63;
    }
    while (n != 0 && w < last) {
      if (separatorsTo(n, s) != missing) break;
      storeEnd(w, p, n);
      w += 8;
      missing += columns;
      n &= n - 1;
    }
    if (n != 0) break;
    missing -= <i32>popcnt(s);
    p += 64;
    if (p > lastBlock) break;
    if ((inside | closed) == 0 && p >= until) {
      next = p;
      break;
    }
  }
  store<u32>(state, <u32>w);
  store<i32>(state, missing, 4);
  return next;
}
