import { INFINITE_MICROS, splitMicros } from '../types/calendar.ts';
import type { DataType } from '../types/data-type.ts';
import type { TimeZone } from '../types/time-zone.ts';
import { currentOffset, packZonedTime, unpackZonedTime } from '../types/zoned-time.ts';
import { byValue, type Cast } from './cast-call.ts';

/**
 * Times with a zone as times, times and timestamps as times with a zone; undefined for other types.
 * @param zone whose clocks times without an offset mean, as they go now; without one, UTC
 */
export function castZonedTime(from: DataType, to: DataType, zone?: TimeZone): Cast | undefined {
  if (from.kind === 'timetz') return to.kind === 'time' ? toTime : undefined;
  if (to.kind !== 'timetz') return undefined;
  if (from.kind === 'time')
    return byValue(false, micros => packZonedTime({ micros: micros as bigint, offset: currentOffset(zone) }));
  return from.kind === 'timestamp' && from.unit === 'us' ? timeOfTimestamp(from.zone ? zone : undefined) : undefined;
}

const toTime = byValue(false, value => unpackZonedTime(value as bigint).micros);

/** What clocks show at an instant, with how far they are ahead of UTC then. */
const timeOfTimestamp = (zone: TimeZone | undefined): Cast =>
  byValue(true, value => {
    const at = value as bigint;
    if (at === INFINITE_MICROS || at === -INFINITE_MICROS) return undefined;
    const offset = zone?.offsetAt(at) ?? 0n;
    return packZonedTime({ micros: splitMicros(at + offset).time, offset: Number(offset / 1_000_000n) });
  });
