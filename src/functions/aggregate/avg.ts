import { Vector } from '../../batch/vector.ts';
import { type DataType, FLOAT64, INT64, INTERVAL, TIMESTAMP } from '../../types/data-type.ts';
import type { RawInterval } from '../../types/raw-value.ts';
import { timeOfUtc, utcMicros } from '../../types/zoned-time.ts';
import { addIntervals, scaleInterval } from '../date/interval-arithmetic.ts';
import type { AggregateContext, AggregateFunction, AggregateOverload, ResultCall } from '../function.ts';
import { allValid, stateAddresses } from './state-values.ts';
import { floatSumState, integerSumState } from './sum.ts';
import { valueListOverload } from './value-lists.ts';

const integerAverage = {
  ...integerSumState,
  nullable: true,
  skipsNulls: true,
} satisfies Partial<AggregateOverload>;

/** `avg(x)`: a double computed from the exact sum; of instants an instant. */
export const avg: AggregateFunction = {
  name: 'avg',
  aliases: ['mean'],
  doc: {
    summary: 'Average of the values that are not NULL; NULL when there is none.',
    args: ['arg'],
    category: 'aggregate',
    examples: [
      ['(SELECT avg(x) FROM (VALUES (1), (2), (NULL)) t(x))', '1.5'],
      ["(SELECT avg(x) FROM (VALUES (DATE '2024-01-01'), (DATE '2024-01-02')) t(x))", '2024-01-01 12:00:00'],
    ],
  },
  overloads: [
    {
      ...integerAverage,
      key: 'exact',
      signature: '(DECIMAL) -> DOUBLE',
      fit: ([x, ...rest]) => (rest.length > 0 ? undefined : fitExact(x)),
      result: exactAverages,
    },
    {
      ...floatSumState,
      key: 'double',
      signature: '(DOUBLE) -> DOUBLE',
      fit: ([x, ...rest]) => (rest.length > 0 ? undefined : fitFloat(x)),
      nullable: true,
      skipsNulls: true,
      result: doubleAverages,
    },
    {
      ...integerAverage,
      key: 'instant',
      signature: '(TIMESTAMP) -> TIMESTAMP',
      fit: ([x, ...rest]) => (rest.length > 0 ? undefined : fitInstant(x)),
      result: instantAverages,
    },
    valueListOverload(
      {
        key: 'interval',
        signature: '(INTERVAL) -> INTERVAL',
        fit: ([x, ...rest]) =>
          x?.kind === 'interval' && rest.length === 0 ? { args: [INTERVAL], returns: INTERVAL, cost: 0 } : undefined,
      },
      values => {
        const sum = (values as readonly RawInterval[]).reduce((a, b) => addIntervals(a, b, 1));
        return scaleInterval(sum, 1 / values.length);
      },
    ),
  ],
};

function fitExact(x: DataType | undefined) {
  if (x?.kind === 'null') return { args: [INT64], returns: FLOAT64, cost: 1 };
  const fits = x?.kind === 'decimal' || (x?.kind === 'int' && (x.bits < 128 || x.signed));
  return fits ? { args: [x], returns: FLOAT64, cost: 0 } : undefined;
}

function fitFloat(x: DataType | undefined) {
  if (x?.kind === 'float') return { args: [x], returns: FLOAT64, cost: 0 };
  return x?.kind === 'int' && fitExact(x) === undefined ? { args: [FLOAT64], returns: FLOAT64, cost: 1 } : undefined;
}

function fitInstant(x: DataType | undefined) {
  if (x?.kind === 'date') return { args: [TIMESTAMP], returns: TIMESTAMP, cost: 1 };
  return x?.kind === 'timestamp' || x?.kind === 'time' || x?.kind === 'timetz'
    ? { args: [x], returns: x, cost: 0 }
    : undefined;
}

function exactAverages(ctx: AggregateContext, { states, offset, count, argTypes }: ResultCall): Vector {
  const unit = argTypes[0]?.kind === 'decimal' ? 10 ** argTypes[0].scale : 1;
  return doubles(ctx, count, (out, validity) => ctx.kernels.average_i128(states, offset, count, unit, out, validity));
}

/** Averages of states {sum f64, count u64}. */
export function doubleAverages(ctx: AggregateContext, { states, offset, count }: ResultCall): Vector {
  return doubles(ctx, count, (out, validity) => ctx.kernels.average_f64(states, offset, count, out, validity));
}

/** A vector of doubles that a kernel fills; it returns the number of NULLs. */
function doubles(ctx: AggregateContext, count: number, fill: (out: number, validity: number) => number): Vector {
  const out = ctx.arena.alloc(count * 8);
  const validity = allValid(ctx, count);
  const nulls = fill(out, validity);
  return Vector.flat(FLOAT64, count, out, nulls === 0 ? 0 : validity);
}

function instantAverages(ctx: AggregateContext, call: ResultCall): Vector {
  const out = ctx.arena.alloc(call.count * 8);
  const validity = allValid(ctx, call.count);
  const { i64, u64, u8 } = ctx.memory;
  stateAddresses(ctx, call).forEach((state, k) => {
    const rows = u64[(state >>> 3) + 2]!;
    if (rows === 0n) u8[validity + (k >> 3)]! &= ~(1 << (k & 7));
    else {
      const mean = ((i64[(state >>> 3) + 1]! << 64n) | u64[state >>> 3]!) / rows;
      i64[(out >>> 3) + k] = call.type.kind === 'timetz' ? timeOfUtc(utcMicros(mean)) : mean;
    }
  });
  return Vector.flat(call.type, call.count, out, validity);
}
