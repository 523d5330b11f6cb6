/** The 128 bits of a UUID's text, any case, with or without hyphens and braces; undefined when it is not one. */
export function uuidFromText(text: string): bigint | undefined {
  const hex = text
    .trim()
    .replace(/^\{(.*)\}$/, '$1')
    .replaceAll('-', '');
  return /^[0-9a-f]{32}$/i.test(hex) ? BigInt(`0x${hex}`) : undefined;
}

/** A UUID's canonical text. */
export function uuidToText(bits: bigint): string {
  const hex = bits.toString(16).padStart(32, '0');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}
