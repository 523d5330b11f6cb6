const DECODER = new TextDecoder('utf-8', { ignoreBOM: true });

/** Bytes as a text with a character per byte, so that offsets in one are offsets in the other. */
export function byteText(bytes: Uint8Array): string {
  // The decoder is much faster; no character has two bytes when it gives as many as there are bytes.
  const decoded = DECODER.decode(bytes);
  if (decoded.length === bytes.length) return decoded;
  let text = '';
  for (let at = 0; at < bytes.length; at += 8192) text += String.fromCharCode(...bytes.subarray(at, at + 8192));
  return text;
}

/** The text whose UTF-8 bytes are the characters of `text`. */
export function fromByteText(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: all of ASCII
  if (/^[\x00-\x7f]*$/.test(text)) return text;
  return new TextDecoder().decode(Uint8Array.from(text, c => c.charCodeAt(0)));
}
