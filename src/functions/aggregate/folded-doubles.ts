import { FLOAT64 } from '../../types/data-type.ts';
import type { AggregateContext, AggregateFunction, AggregateOverload, MergeCall } from '../function.ts';
import { doubleAverages } from './avg.ts';
import { aggregateDoc } from './documented.ts';
import { plainState } from './plain-state.ts';
import { stateValues } from './state-values.ts';
import { fitDoubles, updateDouble } from './statistic.ts';

/** Merges states {value f64, n u64, …}, as indexes of 8 bytes each, where the source has rows. */
function mergePairs(
  { memory }: AggregateContext,
  { targets, sources, count, offset }: MergeCall,
  merge: (f64: Float64Array, target: number, source: number) => void,
): void {
  const { u32, f64, u64 } = memory;
  for (let k = 0; k < count; k++) {
    const t = (u32[(targets >>> 2) + k]! + offset) >>> 3;
    const s = (u32[(sources >>> 2) + k]! + offset) >>> 3;
    if (u64[s + 1] === 0n) continue;
    if (u64[t + 1] === 0n) f64.copyWithin(t, s, s + 1);
    else merge(f64, t, s);
    u64[t + 1]! += u64[s + 1]!;
  }
}

const shared = {
  key: 'double',
  signature: '(DOUBLE) -> DOUBLE',
  fit: types => fitDoubles(types, 1, FLOAT64),
  nullable: true,
  skipsNulls: true,
} satisfies Partial<AggregateOverload>;

const kahan = {
  ...shared,
  ...plainState(24, (ctx, call) =>
    mergePairs(ctx, call, (f64, t, s) => {
      f64[t]! += f64[s]!;
    }),
  ),
  update: updateDouble('agg_kahan'),
} satisfies Partial<AggregateOverload>;

const TENTHS = '(VALUES (0.1), (0.2), (0.3)) t(x)';

/** Aggregates that fold doubles into one. */
export const foldedDoubles: readonly AggregateFunction[] = [
  {
    name: 'product',
    doc: aggregateDoc('Product of the values.', ['arg'], ['(SELECT product(x) FROM (VALUES (2), (3)) t(x))', '6.0']),
    overloads: [
      {
        ...shared,
        ...plainState(16, (ctx, call) =>
          mergePairs(ctx, call, (f64, t, s) => {
            f64[t]! *= f64[s]!;
          }),
        ),
        update: updateDouble('agg_product'),
        result: (ctx, call) => stateValues(ctx, call, FLOAT64, 8),
      },
    ],
  },
  {
    name: 'fsum',
    aliases: ['kahan_sum', 'sumkahan'],
    doc: aggregateDoc(
      'Sum of doubles that makes up for rounding.',
      ['arg'],
      [`(SELECT fsum(x) FROM ${TENTHS})`, '0.6'],
    ),
    overloads: [{ ...kahan, result: (ctx, call) => stateValues(ctx, call, FLOAT64, 8) }],
  },
  {
    name: 'favg',
    doc: aggregateDoc(
      'Average of doubles that makes up for rounding.',
      ['arg'],
      ['(SELECT favg(x) FROM (VALUES (1), (2)) t(x))', '1.5'],
    ),
    overloads: [{ ...kahan, result: doubleAverages }],
  },
];
