import { buildVector } from '../../batch/builder.ts';
import { valueKind } from '../../kernels/value-kind.ts';
import { plainType } from '../../types/coercion.ts';
import { INT64 } from '../../types/data-type.ts';
import type { AggregateFunction } from '../function.ts';
import { maskOf } from '../operand.ts';
import { aggregateDoc } from './documented.ts';
import { toStored } from './nested-value.ts';
import { plainState } from './plain-state.ts';
import { stateAddresses } from './state-values.ts';

const REGISTERS = 512;

/** HyperLogLog's estimate, by counting empty registers while few values were seen. */
function estimate(registers: Uint8Array): number {
  let sum = 0;
  let empty = 0;
  for (const r of registers) {
    sum += 2 ** -r;
    if (r === 0) empty++;
  }
  const raw = ((0.7213 / (1 + 1.079 / REGISTERS)) * REGISTERS * REGISTERS) / sum;
  if (raw <= 2.5 * REGISTERS && empty > 0) return Math.round(REGISTERS * Math.log(REGISTERS / empty));
  return Math.round(raw);
}

/** `approx_count_distinct(x)`: HyperLogLog of 512 registers, off by 5 % typically. */
export const approxCountDistinct: AggregateFunction = {
  name: 'approx_count_distinct',
  aliases: ['approx_unique'],
  doc: aggregateDoc(
    'Number of distinct values, about 5 % off, in little memory.',
    ['arg'],
    ['(SELECT approx_count_distinct(x) FROM (VALUES (1), (2), (2)) t(x))', '2'],
  ),
  overloads: [
    {
      key: 'any',
      signature: '(ANY) -> BIGINT',
      fit: ([x, ...rest]) =>
        x === undefined || rest.length > 0 ? undefined : { args: [plainType(x)], returns: INT64, cost: 0 },
      nullable: false,
      skipsNulls: true,
      ignoresDistinct: true,
      update: (ctx, { args, rows, states, statesMask, offset }) => {
        const x = toStored(ctx, args[0]!, rows);
        const operand = [valueKind(x.physical), x.data, maskOf(x)] as const;
        ctx.kernels.agg_hll(...operand, states, statesMask, offset, rows.selection, rows.selected);
      },
      ...plainState(REGISTERS + 8, ({ kernels }, { targets, sources, count, offset }) => {
        kernels.merge_hll(targets, sources, count, offset);
      }),
      result: (ctx, call) => {
        const u8 = ctx.memory.u8;
        const values = stateAddresses(ctx, call).map(s => BigInt(estimate(u8.subarray(s + 8, s + 8 + REGISTERS))));
        return buildVector(ctx, INT64, values);
      },
    },
  ],
};
