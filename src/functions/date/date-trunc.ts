import type { Rows } from '../../batch/batch.ts';
import { valueReader } from '../../batch/read.ts';
import { Vector } from '../../batch/vector.ts';
import { RayexecError } from '../../common/errors.ts';
import type { RawInterval } from '../../types/raw-value.ts';
import type { EvalContext, ScalarCall } from '../function.ts';
import { maskOf } from '../operand.ts';
import { mapRows } from '../text/map-rows.ts';
import { validRows } from '../text/valid-rows.ts';
import { constantText } from './constant-text.ts';
import { type DateUnit, LAST_KERNEL_UNIT, unitNamed, unitNumber } from './date-unit.ts';

/** The unit that a timestamp is cut to: parts that are no units of their own mean the unit that they change with. */
function cutUnit(name: string): DateUnit {
  const unit = unitNamed(name);
  switch (unit) {
    case 'dow':
    case 'isodow':
    case 'doy':
    case 'julian':
      return 'day';
    case 'yearweek':
      return 'week';
    case 'epoch':
      return 'second';
    default:
      if (unit !== 'era' && unitNumber(unit) <= LAST_KERNEL_UNIT) return unit;
      throw new RayexecError('invalid-argument', `"${name}" is no unit to truncate to`);
  }
}

/** `date_trunc(unit, timestamp)`, for units that may differ from row to row. */
export function truncateTimestamps(ctx: EvalContext, call: ScalarCall): Vector {
  const [names, values] = call.args as readonly [Vector, Vector];
  const out = ctx.arena.alloc(call.rows.count * 8);
  for (const [unit, rows] of rowsByUnit(ctx, names, validRows(ctx, call))) {
    ctx.kernels.timestamp_trunc(unitNumber(unit), values.data, maskOf(values), rows.selection, rows.selected, out);
  }
  return Vector.flat(call.type, call.rows.count, out, call.validity);
}

function rowsByUnit(ctx: EvalContext, names: Vector, rows: Rows): [DateUnit, Rows][] {
  if (rows.selected === 0) return [];
  if (names.form === 'constant') return [[cutUnit(constantText(ctx, names)), rows]];
  const groups = new Map<DateUnit, number[]>();
  const read = valueReader(ctx.memory, names);
  for (let j = 0; j < rows.selected; j++) {
    const i = rows.selection === 0 ? j : ctx.memory.u16[(rows.selection >>> 1) + j]!;
    const unit = cutUnit(read(i) as string);
    const positions = groups.get(unit);
    if (positions === undefined) groups.set(unit, [i]);
    else positions.push(i);
  }
  return [...groups].map(([unit, positions]) => {
    const selection = ctx.arena.alloc(positions.length * 2);
    ctx.memory.u16.set(positions, selection >>> 1);
    return [unit, { count: rows.count, selection, selected: positions.length }];
  });
}

const MONTHS: Partial<Record<DateUnit, number>> = {
  month: 1,
  quarter: 3,
  year: 12,
  isoyear: 12,
  decade: 120,
  century: 1200,
  millennium: 12_000,
};
const MICROS: Partial<Record<DateUnit, bigint>> = {
  hour: 3_600_000_000n,
  minute: 60_000_000n,
  second: 1_000_000n,
  millisecond: 1000n,
  microsecond: 1n,
};

/** `date_trunc(unit, interval)`: towards zero. */
export function truncateIntervals(ctx: EvalContext, call: ScalarCall): Vector {
  return mapRows(ctx, call, (name, value) => {
    const unit = cutUnit(name as string);
    const { months, days, micros } = value as RawInterval;
    const monthsOfUnit = MONTHS[unit];
    if (monthsOfUnit !== undefined) return { months: months - (months % monthsOfUnit), days: 0, micros: 0n };
    if (unit === 'week') return { months, days: days - (days % 7), micros: 0n };
    if (unit === 'day') return { months, days, micros: 0n };
    return { months, days, micros: micros - (micros % MICROS[unit]!) };
  });
}
