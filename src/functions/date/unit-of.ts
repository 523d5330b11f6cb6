import { RayexecError } from '../../common/errors.ts';
import {
  civilFromDays,
  dayOfYear,
  daysAfterMonday,
  INFINITE_DAYS,
  INFINITE_MICROS,
  isoWeek,
  splitMicros,
} from '../../types/calendar.ts';
import type { RawInterval } from '../../types/raw-value.ts';
import type { ZonedTime } from '../../types/zoned-time.ts';
import type { DateUnit } from './date-unit.ts';

// The parts of single values. The kernels compute the same for columns; these serve what they don't know.

const JULIAN_EPOCH = 2_440_588;

/** A part of a date, or of a timestamp with its time of day in microseconds. */
function dateUnitOf(unit: DateUnit, days: number, time: bigint): number {
  const { year, month, day } = civilFromDays(days);
  switch (unit) {
    case 'year':
      return year;
    case 'month':
      return month;
    case 'day':
      return day;
    case 'decade':
      return Math.trunc(year / 10);
    case 'century':
      return year > 0 ? Math.floor((year - 1) / 100) + 1 : Math.trunc(year / 100) - 1;
    case 'millennium':
      return year > 0 ? Math.floor((year - 1) / 1000) + 1 : Math.trunc(year / 1000) - 1;
    case 'quarter':
      return Math.floor((month - 1) / 3) + 1;
    case 'week':
      return isoWeek(days).week;
    case 'isoyear':
      return isoWeek(days).year;
    case 'yearweek': {
      const iso = isoWeek(days);
      return iso.year * 100 + (iso.year > 0 ? iso.week : -iso.week);
    }
    case 'dow':
      return (daysAfterMonday(days) + 1) % 7;
    case 'isodow':
      return daysAfterMonday(days) + 1;
    case 'doy':
      return dayOfYear(days);
    case 'era':
      return year > 0 ? 1 : 0;
    case 'epoch':
      return days * 86_400 + Number(time) / 1e6;
    case 'julian':
      return days + JULIAN_EPOCH + Number(time) / 86_400e6;
    default:
      return timeUnitOf(unit, time);
  }
}

/** A part of a time of day with a zone. @throws RayexecError `unsupported` for parts that a time does not have */
export function zonedTimeUnitOf(unit: DateUnit, { micros, offset }: ZonedTime): number {
  switch (unit) {
    case 'timezone':
      return offset;
    case 'timezone_hour':
      return Math.trunc(offset / 3600);
    case 'timezone_minute':
      return Math.trunc(offset / 60) % 60;
    default:
      return timeUnitOf(unit, micros);
  }
}

/** A part of a time of day. @throws RayexecError `unsupported` for parts that a time does not have */
export function timeUnitOf(unit: DateUnit, time: bigint): number {
  const micros = Number(time);
  switch (unit) {
    case 'hour':
      return Math.trunc(micros / 3600e6);
    case 'minute':
      return Math.trunc(micros / 60e6) % 60;
    case 'second':
      return Math.trunc(micros / 1e6) % 60;
    case 'millisecond':
      return Math.trunc(micros / 1000) % 60_000;
    case 'microsecond':
      return micros % 60_000_000;
    case 'epoch':
      return micros / 1e6;
    case 'timezone':
    case 'timezone_hour':
    case 'timezone_minute':
      return 0;
    default:
      throw new RayexecError('unsupported', `a TIME has no part "${unit}"`);
  }
}

/** A part of an interval. @throws RayexecError `unsupported` for parts that an interval does not have */
export function intervalUnitOf(unit: DateUnit, { months, days, micros }: RawInterval): number {
  switch (unit) {
    case 'year':
      return Math.trunc(months / 12);
    case 'month':
      return months % 12;
    case 'day':
      return days;
    case 'decade':
      return Math.trunc(months / 120);
    case 'century':
      return Math.trunc(months / 1200);
    case 'millennium':
      return Math.trunc(months / 12_000);
    case 'quarter':
      return Math.trunc((months % 12) / 3) + 1;
    case 'epoch':
      // A year of 365.25 days, a month of 30.
      return Math.trunc(months / 12) * 31_557_600 + ((months % 12) * 30 + days) * 86_400 + Number(micros) / 1e6;
    case 'hour':
    case 'minute':
    case 'second':
    case 'millisecond':
    case 'microsecond':
      return timeUnitOf(unit, micros);
    default:
      throw new RayexecError('unsupported', `an INTERVAL has no part "${unit}"`);
  }
}

/** A part of a date (number of days) or timestamp (microseconds); null of infinite ones. */
export function instantUnitOf(unit: DateUnit, instant: number | bigint): number | null {
  if (typeof instant === 'number') {
    return Math.abs(instant) === INFINITE_DAYS ? null : dateUnitOf(unit, instant, 0n);
  }
  if (instant === INFINITE_MICROS || instant === -INFINITE_MICROS) return null;
  if (unit === 'epoch') return Number(instant) / 1e6;
  const { days, time } = splitMicros(instant);
  return dateUnitOf(unit, days, time);
}
