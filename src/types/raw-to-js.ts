import { assertNever, RayexecError } from '../common/errors.ts';
import type { DataType } from './data-type.ts';
import { unscaledText } from './explain-scalar.ts';
import { dateText, timestampText, timeText, zonedTimeText } from './instant-text.ts';
import type { RawInterval, RawValue } from './raw-value.ts';
import { toTemporal } from './temporal.ts';
import { UNITS_PER_SECOND } from './timestamp-unit.ts';
import { typeName } from './type-name.ts';
import type { Interval, ValueOptions } from './value-options.ts';

/** Makes a JavaScript value of a raw one. */
export type ValueReader = (raw: RawValue) => unknown;

/**
 * How the raw values of a column become JavaScript values under `options`. Integers never round and dates never wrap:
 * a value that does not fit throws 'conversion' and names the column, the value, and the option that would hold it.
 */
export function valueReader(column: string, type: DataType, options: ValueOptions): ValueReader {
  const read = reader(column, type, options);
  return raw => (raw === null ? null : read(raw));
}

function reader(column: string, type: DataType, options: ValueOptions): ValueReader {
  switch (type.kind) {
    case 'null':
      return () => null;
    case 'boolean':
    case 'float':
    case 'utf8':
    case 'binary':
    case 'uuid':
    case 'bit':
    case 'json':
    case 'enum':
      return raw => raw;
    case 'int':
      return type.bits <= 32 ? Number : wideIntReader(column, options.int64 ?? 'number');
    case 'decimal':
      return decimalReader(column, type.scale, options.decimal ?? 'number');
    case 'date':
      return dateReader(column, options.date ?? 'date');
    case 'time':
      return raw => timeText(raw as bigint);
    case 'timetz':
      return raw => zonedTimeText(raw as bigint);
    case 'timestamp':
      return timestampReader(column, type, options.timestamp ?? 'date');
    case 'interval':
      return raw => intervalValue(column, raw as RawInterval);
    case 'list':
    case 'array': {
      const element = valueReader(column, type.element, options);
      return raw => (raw as readonly RawValue[]).map(element);
    }
    case 'struct': {
      const fields = type.fields.map(f => [f.name, valueReader(`${column}.${f.name}`, f.type, options)] as const);
      return raw => Object.fromEntries(fields.map(([name, read], i) => [name, read((raw as readonly RawValue[])[i]!)]));
    }
    case 'map': {
      const key = valueReader(column, type.key, options);
      const value = valueReader(column, type.value, options);
      return raw => new Map((raw as readonly (readonly RawValue[])[]).map(([k, v]) => [key(k!), value(v!)]));
    }
    case 'union': {
      const members = type.members.map(m => valueReader(`${column}.${m.name}`, m.type, options));
      return raw => {
        const [index, value] = raw as readonly [number, RawValue];
        return members[index]!(value);
      };
    }
    default:
      return assertNever(type);
  }
}

function wideIntReader(column: string, as: 'number' | 'bigint' | 'string'): ValueReader {
  if (as === 'bigint') return raw => BigInt(raw as bigint);
  if (as === 'string') return String;
  return raw => {
    const n = Number(raw);
    if (Number.isSafeInteger(n)) return n;
    throw unfit(column, String(raw), 'an integer beyond 2^53 - 1', 'int64', ['bigint', 'string']);
  };
}

function decimalReader(column: string, scale: number, as: 'number' | 'exact' | 'string'): ValueReader {
  if (as === 'string') return raw => unscaledText(String(raw), scale);
  if (as === 'number') return raw => nearestDouble(raw as bigint, scale);
  return raw => {
    const n = nearestDouble(raw as bigint, scale);
    if (printsAs(n, raw as bigint, scale)) return n;
    throw unfit(column, unscaledText(String(raw), scale), 'a decimal with more digits than a double keeps', 'decimal', [
      'string',
      'number',
    ]);
  };
}

/** Powers of ten that doubles hold exactly. */
const EXACT_POWERS: readonly number[] = Array.from({ length: 23 }, (_, i) => 10 ** i);

/** The double nearest to `unscaled / 10^scale`, correctly rounded. */
export function nearestDouble(unscaled: bigint | number, scale: number): number {
  const n = Number(unscaled);
  // One division of two exact doubles rounds once. All else goes through the text, which parsers round correctly.
  if (Number.isSafeInteger(n) && scale < EXACT_POWERS.length) return n / EXACT_POWERS[scale]!;
  return Number(unscaledText(String(unscaled), scale));
}

/** Whether the shortest digits of `n` are the decimal's, so that nothing was lost for who reads them. */
function printsAs(n: number, unscaled: bigint | number, scale: number): boolean {
  const [, sign, before, after = '', exponent = '0'] = /^(-?)(\d+)(?:\.(\d+))?(?:e([+-]\d+))?$/.exec(String(n))!;
  const shift = scale + Number(exponent) - after.length;
  const digits = BigInt(`${sign}${before}${after}`);
  const value = BigInt(unscaled);
  return shift >= 0 ? digits * 10n ** BigInt(shift) === value : digits === value * 10n ** BigInt(-shift);
}

const MILLIS_PER_DAY = 86_400_000;

function dateReader(column: string, as: 'date' | 'string' | 'temporal' | 'days'): ValueReader {
  if (as === 'days') return raw => raw;
  if (as === 'string') return raw => dateText(raw as number);
  if (as === 'temporal') return raw => toTemporal('PlainDate', dateText(raw as number));
  return raw => {
    const date = new Date((raw as number) * MILLIS_PER_DAY);
    if (!Number.isNaN(date.getTime())) return date;
    throw unfit(column, dateText(raw as number), 'a date outside the range of Date', 'date', ['string', 'days']);
  };
}

type TimestampType = Extract<DataType, { kind: 'timestamp' }>;

function timestampReader(
  column: string,
  { unit, zone }: TimestampType,
  as: 'date' | 'string' | 'temporal' | 'micros',
): ValueReader {
  if (as === 'string') return raw => timestampText(raw as bigint, unit, zone);
  if (as === 'temporal') {
    return zone
      ? raw => toTemporal('Instant', `${timestampText(raw as bigint, unit, false).replace(' ', 'T')}Z`)
      : raw => toTemporal('PlainDateTime', timestampText(raw as bigint, unit, false));
  }
  const micros = (raw: RawValue): bigint => floorDivide((raw as bigint) * 1_000_000n, UNITS_PER_SECOND[unit]);
  if (as === 'micros') return micros;
  return raw => {
    const date = new Date(Number(floorDivide(micros(raw), 1000n)));
    if (!Number.isNaN(date.getTime())) return date;
    const text = timestampText(raw as bigint, unit, zone);
    throw unfit(column, text, 'a timestamp outside the range of Date', 'timestamp', ['string', 'micros']);
  };
}

function intervalValue(column: string, { months, days, micros }: RawInterval): Interval {
  const n = Number(micros);
  if (Number.isSafeInteger(n)) return { months, days, micros: n };
  throw new RayexecError('conversion', `column '${column}': an interval of ${micros} microseconds does not fit`, {
    hint: `cast the column to ${typeName({ kind: 'utf8' })}`,
  });
}

function floorDivide(a: bigint, b: bigint): bigint {
  const q = a / b;
  return a % b < 0n ? q - 1n : q;
}

function unfit(column: string, value: string, what: string, option: string, choices: readonly string[]): RayexecError {
  const asked = choices.map(choice => `collect({ ${option}: '${choice}' })`).join(' or ');
  return new RayexecError('conversion', `column '${column}': ${value} is ${what}`, {
    hint: `ask for another form: ${asked}`,
  });
}
