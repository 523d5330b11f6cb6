import { RayexecError } from '../../common/errors.ts';
import {
  daysAfterMonday,
  daysFromCivil,
  INFINITE_DAYS,
  INFINITE_MICROS,
  isCivilDate,
  isoYearStart,
  MICROS_PER_DAY,
  microsDay,
} from '../../types/calendar.ts';
import { TimeZone } from '../../types/time-zone.ts';
import { DAY_NAMES, type FormatPart, MONTH_NAMES, parseDateFormat } from './strftime.ts';

/** What a text says, so far. */
type Fields = {
  year: number;
  month: number;
  day: number;
  hour: number;
  minute: number;
  second: number;
  micros: number;
  isPm?: boolean;
  dayOfYear?: number;
  isoYear?: number;
  isoWeek?: number;
  isoDay?: number;
  /** Week of the year and its first day. */
  week?: { number: number; firstDay: 0 | 1 };
  /** Sunday 0. */
  weekday?: number;
  /** Minutes east of UTC. */
  offset: number;
  zone?: TimeZone;
};

/** Texts that are timestamps by any format. */
const SPECIAL: ReadonlyMap<string, bigint> = new Map([
  ['infinity', INFINITE_MICROS],
  ['-infinity', -INFINITE_MICROS],
  ['epoch', 0n],
]);

/**
 * Reads a text as a timestamp in microseconds. Blanks around it are skipped; numbers may have fewer digits. Infinity,
 * -infinity and epoch fit any format. Undefined when it does not fit the format, or names no date.
 * @throws RayexecError `invalid-argument` for a bad format
 */
export function tryParseTimestamp(format: string, text: string): bigint | undefined {
  const parts = parseDateFormat(format);
  const fields: Fields = { year: 1900, month: 1, day: 1, hour: 0, minute: 0, second: 0, micros: 0, offset: 0 };
  const source = text.trim();
  const special = SPECIAL.get(source.toLowerCase());
  if (special !== undefined) return special;
  let at = 0;
  for (const part of parts) {
    const length = readPart(part, source, at, fields);
    if (length === undefined) return undefined;
    at += length;
  }
  return at === source.length ? assemble(fields) : undefined;
}

/** The same as a DATE, in days: of the day that the timestamp lies in. @throws RayexecError `invalid-argument` for a bad format */
export function tryParseDay(format: string, text: string): number | undefined {
  const micros = tryParseTimestamp(format, text);
  if (micros === INFINITE_MICROS) return INFINITE_DAYS;
  if (micros === -INFINITE_MICROS) return -INFINITE_DAYS;
  return micros === undefined ? undefined : microsDay(micros);
}

/** @throws RayexecError `conversion` when the text fits none of the formats */
export function parseTimestamp(formats: readonly string[], text: string): bigint {
  for (const format of formats) {
    const micros = tryParseTimestamp(format, text);
    if (micros !== undefined) return micros;
  }
  throw new RayexecError('conversion', `"${text}" does not fit the date format "${formats.join('", "')}"`, {
    hint: 'try_strptime gives NULL for such texts',
  });
}

/** Reads one part of the format. Returns how many characters it took. */
function readPart(part: FormatPart, source: string, at: number, fields: Fields): number | undefined {
  if ('literal' in part) return source.startsWith(part.literal, at) ? part.literal.length : undefined;
  const specifier = part.specifier.at(-1)!;
  const name = (names: readonly string[], take: (index: number) => void, short = false): number | undefined => {
    const rest = source.slice(at).toLowerCase();
    const index = names.findIndex(n => rest.startsWith((short ? n.slice(0, 3) : n).toLowerCase()));
    if (index < 0) return undefined;
    take(index);
    return short ? 3 : names[index]!.length;
  };
  const number = (digits: number, min: number, max: number, take: (value: number) => void): number | undefined => {
    const found = new RegExp(`[0-9]{1,${digits}}`, 'y');
    found.lastIndex = at;
    const [text] = found.exec(source) ?? [];
    if (text === undefined || Number(text) < min || Number(text) > max) return undefined;
    take(Number(text));
    return text.length;
  };
  switch (specifier) {
    case 'a':
    case 'A':
      return name(DAY_NAMES, i => (fields.weekday = i), specifier === 'a');
    case 'b':
    case 'h':
    case 'B':
      return name(MONTH_NAMES, i => (fields.month = i + 1), specifier !== 'B');
    case 'Y':
      return readYear(source, at, y => (fields.year = y));
    case 'G':
      return readYear(source, at, y => (fields.isoYear = y));
    case 'y':
      return number(2, 0, 99, v => (fields.year = v >= 69 ? 1900 + v : 2000 + v));
    case 'm':
      return number(2, 1, 12, v => (fields.month = v));
    case 'd':
      return number(2, 1, 31, v => (fields.day = v));
    case 'j':
      return number(3, 1, 366, v => (fields.dayOfYear = v));
    case 'H':
      return number(2, 0, 24, v => (fields.hour = v));
    case 'I':
      return number(2, 1, 12, v => (fields.hour = v % 12));
    case 'M':
      return number(2, 0, 59, v => (fields.minute = v));
    case 'S':
      return number(2, 0, 60, v => (fields.second = v));
    case 'p':
      return name(['AM', 'PM'], i => (fields.isPm = i === 1));
    case 'V':
      return number(2, 1, 53, v => (fields.isoWeek = v));
    case 'u':
      return number(1, 1, 7, v => (fields.isoDay = v));
    case 'w':
      return number(1, 0, 6, v => (fields.weekday = v));
    case 'U':
    case 'W':
      return number(2, 0, 53, v => (fields.week = { number: v, firstDay: specifier === 'U' ? 0 : 1 }));
    case 'f':
    case 'g':
    case 'n':
      return readFraction(source, at, specifier === 'f' ? 6 : specifier === 'g' ? 3 : 9, v => (fields.micros = v));
    case 'z':
      return readOffset(source, at, v => (fields.offset = v));
    default: {
      // %Z: a zone's name.
      const name = /[A-Za-z][A-Za-z0-9_+\-/]*/y;
      name.lastIndex = at;
      const [found] = name.exec(source) ?? [];
      const zone = found === undefined ? undefined : /^z$/i.test(found) ? TimeZone.find('UTC') : TimeZone.find(found);
      if (zone !== undefined) fields.zone = zone;
      return zone && found?.length;
    }
  }
}

function readYear(source: string, at: number, take: (year: number) => void): number | undefined {
  const found = /[+-]?[0-9]{1,6}/y;
  found.lastIndex = at;
  const [text] = found.exec(source) ?? [];
  if (text === undefined) return undefined;
  take(Number(text));
  return text.length;
}

function readFraction(source: string, at: number, digits: number, take: (micros: number) => void): number | undefined {
  const found = new RegExp(`[0-9]{1,${digits}}`, 'y');
  found.lastIndex = at;
  const [text] = found.exec(source) ?? [];
  if (text === undefined) return undefined;
  take(Number(text.padEnd(6, '0').slice(0, 6)));
  return text.length;
}

function readOffset(source: string, at: number, take: (minutes: number) => void): number | undefined {
  const found = /Z|([+-])([0-9]{2})(?::?([0-9]{2}))?/y;
  found.lastIndex = at;
  const match = found.exec(source);
  if (match === null) return undefined;
  if (match[1] !== undefined) take((match[1] === '-' ? -1 : 1) * (Number(match[2]) * 60 + Number(match[3] ?? 0)));
  return match[0].length;
}

function assemble(fields: Fields): bigint | undefined {
  const days = dayOf(fields);
  if (days === undefined) return undefined;
  const hour = fields.hour + (fields.isPm === true ? 12 : 0);
  const seconds = hour * 3600 + (fields.minute - fields.offset) * 60 + fields.second;
  const micros = BigInt(days) * MICROS_PER_DAY + BigInt(seconds) * 1_000_000n + BigInt(fields.micros);
  return fields.zone === undefined ? micros : fields.zone.toInstant(micros);
}

function dayOf({ year, month, day, dayOfYear, isoYear, isoWeek, isoDay, week, weekday }: Fields): number | undefined {
  if (isoYear !== undefined || isoWeek !== undefined) {
    const dayOfWeek = isoDay ?? (weekday === undefined ? 1 : weekday === 0 ? 7 : weekday);
    return isoYearStart(isoYear ?? year) + ((isoWeek ?? 1) - 1) * 7 + dayOfWeek - 1;
  }
  if (dayOfYear !== undefined) {
    const days = daysFromCivil(year, 1, 1) + dayOfYear - 1;
    return days < daysFromCivil(year + 1, 1, 1) ? days : undefined;
  }
  if (week !== undefined) {
    const first = daysFromCivil(year, 1, 1);
    // The first Sunday (%U) or Monday (%W) of the year begins week 1.
    const start = first + ((7 - ((daysAfterMonday(first) + 1 - week.firstDay + 7) % 7)) % 7);
    const dayOfWeek = ((weekday ?? (isoDay ?? week.firstDay) % 7) - week.firstDay + 7) % 7;
    return start + (week.number - 1) * 7 + dayOfWeek;
  }
  return isCivilDate(year, month, day) ? daysFromCivil(year, month, day) : undefined;
}
