import { Vector } from '../../batch/vector.ts';
import { BOOLEAN, FLOAT64 } from '../../types/data-type.ts';
import type { ScalarFunction } from '../function.ts';
import { maskOf } from '../operand.ts';
import { fixed } from '../overload.ts';

function floatTest(
  name: string,
  aliases: readonly string[],
  code: number,
  summary: string,
  example: readonly [string, string],
): ScalarFunction {
  return {
    name,
    aliases,
    doc: { summary, args: ['x'], examples: [example], category: 'numeric' },
    overloads: [
      fixed('double', [FLOAT64], BOOLEAN, ({ kernels, arena }, { args, rows, validity }) => {
        const out = arena.alloc(rows.count);
        kernels.float_test(code, args[0]!.data, maskOf(args[0]!), rows.count, out);
        return Vector.flat(BOOLEAN, rows.count, out, validity);
      }),
    ],
  };
}

export const floatTests: readonly ScalarFunction[] = [
  floatTest('isnan', ['is_nan'], 0, 'Whether a float is not a number.', ["isnan('nan'::double)", 'true']),
  floatTest('isinf', [], 1, 'Whether a float is infinite.', ["isinf('-inf'::double)", 'true']),
  floatTest('isfinite', [], 2, 'Whether a float is neither infinite nor NaN.', ['isfinite(5.5)', 'true']),
];
