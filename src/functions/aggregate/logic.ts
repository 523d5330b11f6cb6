import { valueKind } from '../../kernels/value-kind.ts';
import { plainType } from '../../types/coercion.ts';
import { BOOLEAN, type DataType, INT128, UINT8 } from '../../types/data-type.ts';
import { widthOf } from '../../types/physical.ts';
import type { AggregateContext, AggregateFunction, MergeCall, UpdateCall } from '../function.ts';
import { bitStringFolds } from './bit-aggregates.ts';
import { aggregateDoc } from './documented.ts';
import { stateByUpdate } from './merge-by-update.ts';
import { oneArgument } from './operand.ts';
import { plainState } from './plain-state.ts';
import { stateValues } from './state-values.ts';
import { integerSumState, integerSums } from './sum.ts';

const isBoolean = (x: DataType | undefined): boolean => x?.kind === 'boolean' || x?.kind === 'null';

/** Booleans order false before true: AND is the least, OR the greatest. */
function boolean(
  name: string,
  aliases: readonly string[],
  max: 0 | 1,
  summary: string,
  result: string,
): AggregateFunction {
  const update = ({ kernels }: AggregateContext, call: UpdateCall): void => {
    kernels.agg_extremum_u8(max, ...oneArgument(call));
  };
  return {
    name,
    aliases,
    doc: aggregateDoc(summary, ['arg'], [`(SELECT ${name}(x) FROM (VALUES (true), (false), (NULL)) t(x))`, result]),
    overloads: [
      {
        key: 'boolean',
        signature: '(BOOLEAN) -> BOOLEAN',
        fit: ([x, ...rest]) =>
          rest.length === 0 && isBoolean(x) ? { args: [BOOLEAN], returns: BOOLEAN, cost: 0 } : undefined,
        nullable: true,
        skipsNulls: true,
        ignoresDistinct: true,
        stateBytes: () => 16,
        ...stateByUpdate(() => 8, update),
        mergesInPlace: () => true,
        merge: ({ kernels }, { targets, sources, count, offset }) => {
          kernels.merge_extremum(max, valueKind('bool'), targets, sources, count, offset);
        },
        result: (ctx, call) => stateValues(ctx, call, BOOLEAN, 8),
      },
    ],
  };
}

const BITS = { bit_and: 0, bit_or: 1, bit_xor: 2 } as const;

/** A state of bits, up to 128 of them, and a u64 that is 0 when there was no row. */
const BITS_STATE = { bytes: 24, seen: 16 } as const;

function mergeBits(
  name: keyof typeof BITS,
  { memory: { u64, u32 } }: AggregateContext,
  { targets, sources, count, offset }: MergeCall,
): void {
  for (let k = 0; k < count; k++) {
    const target = (u32[(targets >>> 2) + k]! + offset) >>> 3;
    const source = (u32[(sources >>> 2) + k]! + offset) >>> 3;
    if (u64[source + 2] === 0n) continue;
    const isFirst = u64[target + 2] === 0n;
    for (const word of [0, 1]) {
      const [a, b] = [u64[target + word]!, u64[source + word]!];
      u64[target + word] = isFirst ? b : name === 'bit_and' ? a & b : name === 'bit_or' ? a | b : a ^ b;
    }
    u64[target + 2] = 1n;
  }
}

function bits(name: keyof typeof BITS, summary: string, result: string): AggregateFunction {
  const update = ({ kernels }: AggregateContext, call: UpdateCall): void => {
    kernels.agg_bits(BITS[name], widthOf(call.args[0]!.physical), ...oneArgument(call));
  };
  return {
    name,
    doc: aggregateDoc(summary, ['arg'], [`(SELECT ${name}(x) FROM (VALUES (6), (3)) t(x))`, result]),
    overloads: [
      {
        key: 'integer',
        signature: '(BIGINT) -> BIGINT',
        fit: ([x, ...rest]) => {
          if (rest.length > 0 || (x?.kind !== 'int' && x?.kind !== 'null')) return undefined;
          const type = x.kind === 'null' ? UINT8 : plainType(x);
          return { args: [type], returns: type, cost: 0 };
        },
        nullable: true,
        skipsNulls: true,
        ignoresDistinct: name !== 'bit_xor',
        ...plainState(BITS_STATE.bytes, (ctx, call) => mergeBits(name, ctx, call)),
        update,
        result: (ctx, call) => stateValues(ctx, call, call.type, BITS_STATE.seen),
      },
      bitStringFolds[name],
    ],
  };
}

/** Aggregates of truth values and bits. */
export const logicAggregates: readonly AggregateFunction[] = [
  boolean('bool_and', ['every', 'logical_and'], 0, 'Whether all values are true.', 'false'),
  boolean('bool_or', ['logical_or'], 1, 'Whether some value is true.', 'true'),
  bits('bit_and', 'The bits that all values have.', '2'),
  bits('bit_or', 'The bits that some value has.', '7'),
  bits('bit_xor', 'The bits that an odd number of values has.', '5'),
  {
    name: 'count_if',
    aliases: ['countif'],
    doc: aggregateDoc(
      'Number of rows where the condition is true; NULL when it is NULL for all rows.',
      ['condition'],
      ['(SELECT count_if(x > 1) FROM (VALUES (1), (2), (NULL)) t(x))', '1'],
    ),
    overloads: [
      {
        key: 'boolean',
        signature: '(BOOLEAN) -> HUGEINT',
        fit: ([x, ...rest]) =>
          rest.length === 0 && isBoolean(x) ? { args: [BOOLEAN], returns: INT128, cost: 0 } : undefined,
        nullable: true,
        skipsNulls: true,
        ...integerSumState,
        result: integerSums,
      },
    ],
  },
];
