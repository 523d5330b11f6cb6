import { Vector } from '../../batch/vector.ts';
import { bitmapBytes } from '../../kernels/vectors.ts';
import {
  DATE,
  type DataType,
  FLOAT64,
  INT64,
  INTERVAL,
  TIME,
  TIMESTAMP,
  TIMESTAMP_NS,
  TIMESTAMPTZ,
  TIMETZ,
} from '../../types/data-type.ts';
import type { RawInterval, RawValue } from '../../types/raw-value.ts';
import { unpackZonedTime } from '../../types/zoned-time.ts';
import type { EvalContext, ScalarCall } from '../function.ts';
import { maskOf } from '../operand.ts';
import { mapRows } from '../text/map-rows.ts';
import { validRows } from '../text/valid-rows.ts';
import { constantText } from './constant-text.ts';
import { type DateUnit, LAST_KERNEL_UNIT, unitNamed, unitNumber } from './date-unit.ts';
import { inMicros } from './floor-to-micros.ts';
import { instantUnitOf, intervalUnitOf, timeUnitOf, zonedTimeUnitOf } from './unit-of.ts';

/** The types that have parts; timestamps of coarser units are cast to microseconds. */
export function typeWithParts(type: DataType): DataType | undefined {
  switch (type.kind) {
    case 'date':
      return DATE;
    case 'time':
      return TIME;
    case 'timetz':
      return TIMETZ;
    case 'interval':
      return INTERVAL;
    case 'timestamp':
      return type.zone ? TIMESTAMPTZ : type.unit === 'ns' ? TIMESTAMP_NS : TIMESTAMP;
    default:
      return undefined;
  }
}

/** The type of a part's values. */
export const unitType = (unit: DateUnit): DataType => (unit === 'epoch' || unit === 'julian' ? FLOAT64 : INT64);

/** A part of a vector of dates, times, timestamps or intervals, as the call's type (BIGINT or DOUBLE). */
export function partOf(ctx: EvalContext, call: ScalarCall, unit: DateUnit, given: Vector): Vector {
  const values = inMicros(ctx, given);
  const hasKernel = values.type.kind === 'date' || values.type.kind === 'timestamp';
  if (!hasKernel || unitNumber(unit) > LAST_KERNEL_UNIT || call.type.kind !== 'int') {
    return mapRows(ctx, { ...call, args: [values] }, value => inType(call.type, unitValue(unit, values.type, value)));
  }
  const { rows } = call;
  const { selection, selected } = validRows(ctx, call);
  const out = ctx.arena.alloc(rows.count * 8);
  const validity = ctx.arena.alloc(bitmapBytes(rows.count));
  const { u8 } = ctx.memory;
  if (call.validity === 0) u8.fill(255, validity, validity + bitmapBytes(rows.count));
  else u8.copyWithin(validity, call.validity, call.validity + ((rows.count + 7) >> 3));
  const kernel = values.type.kind === 'date' ? ctx.kernels.date_part : ctx.kernels.timestamp_part;
  const nulls = kernel(unitNumber(unit), values.data, maskOf(values), selection, selected, out, validity);
  return Vector.flat(INT64, rows.count, out, nulls === 0 ? call.validity : validity);
}

/** A call (part, value) whose part is a text, constant or not. */
export function namedPartOf(ctx: EvalContext, call: ScalarCall): Vector {
  const [names, given] = call.args as readonly [Vector, Vector];
  if (names.form === 'constant') {
    if (validRows(ctx, call).selected === 0) return mapRows(ctx, call, () => null);
    return partOf(ctx, call, unitNamed(constantText(ctx, names)), given);
  }
  const values = inMicros(ctx, given);
  return mapRows(ctx, { ...call, args: [names, values] }, (name, value) =>
    inType(call.type, unitValue(unitNamed(name as string), values.type, value)),
  );
}

export function unitValue(unit: DateUnit, type: DataType, value: RawValue | undefined): number | null {
  if (type.kind === 'time') return timeUnitOf(unit, value as bigint);
  if (type.kind === 'timetz') return zonedTimeUnitOf(unit, unpackZonedTime(value as bigint));
  if (type.kind === 'interval') return intervalUnitOf(unit, value as RawInterval);
  return instantUnitOf(unit, value as number | bigint);
}

export const inType = (type: DataType, value: number | null): RawValue =>
  value !== null && type.kind === 'int' ? BigInt(Math.trunc(value)) : value;
