import { plainType } from '../../types/coercion.ts';
import type { AggregateFunction } from '../function.ts';
import { aggregateDoc } from './documented.ts';
import { keptValues, mergeKept, partialKept, SLOT, updateKept } from './kept-value.ts';
import { fromStored, storedType, toStored } from './nested-value.ts';

function keeper(
  name: string,
  aliases: readonly string[],
  rule: 'first' | 'last',
  skipsNulls: boolean,
  summary: string,
  example: readonly [string, string],
): AggregateFunction {
  return {
    name,
    aliases,
    doc: aggregateDoc(summary, ['arg'], example),
    overloads: [
      {
        key: 'any',
        signature: '(ANY) -> ANY',
        fit: ([x, ...rest]) =>
          x === undefined || rest.length > 0 ? undefined : { args: [plainType(x)], returns: plainType(x), cost: 0 },
        nullable: true,
        skipsNulls,
        ordered: true,
        ignoresDistinct: true,
        overFrames: { kind: 'picked', rank: rule, present: skipsNulls ? [0] : [] },
        stateBytes: () => SLOT.bytes,
        update: (ctx, call) => {
          updateKept(rule, ctx, { ...call, args: [toStored(ctx, call.args[0]!, call.rows)] });
        },
        merge: (ctx, call) => mergeKept(rule, ctx, { ...call, argTypes: [storedType(call.argTypes[0]!)] }),
        partial: partialKept(rule),
        result: (ctx, call) => fromStored(ctx, keptValues(ctx, call, storedType(call.type)), call.type),
      },
    ],
  };
}

/** Aggregates that keep one row's value. */
export const firstAndLast: readonly AggregateFunction[] = [
  keeper('first', ['arbitrary'], 'first', false, 'The value of the first row, NULL or not.', [
    '(SELECT first(x ORDER BY x) FROM (VALUES (2), (1)) t(x))',
    '1',
  ]),
  keeper('last', [], 'last', false, 'The value of the last row, NULL or not.', [
    '(SELECT last(x ORDER BY x) FROM (VALUES (2), (1)) t(x))',
    '2',
  ]),
  keeper('any_value', [], 'first', true, 'The first value that is not NULL.', [
    '(SELECT any_value(x) FROM (VALUES (NULL), (1)) t(x))',
    '1',
  ]),
];
