import { RayexecError } from '../../common/errors.ts';
import {
  civilFromDays,
  daysFromCivil,
  daysInMonth,
  isoWeek,
  MICROS_PER_DAY,
  microsDay,
  splitMicros,
} from '../../types/calendar.ts';
import type { RawInterval } from '../../types/raw-value.ts';
import type { DateUnit } from './date-unit.ts';

/** Microseconds of the units of fixed length. */
const UNIT_MICROS: Partial<Record<DateUnit, bigint>> = {
  day: MICROS_PER_DAY,
  dow: MICROS_PER_DAY,
  isodow: MICROS_PER_DAY,
  doy: MICROS_PER_DAY,
  julian: MICROS_PER_DAY,
  hour: 3_600_000_000n,
  minute: 60_000_000n,
  second: 1_000_000n,
  epoch: 1_000_000n,
  millisecond: 1000n,
  microsecond: 1n,
};

const UNIT_MONTHS: Partial<Record<DateUnit, number>> = {
  month: 1,
  quarter: 3,
  year: 12,
  isoyear: 12,
  decade: 120,
  century: 1200,
  millennium: 12_000,
};

const isWeek = (unit: DateUnit): boolean => unit === 'week' || unit === 'yearweek';

const noUnit = (unit: DateUnit): RayexecError =>
  new RayexecError('invalid-argument', `"${unit}" is no unit to measure a distance in`);

/** How many boundaries of the unit lie between two timestamps in microseconds; of weeks, how many are between the days. @throws RayexecError `invalid-argument` */
export function unitsBetween(unit: DateUnit, from: bigint, to: bigint): bigint {
  // Weeks have no fixed boundaries here: seven days make one, as in DuckDB.
  if (isWeek(unit)) return BigInt(Math.trunc((microsDay(to) - microsDay(from)) / 7));
  return unitIndex(unit, to) - unitIndex(unit, from);
}

/** The number of the unit that a timestamp lies in, counted from some origin. */
function unitIndex(unit: DateUnit, micros: bigint): bigint {
  const { days } = splitMicros(micros);
  if (unit === 'isoyear') return BigInt(isoWeek(days).year);
  const length = UNIT_MICROS[unit];
  if (length !== undefined) return floorDivide(micros, length);
  const { year, month } = civilFromDays(days);
  switch (unit) {
    case 'month':
      return BigInt(year * 12 + month);
    case 'quarter':
      return BigInt(year * 4 + Math.floor((month - 1) / 3));
    case 'year':
      return BigInt(year);
    case 'decade':
      return BigInt(Math.trunc(year / 10));
    case 'century':
      return BigInt(Math.trunc(year / 100));
    case 'millennium':
      return BigInt(Math.trunc(year / 1000));
    default:
      throw noUnit(unit);
  }
}

function floorDivide(a: bigint, b: bigint): bigint {
  const q = a / b;
  return a % b < 0n ? q - 1n : q;
}

/** How many whole units lie between two timestamps in microseconds. @throws RayexecError `invalid-argument` */
export function wholeUnitsBetween(unit: DateUnit, from: bigint, to: bigint): bigint {
  if (isWeek(unit)) return (to - from) / (7n * MICROS_PER_DAY);
  const length = UNIT_MICROS[unit];
  if (length !== undefined) return (to - from) / length;
  const months = UNIT_MONTHS[unit];
  if (months === undefined) throw noUnit(unit);
  return from > to ? -wholeMonths(to, from) / BigInt(months) : wholeMonths(from, to) / BigInt(months);
}

/** Whole months; the last day of a shorter month completes a month that began on a later day. */
function wholeMonths(from: bigint, to: bigint): bigint {
  const start = splitMicros(from);
  const end = splitMicros(to);
  const a = civilFromDays(start.days);
  const b = civilFromDays(end.days);
  const endsMonth = b.day === daysInMonth(b.year, b.month);
  const day = endsMonth && a.day > b.day ? b.day : a.day;
  const months = (b.year - a.year) * 12 + b.month - a.month;
  const isComplete = b.day > day || (b.day === day && end.time >= start.time);
  return BigInt(isComplete ? months : months - 1);
}

/** The interval from `b` to `a` in years, months, days and time, as people count an age. */
export function ageBetween(a: bigint, b: bigint): RawInterval {
  if (a < b) {
    const { months, days, micros } = ageBetween(b, a);
    return { months: -months, days: -days, micros: -micros };
  }
  const later = splitMicros(a);
  const earlier = splitMicros(b);
  const x = civilFromDays(later.days);
  const y = civilFromDays(earlier.days);
  let months = (x.year - y.year) * 12 + x.month - y.month;
  let days = x.day - y.day;
  let micros = later.time - earlier.time;
  if (micros < 0n) {
    micros += MICROS_PER_DAY;
    days--;
  }
  if (days < 0) {
    days += daysInMonth(y.year, y.month);
    months--;
  }
  return { months, days, micros };
}

/** The last day of a day's month. */
export function lastDayOfMonth(days: number): number {
  const { year, month } = civilFromDays(days);
  return daysFromCivil(year, month, daysInMonth(year, month));
}
