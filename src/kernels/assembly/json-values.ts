// JSON: one place in each of many texts, as a reference into the text where its spelling may stay.
//
// A text is read strictly once (its escapes and numbers too), then the path is followed with a quicker look. What needs
// another spelling than it has, or is rare, is left to JavaScript.

import { equalBytes, refAddress, refLength, storeRef } from './bytes';
import { at, check, checkOptional } from './memory';

// Kinds of values; the numbers are those of functions/json/json-values.ts.
const MISSING: u8 = 0;
const NULL: u8 = 1;
const BOOLEAN: u8 = 2;
const UBIGINT: u8 = 3;
const BIGINT: u8 = 4;
const DOUBLE: u8 = 5;
const TEXT: u8 = 6;
const ARRAY: u8 = 7;
const OBJECT: u8 = 8;
/** JavaScript must look at the row. */
const RARE: u8 = 32;
/** Blanks between the parts of an array or object. */
const SPACED: u8 = 64;

const MAX_DEPTH: i32 = 1000;
/** Digits that a double keeps, whatever they are. */
const EXACT_DIGITS: i32 = 15;

// @ts-ignore: decorator
@inline function isBlank(c: u8): bool {
  return c <= 32 && (c == 32 || c == 10 || c == 13 || c == 9);
}

// @ts-ignore: decorator
@inline function skipBlanks(p: usize, end: usize): usize {
  while (p < end && isBlank(load<u8>(p))) p++;
  return p;
}

// @ts-ignore: decorator
@inline function isDigit(c: u8): bool {
  return <u32>c - 48 <= 9;
}

/** The first quote, backslash or control character from `p` on; `end` when there is none. */
// @ts-ignore: decorator
@inline function plainEnd(p: usize, end: usize): usize {
  const quotes = i8x16.splat(34);
  const slashes = i8x16.splat(92);
  const blanks = i8x16.splat(31);
  while (p + 16 <= end) {
    const x = v128.load(p);
    const found = i8x16.bitmask(v128.or(v128.or(i8x16.eq(x, quotes), i8x16.eq(x, slashes)), i8x16.le_u(x, blanks)));
    if (found != 0) return p + <usize>ctz(found);
    p += 16;
  }
  while (p < end) {
    const c = load<u8>(p);
    if (c == 34 || c == 92 || c < 32) return p;
    p++;
  }
  return end;
}

/** The closing quote of the text from `p` on; 0 when it has none, a wrong escape, a surrogate's or a control character. */
function textEnd(p: usize, end: usize): usize {
  while (true) {
    p = plainEnd(p, end);
    if (p >= end) return 0;
    const c = load<u8>(p);
    if (c == 34) return p;
    if (c != 92 || p + 1 >= end) return 0;
    const escape = load<u8>(p + 1);
    if (escape == 117) {
      if (p + 6 > end) return 0;
      for (let k: usize = 2; k < 6; k++) {
        const d = load<u8>(p + k);
        if (!isDigit(d) && (<u32>(d | 32) - 97) > 5) return 0;
      }
      // Halves of surrogate pairs, which JavaScript looks at.
      if ((load<u8>(p + 2) | 32) == 100 && load<u8>(p + 3) > 55) return 0;
      p += 6;
    } else {
      if (escape != 34 && escape != 92 && escape != 47 && escape != 98 && escape != 102 && escape != 110 && escape != 114 && escape != 116) return 0;
      p += 2;
    }
  }
}

/** The address behind the number at `p`; 0 when it is none. */
function numberEnd(p: usize, end: usize): usize {
  if (load<u8>(p) == 45) p++;
  if (p >= end || !isDigit(load<u8>(p))) return 0;
  if (load<u8>(p) == 48) p++;
  else while (p < end && isDigit(load<u8>(p))) p++;
  if (p < end && load<u8>(p) == 46) {
    p++;
    if (p >= end || !isDigit(load<u8>(p))) return 0;
    while (p < end && isDigit(load<u8>(p))) p++;
  }
  if (p < end && (load<u8>(p) | 32) == 101) {
    p++;
    if (p < end && (load<u8>(p) == 43 || load<u8>(p) == 45)) p++;
    if (p >= end || !isDigit(load<u8>(p))) return 0;
    while (p < end && isDigit(load<u8>(p))) p++;
  }
  return p;
}

/** The address behind the value at `p`; 0 when it is no JSON, or none that is read here. */
function valueEnd(p: usize, end: usize, depth: i32): usize {
  if (p >= end || depth > MAX_DEPTH) return 0;
  const c = load<u8>(p);
  if (c == 34) {
    const close = textEnd(p + 1, end);
    return close == 0 ? 0 : close + 1;
  }
  if (c == 123 || c == 91) {
    const close: u8 = c + 2;
    p = skipBlanks(p + 1, end);
    if (p < end && load<u8>(p) == close) return p + 1;
    while (true) {
      if (c == 123) {
        if (p >= end || load<u8>(p) != 34) return 0;
        p = textEnd(p + 1, end);
        if (p == 0) return 0;
        p = skipBlanks(p + 1, end);
        if (p >= end || load<u8>(p) != 58) return 0;
        p = skipBlanks(p + 1, end);
      }
      p = valueEnd(p, end, depth + 1);
      if (p == 0) return 0;
      p = skipBlanks(p, end);
      if (p >= end) return 0;
      const d = load<u8>(p);
      if (d == close) return p + 1;
      if (d != 44) return 0;
      p = skipBlanks(p + 1, end);
    }
  }
  if (c == 116) return p + 4 <= end && load<u32>(p) == 0x65757274 ? p + 4 : 0;
  if (c == 110) return p + 4 <= end && load<u32>(p) == 0x6c6c756e ? p + 4 : 0;
  if (c == 102) return p + 5 <= end && load<u32>(p + 1) == 0x65736c61 ? p + 5 : 0;
  return numberEnd(p, end);
}

/** The address behind a value that was read strictly before. */
function knownEnd(p: usize, end: usize): usize {
  let depth: i32 = 0;
  do {
    const c = load<u8>(p);
    if (c == 34) p = textEnd(p + 1, end) + 1;
    else if (c == 123 || c == 91) {
      depth++;
      p++;
    } else if (c == 125 || c == 93) {
      depth--;
      p++;
    } else if (depth > 0) p++;
    else {
      while (p < end) {
        const d = load<u8>(p);
        if (d == 44 || d == 125 || d == 93 || isBlank(d)) break;
        p++;
      }
    }
  } while (depth > 0);
  return p;
}

// @ts-ignore: decorator
@inline function hasSlash(p: usize, end: usize): bool {
  while (p < end) if (load<u8>(p++) == 92) return true;
  return false;
}

/** The first member of a key in the object at `p`: its address, 0 when there is none, 1 when a key has escapes. */
function memberAt(p: usize, end: usize, key: usize): usize {
  p = skipBlanks(p + 1, end);
  if (load<u8>(p) == 125) return 0;
  while (true) {
    const name = p + 1;
    p = textEnd(name, end);
    const length = p - name;
    const isWanted = length == refLength(key) && equalBytes(name, refAddress(key), length);
    if (!isWanted && hasSlash(name, p)) return 1;
    p = skipBlanks(skipBlanks(p + 1, end) + 1, end);
    if (isWanted) return p;
    p = skipBlanks(knownEnd(p, end), end);
    if (load<u8>(p) == 125) return 0;
    p = skipBlanks(p + 1, end);
  }
}

/** How many elements the array at `p` has. */
function elementCount(p: usize, end: usize): u32 {
  p = skipBlanks(p + 1, end);
  if (load<u8>(p) == 93) return 0;
  let count: u32 = 1;
  while (true) {
    p = skipBlanks(knownEnd(p, end), end);
    if (load<u8>(p) == 93) return count;
    count++;
    p = skipBlanks(p + 1, end);
  }
}

/** The element of an index in the array at `p`, counted from the end when it is negative; 0 when there is none. */
function elementAt(p: usize, end: usize, index: i32): usize {
  if (index < 0) {
    index += <i32>elementCount(p, end);
    if (index < 0) return 0;
  }
  p = skipBlanks(p + 1, end);
  if (load<u8>(p) == 93) return 0;
  while (index > 0) {
    p = skipBlanks(knownEnd(p, end), end);
    if (load<u8>(p) == 93) return 0;
    p = skipBlanks(p + 1, end);
    index--;
  }
  return p;
}

/** UBIGINT, BIGINT or DOUBLE; with RARE when the number is to be written in another way than it is. */
function numberKind(p: usize, end: usize): u8 {
  const isNegative = load<u8>(p) == 45;
  const start = isNegative ? p + 1 : p;
  let digits = 0;
  let zeros = 0;
  let point: usize = 0;
  for (p = start; p < end; p++) {
    const c = load<u8>(p);
    if (c == 46) point = p;
    else if (isDigit(c)) {
      digits++;
      if (digits == zeros + 1 && c == 48) zeros++;
    } else return DOUBLE | RARE;
  }
  // -0 is written 0; 18 digits fit 64 bits.
  if (point == 0 && isNegative && zeros == digits) return BIGINT | RARE;
  if (point == 0) return digits <= 18 ? (isNegative ? BIGINT : UBIGINT) : UBIGINT | RARE;
  // Not the shortest: 1.50, or 0.0000001, which is 1e-7.
  const isWhole = point + 2 == end && load<u8>(end - 1) == 48;
  if (digits > EXACT_DIGITS || (load<u8>(end - 1) == 48 && !isWhole) || zeros > 4 || zeros == digits) return DOUBLE | RARE;
  return DOUBLE;
}

/** The kind of the value from `p` to `end`, with RARE and SPACED. */
function kindOf(p: usize, end: usize): u8 {
  const c = load<u8>(p);
  if (c == 34) return hasSlash(p + 1, end - 1) ? TEXT | RARE : TEXT;
  if (c == 110) return NULL;
  if (c == 116 || c == 102) return BOOLEAN;
  if (c != 123 && c != 91) return numberKind(p, end);
  const kind: u8 = c == 123 ? OBJECT : ARRAY;
  let flags: u8 = 0;
  while (p < end) {
    const d = load<u8>(p);
    if (d == 34) {
      const close = textEnd(p + 1, end);
      if (hasSlash(p + 1, close)) return kind | RARE;
      p = close + 1;
    } else if (d == 45 || isDigit(d)) {
      const behind = numberEnd(p, end);
      if ((numberKind(p, behind) & RARE) != 0) return kind | RARE;
      p = behind;
    } else {
      if (isBlank(d)) flags = SPACED;
      p++;
    }
  }
  return kind | flags;
}

/**
 * The values at a path in the JSON texts of rows. Steps are {mode u32, key's address u32,
 * its length u32, index i32} each; a mode of 1 takes a member by its key, 2 an element, 3 either. A value's reference goes
 * to `out`, its kind to `kinds`, both at its position: 0 where there is none; with RARE the reference is the whole text's,
 * and nothing else is said. Returns how many rows are rare: also those whose text is no JSON.
 */
export function json_values(data: usize, mask: usize, sel: usize, n: usize, steps: usize, stepCount: i32, out: usize, kinds: usize): u32 {
  checkOptional(sel, n << 1);
  check(steps, <usize>stepCount << 4);
  let rare: u32 = 0;
  for (let j: usize = 0; j < n; j++) {
    const i = at(sel, j);
    const ref = data + ((i & mask) << 3);
    const from = refAddress(ref);
    const end = from + refLength(ref);
    let p = skipBlanks(from, end);
    let kind: u8 = RARE;
    let length = refLength(ref);
    const behind = valueEnd(p, end, 0);
    if (behind != 0 && skipBlanks(behind, end) == end) {
      p = valueAt(p, behind, steps, stepCount);
      if (p == 0) {
        kind = MISSING;
        p = from;
        length = 0;
      } else if (p != 1) {
        const last = knownEnd(p, behind);
        kind = kindOf(p, last);
        length = last - p;
      }
    }
    if ((kind & RARE) != 0) {
      kind = RARE;
      p = from;
      length = refLength(ref);
      rare++;
    }
    store<u8>(kinds + i, kind);
    storeRef(out + (i << 3), p, length);
  }
  return rare;
}

/** Where a path leads to from the value at `p`; 0 when nowhere, 1 when that is not seen here. */
function valueAt(p: usize, end: usize, steps: usize, count: i32): usize {
  for (let k: i32 = 0; k < count; k++) {
    const step = steps + (<usize>k << 4);
    const mode = load<u32>(step);
    const c = load<u8>(p);
    if (c == 123 && (mode & 1) != 0) p = memberAt(p, end, step + 4);
    else if (c == 91 && (mode & 2) != 0) p = elementAt(p, end, load<i32>(step, 12));
    else return 0;
    if (p <= 1) return p;
  }
  return p;
}

/** Takes the blanks out of the values that are SPACED: their texts go to `to`. Returns where these end. */
export function json_compact(refs: usize, kinds: usize, sel: usize, n: usize, to: usize): usize {
  checkOptional(sel, n << 1);
  for (let j: usize = 0; j < n; j++) {
    const i = at(sel, j);
    if ((load<u8>(kinds + i) & SPACED) == 0) continue;
    let p = refAddress(refs + (i << 3));
    const end = p + refLength(refs + (i << 3));
    const start = to;
    check(to, end - p);
    while (p < end) {
      const c = load<u8>(p);
      if (c == 34) {
        const behind = textEnd(p + 1, end) + 1;
        memory.copy(to, p, behind - p);
        to += behind - p;
        p = behind;
      } else {
        if (!isBlank(c)) store<u8>(to++, c);
        p++;
      }
    }
    storeRef(refs + (i << 3), start, to - start);
  }
  return to;
}

/** How many elements the values that are arrays have, others 0, as u64 at their positions. */
export function json_lengths(refs: usize, kinds: usize, sel: usize, n: usize, out: usize): void {
  checkOptional(sel, n << 1);
  for (let j: usize = 0; j < n; j++) {
    const i = at(sel, j);
    const p = refAddress(refs + (i << 3));
    const isArray = (load<u8>(kinds + i) & 15) == ARRAY;
    store<u64>(out + (i << 3), isArray ? <u64>elementCount(p, p + refLength(refs + (i << 3))) : 0);
  }
}

/** Texts without their quotes. Bits of `validity`, ones before, are cleared where there is no value, and for null too if that counts as none. Returns how many. */
export function json_texts(refs: usize, kinds: usize, sel: usize, n: usize, unquote: u32, nullIsNone: u32, validity: usize): u32 {
  checkOptional(sel, n << 1);
  let nulls: u32 = 0;
  for (let j: usize = 0; j < n; j++) {
    const i = at(sel, j);
    const kind = load<u8>(kinds + i) & 15;
    const ref = refs + (i << 3);
    if (load<u8>(kinds + i) == RARE) continue;
    if (kind == MISSING || (kind == NULL && nullIsNone != 0)) {
      store<u8>(validity + (i >> 3), load<u8>(validity + (i >> 3)) & ~(<u8>1 << (<u8>i & 7)));
      storeRef(ref, refs, 0);
      nulls++;
    } else if (kind == TEXT && unquote != 0) storeRef(ref, refAddress(ref) + 1, refLength(ref) - 2);
  }
  return nulls;
}
