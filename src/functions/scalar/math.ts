import { Vector } from '../../batch/vector.ts';
import { FLOAT32, FLOAT64 } from '../../types/data-type.ts';
import type { EvalContext, ScalarCall, ScalarFunction } from '../function.ts';
import { maskOf } from '../operand.ts';
import { fixed } from '../overload.ts';

/** Functions of one DOUBLE as the kernel `unary_f64` numbers them. */
const MATH_FUNCTIONS: readonly (readonly [name: string, code: number, summary: string, sql: string, result: string])[] =
  [
    ['sqrt', 0, 'The square root; NaN for negative numbers.', 'sqrt(9)', '3.0'],
    ['exp', 1, 'e to the power of the number.', 'exp(0)', '1.0'],
    ['ln', 2, 'The natural logarithm; NaN for negative numbers.', 'ln(1)', '0.0'],
    ['log2', 3, 'The logarithm to base 2.', 'log2(8)', '3.0'],
    ['log10', 4, 'The logarithm to base 10.', 'log10(1000)', '3.0'],
    ['sin', 5, 'The sine of an angle in radians.', 'sin(0)', '0.0'],
    ['cos', 6, 'The cosine of an angle in radians.', 'cos(0)', '1.0'],
    ['tan', 7, 'The tangent of an angle in radians.', 'tan(0)', '0.0'],
    ['asin', 8, 'The angle in radians that has this sine.', 'asin(0)', '0.0'],
    ['acos', 9, 'The angle in radians that has this cosine.', 'acos(1)', '0.0'],
    ['atan', 10, 'The angle in radians that has this tangent.', 'atan(0)', '0.0'],
    ['sinh', 11, 'The hyperbolic sine.', 'sinh(0)', '0.0'],
    ['cosh', 12, 'The hyperbolic cosine.', 'cosh(0)', '1.0'],
    ['tanh', 13, 'The hyperbolic tangent.', 'tanh(0)', '0.0'],
    ['asinh', 14, 'The inverse hyperbolic sine.', 'asinh(0)', '0.0'],
    ['acosh', 15, 'The inverse hyperbolic cosine.', 'acosh(1)', '0.0'],
    ['atanh', 16, 'The inverse hyperbolic tangent.', 'atanh(0)', '0.0'],
    ['cbrt', 17, 'The cube root.', 'cbrt(8)', '2.0'],
    ['degrees', 18, 'An angle in radians as degrees.', 'degrees(pi())', '180.0'],
    ['radians', 19, 'An angle in degrees as radians.', 'radians(180)', '3.141592653589793'],
    ['cot', 20, 'The cotangent of an angle in radians.', 'round(cot(1), 6)', '0.642093'],
    ['even', 21, 'The number rounded away from zero to an even integer.', 'even(2.1)', '4.0'],
  ];

/** Runs `unary_f64` over the first argument, a DOUBLE. */
export function unaryDouble(
  { kernels, arena }: EvalContext,
  code: number,
  { args, rows, validity }: ScalarCall,
): Vector {
  const out = arena.alloc(rows.count * 8);
  kernels.unary_f64(code, args[0]!.data, maskOf(args[0]!), rows.count, out);
  return Vector.flat(FLOAT64, rows.count, out, validity);
}

function binaryDouble({ kernels, arena }: EvalContext, code: number, { args, rows, validity }: ScalarCall): Vector {
  const [a, b] = args as readonly [Vector, Vector];
  const out = arena.alloc(rows.count * 8);
  kernels.binary_f64(code, a.data, maskOf(a), b.data, maskOf(b), rows.count, out);
  return Vector.flat(FLOAT64, rows.count, out, validity);
}

function binaryFloat({ kernels, arena }: EvalContext, code: number, { args, rows, validity }: ScalarCall): Vector {
  const [a, b] = args as readonly [Vector, Vector];
  const out = arena.alloc(rows.count * 4);
  kernels.binary_f32(code, a.data, maskOf(a), b.data, maskOf(b), rows.count, out);
  return Vector.flat(FLOAT32, rows.count, out, validity);
}

const doc = (summary: string, args: readonly string[], example: readonly [string, string]): ScalarFunction['doc'] => ({
  summary,
  args,
  examples: [example],
  category: 'numeric',
});

const two = [FLOAT64, FLOAT64];

export const mathFunctions: readonly ScalarFunction[] = [
  ...MATH_FUNCTIONS.map(
    ([name, code, summary, sql, result]): ScalarFunction => ({
      name,
      doc: doc(summary, ['x'], [sql, result]),
      overloads: [fixed('double', [FLOAT64], FLOAT64, (ctx, call) => unaryDouble(ctx, code, call))],
    }),
  ),
  {
    name: 'pow',
    aliases: ['power', '^', '**'],
    doc: doc('A number raised to a power.', ['base', 'exponent'], ['pow(2, 10)', '1024.0']),
    overloads: [fixed('double', two, FLOAT64, (ctx, call) => binaryDouble(ctx, 0, call))],
  },
  {
    name: 'atan2',
    doc: doc('The angle in radians of the point (x, y).', ['y', 'x'], ['atan2(0, 1)', '0.0']),
    overloads: [fixed('double', two, FLOAT64, (ctx, call) => binaryDouble(ctx, 1, call))],
  },
  {
    name: 'log',
    doc: doc('The logarithm to base 10, or to the base that is given first.', ['base', 'x'], ['log(2, 8)', '3.0']),
    overloads: [
      fixed('double', [FLOAT64], FLOAT64, (ctx, call) => unaryDouble(ctx, 4, call)),
      fixed('base', two, FLOAT64, (ctx, call) => binaryDouble(ctx, 2, call)),
    ],
  },
  {
    name: 'nextafter',
    doc: doc(
      'The next DOUBLE or FLOAT after x in the direction of y.',
      ['x', 'y'],
      ['nextafter(1::double, 2)', '1.0000000000000002'],
    ),
    overloads: [
      fixed('float', [FLOAT32, FLOAT32], FLOAT32, (ctx, call) => binaryFloat(ctx, 3, call)),
      fixed('double', two, FLOAT64, (ctx, call) => binaryDouble(ctx, 3, call)),
    ],
  },
  {
    name: 'fmod',
    doc: doc(
      "The remainder of a division of DOUBLEs or FLOATs, with the divisor's sign; `%` has the sign of what is divided.",
      ['x', 'y'],
      ['fmod(-7.5, 2)', '0.5'],
    ),
    overloads: [
      fixed('float', [FLOAT32, FLOAT32], FLOAT32, (ctx, call) => binaryFloat(ctx, 4, call)),
      fixed('double', two, FLOAT64, (ctx, call) => binaryDouble(ctx, 4, call)),
    ],
  },
  {
    name: 'pi',
    doc: doc('The ratio of a circle to its diameter.', [], ['pi()', '3.141592653589793']),
    overloads: [
      fixed('', [], FLOAT64, ({ memory, arena }, { rows }) => {
        const data = arena.alloc(8);
        memory.f64[data / 8] = Math.PI;
        return Vector.constant(FLOAT64, rows.count, data);
      }),
    ],
  },
];
