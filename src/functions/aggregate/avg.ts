import { Vector } from '../../batch/vector.ts';
import { type DataType, FLOAT64, INT64 } from '../../types/data-type.ts';
import type { AggregateContext, AggregateFunction, AggregateOverload, ResultCall } from '../function.ts';
import { instantAverage } from './avg-instant.ts';
import { intervalAverage } from './avg-interval.ts';
import { allValid } from './state-values.ts';
import { floatSumState, integerAverages, integerSumState } from './sum.ts';

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
    instantAverage,
    intervalAverage,
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

function exactAverages(ctx: AggregateContext, call: ResultCall): Vector {
  const [x] = call.argTypes;
  return integerAverages(ctx, call, x?.kind === 'decimal' ? 10 ** x.scale : 1);
}

/** Averages of states {sum f64, count u64}. */
export function doubleAverages(ctx: AggregateContext, { states, offset, count }: ResultCall): Vector {
  const out = ctx.arena.alloc(count * 8);
  const validity = allValid(ctx, count);
  const nulls = ctx.kernels.average_f64(states, offset, count, out, validity);
  return Vector.flat(FLOAT64, count, out, nulls === 0 ? 0 : validity);
}
