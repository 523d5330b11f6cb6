import { compareRaw } from '../../batch/compare-raw.ts';
import { Vector } from '../../batch/vector.ts';
import { RayexecError } from '../../common/errors.ts';
import { implicitCastCost, plainType } from '../../types/coercion.ts';
import { type DataType, INT64, list } from '../../types/data-type.ts';
import type { AggregateOverload } from '../function.ts';
import { collectedValidity } from './collected.ts';
import { isNested } from './nested-value.ts';
import { checkedLimits, topStates } from './top-state.ts';
import { valueListOverload } from './value-lists.ts';

const fitTop =
  (takes: (type: DataType) => boolean): AggregateOverload['fit'] =>
  ([x, n, ...rest]) => {
    if (x === undefined || n === undefined || rest.length > 0 || !takes(x)) return undefined;
    const cost = implicitCastCost(n, INT64);
    return cost === undefined ? undefined : { args: [plainType(x), INT64], returns: list(plainType(x)), cost };
  };

/** `max(x, n)` and `min(x, n)`: a list of the n best values, the best first. */
export function topValues(name: 'min' | 'max'): readonly AggregateOverload[] {
  const isMax = name === 'max' ? 1 : 0;
  return [
    {
      key: 'flat-n',
      signature: '(ANY, BIGINT) -> ANY[]',
      fit: fitTop(x => !isNested(x)),
      nullable: true,
      skipsNulls: false,
      overFrames: { kind: 'best', isMax, takesNulls: false },
      ...topStates({
        name,
        isMax,
        takesNulls: false,
        keyed: (ctx, call) => {
          const [keys, limits] = call.args;
          return { keys: keys!, values: undefined, limits: checkedLimits(name, ctx, limits!, call) };
        },
        kept: ([x]) => ({ key: x!, value: undefined }),
        result: (ctx, call, { lists, keys }) =>
          Vector.flat(call.type, call.count, lists, collectedValidity(ctx, lists, call.count), [keys]),
      }),
    },
    valueListOverload(
      { key: 'nested-n', signature: '(ANY, BIGINT) -> ANY[]', fit: fitTop(isNested) },
      (values, [n], { argTypes }) => {
        if (BigInt(n as bigint) <= 0n) throw new RayexecError('invalid-argument', `the n of ${name} is at least 1`);
        const sorted = [...values].sort((a, b) => compareRaw(argTypes[0]!, a!, b!) * (isMax === 1 ? -1 : 1));
        return sorted.slice(0, Number(n));
      },
    ),
  ];
}
