import { decimal, FLOAT64, INT32, INT64, INT128, UINT128 } from '../../src/types/data-type.ts';
import type { Scalar } from '../../src/types/scalar.ts';

const INT32_MAX = 2n ** 31n - 1n;
const INT64_MAX = 2n ** 63n - 1n;
const INT128_MAX = 2n ** 127n - 1n;
const UINT128_MAX = 2n ** 128n - 1n;

/**
 * The constant that a numeric literal stands for, typed as DuckDB does: the smallest of INTEGER, BIGINT, HUGEINT,
 * UHUGEINT that holds it; with a point a DECIMAL of as many digits as are written; DOUBLE with an exponent or beyond these.
 * `digits` has no underscores; `negative` is a minus sign directly before it.
 */
export function numberLiteral(digits: string, negative: boolean): Scalar {
  if (/^0[xbo]/i.test(digits)) return integerLiteral(BigInt(digits.toLowerCase()), negative);
  if (/^\d+$/.test(digits))
    return digits.length > 60 ? double(digits, negative) : integerLiteral(BigInt(digits), negative);
  if (/e/i.test(digits)) return double(digits, negative);
  const [whole = '', fraction = ''] = digits.split('.');
  const precision = whole.length + fraction.length;
  if (precision > 38) return double(digits, negative);
  const unscaled = BigInt(whole + fraction);
  return { type: decimal(precision, fraction.length), value: String(negative ? -unscaled : unscaled) };
}

function integerLiteral(magnitude: bigint, negative: boolean): Scalar {
  const value = negative ? -magnitude : magnitude;
  const size = negative ? magnitude - 1n : magnitude; // the negative range reaches one further
  if (size <= INT32_MAX) return { type: INT32, value: Number(value) };
  if (size <= INT64_MAX) return { type: INT64, value: String(value) };
  if (size <= INT128_MAX) return { type: INT128, value: String(value) };
  if (!negative && size <= UINT128_MAX) return { type: UINT128, value: String(value) };
  return { type: FLOAT64, value: Number(value) };
}

function double(digits: string, negative: boolean): Scalar {
  const value = Number(digits);
  if (value === Number.POSITIVE_INFINITY) return { type: FLOAT64, value: negative ? '-Infinity' : 'Infinity' };
  if (value === 0 && negative) return { type: FLOAT64, value: '-0' };
  return { type: FLOAT64, value: negative ? -value : value };
}
