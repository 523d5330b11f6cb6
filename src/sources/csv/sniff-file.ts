import type { ByteSource } from '../../platform/platform.ts';
import type { DataType } from '../../types/data-type.ts';
import { UTF8 } from '../../types/data-type.ts';
import { byteText, fromByteText } from '../byte-text.ts';
import { byteOrderMark, readHead } from '../text-file.ts';
import type { CsvOptions } from './csv-options.ts';
import type { Dialect } from './dialect.ts';
import { hasWidth, type SampleRecord, sampleRecords } from './sample-records.ts';
import { sniffDialect } from './sniff-dialect.ts';
import { type SniffedType, TypeSniffer } from './sniff-types.ts';

/** What looking at a file's beginning tells. */
export type SniffedFile = {
  readonly dialect: Dialect;
  readonly width: number;
  /** Offset of the first record behind the header. */
  readonly dataStart: number;
  /** Names from the header; '' where there is none. */
  readonly names: readonly string[];
  readonly hasHeader: boolean;
  readonly types: readonly SniffedType[];
  /** Bytes of a record on average. */
  readonly recordBytes: number;
  /** There are quoted line ends. */
  readonly quotedNewlines: boolean;
};

const LOCAL_SAMPLE = 4 << 20;
const REMOTE_SAMPLE = 1 << 20;

/** Finds dialect, header and types of a file. */
export async function sniffFile(source: ByteSource, options: CsvOptions): Promise<SniffedFile> {
  const limit = options.sampleRows === Number.POSITIVE_INFINITY ? source.size : sampleBytes(source, options.sampleRows);
  const bytes = await readHead(source, limit);
  const mark = byteOrderMark(bytes, source.path);
  const isWhole = bytes.length === source.size;
  const text = byteText(bytes);
  const { dialect, width, start } = sniffDialect(text, mark, isWhole, options);
  let sample = sampleRecords(text, start, dialect, isWhole, options.sampleRows + 1);
  // A first record longer than the sample.
  if (sample.records.length === 0 && !isWhole) sample = sampleRecords(text, start, dialect, true, 1);
  const { records, end, quotedNewlines } = sample;
  const [first, ...rest] = records;
  const sniffed = first === undefined ? undefined : sniffHeader(first, rest, width, options);
  const hasHeader = sniffed?.hasHeader ?? false;
  const names = hasHeader ? first!.fields.map(f => fromByteText(f).trim()) : [];
  return {
    dialect,
    width,
    dataStart: hasHeader ? first!.next : (first?.start ?? (isWhole ? source.size : start)),
    names,
    hasHeader,
    types: sniffed?.types ?? Array.from({ length: width }, () => ({ type: UTF8 })),
    recordBytes: records.length === 0 ? 1 : Math.max(1, (end - first!.start) / records.length),
    quotedNewlines: quotedNewlines > 0,
  };
}

function sampleBytes(source: ByteSource, rows: number): number {
  const most = source.isRemote === true ? REMOTE_SAMPLE : LOCAL_SAMPLE;
  return Math.max(65_536, Math.min(most, rows * 4096));
}

function sniffHeader(
  first: SampleRecord,
  rest: readonly SampleRecord[],
  width: number,
  options: CsvOptions,
): { readonly hasHeader: boolean; readonly types: readonly SniffedType[] } {
  const sniffers = Array.from({ length: width }, () => new TypeSniffer(options));
  const learn = (record: SampleRecord): void => {
    // Other records are errors, or have no header's columns.
    if (!hasWidth(record.fields, width) && !options.nullPadding) return;
    for (let c = 0; c < record.fields.length && c < width; c++) sniffers[c]!.add(record.fields[c]!);
  };
  if (options.header === false) learn(first);
  for (const record of rest) learn(record);
  const hasHeader = options.header ?? looksLikeHeader(first, rest.length, sniffers, options);
  if (!hasHeader && options.header !== false) learn(first);
  return { hasHeader, types: sniffers.map(s => s.found) };
}

/** A first record is a header when it does not fit the types below it, or when all is text. */
function looksLikeHeader(
  first: SampleRecord,
  others: number,
  sniffers: readonly TypeSniffer[],
  options: CsvOptions,
): boolean {
  const types = sniffers.map((s, i): DataType => options.columns?.[i]?.type ?? s.found.type);
  if (options.columns !== undefined) {
    const named = first.fields.every((f, i) => f.toLowerCase() === options.columns![i]?.name.toLowerCase());
    if (named) return true;
  }
  if (others === 0) return first.fields.every(f => isText(f, options));
  const misfits = first.fields.some((f, i) => !(sniffers[i]?.fits(f) ?? true));
  return misfits || (types.every(t => t.kind === 'utf8') && options.columns === undefined);
}

function isText(field: string, options: CsvOptions): boolean {
  const sniffer = new TypeSniffer(options);
  sniffer.add(field);
  return sniffer.found.type.kind === 'utf8';
}
