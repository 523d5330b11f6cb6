import { civilFromDays, INFINITE_DAYS, INFINITE_MICROS } from '../types/calendar.ts';
import type { DataType } from '../types/data-type.ts';
import { unscaledText } from '../types/explain-scalar.ts';
import { UNITS_PER_SECOND } from '../types/timestamp-unit.ts';
import type { RawInterval, RawValue } from './raw-value.ts';

/** A value as the text that CAST to VARCHAR gives it; NULL as `NULL`, which only nested values show. */
export function formatRaw(type: DataType, value: RawValue): string {
  if (value === null) return 'NULL';
  switch (type.kind) {
    case 'decimal':
      return unscaledText((value as bigint).toString(), type.scale);
    case 'float':
      return formatFloat(value as number, type.bits);
    case 'binary':
      return formatBlob(value as Uint8Array);
    case 'date':
      return formatDate(value as number);
    case 'time':
      return formatTime(value as bigint, 1_000_000n);
    case 'timestamp':
      return `${formatTimestamp(value as bigint, UNITS_PER_SECOND[type.unit])}${type.zone && !isInfinite(value as bigint) ? '+00' : ''}`;
    case 'interval':
      return formatInterval(value as RawInterval);
    case 'list':
    case 'array':
      return `[${(value as readonly RawValue[]).map(v => formatElement(type.element, v)).join(', ')}]`;
    case 'struct': {
      const fields = value as readonly RawValue[];
      const shown = type.fields.map(
        (f, i) => `'${f.name.replaceAll("'", "\\'")}': ${formatElement(f.type, fields[i]!)}`,
      );
      return `{${shown.join(', ')}}`;
    }
    case 'map': {
      const entries = value as readonly (readonly [RawValue, RawValue])[];
      return `{${entries.map(([k, v]) => `${formatElement(type.key, k)}=${formatElement(type.value, v)}`).join(', ')}}`;
    }
    case 'union': {
      const [member, v] = value as readonly [number, RawValue];
      return formatRaw(type.members[member]!.type, v);
    }
    default:
      return String(value);
  }
}

/** Inside lists and structs text is quoted where it could be misread. */
function formatElement(type: DataType, value: RawValue): string {
  const text = formatRaw(type, value);
  if (type.kind !== 'utf8' || value === null) return text;
  const plain = text !== '' && text.trim() === text && text.toLowerCase() !== 'null' && !/[[\]{}()'",:=\\]/.test(text);
  return plain ? text : `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
}

/** The shortest text that reads back as the same number: `1.0`, `0.1`, `1e+20`, `1e-05`, `nan`, `inf`. */
export function formatFloat(value: number, bits: 32 | 64): string {
  if (Number.isNaN(value)) return 'nan';
  if (!Number.isFinite(value)) return value < 0 ? '-inf' : 'inf';
  const sign = value < 0 || Object.is(value, -0) ? '-' : '';
  const [mantissa, exponentText] = shortest(Math.abs(value), bits).split('e') as [string, string];
  const digits = mantissa.replace('.', '');
  const exponent = Number(exponentText);
  if (exponent < -4 || exponent >= 16) {
    const tail = digits.length > 1 ? `.${digits.slice(1)}` : '';
    const magnitude = Math.abs(exponent).toString().padStart(2, '0');
    return `${sign}${digits[0]}${tail}e${exponent < 0 ? '-' : '+'}${magnitude}`;
  }
  if (exponent < 0) return `${sign}0.${'0'.repeat(-exponent - 1)}${digits}`;
  const whole = digits.slice(0, exponent + 1).padEnd(exponent + 1, '0');
  return `${sign}${whole}.${digits.slice(exponent + 1) || '0'}`;
}

function shortest(value: number, bits: 32 | 64): string {
  if (bits === 64) return value.toExponential();
  // Nine digits tell any two floats apart; most need fewer.
  for (let digits = 0; digits < 8; digits++) {
    const text = value.toExponential(digits);
    if (Math.fround(Number(text)) === value) return text;
  }
  return value.toExponential(8);
}

/** Printable ASCII as it is, other bytes as `\xAB`. */
export function formatBlob(bytes: Uint8Array): string {
  let text = '';
  for (const b of bytes) {
    const isPlain = b >= 32 && b < 127 && b !== 0x5c && b !== 0x27 && b !== 0x22;
    text += isPlain ? String.fromCharCode(b) : `\\x${b.toString(16).toUpperCase().padStart(2, '0')}`;
  }
  return text;
}

/** YYYY-MM-DD; years before 1 as `0044-03-15 (BC)`. */
export function formatDate(days: number): string {
  if (days === INFINITE_DAYS) return 'infinity';
  if (days === -INFINITE_DAYS) return '-infinity';
  const { year, month, day } = civilFromDays(days);
  const shownYear = year > 0 ? year : 1 - year;
  return `${pad(shownYear, 4)}-${pad(month, 2)}-${pad(day, 2)}${year > 0 ? '' : ' (BC)'}`;
}

/** HH:MM:SS with the fraction's digits up to the last that is not 0. */
export function formatTime(ticks: bigint, perSecond: bigint): string {
  const seconds = Number(ticks / perSecond);
  const fraction = ticks % perSecond;
  const h = pad(Math.floor(seconds / 3600), 2);
  const tail = fraction === 0n ? '' : `.${(fraction + perSecond).toString().slice(1).replace(/0+$/, '')}`;
  return `${h}:${pad(Math.floor(seconds / 60) % 60, 2)}:${pad(seconds % 60, 2)}${tail}`;
}

const isInfinite = (ticks: bigint): boolean => ticks === INFINITE_MICROS || ticks === -INFINITE_MICROS;

export function formatTimestamp(ticks: bigint, perSecond: bigint): string {
  if (isInfinite(ticks)) return ticks < 0n ? '-infinity' : 'infinity';
  const perDay = perSecond * 86_400n;
  const ofDay = ((ticks % perDay) + perDay) % perDay;
  const date = formatDate(Number((ticks - ofDay) / perDay));
  const time = formatTime(ofDay, perSecond);
  return date.endsWith(' (BC)') ? `${date.slice(0, -5)} ${time} (BC)` : `${date} ${time}`;
}

/** `1 year 2 months 3 days 04:05:06.7`, without the parts that are 0. */
export function formatInterval({ months, days, micros }: RawInterval): string {
  const parts: string[] = [];
  const add = (count: number, unit: string): void => {
    if (count !== 0) parts.push(`${count} ${unit}${count === 1 || count === -1 ? '' : 's'}`);
  };
  add(Math.trunc(months / 12), 'year');
  add(months % 12, 'month');
  add(days, 'day');
  if (micros !== 0n || parts.length === 0) {
    parts.push(`${micros < 0n ? '-' : ''}${formatTime(micros < 0n ? -micros : micros, 1_000_000n)}`);
  }
  return parts.join(' ');
}

const pad = (n: number, width: number): string => n.toString().padStart(width, '0');
