import type { StoredBounds } from './page-bounds.ts';

/** Bytes of a text that stands for a page's bound. */
const MOST_BYTES = 64;

/**
 * Bounds of texts, shortened: what is left of the lower one is not greater, and the upper one ends in the next character (or
 * byte, where bytes are no text). Undefined when the upper one is long and nothing comes after what would be left of it.
 */
export function cutBounds({ min, max }: StoredBounds, isText: boolean): StoredBounds | undefined {
  const cutMin = min.subarray(0, cutAt(min, isText));
  if (max.length <= MOST_BYTES) return { min: cutMin, max };
  const start = max.subarray(0, cutAt(max, isText));
  const next = isText ? textAfter(new TextDecoder('utf-8', { ignoreBOM: true }).decode(start)) : bytesAfter(start);
  return next && { min: cutMin, max: next };
}

/** Where a text is cut: between characters. */
function cutAt(bytes: Uint8Array, isText: boolean): number {
  if (bytes.length <= MOST_BYTES) return bytes.length;
  let at = MOST_BYTES;
  if (isText) while ((bytes[at]! & 0xc0) === 0x80) at--;
  return at;
}

/** The least text of as many characters at most that comes after all that begin with `text`: UTF-8 orders by code point. */
function textAfter(text: string): Uint8Array | undefined {
  const points = Array.from(text, c => c.codePointAt(0)!);
  for (let last = points.pop(); last !== undefined; last = points.pop()) {
    // No character has the numbers of surrogates.
    const next = last === 0xd7ff ? 0xe000 : last + 1;
    if (next <= 0x10ffff) return new TextEncoder().encode(String.fromCodePoint(...points, next));
  }
  return undefined;
}

function bytesAfter(bytes: Uint8Array): Uint8Array | undefined {
  const end = bytes.findLastIndex(b => b < 0xff);
  if (end < 0) return undefined;
  const next = bytes.slice(0, end + 1);
  next[end]! += 1;
  return next;
}
