import type { RawInterval } from '../../batch/raw-value.ts';
import { RayexecError } from '../../common/errors.ts';
import { addMonths, civilFromDays, MICROS_PER_DAY, splitMicros } from '../../types/calendar.ts';

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
    throw new RayexecError('invalid-argument', 'the width of a time bucket must be positive');
  }
  if (width.months > 0) return monthBucket(width.months, micros, origin ?? DEFAULT_MONTH_ORIGIN);
  const from = origin ?? DEFAULT_ORIGIN;
  const rest = (micros - from) % length;
  return micros - (rest < 0n ? rest + length : rest);
}

/** The latest start origin + k × months that is not after the timestamp. */
function monthBucket(months: number, micros: bigint, origin: bigint): bigint {
  const start = splitMicros(origin);
  const { days } = splitMicros(micros);
  const a = civilFromDays(start.days);
  const b = civilFromDays(days);
  const passed = (b.year - a.year) * 12 + b.month - a.month;
  const bucket = (index: number): bigint => BigInt(addMonths(start.days, index * months)) * MICROS_PER_DAY + start.time;
  const index = Math.floor(passed / months);
  return bucket(index) > micros ? bucket(index - 1) : bucket(index);
}

/** The origin of buckets that are moved by an interval. */
export function shiftedOrigin(width: RawInterval, { months, days, micros }: RawInterval): bigint {
  const base = width.months > 0 ? DEFAULT_MONTH_ORIGIN : DEFAULT_ORIGIN;
  const moved = addMonths(Number(base / MICROS_PER_DAY), months) + days;
  return BigInt(moved) * MICROS_PER_DAY + micros;
}
