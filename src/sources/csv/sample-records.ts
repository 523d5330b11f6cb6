import type { Dialect } from './dialect.ts';

/** A record of a sample: where it starts, where the next one does, and its fields without quotes. */
export type SampleRecord = { readonly start: number; readonly next: number; readonly fields: readonly string[] };

/** Whether a record has so many fields; a delimiter behind the last one is allowed. */
export const hasWidth = (fields: readonly string[], width: number): boolean =>
  fields.length === width || (fields.length === width + 1 && fields[width] === '');

export type Sample = {
  readonly records: readonly SampleRecord[];
  /** Where the record after the last one starts. */
  readonly end: number;
  /** Fields with text after their closing quote, or without one. */
  readonly oddQuotes: number;
  /** Quoted fields that hold a line end. */
  readonly quotedNewlines: number;
};

/**
 * Splits the beginning of a file into records, as the kernels do for all of it; blank lines and comments are left out.
 * @param text a character per byte
 * @param isWhole the text is the whole file; else its last record is taken for cut off and left out
 */
export function sampleRecords(
  text: string,
  from: number,
  dialect: Dialect,
  isWhole: boolean,
  maxRecords = Number.POSITIVE_INFINITY,
): Sample {
  const { comment, newline } = dialect;
  const records: SampleRecord[] = [];
  let oddQuotes = 0;
  let quotedNewlines = 0;
  let at = from;
  let end = from;
  while (at < text.length && records.length < maxRecords) {
    if (comment !== '' && text[at] === comment) {
      const next = text.indexOf(newline, at);
      at = next < 0 ? text.length : next + 1;
      end = at;
      continue;
    }
    const record = recordAt(text, at, dialect);
    if (record.isCut && !isWhole) break;
    oddQuotes += record.oddQuotes;
    quotedNewlines += record.quotedNewlines;
    if (!record.isBlank) records.push({ start: at, next: record.next, fields: record.fields });
    at = record.next;
    end = at;
  }
  return { records, end, oddQuotes, quotedNewlines };
}

type RecordAt = {
  readonly fields: readonly string[];
  readonly next: number;
  /** The text ended first. */
  readonly isCut: boolean;
  readonly isBlank: boolean;
  readonly oddQuotes: number;
  readonly quotedNewlines: number;
};

function recordAt(text: string, start: number, dialect: Dialect): RecordAt {
  const { delimiter, quote, newline } = dialect;
  const fields: string[] = [];
  const del = delimiter.charCodeAt(0);
  const end = newline.charCodeAt(0);
  const isDelimiter = (i: number): boolean =>
    text.charCodeAt(i) === del && (delimiter.length === 1 || text.startsWith(delimiter, i));
  const remark = dialect.comment === '' ? end : dialect.comment.charCodeAt(0);
  let oddQuotes = 0;
  let quotedNewlines = 0;
  let at = start;
  for (;;) {
    const fieldStart = at;
    if (quote !== '' && text[at] === quote) {
      const close = closingQuote(text, at + 1, dialect);
      if (close < 0) {
        oddQuotes++;
        fields.push(text.slice(fieldStart));
        return { fields, next: text.length, isCut: true, isBlank: false, oddQuotes, quotedNewlines };
      }
      const inner = text.slice(at + 1, close);
      if (inner.includes(newline)) quotedNewlines++;
      at = close + 1;
      if (text.charCodeAt(at) === 13 && end === 10 && (at + 1 === text.length || text.charCodeAt(at + 1) === 10)) at++;
      const c = text.charCodeAt(at);
      if (at < text.length && !isDelimiter(at) && c !== end && c !== remark) {
        oddQuotes++;
        while (at < text.length && !isDelimiter(at) && text.charCodeAt(at) !== end) at++;
      }
      fields.push(unescaped(inner, dialect));
    } else {
      let c = 0;
      while (at < text.length && (c = text.charCodeAt(at)) !== end && c !== remark && !(c === del && isDelimiter(at)))
        at++;
      const isLast = at >= text.length || c === end;
      const to = isLast && at > fieldStart && end === 10 && text.charCodeAt(at - 1) === 13 ? at - 1 : at;
      fields.push(text.slice(fieldStart, to));
    }
    if (at < text.length && text.charCodeAt(at) === remark) {
      at = text.indexOf(newline, at);
      if (at < 0) at = text.length;
    }
    const isCut = at >= text.length;
    if (isCut || text.charCodeAt(at) === end) {
      const isBlank = fields.length === 1 && fields[0] === '' && text[fieldStart] !== quote;
      return { fields, next: isCut ? at : at + 1, isCut, isBlank, oddQuotes, quotedNewlines };
    }
    at += delimiter.length;
  }
}

function closingQuote(text: string, from: number, dialect: Dialect): number {
  const { quote } = dialect;
  for (let at = from; at < text.length; at++) {
    const c = text[at];
    if (c === dialect.escape && (c !== quote || text[at + 1] === quote)) at++;
    else if (c === quote) return at;
  }
  return -1;
}

function unescaped(inner: string, dialect: Dialect): string {
  const { quote, escape: mark } = dialect;
  if (mark === '' || !inner.includes(mark)) return inner;
  if (mark === quote) return inner.replaceAll(quote + quote, quote);
  let text = '';
  for (let i = 0; i < inner.length; i++) {
    if (inner[i] === mark && i + 1 < inner.length) i++;
    text += inner[i];
  }
  return text;
}
