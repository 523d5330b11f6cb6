// The proleptic Gregorian calendar: days since 1970-01-01 and their years, months, weeks. Years are astronomical
// (year 0 is 1 BC), so that arithmetic needs no exceptions.

export type CivilDate = { readonly year: number; readonly month: number; readonly day: number };

export const MICROS_PER_SECOND = 1_000_000n;
export const MICROS_PER_DAY = 86_400_000_000n;

/** Dates that mean "before, after all dates", as DuckDB stores them; timestamps: `INFINITE_MICROS`. */
export const INFINITE_DAYS = 2_147_483_647;
export const INFINITE_MICROS = 9_223_372_036_854_775_807n;

/** Days since the epoch of a civil date; month and day may be out of range by whole days, not by months. */
export function daysFromCivil(year: number, month: number, day: number): number {
  const y = month <= 2 ? year - 1 : year;
  const era = Math.floor(y / 400);
  const yearOfEra = y - era * 400;
  const dayOfYear = Math.floor((153 * (month > 2 ? month - 3 : month + 9) + 2) / 5) + day - 1;
  const dayOfEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear;
  return era * 146_097 + dayOfEra - 719_468;
}

export function civilFromDays(days: number): CivilDate {
  const z = days + 719_468;
  const era = Math.floor(z / 146_097);
  const dayOfEra = z - era * 146_097;
  const yearOfEra = Math.floor(
    (dayOfEra - Math.floor(dayOfEra / 1460) + Math.floor(dayOfEra / 36_524) - Math.floor(dayOfEra / 146_096)) / 365,
  );
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const m = Math.floor((5 * dayOfYear + 2) / 153);
  const month = m < 10 ? m + 3 : m - 9;
  return {
    year: yearOfEra + era * 400 + (month <= 2 ? 1 : 0),
    month,
    day: dayOfYear - Math.floor((153 * m + 2) / 5) + 1,
  };
}

const isLeapYear = (year: number): boolean => year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);

const MONTH_DAYS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/** @param month 1 … 12 */
export const daysInMonth = (year: number, month: number): number =>
  month === 2 && isLeapYear(year) ? 29 : MONTH_DAYS[month - 1]!;

export const isCivilDate = (year: number, month: number, day: number): boolean =>
  month >= 1 && month <= 12 && day >= 1 && day <= daysInMonth(year, month);

/** Days from Monday of the week of a day: 0 … 6. */
export const daysAfterMonday = (days: number): number => (((days + 3) % 7) + 7) % 7;

/** 1 … 366. */
export const dayOfYear = (days: number): number => days - daysFromCivil(civilFromDays(days).year, 1, 1) + 1;

/** The ISO week, and the year that it belongs to: that of its Thursday. */
export function isoWeek(days: number): { readonly year: number; readonly week: number } {
  const thursday = days - daysAfterMonday(days) + 3;
  const { year } = civilFromDays(thursday);
  return { year, week: Math.floor((thursday - daysFromCivil(year, 1, 1)) / 7) + 1 };
}

/** The Monday of an ISO year's first week. */
export function isoYearStart(year: number): number {
  const fourth = daysFromCivil(year, 1, 4);
  return fourth - daysAfterMonday(fourth);
}

/** The same day so many months later, or the last of the month when that has no such day. */
export function addMonths(days: number, months: number): number {
  const { year, month, day } = civilFromDays(days);
  const index = year * 12 + month - 1 + months;
  const y = Math.floor(index / 12);
  const m = index - y * 12 + 1;
  return daysFromCivil(y, m, Math.min(day, daysInMonth(y, m)));
}

/** Microseconds as whole days and the rest of a day. */
export function splitMicros(micros: bigint): { readonly days: number; readonly time: bigint } {
  const time = ((micros % MICROS_PER_DAY) + MICROS_PER_DAY) % MICROS_PER_DAY;
  return { days: Number((micros - time) / MICROS_PER_DAY), time };
}

/** Days as microseconds. */
export const dayMicros = (days: number): bigint => BigInt(days) * MICROS_PER_DAY;

/** The day that a timestamp lies in. */
export const microsDay = (micros: bigint): number => splitMicros(micros).days;
