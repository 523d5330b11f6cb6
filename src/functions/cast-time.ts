import { INFINITE_DAYS, INFINITE_MICROS } from '../types/calendar.ts';
import type { DataType } from '../types/data-type.ts';
import { rescaleTicks, UNITS_PER_SECOND } from '../types/timestamp-unit.ts';
import { byValue, type Cast } from './cast-call.ts';

type TimestampType = Extract<DataType, { kind: 'timestamp' }>;

const MICROS_PER_DAY = 86_400_000_000n;
const perDay = ({ unit }: TimestampType): bigint => UNITS_PER_SECOND[unit] * 86_400n;

/** Dates as timestamps at midnight. */
export const castDate: Cast = byValue(true, (value, _from, to) => {
  const days = value as number;
  if (Math.abs(days) === INFINITE_DAYS) return days < 0 ? -INFINITE_MICROS : INFINITE_MICROS;
  return inRange(BigInt(days) * perDay(to as TimestampType));
});

/** Timestamps as dates, times of day, or timestamps of another unit (rounded half away from zero). */
export const castTimestamp: Cast = byValue(true, (value, from, to) => {
  const ticks = value as bigint;
  const source = from as TimestampType;
  const isInfinite = ticks === INFINITE_MICROS || ticks === -INFINITE_MICROS;
  if (to.kind === 'date') {
    if (isInfinite) return ticks < 0n ? -INFINITE_DAYS : INFINITE_DAYS;
    return Number(floorDivide(ticks, perDay(source)));
  }
  if (to.kind === 'time') {
    if (isInfinite) return undefined;
    // Rounded first: the last nanosecond of a day is midnight, not 24:00.
    const micros = rescaleTicks(ticks, UNITS_PER_SECOND[source.unit], 1_000_000n);
    return micros - floorDivide(micros, MICROS_PER_DAY) * MICROS_PER_DAY;
  }
  if (isInfinite) return ticks;
  return inRange(rescaleTicks(ticks, UNITS_PER_SECOND[source.unit], UNITS_PER_SECOND[(to as TimestampType).unit]));
});

function floorDivide(a: bigint, b: bigint): bigint {
  const q = a / b;
  return a % b < 0n ? q - 1n : q;
}

const inRange = (ticks: bigint): bigint | undefined => (BigInt.asIntN(64, ticks) === ticks ? ticks : undefined);
