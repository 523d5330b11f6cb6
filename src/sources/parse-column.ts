import type { Rows } from '../batch/batch.ts';
import { buildVector } from '../batch/builder.ts';
import { parseRaw } from '../batch/parse-raw.ts';
import { readText } from '../batch/read.ts';
import { Vector } from '../batch/vector.ts';
import { tryParseDay, tryParseTimestamp } from '../functions/date/strptime.ts';
import type { VectorContext } from '../kernels/vectors.ts';
import type { DataType } from '../types/data-type.ts';
import { physicalType, widthOf } from '../types/physical.ts';
import type { RawValue } from '../types/raw-value.ts';

/** How a column's texts are written. */
export type TextFormat = {
  readonly decimalSeparator: '.' | ',';
  /** Order of a date's parts: 0 year first, 1 month first, 2 day first; with the separator between them. */
  readonly order: 0 | 1 | 2;
  readonly separator: string;
  /** A format of dates or timestamps, instead of `order`. */
  readonly format: string | undefined;
  /** Numbers with a fraction are rounded to integers, rather than wrong. */
  readonly roundsNumbers: boolean;
};

/** Texts of a column: references and a bitmap of those that are not NULL, both aligned with the positions. */
export type Texts = { readonly refs: number; readonly validity: number; readonly hasNulls: boolean };

/** Parses rows from the `from`th on; returns the ordinal of the first that it can't, or the number of rows. */
type Parse = (from: number) => number;

/**
 * Texts as values of a type that is not nested. Kernels read the usual spellings, JavaScript the rest.
 * @param onBad is told the position and text of what is no such value: it throws, or the value becomes NULL
 */
export function parseColumn(
  ctx: VectorContext,
  type: DataType,
  texts: Texts,
  rows: Rows,
  format: TextFormat,
  onBad: (position: number, text: string) => void,
): Vector {
  if (type.kind === 'utf8') return Vector.flat(type, rows.count, texts.refs, texts.hasNulls ? texts.validity : 0);
  const { memory, arena } = ctx;
  const width = widthOf(physicalType(type));
  const out = arena.allocZeroed(rows.count * width);
  const parse = parserOf(ctx, type, texts, rows, format, out);
  let { hasNulls } = texts;
  for (let from = 0; ; from++) {
    from = parse(from);
    if (from >= rows.selected) break;
    const position = rows.selection === 0 ? from : memory.u16[(rows.selection >>> 1) + from]!;
    if (((memory.u8[texts.validity + (position >> 3)]! >> (position & 7)) & 1) === 0) continue;
    const ref = (texts.refs >>> 2) + 2 * position;
    const text = readText(memory, memory.u32[ref]!, memory.u32[ref + 1]!);
    const value = parseRare(type, text, format);
    if (value === undefined) {
      onBad(position, text);
      memory.u8[texts.validity + (position >> 3)]! &= ~(1 << (position & 7));
      hasNulls = true;
      continue;
    }
    const made = buildVector(ctx, type, [value]).data;
    memory.u8.copyWithin(out + position * width, made, made + width);
  }
  return Vector.flat(type, rows.count, out, hasNulls ? texts.validity : 0);
}

function parserOf(
  { kernels }: VectorContext,
  type: DataType,
  { refs, validity, hasNulls }: Texts,
  { selection: sel, selected: n }: Rows,
  format: TextFormat,
  out: number,
): Parse {
  const bits = hasNulls ? validity : 0;
  const point = format.decimalSeparator.charCodeAt(0);
  const { order, separator: separatorText } = format;
  const separator = separatorText.charCodeAt(0);
  switch (type.kind) {
    case 'boolean':
      return from => kernels.parse_bool(refs, bits, sel, from, n, out) >>> 0;
    case 'int':
      if (type.bits === 128) return byHand;
      return from => kernels.parse_int(refs, bits, sel, from, n, type.bits, type.signed ? 1 : 0, out) >>> 0;
    case 'float':
      return from => kernels.parse_float(refs, bits, sel, from, n, point, type.bits, out) >>> 0;
    case 'decimal': {
      if (type.precision > 18) return byHand;
      const limit = 10n ** BigInt(type.precision);
      return from => kernels.parse_decimal(refs, bits, sel, from, n, point, type.scale, limit, out) >>> 0;
    }
    case 'date':
      if (format.format !== undefined) return byHand;
      return from => kernels.parse_date(refs, bits, sel, from, n, order, separator, out) >>> 0;
    case 'time':
      return from => kernels.parse_time(refs, bits, sel, from, n, out) >>> 0;
    case 'timestamp':
      if (format.format !== undefined || type.unit !== 'us') return byHand;
      return from => kernels.parse_timestamp(refs, bits, sel, from, n, order, separator, out) >>> 0;
    default:
      return byHand;
  }
}

const byHand: Parse = from => from;

/** What the kernels leave: other spellings, and types that are rare in text. */
function parseRare(
  type: DataType,
  text: string,
  { decimalSeparator, order, format, roundsNumbers }: TextFormat,
): RawValue | undefined {
  if (type.kind === 'date' || (type.kind === 'timestamp' && type.unit === 'us')) {
    if (format !== undefined) return type.kind === 'date' ? tryParseDay(format, text) : tryParseTimestamp(format, text);
    if (order !== 0) return undefined;
  }
  if (decimalSeparator === ',' && (type.kind === 'float' || type.kind === 'decimal')) {
    return text.includes('.') ? undefined : parseRaw(type, text.replace(',', '.'));
  }
  const value = parseRaw(type, text);
  // A number with a fraction is no integer that stands in a file.
  return type.kind === 'int' && !roundsNumbers && /[.e]/i.test(text) && !/^\s*0x/i.test(text) ? undefined : value;
}
