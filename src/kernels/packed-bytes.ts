/**
 * The characters of packed bytes: those of ASCII that stand for themselves in any kind of string and in scripts of pages.
 * `assembly/build.mjs` packs with the same.
 */
const CHARACTERS = [...Array.from({ length: 95 }, (_, i) => String.fromCharCode(32 + i))].filter(
  c => !'"\'`\\$<'.includes(c),
);
/** So many bytes have a character of their own; the others are two, of which the first says which of the rest. */
const SINGLE = CHARACTERS.length - 2;
const ORDER_LENGTH = 512;

/**
 * The bytes of a text that begins with all byte values in hexadecimal, the most frequent first, and goes on with the bytes: a
 * character for each of the frequent ones. It takes less than base64, and where bytes repeat the text does: compressed it is
 * not much more than the bytes.
 */
export function unpackBytes(text: string): Uint8Array<ArrayBuffer> {
  const codes = new Uint8Array(128);
  CHARACTERS.forEach((c, code) => {
    codes[c.charCodeAt(0)] = code;
  });
  const order = Uint8Array.from({ length: 256 }, (_, i) => Number.parseInt(text.slice(2 * i, 2 * i + 2), 16));
  const bytes = new Uint8Array(text.length - ORDER_LENGTH);
  let length = 0;
  for (let i = ORDER_LENGTH; i < text.length; i++) {
    let code = codes[text.charCodeAt(i)]!;
    if (code >= SINGLE) code = SINGLE + (code - SINGLE) * CHARACTERS.length + codes[text.charCodeAt(++i)]!;
    bytes[length++] = order[code]!;
  }
  return bytes.slice(0, length);
}
