import { Vector } from '../../batch/vector.ts';
import { implicitCastCost, plainType } from '../../types/coercion.ts';
import { INT64, list } from '../../types/data-type.ts';
import type { AggregateOverload } from '../function.ts';
import { collectedValidity } from './collected.ts';
import { fromStored, isNested, keyType, storedType, toKeys, toStored } from './nested-value.ts';
import { checkedLimits, topStates } from './top-state.ts';

/** `max(x, n)` and `min(x, n)`: a list of the n best values, the best first. */
export const topValues = (name: 'min' | 'max'): AggregateOverload => ({
  key: 'any-n',
  signature: '(ANY, BIGINT) -> ANY[]',
  fit: ([x, n, ...rest]) => {
    if (x === undefined || n === undefined || rest.length > 0) return undefined;
    const cost = implicitCastCost(n, INT64);
    return cost === undefined ? undefined : { args: [plainType(x), INT64], returns: list(plainType(x)), cost };
  },
  nullable: true,
  skipsNulls: false,
  overFrames: { kind: 'best', isMax: name === 'max' ? 1 : 0, takesNulls: false },
  ...topStates({
    name,
    isMax: name === 'max' ? 1 : 0,
    takesNulls: false,
    // Nested values can't be read back from the keys that order them.
    keyed: (ctx, call) => {
      const [x, limits] = call.args;
      return {
        keys: toKeys(ctx, x!, call.rows),
        values: isNested(x!.type) ? toStored(ctx, x!, call.rows) : undefined,
        limits: checkedLimits(name, ctx, limits!, call),
      };
    },
    kept: ([x]) => ({ key: keyType(x!), value: isNested(x!) ? storedType(x!) : undefined }),
    result: (ctx, call, { lists, keys, values }) => {
      const elements = values === undefined ? keys : fromStored(ctx, values, call.argTypes[0]!);
      return Vector.flat(call.type, call.count, lists, collectedValidity(ctx, lists, call.count), [elements]);
    },
  }),
});
