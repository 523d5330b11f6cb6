import { RayexecError } from '../../common/errors.ts';
import { plainType } from '../../types/coercion.ts';
import { DATE, type DataType, INT32, INT64, TIMESTAMP, TIMESTAMP_NS, UTF8 } from '../../types/data-type.ts';
import { typeName } from '../../types/type-name.ts';
import { dateDoc } from '../date/documented.ts';
import { tryParseDay } from '../date/strptime.ts';
import type { ScalarFunction, ScalarOverload } from '../function.ts';
import { generic } from '../overload.ts';
import { mapRows } from '../text/map-rows.ts';
import { rowOverload } from './row-overload.ts';

const TIMESTAMP_MS: DataType = { kind: 'timestamp', unit: 'ms', zone: false };
const TIMESTAMP_S: DataType = { kind: 'timestamp', unit: 's', zone: false };

/** A text, date or timestamp as another type, by its cast. */
const castFrom = (kinds: readonly DataType['kind'][], type: DataType): ScalarOverload =>
  generic(
    'cast',
    `(VARCHAR) -> ${typeName(type)}`,
    args =>
      args.length === 1 && kinds.includes(plainType(args[0]!).kind)
        ? { args: [type], returns: type, cost: 0 }
        : undefined,
    (_ctx, call) => call.args[0]!,
    { canFail: true },
  );

/** A timestamp from a number of its units, a text, a date or another timestamp. */
function inUnits(name: string, type: DataType, unit: string, perUnit: bigint, example: string): ScalarFunction {
  const limit = 2n ** 63n / perUnit;
  return {
    name,
    doc: dateDoc(`A timestamp from ${unit} since 1970-01-01, or from a text.`, [unit], [`${name}(1)`, example]),
    overloads: [
      rowOverload('units', [INT64], type, (n: bigint) => {
        if (n < limit && n > -limit) return n;
        throw new RayexecError('conversion', `${n} ${unit} since 1970 are out of the range of timestamps`);
      }),
      castFrom(['utf8', 'date', 'timestamp'], type),
    ],
  };
}

/** The day of a text by the first of several formats that fits. */
function dayBy(text: string, ...formats: readonly string[]): number {
  for (const format of formats) {
    const day = tryParseDay(format, text);
    if (day !== undefined) return day;
  }
  throw new RayexecError('conversion', `'${text}' can't be read as DATE by ${formats.map(f => `'${f}'`).join(', ')}`);
}

/** Timestamps of each unit, and dates, from numbers and texts: DataFusion's functions. */
export const toTimestamps: readonly ScalarFunction[] = [
  inUnits('to_timestamp_seconds', TIMESTAMP_S, 'seconds', 1_000_000n, '1970-01-01 00:00:01'),
  inUnits('to_timestamp_millis', TIMESTAMP_MS, 'milliseconds', 1000n, '1970-01-01 00:00:00.001'),
  inUnits('to_timestamp_micros', TIMESTAMP, 'microseconds', 1n, '1970-01-01 00:00:00.000001'),
  inUnits('to_timestamp_nanos', TIMESTAMP_NS, 'nanoseconds', 1n, '1970-01-01 00:00:00.000000001'),
  {
    name: 'to_date',
    doc: dateDoc(
      'A date from a text, by the first of the formats (as of strptime) that fits, or from days since 1970-01-01.',
      ['text', 'format', '…'],
      ["to_date('06.05.2024', '%d.%m.%Y')", '2024-05-06'],
    ),
    overloads: [
      rowOverload('days', [INT32], DATE, (days: number) => days),
      castFrom(['utf8', 'date', 'timestamp'], DATE),
      generic(
        'formats',
        '(VARCHAR, VARCHAR, ...) -> DATE',
        args =>
          args.length > 1 && args.every(a => a.kind === 'utf8' || a.kind === 'null')
            ? { args: args.map(() => UTF8), returns: DATE, cost: 0 }
            : undefined,
        (ctx, call) => mapRows(ctx, call, (text, ...formats) => dayBy(text as string, ...(formats as string[]))),
        { canFail: true },
      ),
    ],
  },
];
