import { daysFromCivil, daysInMonth, INFINITE_DAYS, INFINITE_MICROS, splitMicros } from '../types/calendar.ts';
import type { DataType } from '../types/data-type.ts';
import type { RawValue } from '../types/raw-value.ts';
import { TimeZone } from '../types/time-zone.ts';
import { rescaleTicks, UNITS_PER_SECOND } from '../types/timestamp-unit.ts';
import { uuidFromText, uuidToText } from '../types/uuid-text.ts';
import { currentOffset, MAX_OFFSET_SECONDS, packZonedTime } from '../types/zoned-time.ts';
import { parseInterval } from './parse-interval.ts';
import { parseNested } from './parse-nested.ts';

/**
 * Reads a text as a value of a type, as CAST from VARCHAR does; undefined when it is none.
 * @param zone whose clocks instants without an offset mean; without one, UTC
 * @param nulls whether parts of nested values that can't be read become NULL, as in TRY_CAST
 */
export function parseRaw(type: DataType, text: string, zone?: TimeZone, nulls = false): RawValue | undefined {
  switch (type.kind) {
    case 'boolean':
      return BOOLEANS.get(text.toLowerCase());
    case 'int': {
      const value = parseInteger(text.trim());
      if (value === undefined) return undefined;
      const fits = type.signed ? BigInt.asIntN(type.bits, value) : BigInt.asUintN(type.bits, value);
      return fits !== value ? undefined : type.bits <= 32 ? Number(value) : value;
    }
    case 'float': {
      const value = parseFloating(text.trim());
      return value !== undefined && type.bits === 32 ? Math.fround(value) : value;
    }
    case 'decimal': {
      const value = parseDecimal(text.trim(), type.scale);
      if (value === undefined) return undefined;
      const limit = 10n ** BigInt(type.precision);
      return value < limit && value > -limit ? value : undefined;
    }
    case 'utf8':
      return text;
    case 'json':
      return isJson(text) ? text : undefined;
    case 'binary':
      return parseBlob(text);
    case 'date':
      return parseDate(text);
    case 'time':
      return parseTime(text.trimStart());
    case 'timetz':
      return parseZonedTime(text.trim(), zone);
    case 'bit':
      // No bit at all is the bit 0, as in DuckDB.
      return /^[01]*$/.test(text) ? text || '0' : undefined;
    case 'timestamp':
      return parseTimestamp(text.trimStart(), type, zone);
    case 'interval':
      return parseInterval(text);
    case 'uuid': {
      const bits = uuidFromText(text);
      return bits === undefined ? undefined : uuidToText(bits);
    }
    case 'enum':
      return type.values.includes(text) ? text : undefined;
    case 'list':
    case 'array':
    case 'struct':
    case 'map':
      return parseNested(type, text, (t, part) => parseRaw(t, part, zone), nulls);
    case 'union': {
      // A text is a text: what else it might spell stays open.
      const member = type.members.findIndex(m => m.type.kind === 'utf8');
      return member < 0 ? undefined : [member, text];
    }
    default:
      return undefined;
  }
}

const BOOLEANS: ReadonlyMap<string, boolean> = new Map([
  ...['true', 't', 'yes', 'y', '1'].map(t => [t, true] as const),
  ...['false', 'f', 'no', 'n', '0'].map(t => [t, false] as const),
]);

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

function parseInteger(text: string): bigint | undefined {
  if (/^0x[0-9a-f]+$/i.test(text) || /^0b[01]+$/i.test(text)) return BigInt(text);
  return parseDecimal(text, 0);
}

const NUMBER = /^([+-]?)(?:(\d+(?:_\d+)*)(?:\.(\d*(?:_\d+)*))?|\.(\d+(?:_\d+)*))(?:e([+-]?\d+))?$/i;

/** The unscaled value of a decimal text, rounded half away from zero to `scale` digits. */
function parseDecimal(text: string, scale: number): bigint | undefined {
  const match = NUMBER.exec(text);
  if (match === null) return undefined;
  const [, sign, whole = '', fractionAfter, fractionAlone, exponentText = '0'] = match;
  const fraction = (fractionAfter ?? fractionAlone ?? '').replaceAll('_', '');
  const exponent = Number(exponentText);
  // Nothing that fits 39 digits needs an exponent beyond this.
  if (Math.abs(exponent) > 5000) return exponent < 0 ? 0n : undefined;
  const digits = whole.replaceAll('_', '') + fraction;
  const shift = exponent - fraction.length + scale;
  let value =
    shift >= 0 ? BigInt(digits) * 10n ** BigInt(shift) : roundedQuotient(BigInt(digits), 10n ** BigInt(-shift));
  if (sign === '-') value = -value;
  return value;
}

const roundedQuotient = (value: bigint, divisor: bigint): bigint => (value + divisor / 2n) / divisor;

function parseFloating(text: string): number | undefined {
  if (NUMBER.test(text)) return Number(text.replaceAll('_', ''));
  switch (text.toLowerCase().replace(/^[+-]/, '')) {
    case 'inf':
    case 'infinity':
      return text.startsWith('-') ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
    case 'nan':
      return Number.NaN;
    default:
      return undefined;
  }
}

/** Bytes of ASCII text, where `\xAB` stands for any byte. */
function parseBlob(text: string): Uint8Array | undefined {
  const bytes: number[] = [];
  for (let i = 0; i < text.length; i++) {
    const c = text.charCodeAt(i);
    if (c > 127) return undefined;
    if (c !== 0x5c) {
      bytes.push(c);
      continue;
    }
    const hex = /^x([0-9a-f]{2})/i.exec(text.slice(i + 1, i + 4));
    if (hex === null) return undefined;
    bytes.push(Number.parseInt(hex[1]!, 16));
    i += 3;
  }
  return Uint8Array.from(bytes);
}

const DATE = /^(-?\d{1,7})([-/\\ ])(\d{1,2})\2(\d{1,2})(?!\d)(?: ?\(bc\))?/i;

/** Days since 1970 of `2024-2-9`, or of a timestamp. */
function parseDate(text: string): number | undefined {
  const trimmed = text.trimStart();
  const found = datePrefix(trimmed);
  if (found === undefined || trimmed.slice(found.length).trim() === '') return found?.days;
  const micros = parseTimestamp(trimmed, WALL_CLOCK, undefined);
  return micros === undefined ? undefined : found.days;
}

function datePrefix(text: string): { days: number; length: number } | undefined {
  const special = /^(-?inf(?:inity)?|epoch)(?![a-z])/i.exec(text)?.[0];
  if (special !== undefined) {
    const days = special.toLowerCase() === 'epoch' ? 0 : special.startsWith('-') ? -INFINITE_DAYS : INFINITE_DAYS;
    return { days, length: special.length };
  }
  const match = DATE.exec(text);
  if (match === null) return undefined;
  const isBc = match[0].toLowerCase().endsWith('(bc)');
  const written = Number(match[1]);
  if (isBc && written <= 0) return undefined;
  const year = isBc ? 1 - written : written;
  const month = Number(match[3]);
  const day = Number(match[4]);
  if (month < 1 || month > 12 || day < 1 || day > daysInMonth(year, month)) return undefined;
  const days = daysFromCivil(year, month, day);
  return Math.abs(days) < INFINITE_DAYS ? { days, length: match[0].length } : undefined;
}

const TIME = /^(\d+):(?:(\d{1,2})(?::(?:(\d{1,2})(?:\.(\d{0,18}))?|$))?|$)/;

/** Ticks since midnight at the start of a text; 24:00:00 is allowed. */
function timePrefix(
  text: string,
  perSecond: bigint,
): { ticks: bigint; length: number; hasSeconds: boolean } | undefined {
  const match = TIME.exec(text);
  if (match === null) return undefined;
  const [h, m, s] = [Number(match[1]), Number(match[2] ?? 0), Number(match[3] ?? 0)];
  if (h > 24 || m > 59 || s > 59 || (h === 24 && (m > 0 || s > 0))) return undefined;
  const digits = perSecond.toString().length - 1;
  const fraction = BigInt((match[4] ?? '').slice(0, digits).padEnd(digits, '0') || '0');
  const ticks = BigInt(h * 3600 + m * 60 + s) * perSecond + fraction;
  return { ticks, length: match[0].length, hasSeconds: match[3] !== undefined };
}

/** A time of day, behind whose seconds an offset may stand, or that of a timestamp. */
function parseTime(text: string): bigint | undefined {
  const found = timePrefix(text, 1_000_000n);
  const rest = text.slice(found?.length ?? 0);
  if (found !== undefined && (rest === '' || (found.hasSeconds && OFFSET.test(rest.trim())))) return found.ticks;
  const micros = parseTimestamp(text, WALL_CLOCK, undefined);
  return micros === undefined || isInfinite(micros) ? undefined : splitMicros(micros).time;
}

/** Hours east of Greenwich, minutes, seconds. */
const OFFSET = /^(?:Z?|[+-](?:0\d|1[0-5])(?::?\d{2}(?::?\d{2})?)?)$/;
const WALL_CLOCK = { kind: 'timestamp', unit: 'us', zone: false } as const;

/** A time of day with the offset behind it, or that of a zone's clocks now; that of a timestamp is by UTC's or the zone's clocks. */
function parseZonedTime(text: string, zone: TimeZone | undefined): bigint | undefined {
  const found = timePrefix(text, 1_000_000n);
  const suffix = found === undefined ? '' : text.slice(found.length).trim();
  if (found === undefined) {
    const micros = parseTimestamp(text, { kind: 'timestamp', unit: 'us', zone: true }, undefined);
    if (micros === undefined || isInfinite(micros)) return undefined;
    return packZonedTime({ micros: splitMicros(micros).time, offset: currentOffset(zone) });
  }
  if (/^[a-y]/i.test(suffix)) return undefined;
  const offset = suffix === '' ? currentOffset(zone) : parseOffset(suffix);
  if (offset === undefined || Math.abs(offset) > MAX_OFFSET_SECONDS) return undefined;
  return packZonedTime({ micros: found.ticks, offset });
}

const isInfinite = (micros: bigint): boolean => micros === INFINITE_MICROS || micros === -INFINITE_MICROS;

type TimestampType = Extract<DataType, { kind: 'timestamp' }>;

/** Ticks since the epoch; those of coarse units are rounded from microseconds. */
function parseTimestamp(text: string, type: TimestampType, zone: TimeZone | undefined): bigint | undefined {
  if (type.unit !== 's' && type.unit !== 'ms') return parseFine(text, type, zone);
  const micros = parseFine(text, { ...type, unit: 'us' }, zone);
  if (micros === undefined || micros === INFINITE_MICROS || micros === -INFINITE_MICROS) return micros;
  return rescaleTicks(micros, UNITS_PER_SECOND.us, UNITS_PER_SECOND[type.unit]);
}

/** An offset or zone behind the time counts for instants; wall-clock times ignore it. */
function parseFine(text: string, type: TimestampType, zone: TimeZone | undefined): bigint | undefined {
  const date = datePrefix(text);
  if (date === undefined) return undefined;
  if (Math.abs(date.days) === INFINITE_DAYS && text.slice(date.length).trim() !== '') return undefined;
  if (Math.abs(date.days) === INFINITE_DAYS) return date.days < 0 ? -INFINITE_MICROS : INFINITE_MICROS;
  const perSecond = UNITS_PER_SECOND[type.unit];
  const midnight = BigInt(date.days) * 86_400n * perSecond;
  const rest = text.slice(date.length).replace(/^[ T]\s*/, '');
  const time = date.length === text.length ? { ticks: 0n, length: 0 } : timePrefix(rest, perSecond);
  if (time === undefined) return undefined;
  const ticks = inZone(midnight + time.ticks, rest.slice(time.length).trim(), type, zone);
  return ticks !== undefined && BigInt.asIntN(64, ticks) === ticks ? ticks : undefined;
}

/** What clocks show, as an instant if the type has those: by the offset or zone that the text ends with, or the given zone. */
function inZone(
  ticks: bigint,
  suffix: string,
  { unit, zone: isInstant }: TimestampType,
  zone: TimeZone | undefined,
): bigint | undefined {
  const offset = parseOffset(suffix);
  if (offset !== undefined && !isInstant) return ticks;
  if (suffix === '') return zone === undefined ? ticks : zone.toInstant(ticks);
  if (offset !== undefined) return ticks - BigInt(offset) * UNITS_PER_SECOND[unit];
  const named = TimeZone.find(suffix);
  return named !== undefined && isInstant ? named.toInstant(ticks) : named && ticks;
}

/** Seconds east of Greenwich of '', 'Z', 'UTC', '+02', '-03:30', '+0530'. */
function parseOffset(text: string): number | undefined {
  if (text === '' || /^(z|utc|gmt)$/i.test(text)) return 0;
  const match = /^([+-])(\d{1,2})(?::?(\d{2}))?(?::?(\d{2}))?$/.exec(text);
  if (match === null) return undefined;
  const seconds = Number(match[2]) * 3600 + Number(match[3] ?? 0) * 60 + Number(match[4] ?? 0);
  return match[1] === '-' ? -seconds : seconds;
}
