// Text functions whose results are parts of their argument (refs into the same bytes), and numbers about texts.
// NULL positions hold arbitrary refs: rows are those that are valid.
import { findBytes, refAddress, refLength, storeRef } from './bytes';
import { at, checkOptional, value } from './memory';
import { charBytes, countChars, previousChar, skipChars } from './utf8';

/** Number of bytes, as i64. */
export function byte_length(a: usize, am: usize, sel: usize, n: usize, out: usize): void {
  checkOptional(sel, n << 1);
  for (let j: usize = 0; j < n; j++) {
    const i = at(sel, j);
    store<i64>(out + (i << 3), <i64>refLength(a + ((i & am) << 3)));
  }
}

/** Number of code points, as i64. */
export function char_length(a: usize, am: usize, sel: usize, n: usize, out: usize): void {
  checkOptional(sel, n << 1);
  for (let j: usize = 0; j < n; j++) {
    const i = at(sel, j);
    const ref = a + ((i & am) << 3);
    store<i64>(out + (i << 3), <i64>countChars(refAddress(ref), refLength(ref)));
  }
}

/** Sum of the lengths in bytes: room for a result of the same sizes. */
export function total_bytes(a: usize, am: usize, sel: usize, n: usize): usize {
  checkOptional(sel, n << 1);
  let total: usize = 0;
  for (let j: usize = 0; j < n; j++) total += refLength(a + ((at(sel, j) & am) << 3));
  return total;
}

const SUBSTRING = 0;
const LEFT = 1;

/** Beyond any position in a text, and far enough from overflow. */
const FAR: i64 = 1 << 40;

// @ts-ignore: decorator
@inline function near(x: i64): i64 {
  return max<i64>(-FAR, min<i64>(FAR, x));
}

/**
 * kind 0: `length` characters from the 1-based `start` (negative: counted from the end), before it when `length` is
 * negative, to the end when it is absent (0). kind 1, 2: the first, last `start` characters (negative: all but so many
 * of the others).
 */
export function substring_ref(kind: i32, a: usize, am: usize, start: usize, startMask: usize, length: usize, lengthMask: usize, sel: usize, n: usize, out: usize): void {
  checkOptional(sel, n << 1);
  for (let j: usize = 0; j < n; j++) {
    const i = at(sel, j);
    const ref = a + ((i & am) << 3);
    const p = refAddress(ref);
    const end = p + refLength(ref);
    // Characters [from, to), which may begin before the text and end after it.
    let from = near(value<i64>(start, i, startMask));
    let to = FAR;
    const chars: i64 = from < 0 || kind > LEFT ? <i64>countChars(p, end - p) : 0;
    if (kind == SUBSTRING) {
      from = from < 0 ? chars + from : from - 1;
      if (length != 0) to = from + near(value<i64>(length, i, lengthMask));
      if (to < from) {
        const swap = to;
        to = from;
        from = swap;
      }
    } else {
      const wanted = from < 0 ? max<i64>(chars + from, 0) : from;
      from = kind == LEFT ? 0 : chars - wanted;
      if (kind == LEFT) to = wanted;
    }
    from = max<i64>(from, 0);
    const first = skipChars(p, end, from);
    storeRef(out + (i << 3), first, (to == FAR ? end : skipChars(first, end, to - from)) - first);
  }
}

/** Whether the code point of `width` bytes at `p` is among those of the text (set, length). */
// @ts-ignore: decorator
@inline function isAmong(p: usize, width: usize, set: usize, length: usize): bool {
  if (length == 1) return load<u8>(p) == load<u8>(set);
  return findBytes(set, length, p, width) >= 0;
}

/** Drops leading (sides & 1) and trailing (sides & 2) characters that are in `chars`. */
export function trim_ref(sides: i32, a: usize, am: usize, chars: usize, cm: usize, sel: usize, n: usize, out: usize): void {
  checkOptional(sel, n << 1);
  for (let j: usize = 0; j < n; j++) {
    const i = at(sel, j);
    const ref = a + ((i & am) << 3);
    const set = chars + ((i & cm) << 3);
    let p = refAddress(ref);
    let end = p + refLength(ref);
    if (sides & 1) {
      while (p < end) {
        const width = min<usize>(charBytes(p), end - p);
        if (!isAmong(p, width, refAddress(set), refLength(set))) break;
        p += width;
      }
    }
    if (sides & 2) {
      while (p < end) {
        const last = previousChar(end, p);
        if (!isAmong(last, end - last, refAddress(set), refLength(set))) break;
        end = last;
      }
    }
    storeRef(out + (i << 3), p, end - p);
  }
}

/** 1-based position in characters of `b` in `a`, 0 when absent, as i64. */
export function position_ref(a: usize, am: usize, b: usize, bm: usize, sel: usize, n: usize, out: usize): void {
  checkOptional(sel, n << 1);
  for (let j: usize = 0; j < n; j++) {
    const i = at(sel, j);
    const text = a + ((i & am) << 3);
    const part = b + ((i & bm) << 3);
    const p = refAddress(text);
    const found = findBytes(p, refLength(text), refAddress(part), refLength(part));
    store<i64>(out + (i << 3), found < 0 ? 0 : 1 + <i64>countChars(p, <usize>found));
  }
}

/** Where the part that begins at `p` ends before another one: address of the separator (none is wide: a character), or 0. */
// @ts-ignore: decorator
@inline function nextSeparator(p: usize, end: usize, by: usize, width: usize): usize {
  if (width == 0) {
    const next = skipChars(p, end, 1);
    return next < end ? next : 0;
  }
  const found = findBytes(p, end - p, by, width);
  return found < 0 ? 0 : p + <usize>found;
}

/**
 * The part number `index` (i64, from 1; negative: from the end) of `a` between the `b`s, or its character when `b` is
 * empty; empty when there is none.
 */
export function split_part_ref(a: usize, am: usize, b: usize, bm: usize, index: usize, im: usize, sel: usize, n: usize, out: usize): void {
  checkOptional(sel, n << 1);
  for (let j: usize = 0; j < n; j++) {
    const i = at(sel, j);
    const text = a + ((i & am) << 3);
    const by = refAddress(b + ((i & bm) << 3));
    const width = refLength(b + ((i & bm) << 3));
    let p = refAddress(text);
    const end = p + refLength(text);
    let wanted = value<i64>(index, i, im);
    if (wanted < 0) {
      wanted++;
      for (let q = p; q != 0; wanted++) {
        q = nextSeparator(q, end, by, width);
        if (q != 0) q += width;
      }
    }
    let length: usize = 0;
    while (wanted > 0) {
      const next = nextSeparator(p, end, by, width);
      if (wanted == 1) length = (next == 0 ? end : next) - p;
      if (next == 0) break;
      if (--wanted == 0) break;
      p = next + width;
    }
    storeRef(out + (i << 3), length == 0 ? end : p, length);
  }
}
