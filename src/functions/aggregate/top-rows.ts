import { buildConstant } from '../../batch/builder.ts';
import { Vector } from '../../batch/vector.ts';
import { gather, NO_ROW } from '../../kernels/vectors.ts';
import { implicitCastCost, plainType } from '../../types/coercion.ts';
import { INT64, list } from '../../types/data-type.ts';
import type { AggregateContext, AggregateOverload, UpdateCall } from '../function.ts';
import { collectedValidity } from './collected.ts';
import { fromStored, keyType, storedType, toKeys, toStored } from './nested-value.ts';
import { checkedLimits, type TopRows, topStates } from './top-state.ts';

/** `arg_min(x, y, n)` and its like: the values of the n rows with the best keys, the best first. */
export const topRows = (name: string, isMax: 0 | 1, takesNulls: boolean): AggregateOverload => ({
  key: 'any-n',
  signature: '(ANY, ANY, BIGINT) -> ANY[]',
  fit: ([x, by, n, ...rest]) => {
    if (x === undefined || by === undefined || n === undefined || rest.length > 0) return undefined;
    const cost = implicitCastCost(n, INT64);
    const args = [plainType(x), plainType(by), INT64];
    return cost === undefined ? undefined : { args, returns: list(plainType(x)), cost };
  },
  nullable: true,
  skipsNulls: false,
  ordered: true,
  overFrames: { kind: 'best', isMax, takesNulls },
  ...topStates({
    ...keyedRows(name, isMax, takesNulls, (ctx, call) => checkedLimits(name, ctx, call.args[2]!, call)),
    result: (ctx, call, { lists, values }) => {
      const elements = fromStored(ctx, values!, call.argTypes[0]!);
      return Vector.flat(call.type, call.count, lists, collectedValidity(ctx, lists, call.count), [elements]);
    },
  }),
});

/** `arg_min_nulls_last(x, y)` and its like: the value of the row with the best key, of the first row without when none has one. */
export const topRow = (name: string, isMax: 0 | 1): AggregateOverload => ({
  key: 'any',
  signature: '(ANY, ANY) -> ANY',
  fit: fitKeyed,
  nullable: true,
  skipsNulls: false,
  ordered: true,
  ignoresDistinct: true,
  overFrames: { kind: 'picked', rank: 'first', isMax, present: [] },
  ...topStates({
    ...keyedRows(name, isMax, true, (ctx, call) => buildConstant(ctx, INT64, 1n, call.rows.count)),
    result: (ctx, call, { lists, values }) => {
      const { arena, memory } = ctx;
      const rows = arena.alloc(call.count * 4);
      for (let k = 0; k < call.count; k++) {
        const [offset, length] = memory.u32.subarray((lists >>> 2) + 2 * k, (lists >>> 2) + 2 * k + 2);
        memory.u32[(rows >>> 2) + k] = length === 0 ? NO_ROW : offset!;
      }
      return fromStored(ctx, gather(ctx, values!, rows, call.count), call.type);
    },
  }),
});

/** A value of any type, by a key of any type. */
export const fitKeyed: AggregateOverload['fit'] = ([x, by, ...rest]) => {
  if (x === undefined || by === undefined || rest.length > 0) return undefined;
  return { args: [plainType(x), plainType(by)], returns: plainType(x), cost: 0 };
};

const keyedRows = (
  name: string,
  isMax: 0 | 1,
  takesNulls: boolean,
  limits: (ctx: AggregateContext, call: UpdateCall) => Vector,
): Omit<TopRows, 'result'> => ({
  name,
  isMax,
  takesNulls,
  keyed: (ctx, call) => ({
    keys: toKeys(ctx, call.args[1]!, call.rows),
    values: toStored(ctx, call.args[0]!, call.rows),
    limits: limits(ctx, call),
  }),
  kept: ([x, by]) => ({ key: keyType(by!), value: storedType(x!) }),
});
