// Dates (i32 days since 1970-01-01) and timestamps (i64 microseconds since): their parts, truncation, arithmetic.
// Civil dates after Howard Hinnant's algorithms: years that begin in March, in eras of 400 years.
import { at, checkOptional, clearBit, value } from './memory';

const MICROS_PER_DAY: i64 = 86_400_000_000;
const INFINITE_DATE: i32 = i32.MAX_VALUE;
const INFINITE_TIMESTAMP: i64 = i64.MAX_VALUE;

// @ts-ignore: decorator
@inline function floorDiv(a: i64, b: i64): i64 {
  return a / b - <i64>(a % b < 0);
}

// @ts-ignore: decorator
@inline function floorMod(a: i64, b: i64): i64 {
  const r = a % b;
  return r < 0 ? r + b : r;
}

/** Eras of 400 years, so that days count from 0 in 32 bits: divisions of those by constants become products. */
const ERAS = 14_694;
const FIRST_DAY: i64 = -719_468 - 146_097 * <i64>ERAS;

/** The civil date of a day as year << 16 | month << 8 | day. */
function civil(days: i64): i64 {
  // The first dates of all, by their likes an era later.
  if (days < FIRST_DAY) return civil(days + 146_097) - (400 << 16);
  const z = <u32>(days - FIRST_DAY);
  const era = z / 146_097;
  const doe = z - era * 146_097;
  const yoe = (doe - doe / 1460 + doe / 36_524 - doe / 146_096) / 365;
  const doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
  const m = (5 * doy + 2) / 153;
  const month = m < 10 ? m + 3 : m - 9;
  const year = <i32>(yoe + era * 400) - ERAS * 400 + <i32>(month <= 2);
  return (<i64>year << 16) | <i64>((month << 8) | (doy - (153 * m + 2) / 5 + 1));
}

/** The day of a civil date. */
function daysOf(year: i64, month: i64, day: i64): i64 {
  const y = year - <i64>(month <= 2);
  const era = floorDiv(y, 400);
  const yoe = y - era * 400;
  const doy = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1;
  return era * 146_097 + yoe * 365 + yoe / 4 - yoe / 100 + doy - 719_468;
}

// @ts-ignore: decorator
@inline function yearOf(civil: i64): i64 {
  return civil >> 16;
}
// @ts-ignore: decorator
@inline function monthOf(civil: i64): i64 {
  return (civil >> 8) & 255;
}
// @ts-ignore: decorator
@inline function dayOf(civil: i64): i64 {
  return civil & 255;
}

/** Days after Monday, 0 … 6. */
// @ts-ignore: decorator
@inline function weekday(days: i64): i64 {
  return floorMod(days + 3, 7);
}

// Parts, as numbered in src/functions/date/date-part.ts.
const YEAR = 0;
const MONTH = 1;
const DAY = 2;
const DECADE = 3;
const CENTURY = 4;
const MILLENNIUM = 5;
const QUARTER = 6;
const WEEK = 7;
const ISO_YEAR = 8;
const YEAR_WEEK = 9;
const DAY_OF_WEEK = 10;
const ISO_DAY_OF_WEEK = 11;
const DAY_OF_YEAR = 12;
const ERA = 13;
const HOUR = 14;
const MINUTE = 15;
const SECOND = 16;
const MILLISECOND = 17;
const MICROSECOND = 18;

function datePart(part: i32, days: i64): i64 {
  if (part >= WEEK && part <= YEAR_WEEK) {
    const thursday = days - weekday(days) + 3;
    const year = yearOf(civil(thursday));
    const week = (thursday - daysOf(year, 1, 1)) / 7 + 1;
    if (part == WEEK) return week;
    return part == ISO_YEAR ? year : year * 100 + (year > 0 ? week : -week);
  }
  if (part == DAY_OF_WEEK) return (weekday(days) + 1) % 7;
  if (part == ISO_DAY_OF_WEEK) return weekday(days) + 1;
  const date = civil(days);
  const year = yearOf(date);
  switch (part) {
    case YEAR:
      return year;
    case MONTH:
      return monthOf(date);
    case DAY:
      return dayOf(date);
    case DECADE:
      return year / 10;
    case CENTURY:
      return year > 0 ? (year - 1) / 100 + 1 : year / 100 - 1;
    case MILLENNIUM:
      return year > 0 ? (year - 1) / 1000 + 1 : year / 1000 - 1;
    case QUARTER:
      return (monthOf(date) - 1) / 3 + 1;
    case DAY_OF_YEAR:
      return days - daysOf(year, 1, 1) + 1;
    default:
      return <i64>(year > 0);
  }
}

/** @param time microseconds of a day */
function timePart(part: i32, time: i64): i64 {
  switch (part) {
    case HOUR:
      return time / 3_600_000_000;
    case MINUTE:
      return (time / 60_000_000) % 60;
    case SECOND:
      return (time / 1_000_000) % 60;
    case MILLISECOND:
      return (time / 1000) % 60_000;
    default:
      return time % 60_000_000;
  }
}

/** A part of dates, as i64; that of an infinite one is NULL: its bit in `validity` is cleared. Returns how many are. */
export function date_part(part: i32, a: usize, am: usize, sel: usize, n: usize, out: usize, validity: usize): usize {
  checkOptional(sel, n << 1);
  let nulls: usize = 0;
  for (let j: usize = 0; j < n; j++) {
    const i = at(sel, j);
    const days = value<i32>(a, i, am);
    if (days == INFINITE_DATE || days == -INFINITE_DATE) {
      nulls++;
      clearBit(validity, i);
    } else store<i64>(out + (i << 3), part >= HOUR ? 0 : datePart(part, days));
  }
  return nulls;
}

/** A part of timestamps in microseconds; see `date_part`. */
export function timestamp_part(part: i32, a: usize, am: usize, sel: usize, n: usize, out: usize, validity: usize): usize {
  checkOptional(sel, n << 1);
  let nulls: usize = 0;
  for (let j: usize = 0; j < n; j++) {
    const i = at(sel, j);
    const micros = value<i64>(a, i, am);
    if (micros == INFINITE_TIMESTAMP || micros == -INFINITE_TIMESTAMP) {
      nulls++;
      clearBit(validity, i);
    } else {
      const result = part >= HOUR ? timePart(part, floorMod(micros, MICROS_PER_DAY)) : datePart(part, floorDiv(micros, MICROS_PER_DAY));
      store<i64>(out + (i << 3), result);
    }
  }
  return nulls;
}

/** The first day of the unit that a day lies in. */
function truncateDays(part: i32, days: i64): i64 {
  if (part == WEEK) return days - weekday(days);
  if (part == ISO_YEAR) {
    const fourth = daysOf(yearOf(civil(days - weekday(days) + 3)), 1, 4);
    return fourth - weekday(fourth);
  }
  const date = civil(days);
  const year = yearOf(date);
  switch (part) {
    case YEAR:
      return daysOf(year, 1, 1);
    case MONTH:
      return days - dayOf(date) + 1;
    case QUARTER:
      return daysOf(year, ((monthOf(date) - 1) / 3) * 3 + 1, 1);
    case DECADE:
      return daysOf((year / 10) * 10, 1, 1);
    case CENTURY:
      return daysOf((year / 100) * 100, 1, 1);
    case MILLENNIUM:
      return daysOf((year / 1000) * 1000, 1, 1);
    default:
      return days;
  }
}

/** Timestamps cut to the start of a unit (parts YEAR … MICROSECOND); infinite ones stay. */
export function timestamp_trunc(part: i32, a: usize, am: usize, sel: usize, n: usize, out: usize): void {
  checkOptional(sel, n << 1);
  let unit: i64 = 1;
  if (part == HOUR) unit = 3_600_000_000;
  else if (part == MINUTE) unit = 60_000_000;
  else if (part == SECOND) unit = 1_000_000;
  else if (part == MILLISECOND) unit = 1000;
  for (let j: usize = 0; j < n; j++) {
    const i = at(sel, j);
    let micros = value<i64>(a, i, am);
    if (micros != INFINITE_TIMESTAMP && micros != -INFINITE_TIMESTAMP) {
      if (part >= HOUR) micros -= floorMod(micros, unit);
      else micros = truncateDays(part, floorDiv(micros, MICROS_PER_DAY)) * MICROS_PER_DAY;
    }
    store<i64>(out + (i << 3), micros);
  }
}

const OUT_OF_RANGE = -1;
const INFINITE = -2;

/**
 * Dates (isDate 1) or timestamps + sign × interval, as timestamps: first the months, to the last day of the month at
 * most, then the days, then the time. Returns -1 when a result is no timestamp.
 */
export function add_interval(isDate: i32, sign: i64, a: usize, am: usize, b: usize, bm: usize, sel: usize, n: usize, out: usize): i32 {
  checkOptional(sel, n << 1);
  for (let j: usize = 0; j < n; j++) {
    const i = at(sel, j);
    const interval = b + ((i & bm) << 4);
    let days: i64;
    let time: i64 = 0;
    let infinite: i64 = 0;
    if (isDate) {
      const date = value<i32>(a, i, am);
      days = date;
      if (date == INFINITE_DATE) infinite = INFINITE_TIMESTAMP;
      if (date == -INFINITE_DATE) infinite = -INFINITE_TIMESTAMP;
    } else {
      const micros = value<i64>(a, i, am);
      if (micros == INFINITE_TIMESTAMP || micros == -INFINITE_TIMESTAMP) infinite = micros;
      days = floorDiv(micros, MICROS_PER_DAY);
      time = floorMod(micros, MICROS_PER_DAY);
    }
    if (infinite != 0) {
      store<i64>(out + (i << 3), infinite);
      continue;
    }
    const months = <i64>load<i32>(interval) * sign;
    if (months != 0) {
      const date = civil(days);
      const index = yearOf(date) * 12 + monthOf(date) - 1 + months;
      const year = floorDiv(index, 12);
      const month = floorMod(index, 12) + 1;
      const next = month == 12 ? daysOf(year + 1, 1, 1) : daysOf(year, month + 1, 1);
      days = min<i64>(daysOf(year, month, dayOf(date)), next - 1);
    }
    // Days and time of the interval may cancel: they are added up in days and a rest before the range is checked.
    const micros = load<i64>(interval, 8);
    days += <i64>load<i32>(interval, 4) * sign + floorDiv(micros, MICROS_PER_DAY) * sign;
    time += floorMod(micros, MICROS_PER_DAY) * sign;
    days += floorDiv(time, MICROS_PER_DAY);
    time = floorMod(time, MICROS_PER_DAY);
    // ±(2^63 - 2) microseconds are 106,751,991 days and a part of one.
    if (days > 106_751_991 || days < -106_751_992) return OUT_OF_RANGE;
    const result = (days + <i64>(days < 0)) * MICROS_PER_DAY + (days < 0 ? time - MICROS_PER_DAY : time);
    if (days < 0 ? result >= 0 : result < 0) return OUT_OF_RANGE;
    if (result == INFINITE_TIMESTAMP || result <= -INFINITE_TIMESTAMP) return OUT_OF_RANGE;
    store<i64>(out + (i << 3), result);
  }
  return 0;
}

/** Dates + sign × days (i32), as dates; infinite ones stay. Returns -1 when a result is no date. */
export function add_days(sign: i64, a: usize, am: usize, b: usize, bm: usize, sel: usize, n: usize, out: usize): i32 {
  checkOptional(sel, n << 1);
  for (let j: usize = 0; j < n; j++) {
    const i = at(sel, j);
    const date = value<i32>(a, i, am);
    let result = <i64>date;
    if (date != INFINITE_DATE && date != -INFINITE_DATE) {
      result += <i64>value<i32>(b, i, bm) * sign;
      if (result >= <i64>INFINITE_DATE || result <= -<i64>INFINITE_DATE) return OUT_OF_RANGE;
    }
    store<i32>(out + (i << 2), <i32>result);
  }
  return 0;
}

/** Days between dates, a - b, as i64. */
export function date_minus_date(a: usize, am: usize, b: usize, bm: usize, sel: usize, n: usize, out: usize): void {
  checkOptional(sel, n << 1);
  for (let j: usize = 0; j < n; j++) {
    const i = at(sel, j);
    store<i64>(out + (i << 3), <i64>value<i32>(a, i, am) - <i64>value<i32>(b, i, bm));
  }
}

/** a - b of timestamps, as intervals of days and microseconds. Returns -1 when the difference leaves 64 bits, -2 for infinite ones. */
export function timestamp_minus_timestamp(a: usize, am: usize, b: usize, bm: usize, sel: usize, n: usize, out: usize): i32 {
  checkOptional(sel, n << 1);
  for (let j: usize = 0; j < n; j++) {
    const i = at(sel, j);
    const x = value<i64>(a, i, am);
    const y = value<i64>(b, i, bm);
    if (x == INFINITE_TIMESTAMP || x == -INFINITE_TIMESTAMP) return INFINITE;
    if (y == INFINITE_TIMESTAMP || y == -INFINITE_TIMESTAMP) return INFINITE;
    const d = x - y;
    if (((x ^ y) & (x ^ d)) < 0) return OUT_OF_RANGE;
    store<i32>(out + (i << 4), 0);
    store<i32>(out + (i << 4), <i32>(d / MICROS_PER_DAY), 4);
    store<i64>(out + (i << 4), d % MICROS_PER_DAY, 8);
  }
  return 0;
}

/** Days of timestamps with so many ticks a day; infinite ones are infinite dates. Returns -1 - i for one out of range. */
export function timestamp_days(perDay: i64, a: usize, am: usize, sel: usize, n: usize, out: usize): isize {
  checkOptional(sel, n << 1);
  for (let j: usize = 0; j < n; j++) {
    const i = at(sel, j);
    const v = value<i64>(a, i, am);
    let day: i64 = INFINITE_DATE;
    if (v == -INFINITE_TIMESTAMP) day = -INFINITE_DATE;
    else if (v != INFINITE_TIMESTAMP) {
      day = floorDiv(v, perDay);
      if (day >= INFINITE_DATE || day <= -INFINITE_DATE) return -1 - <isize>i;
    }
    store<i32>(out + (i << 2), <i32>day);
  }
  return 0;
}
