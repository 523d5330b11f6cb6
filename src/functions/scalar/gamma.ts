import { BOOLEAN, FLOAT32, FLOAT64 } from '../../types/data-type.ts';
import type { FunctionDoc, ScalarFunction } from '../function.ts';
import { logGamma } from './log-gamma.ts';
import { rowOverload } from './row-overload.ts';

const doc = (summary: string, args: readonly string[], ...examples: FunctionDoc['examples']): FunctionDoc => ({
  summary,
  args,
  examples,
  category: 'numeric',
});

// Lanczos' approximation with g = 607/128 and 15 terms (Godfrey): relative errors below 1e-15.
const G = 607 / 128;
const TERMS = [
  0.9999999999999971, 57.15623566586292, -59.59796035547549, 14.136097974741746, -0.4919138160976202,
  3.399464998481189e-5, 4.652362892704858e-5, -9.837447530487956e-5, 0.0001580887032249125, -0.00021026444172410488,
  0.00021743961811521265, -0.0001643181065367639, 8.441822398385275e-5, -2.6190838401581408e-5, 3.6899182659531625e-6,
];

const series = (x: number): number => TERMS.slice(1).reduce((sum, t, i) => sum + t / (x + i + 1), TERMS[0]!);

function gamma(x: number): number {
  if (x === 0) return Object.is(x, -0) ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
  if (Number.isInteger(x)) {
    if (x < 0) return Number.NaN;
    if (x > 171) return Number.POSITIVE_INFINITY;
    let product = 1;
    for (let k = 2; k < x; k++) product *= k;
    return product;
  }
  if (x < 0.5) return Math.PI / (Math.sin(Math.PI * x) * gamma(1 - x));
  if (Number.isNaN(x)) return x;
  if (x >= 171.7) return Number.POSITIVE_INFINITY;
  const y = x - 1;
  const t = y + G + 0.5;
  return Math.sqrt(2 * Math.PI) * t ** ((y + 0.5) / 2) * Math.exp(-t) * t ** ((y + 0.5) / 2) * series(y);
}

const quotientBelow = (x: number, y: number): number => Math.floor(x / y);

/** Functions of numbers that are rare. */
export const rareMath: readonly ScalarFunction[] = [
  {
    name: 'gamma',
    doc: doc('The gamma function: (x - 1)! of whole numbers.', ['x'], ['gamma(5)', '24.0']),
    overloads: [rowOverload('double', [FLOAT64], FLOAT64, gamma)],
  },
  {
    name: 'lgamma',
    doc: doc('The logarithm of the gamma function.', ['x'], ['round(lgamma(5), 6)', '3.178054']),
    overloads: [rowOverload('double', [FLOAT64], FLOAT64, logGamma)],
  },
  {
    name: 'csc',
    doc: doc('The cosecant of an angle in radians: 1 / sin(x).', ['x'], ['round(csc(1), 6)', '1.188395']),
    overloads: [rowOverload('double', [FLOAT64], FLOAT64, (x: number) => 1 / Math.sin(x))],
  },
  {
    name: 'expm1',
    doc: doc('e to the power of x, less 1, exact also near 0.', ['x'], ['expm1(1e-20)', '1e-20']),
    overloads: [rowOverload('double', [FLOAT64], FLOAT64, (x: number) => Math.expm1(x))],
  },
  {
    name: 'signbit',
    doc: doc('Whether the number has a minus sign.', ['x'], ['signbit(-1.0)', 'true']),
    overloads: [rowOverload('double', [FLOAT64], BOOLEAN, (x: number) => x < 0 || Object.is(x, -0))],
  },
  {
    name: 'fdiv',
    doc: doc('The whole number below the quotient.', ['x', 'y'], ['fdiv(-7, 2)', '-4.0']),
    overloads: [
      rowOverload('float', [FLOAT32, FLOAT32], FLOAT32, (x: number, y: number) => Math.floor(Math.fround(x / y))),
      rowOverload('double', [FLOAT64, FLOAT64], FLOAT64, quotientBelow),
    ],
  },
];
