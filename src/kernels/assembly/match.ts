// Tests of texts: starts_with, ends_with, contains, LIKE. Each gives booleans (asSelection 0: 1 byte at each position of
// `out`, 0 where `validity` rules out) or the rows that pass (asSelection 1: u16, room for n + 1; returns how many).
import { equalBytes, equalRefs, findBytes, refAddress, refLength } from './bytes';
import { at, check, checkOptional, isValid } from './memory';
import { charBytes } from './utf8';

const STARTS_WITH = 0;
const ENDS_WITH = 1;
const CONTAINS = 2;
const EQUALS = 3;

/** The pattern ends with its escape character. */
const BAD_PATTERN = -1;

// @ts-ignore: decorator
@inline function matches(kind: i32, a: usize, b: usize): bool {
  const al = refLength(a);
  const bl = refLength(b);
  if (bl > al) return false;
  if (kind == STARTS_WITH) return equalBytes(refAddress(a), refAddress(b), bl);
  if (kind == ENDS_WITH) return equalBytes(refAddress(a) + al - bl, refAddress(b), bl);
  if (kind == CONTAINS) return findBytes(refAddress(a), al, refAddress(b), bl) >= 0;
  return equalRefs(a, b);
}

/** kind: 0 starts with, 1 ends with, 2 contains, 3 equals. */
export function match_ref(kind: i32, negated: i32, a: usize, am: usize, b: usize, bm: usize, validity: usize, sel: usize, n: usize, asSelection: i32, out: usize): usize {
  checkOptional(sel, n << 1);
  let k = out;
  for (let j: usize = 0; j < n; j++) {
    const i = at(sel, j);
    const hit = isValid(validity, i) && matches(kind, a + ((i & am) << 3), b + ((i & bm) << 3)) == (negated == 0);
    if (asSelection) {
      store<u16>(k, <u16>i);
      k += <usize>hit << 1;
    } else store<u8>(out + i, <u8>hit);
  }
  return (k - out) >> 1;
}

/**
 * LIKE of a constant pattern without `_`: its parts between the `%`, as `count` refs at `parts` (the first and the last
 * may be empty: then the pattern begins or ends with `%`; two at least).
 */
export function like_parts(parts: usize, count: usize, negated: i32, a: usize, am: usize, validity: usize, sel: usize, n: usize, asSelection: i32, out: usize): usize {
  check(parts, count << 3);
  checkOptional(sel, n << 1);
  const first = parts;
  const last = parts + ((count - 1) << 3);
  const firstLength = refLength(first);
  const lastLength = refLength(last);
  let k = out;
  for (let j: usize = 0; j < n; j++) {
    const i = at(sel, j);
    const valid = isValid(validity, i);
    let hit = false;
    if (valid) {
      const ref = a + ((i & am) << 3);
      let p = refAddress(ref);
      const length = refLength(ref);
      let end = p + length;
      if (length >= firstLength + lastLength && equalBytes(p, refAddress(first), firstLength)) {
        end -= lastLength;
        if (equalBytes(end, refAddress(last), lastLength)) {
          p += firstLength;
          hit = true;
          for (let part = first + 8; part < last; part += 8) {
            const found = findBytes(p, end - p, refAddress(part), refLength(part));
            if (found < 0) {
              hit = false;
              break;
            }
            p += <usize>found + refLength(part);
          }
        }
      }
    }
    const passes = valid & (hit == (negated == 0));
    if (asSelection) {
      store<u16>(k, <u16>i);
      k += <usize>passes << 1;
    } else store<u8>(out + i, <u8>passes);
  }
  return (k - out) >> 1;
}

const PERCENT: u32 = 0x25;
const UNDERSCORE: u32 = 0x5f;

/** One text against one pattern, going back to the last `%` on a mismatch. @param escape address of a ref, 0 = none */
function likeText(p: usize, end: usize, q: usize, patternEnd: usize, escape: usize): i32 {
  const escapeLength: usize = escape == 0 ? 0 : refLength(escape);
  // Where to go on after the last `%`: the pattern behind it, and the text one character further.
  let retryPattern: usize = 0;
  let retryText: usize = 0;
  while (true) {
    let matched = false;
    if (q < patternEnd) {
      const escaped = escapeLength != 0 && q + escapeLength <= patternEnd && equalBytes(q, refAddress(escape), escapeLength);
      if (escaped) {
        if (q + escapeLength == patternEnd) return BAD_PATTERN;
      } else if (load<u8>(q) == PERCENT) {
        q++;
        retryPattern = q;
        retryText = p;
        continue;
      }
      if (p < end) {
        const from = escaped ? q + escapeLength : q;
        const width = charBytes(from);
        if (!escaped && load<u8>(q) == UNDERSCORE) {
          p += charBytes(p);
          q++;
          matched = true;
        } else if (p + width <= end && equalBytes(p, from, width)) {
          p += width;
          q = from + width;
          matched = true;
        }
      }
    } else if (p >= end) return 1;
    if (!matched) {
      if (retryPattern == 0 || retryText >= end) return 0;
      retryText += charBytes(retryText);
      p = retryText;
      q = retryPattern;
    }
  }
}

/**
 * LIKE of any pattern, constant or not. @param escape operand of refs, or 0 for none
 * @returns -1 when a pattern ends with its escape character
 */
export function like_ref(negated: i32, a: usize, am: usize, b: usize, bm: usize, escape: usize, em: usize, validity: usize, sel: usize, n: usize, asSelection: i32, out: usize): i32 {
  checkOptional(sel, n << 1);
  let k = out;
  for (let j: usize = 0; j < n; j++) {
    const i = at(sel, j);
    let passes = false;
    if (isValid(validity, i)) {
      const text = a + ((i & am) << 3);
      const pattern = b + ((i & bm) << 3);
      const p = refAddress(text);
      const q = refAddress(pattern);
      const hit = likeText(p, p + refLength(text), q, q + refLength(pattern), escape == 0 ? 0 : escape + ((i & em) << 3));
      if (hit < 0) return hit;
      passes = (hit != 0) == (negated == 0);
    }
    if (asSelection) {
      store<u16>(k, <u16>i);
      k += <usize>passes << 1;
    } else store<u8>(out + i, <u8>passes);
  }
  return <i32>((k - out) >> 1);
}
