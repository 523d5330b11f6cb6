// Four records read side by side. Where the next value begins is known only when the end of the one before it is: a core
// waits for that longer than it works, unless it has other records to go on with.
//
// Nothing is reported from here: records that are not all like the one before them, or bad, are left to be read one by one.

import { storeRef } from './bytes';
import { MEMBER_BYTES, sameBytes } from './json-members';
import { ESCAPED, NUMBER, TEXT, valueEnd } from './json-text';

export const LANES: i32 = 4;
/** Room for where each lane is, and where its line ends; and for the kind of a value. */
export const LANES_BYTES: usize = 40;

/** The least bytes that a record with these members takes; 0 when lines can't be told apart, as a member begins on another one. */
export function shortestRecord(members: usize, last: usize): usize {
  let bytes: usize = 2;
  for (; members < last; members += MEMBER_BYTES) {
    const p = <usize>load<u32>(members);
    const length = <usize>load<u32>(members, 4);
    if (lineEnd(p, p + length) < p + length) return 0;
    bytes += length + 1;
  }
  return bytes;
}

/**
 * Reads four records, lines of their own, from `p` on, with the members kept in [members, last), of at least `shortest`
 * bytes. Returns the address behind the fourth, or 0 when they aren't like that: then what was stored means nothing.
 */
export function fourRecords(lanes: usize, members: usize, last: usize, shortest: usize, p: usize, end: usize, keyCount: i32, maxRows: i32, row: i32, starts: usize, refs: usize, kinds: usize): usize {
  for (let lane: usize = 0; lane < <usize>LANES; lane++) {
    if (shortest >= end - p || load<u8>(p) != 123) return 0;
    store<u32>(starts + ((<usize>row + lane) << 2), <u32>p);
    store<u32>(lanes + (lane << 2), <u32>p + 1);
    p = lineEnd(p + shortest, end);
    if (p >= end) return 0;
    store<u32>(lanes + (lane << 2), <u32>p, 16);
    p++;
  }
  for (let k: i32 = 0; k < keyCount; k++) store<u32>(kinds + <usize>(k * maxRows + row), 0);
  let member = members;
  while ((member = plainMembers(lanes, member, last, maxRows, row, refs, kinds)) < last) {
    if (!anyMember(lanes, member, end, maxRows, row, refs, kinds)) return 0;
    member += MEMBER_BYTES;
  }
  for (let lane: usize = 0; lane < <usize>LANES; lane++) {
    const brace = <usize>load<u32>(lanes + (lane << 2));
    const line = <usize>load<u32>(lanes + (lane << 2), 16);
    if (load<u8>(brace) != 125) return 0;
    if (line != brace + 1 && (line != brace + 2 || load<u8>(brace + 1) != 13)) return 0;
  }
  return <usize>load<u32>(lanes, 12) + 1;
}

/** Reads members whose values are numbers, or texts without escapes, on all lanes. Returns the first that is something else. */
function plainMembers(lanes: usize, member: usize, last: usize, maxRows: i32, row: i32, refs: usize, kinds: usize): usize {
  let a = <usize>load<u32>(lanes);
  let b = <usize>load<u32>(lanes, 4);
  let c = <usize>load<u32>(lanes, 8);
  let d = <usize>load<u32>(lanes, 12);
  for (; member < last; member += MEMBER_BYTES) {
    const kind = load<u8>(member, 12);
    // A text's quote belongs to what is the same.
    const quote = <usize>(kind == TEXT);
    const length = <usize>load<u32>(member, 4) + quote;
    if (!allBegin(a, b, c, d, load<u32>(member), length)) break;
    let aEnd = a + length;
    let bEnd = b + length;
    let cEnd = c + length;
    let dEnd = d + length;
    if (kind == TEXT) {
      const aStops = textStops(aEnd);
      const bStops = textStops(bEnd);
      const cStops = textStops(cEnd);
      const dStops = textStops(dEnd);
      // A branch for all, as single ones would be taken now and then.
      if (aStops != 0 && bStops != 0 && cStops != 0 && dStops != 0) {
        aEnd += <usize>ctz(aStops);
        bEnd += <usize>ctz(bStops);
        cEnd += <usize>ctz(cStops);
        dEnd += <usize>ctz(dStops);
      } else {
        aEnd = longTextStop(aEnd);
        bEnd = longTextStop(bEnd);
        cEnd = longTextStop(cEnd);
        dEnd = longTextStop(dEnd);
      }
      if (!allAre(34, aEnd, bEnd, cEnd, dEnd)) break;
      aEnd++;
      bEnd++;
      cEnd++;
      dEnd++;
    } else if (kind == NUMBER) {
      if ((notFirst(aEnd) | notFirst(bEnd) | notFirst(cEnd) | notFirst(dEnd)) < 0) break;
      const aStops = numberStops(aEnd);
      const bStops = numberStops(bEnd);
      const cStops = numberStops(cEnd);
      const dStops = numberStops(dEnd);
      if (((aStops | bStops | cStops | dStops) & 1) != 0) break;
      aEnd = numberStop(aEnd, aStops);
      bEnd = numberStop(bEnd, bStops);
      cEnd = numberStop(cEnd, cStops);
      dEnd = numberStop(dEnd, dStops);
      // Else something else may be part of it, as in 1e5.
      const next = member + MEMBER_BYTES;
      if (!allAre(next < last ? <i32>load<u8>(load<u32>(next)) : 125, aEnd, bEnd, cEnd, dEnd)) break;
    } else break;
    const key = load<i32>(member, 8);
    if (key >= 0) {
      const place = <usize>(key * maxRows + row);
      const ref = refs + (place << 3);
      const skip = length - quote;
      store<u32>(kinds + place, <u32>kind * 0x01010101);
      storeRef(ref, a + skip, aEnd - a - skip);
      storeRef(ref + 8, b + skip, bEnd - b - skip);
      storeRef(ref + 16, c + skip, cEnd - c - skip);
      storeRef(ref + 24, d + skip, dEnd - d - skip);
    }
    a = aEnd;
    b = bEnd;
    c = cEnd;
    d = dEnd;
  }
  store<u32>(lanes, <u32>a);
  store<u32>(lanes, <u32>b, 4);
  store<u32>(lanes, <u32>c, 8);
  store<u32>(lanes, <u32>d, 12);
  return member;
}

/** Reads one member, of any kind of value, on all lanes. */
function anyMember(lanes: usize, member: usize, end: usize, maxRows: i32, row: i32, refs: usize, kinds: usize): bool {
  const length = <usize>load<u32>(member, 4);
  const key = load<i32>(member, 8);
  const place = <usize>(key * maxRows + row);
  for (let lane: usize = 0; lane < <usize>LANES; lane++) {
    const p = <usize>load<u32>(lanes + (lane << 2));
    if (!sameBytes(p, load<u32>(member), length)) return false;
    const start = p + length;
    const behind = valueEnd(start, end, false, lanes + 32);
    if (behind <= 1 || behind > <usize>load<u32>(lanes + (lane << 2), 16)) return false;
    const kind = load<u8>(lanes + 32);
    // What is mostly a number or text is tried as such again.
    if (kind >= NUMBER && kind <= ESCAPED) store<u8>(member, min<u8>(kind, TEXT), 12);
    store<u32>(lanes + (lane << 2), <u32>behind);
    if (key >= 0) {
      store<u8>(kinds + place + lane, kind);
      storeRef(refs + ((place + lane) << 3), start, behind - start);
    }
  }
  return true;
}

/** Whether these bytes stand at all four addresses. */
// @ts-ignore: decorator
@inline function allBegin(a: usize, b: usize, c: usize, d: usize, text: usize, length: usize): bool {
  const first = equalLanes(a, b, c, d, text);
  if (length <= 16) return (~first << (32 - <i32>length)) == 0;
  if (first != 0xffff) return false;
  // A line break ends each lane, and none stands in the text: reading on goes no further than 16 bytes behind it.
  let at: usize = 16;
  for (; at + 16 < length; at += 16) if (equalLanes(a + at, b + at, c + at, d + at, text + at) != 0xffff) return false;
  at = length - 16;
  return equalLanes(a + at, b + at, c + at, d + at, text + at) == 0xffff;
}

/** The bits of bytes, of 16, that are the same everywhere. */
// @ts-ignore: decorator
@inline function equalLanes(a: usize, b: usize, c: usize, d: usize, text: usize): i32 {
  const x = v128.load(text);
  const ab = v128.and(i8x16.eq(v128.load(a), x), i8x16.eq(v128.load(b), x));
  const cd = v128.and(i8x16.eq(v128.load(c), x), i8x16.eq(v128.load(d), x));
  return i8x16.bitmask(v128.and(ab, cd));
}

/** The bits of quotes, backslashes and line breaks, of 16 bytes. */
// @ts-ignore: decorator
@inline function textStops(p: usize): i32 {
  const x = v128.load(p);
  const quotes = i8x16.eq(x, i8x16.splat(34));
  const others = v128.or(i8x16.eq(x, i8x16.splat(92)), i8x16.eq(x, i8x16.splat(10)));
  return i8x16.bitmask(v128.or(quotes, others));
}

/** The first of them from `p` on, mostly within 64 bytes; up to 63 behind the line break are read (text-window.ts leaves room). */
// @ts-ignore: decorator
@inline function longTextStop(p: usize): usize {
  while (true) {
    const half = <u64>textStops(p) | (<u64>textStops(p + 16) << 16);
    const stops = half | (<u64>textStops(p + 32) << 32) | (<u64>textStops(p + 48) << 48);
    if (stops != 0) return p + <usize>ctz(stops);
    p += 64;
  }
}

/** Whether this byte stands at all four addresses. */
// @ts-ignore: decorator
@inline function allAre(byte: i32, a: usize, b: usize, c: usize, d: usize): bool {
  return ((<i32>load<u8>(a) ^ byte) | (<i32>load<u8>(b) ^ byte) | (<i32>load<u8>(c) ^ byte) | (<i32>load<u8>(d) ^ byte)) == 0;
}

/** The bits of bytes, of 16, that are none of -./0123456789; the next bit too. */
// @ts-ignore: decorator
@inline function numberStops(p: usize): i32 {
  const stands = i8x16.le_u(i8x16.sub(v128.load(p), i8x16.splat(45)), i8x16.splat(12));
  return i8x16.bitmask(stands) ^ 0x1ffff;
}

/** Negative for . and /, which no number begins with. */
// @ts-ignore: decorator
@inline function notFirst(p: usize): i32 {
  return (<i32>load<u8>(p) ^ 46) - 2;
}

/** Where the first of these bytes is, the `stops` of `p`, or of what follows: at the next line break at the latest. */
// @ts-ignore: decorator
@inline function numberStop(p: usize, stops: i32): usize {
  while (stops == 0x10000) {
    p += 16;
    stops = numberStops(p);
  }
  return p + <usize>ctz(stops);
}

/** The first line break from `p` on; `end` or beyond when there is none. */
// @ts-ignore: decorator
@inline function lineEnd(p: usize, end: usize): usize {
  const breaks = i8x16.splat(10);
  while (p < end) {
    const first = i8x16.bitmask(i8x16.eq(v128.load(p), breaks));
    const found = first | (i8x16.bitmask(i8x16.eq(v128.load(p, 16), breaks)) << 16);
    if (found != 0) return p + <usize>ctz(found);
    p += 32;
  }
  return end;
}
