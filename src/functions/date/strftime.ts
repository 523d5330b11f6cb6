import { RayexecError } from '../../common/errors.ts';
import { civilFromDays, dayOfYear, daysAfterMonday, isoWeek, splitMicros } from '../../types/calendar.ts';
import { offsetText } from '../../types/instant-text.ts';

export const DAY_NAMES = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];
export const MONTH_NAMES = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
];

/** A format taken apart: literal text, and specifiers (`%Y`, `%-d`) without the percent sign. */
export type FormatPart = { readonly literal: string } | { readonly specifier: string };

const SPECIFIERS = new Set('aAbBhcdHIjpUWwuVGxXyYmMSfgnZz'.split(''));
const UNPADDED = new Set('dHIjymMS'.split(''));
/** What the specifiers that stand for others mean. */
const EXPANSIONS: Readonly<Record<string, string>> = {
  c: '%Y-%m-%d %H:%M:%S',
  x: '%Y-%m-%d',
  X: '%H:%M:%S',
  T: '%H:%M:%S',
};

const parsed = new Map<string, readonly FormatPart[]>();

/** Parses a format of strftime and strptime. @throws RayexecError `invalid-argument` for unknown specifiers */
export function parseDateFormat(format: string): readonly FormatPart[] {
  let parts = parsed.get(format);
  if (parts === undefined) {
    parts = parseParts(format);
    if (parsed.size > 100) parsed.clear();
    parsed.set(format, parts);
  }
  return parts;
}

function parseParts(format: string): readonly FormatPart[] {
  const expanded = format.replace(/%([%cxXT])/g, (all, c: string) => EXPANSIONS[c] ?? all);
  const parts: FormatPart[] = [];
  for (const [text, specifier] of expanded.matchAll(/[^%]+|%(-?.)|%/gsu)) {
    if (specifier === undefined && text === '%') throw badFormat(format, 'it ends with %');
    if (specifier === undefined) parts.push({ literal: text });
    else if (specifier === '%') parts.push({ literal: '%' });
    else if (SPECIFIERS.has(specifier) || (specifier[0] === '-' && UNPADDED.has(specifier[1]!)))
      parts.push({ specifier });
    else throw badFormat(format, `%${specifier} is unknown`);
  }
  return parts;
}

const badFormat = (format: string, reason: string): RayexecError =>
  new RayexecError('invalid-argument', `the date format "${format}" can't be read: ${reason}`);

/** What %z (seconds ahead of UTC) and %Z print. */
export type FormatZone = { readonly name: string; readonly offset: number };
const UTC: FormatZone = { name: '', offset: 0 };

/**
 * What clocks show, in microseconds, as text.
 * @param nanos what is below a microsecond
 * @throws RayexecError `invalid-argument` for a bad format
 */
export function formatTimestamp(format: string, micros: bigint, zone = UTC, nanos = 0): string {
  const { days, time } = splitMicros(micros);
  return parseDateFormat(format)
    .map(part => ('literal' in part ? part.literal : formatPart(part.specifier, days, Number(time), zone, nanos)))
    .join('');
}

const pad = (value: number, width: number): string => String(value).padStart(width, '0');

function formatPart(specifier: string, days: number, time: number, zone: FormatZone, nanos: number): string {
  const isPadded = specifier[0] !== '-';
  const number = (value: number, width: number): string => (isPadded ? pad(value, width) : String(value));
  const { year, month, day } = civilFromDays(days);
  const hour = Math.floor(time / 3600e6);
  const weekday = (daysAfterMonday(days) + 1) % 7;
  switch (specifier.at(-1)) {
    case 'a':
      return DAY_NAMES[weekday]!.slice(0, 3);
    case 'A':
      return DAY_NAMES[weekday]!;
    case 'b':
    case 'h':
      return MONTH_NAMES[month - 1]!.slice(0, 3);
    case 'B':
      return MONTH_NAMES[month - 1]!;
    case 'd':
      return number(day, 2);
    case 'H':
      return number(hour, 2);
    case 'I':
      return number(hour % 12 === 0 ? 12 : hour % 12, 2);
    case 'j':
      return number(dayOfYear(days), 3);
    case 'p':
      return hour < 12 ? 'AM' : 'PM';
    case 'U':
      return pad(Math.floor((dayOfYear(days) + 6 - weekday) / 7), 2);
    case 'W':
      return pad(Math.floor((dayOfYear(days) + 6 - daysAfterMonday(days)) / 7), 2);
    case 'w':
      return String(weekday);
    case 'u':
      return String(daysAfterMonday(days) + 1);
    case 'V':
      return pad(isoWeek(days).week, 2);
    case 'G':
      return year4(isoWeek(days).year);
    case 'y':
      return number(Math.abs(year) % 100, 2);
    case 'Y':
      return year4(year);
    case 'm':
      return number(month, 2);
    case 'M':
      return number(Math.floor(time / 60e6) % 60, 2);
    case 'S':
      return number(Math.floor(time / 1e6) % 60, 2);
    case 'f':
      return pad(time % 1e6, 6);
    case 'g':
      return pad(Math.floor(time / 1000) % 1000, 3);
    case 'n':
      return pad((time % 1e6) * 1000 + nanos, 9);
    case 'z':
      return offsetText(zone.offset);
    default:
      return zone.name;
  }
}

const year4 = (year: number): string => (year < 0 || year > 9999 ? String(year) : pad(year, 4));
