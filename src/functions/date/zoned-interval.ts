import { addMonths, dayMicros, splitMicros } from '../../types/calendar.ts';
import type { RawInterval } from '../../types/raw-value.ts';
import type { TimeZone } from '../../types/time-zone.ts';
import { wholeUnitsBetween } from './date-diff.ts';
import { isInfinite } from './infinite.ts';
import { checkedInterval } from './interval-arithmetic.ts';

/**
 * An instant moved by an interval: months and days by the calendar of a zone, so that the time of day stays, the rest by
 * elapsed time. Forward the largest part goes first, backward the time goes before the others, as in DuckDB.
 */
export function moveInstant(instant: bigint, { months, days, micros }: RawInterval, zone: TimeZone): bigint {
  if (isInfinite(instant)) return instant;
  const isBackward = months < 0 || days < 0 || micros < 0n;
  const byCalendar = (at: bigint): bigint => moveDays(moveMonths(at, months, zone), days, zone);
  return isBackward ? byCalendar(instant + micros) : byCalendar(instant) + micros;
}

function moveMonths(at: bigint, months: number, zone: TimeZone): bigint {
  if (months === 0) return at;
  const clock = splitMicros(zone.toClock(at));
  return zone.toInstant(dayMicros(addMonths(clock.days, months)) + clock.time);
}

/** Days later by the calendar: where clocks show a time twice, the one with the offset from before. */
function moveDays(at: bigint, days: number, zone: TimeZone): bigint {
  if (days === 0) return at;
  const moved = at + dayMicros(days);
  const by = zone.offsetAt(at) - zone.offsetAt(moved);
  if (by === 0n) return moved;
  const wanted = zone.toClock(at) + dayMicros(days);
  return zone.toClock(moved + by) === wanted ? moved + by : moved;
}

/** From `b` to `a`: whole days by the calendar of a zone, and the time that elapsed beyond them. */
export function instantsBetween(a: bigint, b: bigint, zone: TimeZone): RawInterval {
  const days = wholeUnitsBetween('day', zone.toClock(b), zone.toClock(a));
  const after = moveInstant(b, { months: 0, days: Number(days), micros: 0n }, zone);
  return checkedInterval(0, Number(days), a - after);
}
