import { buildConstant } from '../../batch/builder.ts';
import { Vector } from '../../batch/vector.ts';
import { FLOAT32, FLOAT64 } from '../../types/data-type.ts';
import { typeName } from '../../types/type-name.ts';
import {
  type Arithmetic,
  decimalArithmetic,
  failAt,
  floatArithmetic,
  integerArithmetic,
  runArithmetic,
} from '../arithmetic.ts';
import { selectComparison } from '../compare-values.ts';
import type { EvalContext, ScalarCall, ScalarFunction, ScalarOverload } from '../function.ts';
import { maskOf } from '../operand.ts';
import { fixed } from '../overload.ts';

function operator(
  name: string,
  aliases: readonly string[],
  summary: string,
  example: readonly [string, string],
  overloads: readonly ScalarOverload[],
): ScalarFunction {
  const doc = { summary, args: ['left', 'right'], examples: [example], category: 'numeric' } as const;
  return { name, aliases, doc, overloads };
}

const numeric = (op: Arithmetic & ('+' | '-' | '*' | '%')): readonly ScalarOverload[] => [
  ...integerArithmetic(op),
  ...floatArithmetic(op),
  ...decimalArithmetic(op),
];

/** `/` always gives a float: 7 / 2 = 3.5; x / 0 is infinite. */
const division: readonly ScalarOverload[] = [FLOAT32, FLOAT64].map(type =>
  fixed(typeName(type).toLowerCase(), [type, type], type, (ctx, { args, rows, validity }) => {
    const [a, b] = args as readonly [Vector, Vector];
    const { count, selection, selected } = rows;
    const out = ctx.arena.alloc(count * 8);
    const kernel = type === FLOAT32 ? ctx.kernels.arith_f32 : ctx.kernels.arith_f64;
    kernel(3, a.data, maskOf(a), b.data, maskOf(b), selection, selected, out);
    return Vector.flat(type, count, out, validity);
  }),
);

/** `//` of floats divides as `/` does, but by 0 it fails, as `//` of integers. */
function divideFloats(ctx: EvalContext, call: ScalarCall): Vector {
  const divisor = call.args[1]!;
  const zero = buildConstant(ctx, divisor.type, 0, call.rows.count);
  const zeros = selectComparison(ctx, '=', { ...call, args: [divisor, zero] });
  if (zeros.selected > 0) failAt(ctx, '//', call, ctx.memory.u16[zeros.selection >>> 1]!);
  return runArithmetic(ctx, '//', call);
}

const integerDivision: readonly ScalarOverload[] = [
  ...integerArithmetic('//'),
  ...[FLOAT32, FLOAT64].map(type =>
    fixed(typeName(type).toLowerCase(), [type, type], type, divideFloats, { canFail: true }),
  ),
];

/** + - * / // % on numbers; those on dates and intervals are listed with the dates. */
export const arithmetic: readonly ScalarFunction[] = [
  operator('+', ['add'], 'The sum of two numbers.', ['2 + 3', '5'], numeric('+')),
  operator('-', ['subtract', 'sub'], 'The difference of two numbers.', ['2.5 - 1', '1.5'], numeric('-')),
  operator('*', ['multiply', 'mul'], 'The product of two numbers.', ['1.5 * 2.25', '3.375'], numeric('*')),
  operator('/', [], 'The quotient of two numbers as a DOUBLE.', ['7 / 2', '3.5'], division),
  operator(
    '//',
    ['divide', 'div'],
    'The quotient of two integers without its fraction.',
    ['-7 // 2', '-3'],
    integerDivision,
  ),
  operator(
    '%',
    ['mod', 'rem'],
    'The remainder of a division; it has the sign of the dividend.',
    ['-7 % 3', '-1'],
    numeric('%'),
  ),
];
