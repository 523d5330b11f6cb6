import { RayexecError } from '../../common/errors.ts';
import { implicitCastCost, plainType } from '../../types/coercion.ts';
import { INT64, list } from '../../types/data-type.ts';
import type { AggregateFunction } from '../function.ts';
import { aggregateDoc } from './documented.ts';
import { countedValues } from './frequencies.ts';
import { valueListOverload } from './value-lists.ts';

/** `approx_top_k(x, k)`: exact here. */
export const approxTopK: AggregateFunction = {
  name: 'approx_top_k',
  doc: aggregateDoc(
    'A list of the k most frequent values, the most frequent first, and the first among equals; they are exact.',
    ['arg', 'k'],
    ['(SELECT approx_top_k(x, 2) FROM (VALUES (1), (2), (3), (3), (2), (3)) t(x))', '[3, 2]'],
  ),
  overloads: [
    {
      ...valueListOverload(
        {
          key: 'top-k',
          signature: '(ANY, BIGINT) -> ANY[]',
          fit: ([x, k, ...rest]) => {
            if (x === undefined || k === undefined || rest.length > 0) return undefined;
            const cost = implicitCastCost(k, INT64);
            return cost === undefined ? undefined : { args: [plainType(x), INT64], returns: list(plainType(x)), cost };
          },
        },
        (values, [k]) => {
          const n = BigInt(k as number | bigint);
          if (n < 1n || n >= 1_000_000n)
            throw new RayexecError(
              'invalid-argument',
              `the k of approx_top_k lies between 1 and 999999, it can't be ${n}`,
            );
          const counted = [...countedValues(values).values()].sort((a, b) => b.count - a.count);
          return counted.slice(0, Number(n)).map(v => v.value);
        },
      ),
      overFrames: { kind: 'counted', what: 'top' },
    },
  ],
};
