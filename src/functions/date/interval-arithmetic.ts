import { RayexecError } from '../../common/errors.ts';
import type { RawInterval } from '../../types/raw-value.ts';

const INT32_MAX = 2_147_483_647;
const INT64_MAX = 9_223_372_036_854_775_807n;

/** @throws RayexecError `overflow` when a part leaves its range */
export function checkedInterval(months: number, days: number, micros: bigint): RawInterval {
  const fits =
    [months, days].every(n => n <= INT32_MAX && n >= -INT32_MAX - 1) &&
    micros <= INT64_MAX &&
    micros >= -INT64_MAX - 1n;
  if (!fits) throw new RayexecError('overflow', 'an interval is out of range');
  return { months, days, micros };
}

/** a + sign × b, part by part. @throws RayexecError `overflow` */
export const addIntervals = (a: RawInterval, b: RawInterval, sign: 1 | -1): RawInterval =>
  checkedInterval(a.months + sign * b.months, a.days + sign * b.days, a.micros + BigInt(sign) * b.micros);

/** An interval times a whole number. @throws RayexecError `overflow` */
export function repeatInterval({ months, days, micros }: RawInterval, times: bigint): RawInterval {
  return checkedInterval(months * Number(times), days * Number(times), micros * times);
}

/**
 * An interval times a number: fractions of months become days of 30 to the month, fractions of days time.
 * @throws RayexecError `overflow`
 */
export function scaleInterval({ months, days, micros }: RawInterval, factor: number): RawInterval {
  const scaledMonths = months * factor;
  const wholeMonths = Math.trunc(scaledMonths);
  const scaledDays = days * factor;
  const monthDays = roundSixth((scaledMonths - wholeMonths) * 30);
  const wholeMonthDays = Math.trunc(monthDays);
  const seconds = roundSixth((scaledDays - Math.trunc(scaledDays) + monthDays - wholeMonthDays) * 86_400);
  // The two fractions of days may make a whole one.
  const restDays = Math.trunc(seconds / 86_400);
  const time = roundToEven(Number(micros) * factor + (seconds - restDays * 86_400) * 1e6);
  if (!Number.isFinite(scaledMonths + scaledDays + time)) {
    throw new RayexecError('overflow', 'an interval is out of range');
  }
  return checkedInterval(wholeMonths, Math.trunc(scaledDays) + wholeMonthDays + restDays, BigInt(time));
}

/** The nearest whole number, of two that are as near the even one. */
function roundToEven(x: number): number {
  const rounded = Math.round(x);
  return rounded - x === 0.5 && rounded % 2 !== 0 ? rounded - 1 : rounded;
}

/** Rounded to six digits, as PostgreSQL does at the same places, so that an error never shows as 23:59:59.999999. */
const roundSixth = (x: number): number => Math.round(x * 1e6) / 1e6;
