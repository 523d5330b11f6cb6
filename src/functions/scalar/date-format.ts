import { dayMicros, INFINITE_DAYS, INFINITE_MICROS } from '../../types/calendar.ts';
import { literalText } from '../../types/coercion.ts';
import { DATE, type DataType, list, TIMESTAMP, TIMESTAMP_NS, TIMESTAMPTZ, UTF8 } from '../../types/data-type.ts';
import type { RawValue } from '../../types/raw-value.ts';
import { dateDoc } from '../date/documented.ts';
import { floorToMicros } from '../date/floor-to-micros.ts';
import { isInfinite } from '../date/infinite.ts';
import { formatTimestamp } from '../date/strftime.ts';
import { parseTimestamp, tryParseTimestamp } from '../date/strptime.ts';
import type { ScalarFunction, ScalarOverload } from '../function.ts';
import { fitTypes, fixed, generic } from '../overload.ts';
import { mapRows } from '../text/map-rows.ts';

const INSTANTS = { date: DATE, timestamp: TIMESTAMP, timestamptz: TIMESTAMPTZ } as const;

function format(value: RawValue | undefined, pattern: RawValue | undefined): string {
  if (value === INFINITE_DAYS || value === INFINITE_MICROS) return 'infinity';
  if (value === -INFINITE_DAYS || value === -INFINITE_MICROS) return '-infinity';
  return formatTimestamp(pattern as string, typeof value === 'number' ? dayMicros(value) : (value as bigint));
}

function formatNanos(value: RawValue, pattern: RawValue): string {
  const nanos = value as bigint;
  if (isInfinite(nanos)) return nanos > 0n ? 'infinity' : '-infinity';
  const micros = floorToMicros(nanos);
  return formatTimestamp(pattern as string, micros, undefined, Number(nanos - micros * 1000n));
}

const ofNanos = { canFail: true } as const;

const formatting: readonly ScalarOverload[] = Object.entries(INSTANTS)
  .flatMap(([key, type]) => [
    fixed(key, [type, UTF8], UTF8, (ctx, call) => mapRows(ctx, call, (v, f) => format(v, f)), { canFail: true }),
    fixed(`format-${key}`, [UTF8, type], UTF8, (ctx, call) => mapRows(ctx, call, (f, v) => format(v, f)), {
      canFail: true,
    }),
  ])
  .concat(
    fixed('nanos', [TIMESTAMP_NS, UTF8], UTF8, (ctx, call) => mapRows(ctx, call, formatNanos), ofNanos),
    fixed(
      'format-nanos',
      [UTF8, TIMESTAMP_NS],
      UTF8,
      (ctx, call) => mapRows(ctx, call, (f, v) => formatNanos(v!, f!)),
      ofNanos,
    ),
  );

/** Overloads with one format and with a list of formats to try. An offset in a constant format makes it an instant. */
function parsing(parse: (formats: readonly string[], text: string) => RawValue): readonly ScalarOverload[] {
  const returns = (pattern: DataType): DataType => (/%[zZ]/.test(literalText(pattern) ?? '') ? TIMESTAMPTZ : TIMESTAMP);
  const signature = '(VARCHAR, VARCHAR) -> TIMESTAMP';
  return [
    generic(
      'format',
      signature,
      types => (types.length === 2 ? fitTypes(types, [UTF8, UTF8], returns(types[1]!)) : undefined),
      (ctx, call) => mapRows(ctx, call, (text, pattern) => parse([pattern as string], text as string)),
      { canFail: true },
    ),
    fixed(
      'formats',
      [UTF8, list(UTF8)],
      TIMESTAMP,
      (ctx, call) =>
        mapRows(ctx, call, (text, patterns) =>
          parse(
            (patterns as readonly (string | null)[]).filter(p => p !== null),
            text as string,
          ),
        ),
      { canFail: true },
    ),
  ];
}

/** Dates as text and back. */
export const dateFormatFunctions: readonly ScalarFunction[] = [
  {
    name: 'strftime',
    doc: dateDoc(
      'A date or timestamp as text. %Y %m %d %H %M %S, %f microseconds, %a %A %b %B names, %j day of the year, %-d without padding …',
      ['value', 'format'],
      ["strftime(DATE '2024-05-06', '%d.%m.%Y')", '06.05.2024'],
    ),
    overloads: formatting,
  },
  {
    name: 'strptime',
    doc: dateDoc(
      'A timestamp read from text by a format, or the first of several that fits.',
      ['text', 'format'],
      ["strptime('06.05.2024', '%d.%m.%Y')", '2024-05-06 00:00:00'],
    ),
    overloads: parsing(parseTimestamp),
  },
  {
    name: 'try_strptime',
    doc: dateDoc(
      'Like strptime, NULL for texts that do not fit.',
      ['text', 'format'],
      ["try_strptime('x', '%Y') IS NULL", 'true'],
    ),
    overloads: parsing((formats, text) => {
      for (const pattern of formats) {
        const micros = tryParseTimestamp(pattern, text);
        if (micros !== undefined) return micros;
      }
      return null;
    }),
  },
];
