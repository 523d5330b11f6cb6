import { Vector } from '../../batch/vector.ts';
import { combineValidity, validityOf } from '../../kernels/vectors.ts';
import { BOOLEAN } from '../../types/data-type.ts';
import { compareVectors } from '../compare-values.ts';
import type { EvalContext, ScalarCall, ScalarFunction } from '../function.ts';
import { generic } from '../overload.ts';
import { fitComparison } from './comparison.ts';

/** Equality under which NULL is a value like any other. */
function distinctness(
  name: string,
  negated: boolean,
  summary: string,
  example: readonly [string, string],
): ScalarFunction {
  const run = (ctx: EvalContext, { args, rows }: ScalarCall): Vector => {
    const { arena, kernels } = ctx;
    const { count } = rows;
    const both = combineValidity(ctx, args, rows);
    const differ = compareVectors(ctx, '<>', { args, rows, validity: both, type: BOOLEAN });
    const out = arena.alloc(count);
    const bits = args.map(a => validityOf(ctx, a, rows));
    kernels.distinct_result(differ.data, bits[0]!, bits[1]!, negated ? 1 : 0, count, out);
    return Vector.flat(BOOLEAN, count, out);
  };
  return {
    name,
    aliases: [name.replaceAll(' ', '_')],
    doc: { summary, args: ['left', 'right'], examples: [example], category: 'comparison' },
    overloads: [generic('any', '(ANY, ANY) -> BOOLEAN', fitComparison, run, { nulls: 'handles' })],
  };
}

export const distinctTests: readonly ScalarFunction[] = [
  distinctness('is distinct from', false, 'Whether two values differ, NULL being a value.', [
    'NULL is distinct from 1',
    'true',
  ]),
  distinctness('is not distinct from', true, 'Whether two values are equal, NULL being a value.', [
    'NULL is not distinct from NULL',
    'true',
  ]),
];
