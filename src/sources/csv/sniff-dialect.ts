import { RayexecError } from '../../common/errors.ts';
import type { CsvOptions } from './csv-options.ts';
import type { Dialect } from './dialect.ts';
import { hasWidth, type SampleRecord, sampleRecords } from './sample-records.ts';

/** How the file is written, and where its table begins. */
export type SniffedDialect = {
  readonly dialect: Dialect;
  /** Fields of a record. */
  readonly width: number;
  /** Where the first record (or the header) starts. */
  readonly start: number;
};

/** What is looked at. */
const HEAD_BYTES = 32_768;
const HEAD_RECORDS = 1000;
/** Of files with one column. */
const NO_DELIMITER = '\0';
const DELIMITERS = [',', '|', ';', '\t'];
/** The share of records that must agree when not all do. */
const ENOUGH = 0.9;
const HALF = 0.5;

type Candidate = SniffedDialect & {
  readonly oddQuotes: number;
  readonly agreeing: number;
  readonly share: number /** Some record begins with a quote. */;
  readonly isQuoted: boolean;
};

/**
 * Finds the dialect with which most records have the same number of fields.
 * @param text a character per byte; `from` is behind a byte order mark
 */
export function sniffDialect(text: string, from: number, isWhole: boolean, options: CsvOptions): SniffedDialect {
  const head = text.length - from > HEAD_BYTES ? text.slice(0, from + HEAD_BYTES) : text;
  const isHeadWhole = isWhole && head.length === text.length;
  const newline = options.newline ?? (!head.includes('\n') && head.includes('\r') ? '\r' : '\n');
  const start = skipLines(text, from, newline, options.skip ?? 0);
  const found: Candidate[] = [];
  for (const dialect of candidates(head, start, newline, options)) {
    found.push(judge(text, head, start, dialect, isHeadWhole, options));
  }
  const tidy = found.filter(c => c.oddQuotes === 0);
  // Delimiters inside of quotes that fit all records are none: the file has one column.
  const isOneColumn = tidy.some(c => c.isQuoted && c.width === 1 && c.share >= 1);
  const quoted = isOneColumn ? tidy.filter(c => c.dialect.quote !== '') : tidy;
  const usable = quoted.length > 0 ? quoted : found;
  const wanted = options.columns?.length;
  const isConsistent = (c: Candidate): boolean =>
    wanted === undefined ? c.width > 1 && c.share >= 1 : c.width === wanted;
  const isNearly = (c: Candidate): boolean =>
    c.width > 1 && (options.ignoreErrors ? c.share >= HALF : c.share >= ENOUGH && c.agreeing >= 10);
  const lists = [usable.filter(isConsistent), usable.filter(isNearly)];
  // Where the quote is given, what does not fit it is an error of the file.
  if (options.quote !== undefined) lists.splice(1, 0, found.filter(isConsistent), found.filter(isNearly));
  const [best] = lists.find(list => list.length > 0)?.sort(better) ?? [];
  if (best !== undefined) return best;
  if (options.delimiter !== undefined || wanted !== undefined || options.nullPadding) {
    // Then the reader will say which line does not fit.
    return usable.sort(better)[0]!;
  }
  const lines = { ...usable[0]!.dialect, delimiter: NO_DELIMITER };
  return { dialect: lines, width: 1, start: firstRecord(text, start, lines) };
}

const better = (a: Candidate, b: Candidate): number => b.agreeing - a.agreeing || b.width - a.width;

function* candidates(head: string, start: number, newline: '\n' | '\r', options: CsvOptions): Generator<Dialect> {
  const comment = options.comment ?? commentOf(head, start);
  const delimiters = options.delimiter === undefined ? DELIMITERS : [options.delimiter];
  const quotes = options.quote === undefined ? ['"', ...(head.includes("'") ? ["'"] : []), ''] : [options.quote];
  for (const delimiter of delimiters) {
    for (const quote of quotes) {
      if (quote === '' && quotes.length > 1 && !head.includes('"')) continue;
      if (quote === "'" && !isFieldQuote(head, start, delimiter, quote)) continue;
      const escapes = options.escape !== undefined ? [options.escape || quote] : [quote];
      if (options.escape === undefined && quote !== '' && head.includes(`\\${quote}`)) escapes.push('\\');
      for (const mark of escapes) {
        if (delimiter === quote) throw new RayexecError('bind', `read_csv: delim and quote are both ${quote}`);
        yield { delimiter, quote, escape: mark, comment, newline };
      }
    }
  }
}

/** Lines at the start of the file that begin with # are comments. */
const commentOf = (head: string, start: number): string => (head[start] === '#' ? '#' : '');

/** Whether fields start with the quote, so that it is one, and no apostrophe. */
function isFieldQuote(head: string, start: number, delimiter: string, quote: string): boolean {
  if (head[start] === quote) return true;
  return [delimiter, '\n', '\r'].some(before => head.includes(before + quote, start));
}

function judge(
  text: string,
  head: string,
  start: number,
  asked: Dialect,
  isWhole: boolean,
  options: CsvOptions,
): Candidate {
  let dialect = asked;
  let sample = sampleRecords(head, start, dialect, isWhole, HEAD_RECORDS);
  if (asked.comment !== '' && options.comment === undefined) {
    // A # in front of the header's first name is no comment.
    const plain = sampleRecords(head, start, { ...asked, comment: '' }, isWhole, HEAD_RECORDS);
    const second = plain.records[1]?.fields.length;
    if (second !== undefined && second > 1 && plain.records[0]!.fields.length === second) {
      dialect = { ...asked, comment: '' };
      sample = plain;
    }
  }
  const { records, oddQuotes } = sample;
  if (records.length === 0) {
    // A header that is longer than what is looked at.
    const [first] = sampleRecords(text, start, dialect, true, 1).records;
    const width = first?.fields.length ?? 1;
    return {
      dialect,
      width,
      start: first?.start ?? start,
      oddQuotes,
      agreeing: first === undefined ? 0 : 1,
      share: 1,
      isQuoted: false,
    };
  }
  const width = options.nullPadding
    ? Math.max(...records.map(r => r.fields.length))
    : (options.columns?.length ?? mostCommonWidth(records));
  const isFitting = (r: SampleRecord): boolean =>
    hasWidth(r.fields, width) || (options.nullPadding && r.fields.length < width);
  const first = options.skip === undefined ? Math.max(0, records.findIndex(isFitting)) : 0;
  const agreeing = records.filter(isFitting).length;
  return {
    dialect,
    width,
    start: records[first]!.start,
    oddQuotes,
    agreeing,
    share: agreeing / (records.length - first),
    isQuoted: dialect.quote !== '' && records.some(r => head[r.start] === dialect.quote),
  };
}

function mostCommonWidth(records: readonly SampleRecord[]): number {
  const counts = new Map<number, number>();
  for (const { fields } of records) counts.set(fields.length, (counts.get(fields.length) ?? 0) + 1);
  return [...counts].sort(([a, n], [b, m]) => m - n || b - a)[0]![0];
}

function firstRecord(text: string, start: number, dialect: Dialect): number {
  return sampleRecords(text, start, dialect, true, 1).records[0]?.start ?? start;
}

function skipLines(text: string, from: number, newline: string, lines: number): number {
  let at = from;
  for (let i = 0; i < lines && at < text.length; i++) {
    const next = text.indexOf(newline, at);
    at = next < 0 ? text.length : next + 1;
  }
  return at;
}
