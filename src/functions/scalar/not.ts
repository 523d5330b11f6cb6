import { Vector } from '../../batch/vector.ts';
import { flatten } from '../../kernels/vectors.ts';
import { BOOLEAN } from '../../types/data-type.ts';
import type { ScalarFunction } from '../function.ts';
import { fixed } from '../overload.ts';

export const not: ScalarFunction = {
  name: 'not',
  doc: {
    summary: 'True for false, false for true, NULL for NULL.',
    args: ['x'],
    examples: [['not true', 'false']],
    category: 'logic',
  },
  overloads: [
    fixed('boolean', [BOOLEAN], BOOLEAN, (ctx, { args, rows, validity }) => {
      const input = flatten(ctx, args[0]!, rows);
      const out = ctx.arena.alloc(rows.count);
      ctx.kernels.bool_not(input.data, rows.count, out);
      return Vector.flat(BOOLEAN, rows.count, out, validity);
    }),
  ],
};
