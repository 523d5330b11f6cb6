import { splitMicros } from './calendar.ts';
import type { TimeZone } from './time-zone.ts';

/** The largest offset of a time with a zone: just below 16 hours. */
export const MAX_OFFSET_SECONDS = 57_599;
const OFFSET_BITS = 24n;
const MICROS = 1_000_000n;

/** A time of day (microseconds since midnight) where clocks are so many seconds ahead of UTC. */
export type ZonedTime = { readonly micros: bigint; readonly offset: number };

/**
 * A time with a zone as the one number that it is stored as, which orders times as DuckDB does: by the instant in a day of
 * UTC (which may lie before or after it), and those of one instant from the most eastern to the most western.
 */
export function packZonedTime({ micros, offset }: ZonedTime): bigint {
  return ((micros - BigInt(offset) * MICROS) << OFFSET_BITS) | BigInt(MAX_OFFSET_SECONDS - offset);
}

/** Inverse of `packZonedTime`. */
export function unpackZonedTime(packed: bigint): ZonedTime {
  const offset = MAX_OFFSET_SECONDS - Number(BigInt.asUintN(24, packed));
  return { micros: utcMicros(packed) + BigInt(offset) * MICROS, offset };
}

/** Microseconds since midnight in UTC, which may be those of the day before or after. */
export const utcMicros = (packed: bigint): bigint => packed >> OFFSET_BITS;

/** The time in UTC of such microseconds. */
export const timeOfUtc = (micros: bigint): bigint => packZonedTime({ micros: splitMicros(micros).time, offset: 0 });

/** Seconds that clocks of a zone (without one, UTC) are ahead of UTC now: what times without an offset mean. */
export function currentOffset(zone: TimeZone | undefined): number {
  return zone === undefined ? 0 : Number(zone.offsetAt(BigInt(Date.now()) * 1000n) / MICROS);
}
