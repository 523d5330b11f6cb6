// JSON as text: where a value ends and of which kind it is, and what a text with escapes spells.

// Kinds of values. 0 = the key is missing.
export const NULL: u8 = 1;
export const NUMBER: u8 = 2;
export const TEXT: u8 = 3;
export const ESCAPED: u8 = 4; // text with backslashes
const BOOLEAN: u8 = 5;
const NESTED: u8 = 6;

// @ts-ignore: decorator
@inline export function isBlank(c: u8): bool {
  // Mostly it is none.
  return c <= 32 && (c == 32 || c == 10 || c == 13 || c == 9);
}

// @ts-ignore: decorator
@inline export function skipBlanks(p: usize, end: usize): usize {
  while (p < end && isBlank(load<u8>(p))) p++;
  return p;
}

/** The address of the quote that ends the text from `p`; `end` when there is none. */
export function textEnd(p: usize, end: usize): usize {
  const quotes = i8x16.splat(34);
  const slashes = i8x16.splat(92);
  while (p < end) {
    const x = v128.load(p);
    const found = i8x16.bitmask(v128.or(i8x16.eq(x, quotes), i8x16.eq(x, slashes)));
    if (found == 0) {
      p += 16;
      continue;
    }
    p += <usize>ctz(found);
    if (p >= end) break;
    if (load<u8>(p) == 34) return p;
    p += 2;
  }
  return end;
}

// @ts-ignore: decorator
@inline export function hasSlash(p: usize, end: usize): bool {
  while (p < end) if (load<u8>(p++) == 92) return true;
  return false;
}

/** The first quote or backslash from `p` on; `end` or beyond when there is none. */
// @ts-ignore: decorator
@inline export function quoteOrSlash(p: usize, end: usize): usize {
  const quotes = i8x16.splat(34);
  const slashes = i8x16.splat(92);
  while (p < end) {
    const x = v128.load(p);
    const found = i8x16.bitmask(v128.or(i8x16.eq(x, quotes), i8x16.eq(x, slashes)));
    if (found != 0) return p + <usize>ctz(found);
    p += 16;
  }
  return end;
}

// By low nibble the bytes (with the bit of 32 set, which makes { of [ and } of ]) that can't stand in a number or word:
// quote, colon, braces, comma. Control characters and the blank can't either.
// @ts-ignore: decorator
@inline function closers(): v128 {
  return i8x16(0, 0, 34, 0, 0, 0, 0, 0, 0, 0, 58, 123, 44, 125, 0, 0);
}

/** Where the number or word from `p` on ends, at most at `end`; 1 when something stands in it that can't. */
// @ts-ignore: decorator
@inline export function wordEnd(p: usize, end: usize): usize {
  while (p < end) {
    const x = v128.load(p);
    const y = v128.or(x, i8x16.splat(32));
    const closes = i8x16.eq(i8x16.swizzle(closers(), v128.and(y, i8x16.splat(15))), y);
    const found = i8x16.bitmask(v128.or(closes, i8x16.le_u(x, i8x16.splat(32))));
    if (found != 0) {
      p += <usize>ctz(found);
      if (p >= end) return end;
      const c = load<u8>(p);
      return c <= 32 || c == 44 || (c | 32) == 125 ? p : 1;
    }
    p += 16;
  }
  return end;
}

/** The address behind the value at `p`, whose kind goes to `kind`; 0 when the text ends first, 1 when it is no value. */
export function valueEnd(p: usize, end: usize, isFinal: bool, kind: usize): usize {
  const c = load<u8>(p);
  if (c == 34) {
    const first = quoteOrSlash(p + 1, end);
    const isPlain = first < end && load<u8>(first) == 34;
    const close = isPlain ? first : textEnd(first, end);
    if (close >= end) return 0;
    store<u8>(kind, isPlain ? TEXT : ESCAPED);
    return close + 1;
  }
  if (c == 123 || c == 91) {
    let depth = 1;
    p++;
    while (p < end) {
      const d = load<u8>(p);
      if (d == 34) {
        p = textEnd(p + 1, end);
        if (p >= end) return 0;
      } else if (d == 123 || d == 91) depth++;
      else if (d == 125 || d == 93) {
        if (--depth == 0) {
          store<u8>(kind, NESTED);
          return p + 1;
        }
      }
      p++;
    }
    return 0;
  }
  const start = p;
  p = wordEnd(p, end);
  if (p == 1) return 1;
  if (p >= end && !isFinal) return 0;
  // Nothing but numbers starts like that.
  if (c == 45 || <u32>c - 48 <= 9) {
    store<u8>(kind, NUMBER);
    return p;
  }
  const length = p - start;
  if (length == 4 && load<u32>(start) == 0x6c6c756e) store<u8>(kind, NULL);
  else if ((length == 4 && load<u32>(start) == 0x65757274) || (length == 5 && c == 102 && load<u32>(start + 1) == 0x65736c61)) store<u8>(kind, BOOLEAN);
  else if (length > 0 && (c == 78 || c == 73)) store<u8>(kind, NUMBER);
  else return 1;
  return p;
}

// @ts-ignore: decorator
@inline function hex4(p: usize): i32 {
  let v: i32 = 0;
  for (let k: usize = 0; k < 4; k++) {
    const c = <u32>load<u8>(p + k);
    const d = c - 48;
    const letter = (c | 32) - 97;
    if (d <= 9) v = (v << 4) | <i32>d;
    else if (letter <= 5) v = (v << 4) | <i32>(letter + 10);
    else return -1;
  }
  return v;
}

/** Copies text without its escapes to `to` (which may be `p`); returns the end of the copy, 0 for a wrong escape. */
export function unescape(p: usize, end: usize, to: usize): usize {
  while (p < end) {
    let c = load<u8>(p++);
    if (c != 92) {
      store<u8>(to++, c);
      continue;
    }
    if (p >= end) return 0;
    c = load<u8>(p++);
    switch (c) {
      case 34: case 92: case 47: break;
      case 98: c = 8; break;
      case 102: c = 12; break;
      case 110: c = 10; break;
      case 114: c = 13; break;
      case 116: c = 9; break;
      case 117: {
        if (p + 4 > end) return 0;
        let code = hex4(p);
        if (code < 0) return 0;
        p += 4;
        if (code >= 0xd800 && code < 0xdc00 && p + 6 <= end && load<u16>(p) == 0x755c) {
          const low = hex4(p + 2);
          if (low >= 0xdc00 && low < 0xe000) {
            code = 0x10000 + ((code - 0xd800) << 10) + (low - 0xdc00);
            p += 6;
          }
        }
        // Half of a pair is no character.
        if (code >= 0xd800 && code < 0xe000) code = 0xfffd;
        if (code < 0x80) store<u8>(to++, <u8>code);
        else if (code < 0x800) {
          store<u8>(to++, <u8>(0xc0 | (code >> 6)));
          store<u8>(to++, <u8>(0x80 | (code & 63)));
        } else if (code < 0x10000) {
          store<u8>(to++, <u8>(0xe0 | (code >> 12)));
          store<u8>(to++, <u8>(0x80 | ((code >> 6) & 63)));
          store<u8>(to++, <u8>(0x80 | (code & 63)));
        } else {
          store<u8>(to++, <u8>(0xf0 | (code >> 18)));
          store<u8>(to++, <u8>(0x80 | ((code >> 12) & 63)));
          store<u8>(to++, <u8>(0x80 | ((code >> 6) & 63)));
          store<u8>(to++, <u8>(0x80 | (code & 63)));
        }
        continue;
      }
      default: return 0;
    }
    store<u8>(to++, c);
  }
  return to;
}
