import { Vector } from '../batch/vector.ts';
import { INFINITE_DAYS, INFINITE_MICROS } from '../types/calendar.ts';
import type { DataType } from '../types/data-type.ts';
import { rescaleTicks, UNITS_PER_SECOND } from '../types/timestamp-unit.ts';
import { byValue, type Cast } from './cast-call.ts';
import { maskOf } from './operand.ts';

type TimestampType = Extract<DataType, { kind: 'timestamp' }>;

const MICROS_PER_DAY = 86_400_000_000n;
const perDay = ({ unit }: TimestampType): bigint => UNITS_PER_SECOND[unit] * 86_400n;

/** Dates as timestamps at midnight. */
export const castDate: Cast = byValue(true, (value, _from, to) => {
  const days = value as number;
  if (Math.abs(days) === INFINITE_DAYS) return days < 0 ? -INFINITE_MICROS : INFINITE_MICROS;
  return inRange(BigInt(days) * perDay(to as TimestampType));
});

/** Timestamps as the days that they lie in. */
export const castTimestampToDate: Cast = {
  canFail: true,
  run: (ctx, call) => {
    const { input, rows, validity, from, to } = call;
    const out = ctx.arena.alloc(rows.count * 4);
    const ticks = perDay(from as TimestampType);
    const status = ctx.kernels.timestamp_days(ticks, input.data, maskOf(input), rows.selection, rows.selected, out);
    // Some are out of range, which is rare: TRY_CAST makes NULL of them.
    if (status < 0) return castTimestamp.run(ctx, call);
    return Vector.flat(to, rows.count, out, call.nulls === 0 ? validity : call.nulls);
  },
};

/** Timestamps as dates, times of day, or timestamps of another unit (rounded half away from zero). */
export const castTimestamp: Cast = byValue(true, (value, from, to) => {
  const ticks = value as bigint;
  const source = from as TimestampType;
  const isInfinite = ticks === INFINITE_MICROS || ticks === -INFINITE_MICROS;
  if (to.kind === 'date') {
    if (isInfinite) return ticks < 0n ? -INFINITE_DAYS : INFINITE_DAYS;
    const day = Number(floorDivide(ticks, perDay(source)));
    return Math.abs(day) < INFINITE_DAYS ? day : undefined;
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
