import { assertNever } from '../../src/common/errors.ts';
import type { DataType, TimestampUnit } from '../../src/types/data-type.ts';
import type { RawInterval, RawValue } from './result.ts';

/** The text of a raw value as SQL prints it, exact in all types. NULL is `NULL`. */
export function valueText(type: DataType, raw: RawValue): string {
  if (raw === null) return 'NULL';
  switch (type.kind) {
    case 'null':
    case 'boolean':
    case 'int':
    case 'utf8':
    case 'uuid':
    case 'json':
    case 'enum':
      return String(raw);
    case 'float':
      return floatText(type.bits, raw as number);
    case 'decimal':
      return decimalText(raw as bigint, type.scale);
    case 'binary':
      return Array.from(raw as Uint8Array, byteText).join('');
    case 'date':
      return dateText(raw as number);
    case 'time':
      return timeText(raw as bigint);
    case 'timestamp':
      return timestampText(raw as bigint, type.unit, type.zone);
    case 'interval':
      return intervalText(raw as RawInterval);
    case 'list':
    case 'array':
      return `[${(raw as readonly RawValue[]).map(v => innerText(type.element, v)).join(', ')}]`;
    case 'struct': {
      const fields = type.fields.map((f, i) => `'${f.name}': ${innerText(f.type, (raw as readonly RawValue[])[i]!)}`);
      return `{${fields.join(', ')}}`;
    }
    case 'map': {
      const entries = raw as readonly (readonly RawValue[])[];
      return `{${entries.map(([k, v]) => `${innerText(type.key, k!)}=${innerText(type.value, v!)}`).join(', ')}}`;
    }
    case 'union': {
      const [index, value] = raw as readonly [number, RawValue];
      return valueText(type.members[index]!.type, value);
    }
    default:
      return assertNever(type);
  }
}

/** A value within a list, struct or map: quoted where it would read as something else. */
function innerText(type: DataType, raw: RawValue): string {
  const text = valueText(type, raw);
  if (raw === null || NESTED.has(type.kind)) return text;
  const plain = text !== '' && !/["'(),:=[\\\]{}]|^\s|\s$|^null$/i.test(text);
  return plain ? text : `'${text.replace(/['\\]/g, '\\$&')}'`;
}

const NESTED: ReadonlySet<string> = new Set(['list', 'array', 'struct', 'map', 'union']);

/** `'-12.50'` of -1250 with scale 2. */
export function decimalText(unscaled: bigint | number, scale: number): string {
  const value = BigInt(unscaled);
  if (scale === 0) return String(value);
  const digits = String(value < 0n ? -value : value).padStart(scale + 1, '0');
  return `${value < 0n ? '-' : ''}${digits.slice(0, -scale)}.${digits.slice(-scale)}`;
}

/** `'1998-09-02'`, `'0044-03-15 (BC)'`, of days since 1970-01-01. */
export function dateText(days: number): string {
  if (Math.abs(days) === INFINITE_DATE) return days > 0 ? 'infinity' : '-infinity';
  const { year, month, day } = civil(days);
  const [shown, era] = year > 0 ? [year, ''] : [1 - year, ' (BC)'];
  return `${String(shown).padStart(4, '0')}-${two(month)}-${two(day)}${era}`;
}

/** `'12:30:00'` with as many digits of the fraction as it needs. */
export function timeText(micros: bigint): string {
  return clockText(micros, 1_000_000n, 6);
}

/** `'1998-09-02 12:30:00.5'`, with `+00` if it is an instant. */
export function timestampText(count: bigint, unit: TimestampUnit, zone: boolean): string {
  if (count === INFINITE_TIMESTAMP || count === -INFINITE_TIMESTAMP) return count > 0n ? 'infinity' : '-infinity';
  const { perSecond, digits } = UNITS[unit];
  const perDay = perSecond * 86_400n;
  const inDay = ((count % perDay) + perDay) % perDay;
  const days = Number((count - inDay) / perDay);
  return `${dateText(days)} ${clockText(inDay, perSecond, digits)}${zone ? '+00' : ''}`;
}

/** By what to multiply and divide counts of a unit to get microseconds. */
export function microsPerUnit(unit: TimestampUnit): { readonly multiply: bigint; readonly divide: bigint } {
  return unit === 'ns' ? { multiply: 1n, divide: 1000n } : { multiply: 1_000_000n / UNITS[unit].perSecond, divide: 1n };
}

/** What stands for the dates and timestamps after (negated: before) all others. */
const INFINITE_DATE = 2 ** 31 - 1;
const INFINITE_TIMESTAMP = 2n ** 63n - 1n;

const UNITS = {
  s: { perSecond: 1n, digits: 0 },
  ms: { perSecond: 1000n, digits: 3 },
  us: { perSecond: 1_000_000n, digits: 6 },
  ns: { perSecond: 1_000_000_000n, digits: 9 },
} as const;

function clockText(count: bigint, perSecond: bigint, digits: number): string {
  const seconds = Number(count / perSecond);
  const clock = `${two(Math.floor(seconds / 3600))}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
  const fraction = String(count % perSecond)
    .padStart(digits, '0')
    .replace(/0+$/, '');
  return fraction === '' ? clock : `${clock}.${fraction}`;
}

/** `'1 year 2 months 3 days 04:00:00'` */
function intervalText({ months, days, micros }: RawInterval): string {
  const parts = [
    counted(Math.trunc(months / 12), 'year'),
    counted(months % 12, 'month'),
    counted(days, 'day'),
    micros === 0n ? '' : `${micros < 0n ? '-' : ''}${timeText(micros < 0n ? -micros : micros)}`,
  ];
  return parts.filter(part => part !== '').join(' ') || '00:00:00';
}

function counted(n: number, unit: string): string {
  return n === 0 ? '' : `${n} ${unit}${Math.abs(n) === 1 ? '' : 's'}`;
}

/** Like SQL: `1.0`, `1e+16`, `1e-05`. */
function floatText(bits: 32 | 64, value: number): string {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? 'nan' : value > 0 ? 'inf' : '-inf';
  if (Object.is(value, -0)) return '-0.0';
  const shortest = bits === 64 ? value : shortestFloat32(value);
  const [mantissa, exponent] = shortest.toExponential().split('e') as [string, string];
  const power = Number(exponent);
  if (power < -4 || power >= 16) return `${mantissa}e${exponent[0]}${exponent.slice(1).padStart(2, '0')}`;
  return Number.isInteger(shortest) ? `${shortest}.0` : String(shortest);
}

/** The double with the fewest digits that rounds to this single-precision number. */
function shortestFloat32(value: number): number {
  for (let digits = 1; digits < 9; digits++) {
    const shorter = Number(value.toPrecision(digits));
    if (Math.fround(shorter) === value) return shorter;
  }
  return value;
}

/** Backslash and quotes. */
const ESCAPED: ReadonlySet<number> = new Set([0x5c, 0x27, 0x22]);

function byteText(byte: number): string {
  const printable = byte >= 0x20 && byte < 0x7f && !ESCAPED.has(byte);
  return printable ? String.fromCharCode(byte) : `\\x${byte.toString(16).toUpperCase().padStart(2, '0')}`;
}

/** The proleptic Gregorian date of a day; works beyond the range of Date (H. Hinnant's algorithm). */
function civil(days: number): { year: number; month: number; day: number } {
  const shifted = days + 719_468;
  const era = Math.floor(shifted / 146_097);
  const dayOfEra = shifted - era * 146_097;
  const yearOfEra = Math.floor(
    (dayOfEra - Math.floor(dayOfEra / 1460) + Math.floor(dayOfEra / 36_524) - Math.floor(dayOfEra / 146_096)) / 365,
  );
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const shiftedMonth = Math.floor((5 * dayOfYear + 2) / 153);
  const month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9;
  const day = dayOfYear - Math.floor((153 * shiftedMonth + 2) / 5) + 1;
  return { year: yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, day };
}

function two(n: number): string {
  return String(n).padStart(2, '0');
}
