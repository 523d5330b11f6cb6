import { FLOAT32, FLOAT64, INT32 } from '../../types/data-type.ts';
import type { ScalarFunction } from '../function.ts';
import { decimalDigitsOverload, integerDigitOverloads } from './rounding.ts';
import { rowOverload } from './row-overload.ts';

/** Rounded to more places before the point nothing is left of any double. */
const LEAST_DIGITS = -308;

function roundFloat(x: number, digits: number): number {
  if (digits < LEAST_DIGITS && Number.isFinite(x)) return 0;
  const scale = 10 ** digits;
  const scaled = x * scale;
  if (!Number.isFinite(scaled)) return x;
  const down = Math.floor(scaled);
  const rest = scaled - down;
  const rounded = rest > 0.5 || (rest === 0.5 && down % 2 !== 0) ? down + 1 : down;
  // Zero keeps the sign.
  return rounded === 0 ? 0 * x : rounded / scale;
}

/** round_even(x, n). */
export const roundEven: ScalarFunction = {
  name: 'round_even',
  aliases: ['roundbankers'],
  doc: {
    summary: 'The number rounded to n digits, halves to even ones.',
    args: ['x', 'n'],
    examples: [
      ['round_even(2.5, 0)', '2'],
      ['round_even(35, -1)', '40'],
    ],
    category: 'numeric',
  },
  overloads: [
    ...integerDigitOverloads('halfEven'),
    rowOverload('float', [FLOAT32, INT32], FLOAT32, roundFloat),
    rowOverload('double', [FLOAT64, INT32], FLOAT64, roundFloat),
    decimalDigitsOverload('halfEven'),
  ],
};
