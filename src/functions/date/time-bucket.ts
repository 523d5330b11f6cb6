import { RayexecError } from '../../common/errors.ts';
import { addMonths, civilFromDays, dayMicros, daysFromCivil, MICROS_PER_DAY, microsDay } from '../../types/calendar.ts';
import type { RawInterval } from '../../types/raw-value.ts';

/** Monday 2000-01-03: where buckets of days and times begin. */
const DEFAULT_ORIGIN = 10_959n * MICROS_PER_DAY;
/** 2000-01-01: where buckets of months begin. */
const DEFAULT_MONTH_ORIGIN = 10_957n * MICROS_PER_DAY;

/**
 * The start of the bucket of a width that a timestamp lies in, in microseconds.
 * @param origin a start of some bucket; without one, Monday 2000-01-03, for months 2000-01-01
 * @throws RayexecError `invalid-argument` when the width is not positive, or has months and more
 */
export function timeBucket(width: RawInterval, micros: bigint, origin?: bigint): bigint {
  const length = BigInt(width.days) * MICROS_PER_DAY + width.micros;
  if (width.months !== 0 && length !== 0n) {
    throw new RayexecError('invalid-argument', 'a time bucket of months cannot have days or times');
  }
  if (width.months <= 0 && length <= 0n) {
    throw new RayexecError('invalid-argument', 'the width of a time bucket must be positive', {
      hint: "such as INTERVAL '1 day'",
    });
  }
  if (width.months > 0) return monthBucket(width.months, micros, origin ?? DEFAULT_MONTH_ORIGIN);
  const from = origin ?? DEFAULT_ORIGIN;
  const rest = (micros - from) % length;
  return micros - (rest < 0n ? rest + length : rest);
}

/** The latest start that is not after the timestamp; months begin on their first day whatever the origin's day. */
function monthBucket(months: number, micros: bigint, origin: bigint): bigint {
  const a = civilFromDays(microsDay(origin));
  const b = civilFromDays(microsDay(micros));
  const passed = (b.year - a.year) * 12 + b.month - a.month;
  return dayMicros(addMonths(daysFromCivil(a.year, a.month, 1), Math.floor(passed / months) * months));
}
