import type { ByteSource } from '../platform/platform.ts';

const CHUNK = 1 << 20;

/** Where in a file of text an offset is, for messages: its line, or its offset when counting would need the network. */
export function textPosition(source: ByteSource, offset: number, newline: string): string {
  const line = lineOf(source, offset, newline.charCodeAt(0));
  return line === undefined ? `${source.path}, byte ${offset}` : `${source.path}, line ${line}`;
}

function lineOf(source: ByteSource, offset: number, newline: number): number | undefined {
  if (source.isRemote === true) return undefined;
  let line = 1;
  const chunk = new Uint8Array(Math.min(CHUNK, offset));
  for (let from = 0; from < offset; from += CHUNK) {
    const part = chunk.subarray(0, Math.min(CHUNK, offset - from));
    if (source.read(from, part) !== undefined) return undefined;
    for (let at = part.indexOf(newline); at >= 0; at = part.indexOf(newline, at + 1)) line++;
  }
  return line;
}

/** A text as messages show it. */
export function shownText(text: string): string {
  return JSON.stringify(text.length > 60 ? `${text.slice(0, 60)}…` : text);
}
