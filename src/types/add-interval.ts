import { addMonths, INFINITE_MICROS, MICROS_PER_DAY, splitMicros } from './calendar.ts';
import type { RawInterval } from './raw-value.ts';

/** A timestamp plus an interval, in microseconds since the epoch: months first, then days, then time. */
export function addInterval(at: bigint, { months, days, micros }: RawInterval): bigint {
  const { days: day, time } = splitMicros(at);
  return BigInt(addMonths(day, months) + days) * MICROS_PER_DAY + time + micros;
}

/** Whether a timestamp is one before or after all others, to which no steps lead. */
export const isInfinite = (at: bigint): boolean => at >= INFINITE_MICROS || at <= -INFINITE_MICROS;

/** Where an interval leads: 1 forward, -1 back, 0 nowhere; undefined when its parts lead both ways. */
export function directionOf({ months, days, micros }: RawInterval): -1 | 0 | 1 | undefined {
  const signs = [Math.sign(months), Math.sign(days), micros > 0n ? 1 : micros < 0n ? -1 : 0].filter(s => s !== 0);
  if (signs.length === 0) return 0;
  if (signs.some(s => s !== signs[0])) return undefined;
  return signs[0] === 1 ? 1 : -1;
}
