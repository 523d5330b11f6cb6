import { civilFromDays, INFINITE_DAYS, INFINITE_MICROS, MICROS_PER_SECOND } from './calendar.ts';
import type { TimestampUnit } from './data-type.ts';
import type { RawInterval } from './raw-value.ts';
import type { TimeZone } from './time-zone.ts';
import { UNITS_PER_SECOND } from './timestamp-unit.ts';
import { unpackZonedTime } from './zoned-time.ts';

/** YYYY-MM-DD of days since 1970; years before 1 as `0044-03-15 (BC)`, the dates beyond all others as `infinity`. */
export function dateText(days: number): string {
  if (days === INFINITE_DAYS) return 'infinity';
  if (days === -INFINITE_DAYS) return '-infinity';
  const { year, month, day } = civilFromDays(days);
  const shownYear = year > 0 ? year : 1 - year;
  return `${pad(shownYear, 4)}-${pad(month, 2)}-${pad(day, 2)}${year > 0 ? '' : ' (BC)'}`;
}

/** HH:MM:SS of microseconds since midnight, with the fraction's digits up to the last that is not 0. */
export function timeText(micros: bigint): string {
  return clockText(micros, MICROS_PER_SECOND);
}

/** `12:30:00.5+02` of a time with a zone, as it is stored. */
export function zonedTimeText(packed: bigint): string {
  const { micros, offset } = unpackZonedTime(packed);
  return timeText(micros) + offsetText(offset);
}

/** `1998-09-02 12:30:00.5` of a count of units since 1970; an instant by the clocks of a zone, with their offset. */
export function timestampText(count: bigint, unit: TimestampUnit, isInstant: boolean, zone?: TimeZone): string {
  if (count === INFINITE_MICROS) return 'infinity';
  if (count === -INFINITE_MICROS) return '-infinity';
  if (!isInstant) return clockAndDateText(count, unit);
  // Instants are in microseconds.
  const offset = zone?.offsetAt(count) ?? 0n;
  return clockAndDateText(count + offset, unit) + offsetText(Number(offset / MICROS_PER_SECOND));
}

/** `+02`, `-03:30`, `+00:53:28` of seconds ahead of UTC. */
export function offsetText(seconds: number): string {
  const size = Math.abs(seconds);
  const [hours, minutes, rest] = [Math.trunc(size / 3600), Math.trunc(size / 60) % 60, size % 60];
  const tail = rest !== 0 ? `:${pad(minutes, 2)}:${pad(rest, 2)}` : minutes !== 0 ? `:${pad(minutes, 2)}` : '';
  return `${seconds < 0 ? '-' : '+'}${pad(hours, 2)}${tail}`;
}

function clockAndDateText(count: bigint, unit: TimestampUnit): string {
  const perSecond = UNITS_PER_SECOND[unit];
  const perDay = perSecond * 86_400n;
  const inDay = ((count % perDay) + perDay) % perDay;
  return `${dateText(Number((count - inDay) / perDay))} ${clockText(inDay, perSecond)}`;
}

/** `1 year 2 months 3 days 04:05:06.7`, without the parts that are 0. */
export function intervalText({ months, days, micros }: RawInterval): string {
  const parts: string[] = [];
  const add = (count: number, unit: string): void => {
    if (count !== 0) parts.push(`${count} ${unit}${count === 1 || count === -1 ? '' : 's'}`);
  };
  add(Math.trunc(months / 12), 'year');
  add(months % 12, 'month');
  add(days, 'day');
  if (micros !== 0n || parts.length === 0) {
    parts.push(`${micros < 0n ? '-' : ''}${timeText(micros < 0n ? -micros : micros)}`);
  }
  return parts.join(' ');
}

function clockText(count: bigint, perSecond: bigint): string {
  const seconds = Number(count / perSecond);
  const fraction = count % perSecond;
  const clock = `${pad(Math.floor(seconds / 3600), 2)}:${pad(Math.floor(seconds / 60) % 60, 2)}:${pad(seconds % 60, 2)}`;
  return fraction === 0n ? clock : `${clock}.${(fraction + perSecond).toString().slice(1).replace(/0+$/, '')}`;
}

const pad = (n: number, width: number): string => n.toString().padStart(width, '0');
