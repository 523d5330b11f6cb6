import { buildVector } from '../../batch/builder.ts';
import { RayexecError } from '../../common/errors.ts';
import { MICROS_PER_DAY } from '../../types/calendar.ts';
import { INTERVAL } from '../../types/data-type.ts';
import type { RawInterval } from '../../types/raw-value.ts';
import { checkedInterval } from '../date/interval-arithmetic.ts';
import type { AggregateContext, AggregateOverload, MergeCall, UpdateCall } from '../function.ts';
import { maskOf } from '../operand.ts';
import { plainState } from './plain-state.ts';
import { stateAddresses } from './state-values.ts';

/** A state: sums of months, days and microseconds, and the number of rows; i64 each. */
const STATE_BYTES = 32;

const DAYS_PER_MONTH = 30n;

/** `avg(INTERVAL)`: what is left of a month becomes days of 30 to the month, what is left of a day time. */
export const intervalAverage: AggregateOverload = {
  key: 'interval',
  signature: '(INTERVAL) -> INTERVAL',
  fit: ([x, ...rest]) =>
    x?.kind === 'interval' && rest.length === 0 ? { args: [INTERVAL], returns: INTERVAL, cost: 0 } : undefined,
  nullable: true,
  skipsNulls: true,
  ...plainState(STATE_BYTES, merge),
  update,
  result: (ctx, call) =>
    buildVector(
      ctx,
      INTERVAL,
      stateAddresses(ctx, call).map(address => {
        const state = address >>> 3;
        const [months, days, micros, rows] = ctx.memory.i64.subarray(state, state + 4);
        return rows === 0n ? null : average(months!, days!, micros!, rows!);
      }),
    ),
};

function update(ctx: AggregateContext, { args, rows, states, statesMask, offset }: UpdateCall): void {
  const { i32, i64, u16, u32 } = ctx.memory;
  const x = args[0]!;
  const mask = maskOf(x);
  for (let j = 0; j < rows.selected; j++) {
    const i = rows.selection === 0 ? j : u16[(rows.selection >>> 1) + j]!;
    const value = x.data + 16 * (i & mask);
    const state = (u32[(states >>> 2) + (i & statesMask)]! + offset) >>> 3;
    i64[state] = i64[state]! + BigInt(i32[value >>> 2]!);
    i64[state + 1] = i64[state + 1]! + BigInt(i32[(value >>> 2) + 1]!);
    i64[state + 2] = checked(i64[state + 2]! + i64[(value >>> 3) + 1]!);
    i64[state + 3] = i64[state + 3]! + 1n;
  }
}

function merge({ memory: { u32, i64 } }: AggregateContext, { targets, sources, count, offset }: MergeCall): void {
  for (let k = 0; k < count; k++) {
    const target = (u32[(targets >>> 2) + k]! + offset) >>> 3;
    const source = (u32[(sources >>> 2) + k]! + offset) >>> 3;
    for (let part = 0; part < 4; part++) i64[target + part] = checked(i64[target + part]! + i64[source + part]!);
  }
}

function checked(sum: bigint): bigint {
  if (BigInt.asIntN(64, sum) === sum) return sum;
  throw new RayexecError('overflow', 'a sum of intervals is out of range');
}

function average(months: bigint, days: bigint, micros: bigint, rows: bigint): RawInterval {
  const monthDays = (months % rows) * DAYS_PER_MONTH;
  const restDays = (monthDays % rows) + (days % rows);
  const time = roundedQuotient(restDays * MICROS_PER_DAY + micros, rows);
  return checkedInterval(Number(months / rows), Number(days / rows + monthDays / rows), time);
}

/** The nearest whole number, halves away from zero. */
function roundedQuotient(a: bigint, b: bigint): bigint {
  const twice = 2n * a + (a < 0n ? -b : b);
  return twice / (2n * b);
}
