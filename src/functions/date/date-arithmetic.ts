import type { Vector } from '../../batch/vector.ts';
import { RayexecError } from '../../common/errors.ts';
import { INFINITE_DAYS, INFINITE_MICROS, MICROS_PER_DAY } from '../../types/calendar.ts';
import {
  DATE,
  type DataType,
  FLOAT64,
  INT32,
  INT64,
  INTERVAL,
  TIME,
  TIMESTAMP,
  TIMESTAMP_NS,
  TIMESTAMPTZ,
} from '../../types/data-type.ts';
import type { RawInterval, RawValue } from '../../types/raw-value.ts';
import type { EvalContext, ScalarCall, ScalarOverload } from '../function.ts';
import { maskOf } from '../operand.ts';
import { fixed } from '../overload.ts';
import { mapRows } from '../text/map-rows.ts';
import { textResult } from '../text/text-result.ts';
import { addIntervals, checkedInterval, repeatInterval, scaleInterval } from './interval-arithmetic.ts';

type Operand = readonly [data: number, mask: number];
type Rows = readonly [selection: number, selected: number];
/** A kernel of two operands; negative when a result is out of range. */
type Binary = (ctx: EvalContext, a: Operand, b: Operand, rows: Rows, out: number) => number | undefined;

const outOfRange = (what: string): RayexecError => new RayexecError('overflow', `a ${what} is out of range`);

/** An overload that runs a kernel; `swapped`: its operands come the other way round. */
function kernelOverload(key: string, args: readonly DataType[], returns: DataType, run: Binary, swapped = false) {
  const evaluate = (ctx: EvalContext, call: ScalarCall): Vector =>
    textResult(ctx, call, ({ selection, selected }, out) => {
      const [a, b] = (swapped ? [...call.args].reverse() : call.args) as [Vector, Vector];
      const status = run(ctx, [a.data, maskOf(a)], [b.data, maskOf(b)], [selection, selected], out);
      if (status === -2) throw new RayexecError('invalid-argument', 'infinite timestamps have no distance');
      if (status !== undefined && status < 0) throw outOfRange(returns.kind);
    });
  return fixed(key, args, returns, evaluate, { canFail: true });
}

const addInterval =
  (isDate: 0 | 1, sign: bigint): Binary =>
  ({ kernels }, a, b, rows, out) =>
    kernels.add_interval(isDate, sign, ...a, ...b, ...rows, out);

const NANOS_PER_MICRO = 1000n;

/** Nanoseconds: whole microseconds move, what is below them stays. */
const addToNanoseconds =
  (sign: bigint): Binary =>
  ({ kernels, memory }, [data, mask], interval, rows, out) => {
    const [selection, selected] = rows;
    const { i64, u16 } = memory;
    const position = (j: number): number => (selection === 0 ? j : u16[(selection >>> 1) + j]!);
    const given = (i: number): bigint => i64[(data >>> 3) + (i & mask)]!;
    const below = (nanos: bigint): bigint => ((nanos % NANOS_PER_MICRO) + NANOS_PER_MICRO) % NANOS_PER_MICRO;
    const isInfinite = (nanos: bigint): boolean => nanos === INFINITE_MICROS || nanos === -INFINITE_MICROS;
    for (let j = 0; j < selected; j++) {
      const nanos = given(position(j));
      i64[(out >>> 3) + position(j)] = isInfinite(nanos) ? nanos : (nanos - below(nanos)) / NANOS_PER_MICRO;
    }
    const status = kernels.add_interval(0, sign, out, -1, ...interval, ...rows, out);
    if (status < 0) return status;
    for (let j = 0; j < selected; j++) {
      const at = (out >>> 3) + position(j);
      const nanos = given(position(j));
      if (isInfinite(nanos)) continue;
      const moved = i64[at]! * NANOS_PER_MICRO + below(nanos);
      if (moved >= INFINITE_MICROS || moved <= -INFINITE_MICROS) return -1;
      i64[at] = moved;
    }
    return undefined;
  };

const addDays =
  (sign: bigint): Binary =>
  ({ kernels }, a, b, rows, out) =>
    kernels.add_days(sign, ...a, ...b, ...rows, out);

const minusTimestamp: Binary = ({ kernels }, a, b, rows, out) =>
  kernels.timestamp_minus_timestamp(...a, ...b, ...rows, out);

/** An overload that JavaScript computes. */
function rowOverload(
  key: string,
  args: readonly DataType[],
  returns: DataType,
  compute: (a: never, b: never) => RawValue,
): ScalarOverload {
  return fixed(key, args, returns, (ctx, call) => mapRows(ctx, call, compute as (a: RawValue) => RawValue), {
    canFail: true,
  });
}

const wrapDay = (micros: bigint): bigint => ((micros % MICROS_PER_DAY) + MICROS_PER_DAY) % MICROS_PER_DAY;

const addTime = (date: number, time: bigint): bigint => {
  if (date === INFINITE_DAYS) return INFINITE_MICROS;
  if (date === -INFINITE_DAYS) return -INFINITE_MICROS;
  const micros = BigInt(date) * MICROS_PER_DAY + time;
  if (micros >= INFINITE_MICROS || micros <= -INFINITE_MICROS) throw outOfRange('timestamp');
  return micros;
};

function divide(interval: RawInterval, by: number): RawInterval {
  if (by === 0) throw new RayexecError('division-by-zero', 'an interval is divided by zero');
  return scaleInterval(interval, 1 / by);
}

/** Overloads of `+`, `-`, `*`, `/` and the unary minus for dates, times and intervals. */
export const dateArithmeticOverloads: Readonly<Record<'+' | '-' | '*' | '/' | 'negate', readonly ScalarOverload[]>> = {
  '+': [
    kernelOverload('date-days', [DATE, INT32], DATE, addDays(1n)),
    kernelOverload('days-date', [INT32, DATE], DATE, addDays(1n), true),
    kernelOverload('date-interval', [DATE, INTERVAL], TIMESTAMP, addInterval(1, 1n)),
    kernelOverload('interval-date', [INTERVAL, DATE], TIMESTAMP, addInterval(1, 1n), true),
    kernelOverload('timestamp-interval', [TIMESTAMP, INTERVAL], TIMESTAMP, addInterval(0, 1n)),
    kernelOverload('interval-timestamp', [INTERVAL, TIMESTAMP], TIMESTAMP, addInterval(0, 1n), true),
    kernelOverload('nanoseconds-interval', [TIMESTAMP_NS, INTERVAL], TIMESTAMP_NS, addToNanoseconds(1n)),
    kernelOverload('interval-nanoseconds', [INTERVAL, TIMESTAMP_NS], TIMESTAMP_NS, addToNanoseconds(1n), true),
    kernelOverload('timestamptz-interval', [TIMESTAMPTZ, INTERVAL], TIMESTAMPTZ, addInterval(0, 1n)),
    kernelOverload('interval-timestamptz', [INTERVAL, TIMESTAMPTZ], TIMESTAMPTZ, addInterval(0, 1n), true),
    rowOverload('intervals', [INTERVAL, INTERVAL], INTERVAL, (a: RawInterval, b: RawInterval) => addIntervals(a, b, 1)),
    rowOverload('time-interval', [TIME, INTERVAL], TIME, (t: bigint, i: RawInterval) => wrapDay(t + i.micros)),
    rowOverload('interval-time', [INTERVAL, TIME], TIME, (i: RawInterval, t: bigint) => wrapDay(t + i.micros)),
    rowOverload('date-time', [DATE, TIME], TIMESTAMP, addTime),
    rowOverload('time-date', [TIME, DATE], TIMESTAMP, (time: bigint, date: number) => addTime(date, time)),
  ],
  '-': [
    kernelOverload('dates', [DATE, DATE], INT64, ({ kernels }, a, b, rows, out) => {
      kernels.date_minus_date(...a, ...b, ...rows, out);
      return undefined;
    }),
    kernelOverload('date-days', [DATE, INT32], DATE, addDays(-1n)),
    kernelOverload('date-interval', [DATE, INTERVAL], TIMESTAMP, addInterval(1, -1n)),
    kernelOverload('timestamp-interval', [TIMESTAMP, INTERVAL], TIMESTAMP, addInterval(0, -1n)),
    kernelOverload('nanoseconds-interval', [TIMESTAMP_NS, INTERVAL], TIMESTAMP_NS, addToNanoseconds(-1n)),
    kernelOverload('timestamptz-interval', [TIMESTAMPTZ, INTERVAL], TIMESTAMPTZ, addInterval(0, -1n)),
    kernelOverload('timestamps', [TIMESTAMP, TIMESTAMP], INTERVAL, minusTimestamp),
    kernelOverload('timestamptzs', [TIMESTAMPTZ, TIMESTAMPTZ], INTERVAL, minusTimestamp),
    rowOverload('intervals', [INTERVAL, INTERVAL], INTERVAL, (a: RawInterval, b: RawInterval) =>
      addIntervals(a, b, -1),
    ),
    rowOverload('time-interval', [TIME, INTERVAL], TIME, (t: bigint, i: RawInterval) => wrapDay(t - i.micros)),
  ],
  '*': [
    rowOverload('interval-integer', [INTERVAL, INT64], INTERVAL, repeatInterval),
    rowOverload('integer-interval', [INT64, INTERVAL], INTERVAL, (n: bigint, i: RawInterval) => repeatInterval(i, n)),
    rowOverload('interval-number', [INTERVAL, FLOAT64], INTERVAL, scaleInterval),
    rowOverload('number-interval', [FLOAT64, INTERVAL], INTERVAL, (n: number, i: RawInterval) => scaleInterval(i, n)),
  ],
  '/': [rowOverload('interval-number', [INTERVAL, FLOAT64], INTERVAL, divide)],
  negate: [
    rowOverload('negative-interval', [INTERVAL], INTERVAL, (i: RawInterval) =>
      checkedInterval(-i.months, -i.days, -i.micros),
    ),
  ],
};
