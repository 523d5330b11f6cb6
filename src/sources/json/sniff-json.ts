import { RayexecError } from '../../common/errors.ts';
import type { ByteSource } from '../../platform/platform.ts';
import { byteOrderMark, readHead } from '../text-file.ts';
import { JsonParser } from './json-node.ts';
import type { JsonOptions } from './json-options.ts';
import { JsonShape } from './json-shape.ts';

/** What looking at a file's beginning tells. */
export type SniffedJson = {
  readonly shape: JsonShape;
  readonly isArray: boolean;
  readonly isLines: boolean;
  /** Offset behind the mark, or behind the bracket of an array. */
  readonly start: number;
  /** Bytes of a record on average. */
  readonly recordBytes: number;
};

const SAMPLE_BYTES = 4 << 20;

/** Finds the format and the shape of the records of a file. Errors are left to the reader, which tells their lines. */
export async function sniffJson(source: ByteSource, options: JsonOptions): Promise<SniffedJson> {
  const limit = options.sampleRows === Number.POSITIVE_INFINITY ? source.size : SAMPLE_BYTES;
  const bytes = await readHead(source, limit);
  const mark = byteOrderMark(bytes, source.path);
  const text = new TextDecoder().decode(bytes.subarray(mark));
  const blank = /^\s*/.exec(text)![0].length;
  const isArray = options.format === 'array' || (options.format === 'auto' && isArrayFile(text, blank));
  if (isArray && text[blank] !== '[' && text.length > blank) {
    throw new RayexecError('format', `the file does not begin with [, as an array does`, {
      where: source.path,
      hint: `format = 'auto' or 'newline_delimited' reads other files`,
    });
  }
  const shape = new JsonShape();
  const parser = new JsonParser(text, isArray ? blank + 1 : blank);
  let records = 0;
  let isLines = !isArray && options.format !== 'unstructured';
  while (records < options.sampleRows) {
    if (isArray) parser.take(',');
    if (parser.peek() === '') break;
    const from = parser.at;
    const value = parser.value();
    if (value === undefined) break;
    shape.add(value);
    records++;
    const next = parser.at;
    if (isLines && (text.slice(from, next).includes('\n') || !/^[ \t\r]*(?:\n|$)/.test(text.slice(next, next + 64)))) {
      isLines = options.format === 'newline_delimited';
    }
  }
  const start = mark + (isArray ? blank + 1 : 0);
  return { shape, isArray, isLines, start, recordBytes: Math.max(1, parser.at / Math.max(1, records)) };
}

/** Lines may be arrays too: an array file is one value. */
function isArrayFile(text: string, blank: number): boolean {
  if (text[blank] !== '[') return false;
  const parser = new JsonParser(text, blank);
  return parser.value() === undefined || parser.peek() === '';
}
