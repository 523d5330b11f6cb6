import { Vector } from '../../batch/vector.ts';
import { RayexecError } from '../../common/errors.ts';
import { bitmapBytes } from '../../kernels/vectors.ts';
import { INT64 } from '../../types/data-type.ts';
import type { WindowFunction } from '../function.ts';
import { maskOf } from '../operand.ts';
import { fitTypes } from '../overload.ts';
import { windowDoc } from './documented.ts';

/** `ntile(n)`. */
export const ntile: WindowFunction = {
  name: 'ntile',
  doc: windowDoc(
    'Number of the bucket, from 1, when the partition is cut into buckets of equal size; the first ones get what is left.',
    ['buckets'],
    [
      '(SELECT list(b ORDER BY b) FROM (SELECT ntile(2) OVER (ORDER BY x) AS b FROM (VALUES (1), (2), (3)) t(x)))',
      '[1, 1, 2]',
    ],
  ),
  overloads: [
    {
      key: 'bigint',
      signature: '(BIGINT) -> BIGINT',
      fit: args => fitTypes(args, [INT64], INT64),
      nullable: true,
      canOrder: true,
      run: ({ arena, kernels }, { count, places, arg }) => {
        const buckets = arg(0);
        const out = arena.alloc(count * 8);
        const validity = arena.alloc(bitmapBytes(count));
        const { row, partitionStart, partitionEnd } = places;
        const operand = [buckets.data, maskOf(buckets), buckets.validity] as const;
        const nulls = kernels.window_ntile(...operand, count, row, partitionStart, partitionEnd, out, validity);
        if (nulls < 0) {
          throw new RayexecError('invalid-argument', 'Argument for ntile must be greater than zero');
        }
        return Vector.flat(INT64, count, out, nulls === 0 ? 0 : validity);
      },
    },
  ],
};
