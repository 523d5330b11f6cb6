import type { ByteSource } from '../../platform/platform.ts';
import { blockBoundaries } from '../block-boundaries.ts';
import { byteText } from '../byte-text.ts';
import type { Dialect } from './dialect.ts';
import { hasWidth, sampleRecords } from './sample-records.ts';

/** What is read at the end of a block to find where a record starts. */
const WINDOW = 32_768;
const RECORDS = 8;
const TRIES = 64;

/**
 * Cuts a file into blocks of whole records: offsets, from `start` to the file's size. Where it can't be told whether
 * a line end stands in quotes, there is no cut.
 */
export function recordBoundaries(
  source: ByteSource,
  start: number,
  dialect: Dialect,
  width: number,
  blockBytes?: number,
): Promise<readonly number[]> {
  const startIn = (bytes: Uint8Array, isEnd: boolean) => recordStart(byteText(bytes), dialect, width, isEnd);
  return blockBoundaries(source, start, { windowBytes: WINDOW, startIn, blockBytes });
}

/** The offset of the first record that surely starts in the text; undefined when none does. */
function recordStart(text: string, dialect: Dialect, width: number, isEnd: boolean): number | undefined {
  const { newline, quote } = dialect;
  let at = text.indexOf(newline);
  for (let tries = 0; at >= 0 && tries < TRIES; tries++) {
    const from = at + 1;
    if (quote === '' || (fits(text, from, dialect, width, isEnd) && !mayBeQuoted(text, from, dialect, width, isEnd))) {
      return from;
    }
    at = text.indexOf(newline, from);
  }
  return undefined;
}

/** Whether records as they should be follow. */
function fits(text: string, from: number, dialect: Dialect, width: number, isEnd: boolean): boolean {
  const { records, oddQuotes } = sampleRecords(text, from, dialect, isEnd, RECORDS);
  return records.length > 0 && oddQuotes === 0 && records.every(r => hasWidth(r.fields, width));
}

/** Whether the text from here on may as well stand in quotes: a closing quote follows, and then proper records. */
function mayBeQuoted(text: string, from: number, dialect: Dialect, width: number, isEnd: boolean): boolean {
  const { quote } = dialect;
  if (text.indexOf(quote, from) < 0) return false;
  // As if the quoted text had begun here.
  const quoted = quote + text.slice(from);
  const { records, oddQuotes } = sampleRecords(quoted, 0, dialect, isEnd, RECORDS);
  const [first, ...rest] = records;
  // The first record may have begun with more fields.
  if (oddQuotes > 0 || first === undefined) return false;
  return first.fields.length <= width + 1 && rest.every(r => hasWidth(r.fields, width));
}
