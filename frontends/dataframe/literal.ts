import { RayexecError } from '../../src/common/errors.ts';
import type { Expr } from '../../src/query/expr.ts';
import * as types from '../../src/types/data-type.ts';
import type { Scalar } from '../../src/types/scalar.ts';
import type { Duration } from './operands.ts';

/**
 * The literal that a JavaScript value stands for: whole numbers are INTEGER or BIGINT, other numbers the DECIMAL that
 * SQL reads from their digits (so that 0.05 compares exactly with decimals) or DOUBLE when they need an exponent,
 * bigints BIGINT or HUGEINT, a Date a TIMESTAMP in UTC. Throws 'invalid-argument' for what has no SQL type.
 */
export function literal(value: unknown): Expr {
  switch (typeof value) {
    case 'number':
      return of(numberScalar(value));
    case 'bigint':
      return of(bigintScalar(value));
    case 'string':
      return of({ type: types.UTF8, value });
    case 'boolean':
      return of({ type: types.BOOLEAN, value });
    case 'object':
      if (value === null) return of({ type: types.NULL, value: null });
      if (value instanceof Date) return of({ type: types.TIMESTAMP, value: String(microsOf(value)) });
      if (value instanceof Uint8Array) return of({ type: types.BINARY, value: base64(value) });
      break;
    default:
      break;
  }
  throw new RayexecError('invalid-argument', `${describe(value)} is not a value that a query can hold`, {
    hint:
      value === undefined ? 'NULL is null, not undefined' : 'expected a number, bigint, string, boolean, Date or null',
  });
}

/**
 * As `literal`, for one side of a comparison: a Date at midnight UTC is a DATE, which fits date columns best, and
 * `{ days: 1 }` an INTERVAL.
 */
export function comparedLiteral(value: unknown): Expr {
  if (isDuration(value)) return intervalLiteral(value);
  if (!(value instanceof Date)) return literal(value);
  const days = value.getTime() / MILLIS_PER_DAY;
  return Number.isInteger(days) ? of({ type: types.DATE, value: days }) : literal(value);
}

/** An interval of several units, which add up. */
export function intervalLiteral(d: Duration): Expr {
  const months = whole(d, 'years') * 12 + whole(d, 'quarters') * 3 + whole(d, 'months');
  const days = whole(d, 'weeks') * 7 + whole(d, 'days');
  const seconds = (d.hours ?? 0) * 3600 + (d.minutes ?? 0) * 60 + (d.seconds ?? 0);
  const micros = Math.round(seconds * 1e6);
  if (!Number.isSafeInteger(micros)) throw new RayexecError('invalid-argument', `${seconds} seconds are out of range`);
  return of({ type: types.INTERVAL, value: { months, days, micros: String(micros) } });
}

/** An INTEGER literal of a whole number that the frontend itself chose, such as a LIMIT. */
export function integer(value: number): Expr {
  return of(numberScalar(value));
}

const MILLIS_PER_DAY = 86_400_000;
const MAX_INT64 = 2n ** 63n - 1n;
const MAX_INT128 = 2n ** 127n - 1n;

const of = (value: Scalar): Expr => ({ kind: 'literal', value });

function numberScalar(value: number): Scalar {
  if (Number.isInteger(value) && Math.abs(value) < 2 ** 63) {
    if (Object.is(value, -0)) return { type: types.INT32, value: 0 };
    if (value === (value | 0)) return { type: types.INT32, value };
    return { type: types.INT64, value: String(BigInt(value)) };
  }
  const text = String(value);
  const digits = /^(-?)(\d+)\.(\d+)$/.exec(text);
  if (digits === null) return { type: types.FLOAT64, value: Number.isFinite(value) ? value : text };
  const [, sign = '', before = '', after = ''] = digits;
  return {
    type: types.decimal(before.length + after.length, after.length),
    value: sign + (before + after).replace(/^0+(?=\d)/, ''),
  };
}

function bigintScalar(value: bigint): Scalar {
  if (value <= MAX_INT64 && value >= -MAX_INT64 - 1n) return { type: types.INT64, value: String(value) };
  if (value <= MAX_INT128 && value >= -MAX_INT128 - 1n) return { type: types.INT128, value: String(value) };
  throw new RayexecError('invalid-argument', `${value} is outside the range of HUGEINT, which has 128 bits`);
}

function microsOf(date: Date): bigint {
  const millis = date.getTime();
  if (Number.isNaN(millis)) throw new RayexecError('invalid-argument', 'an invalid Date is not a value');
  return BigInt(millis) * 1000n;
}

function isDuration(value: unknown): value is Duration {
  if (typeof value !== 'object' || value === null || Object.getPrototypeOf(value) !== Object.prototype) return false;
  const keys = Object.keys(value);
  return keys.length > 0 && keys.every(key => UNITS.has(key));
}

const UNITS: ReadonlySet<string> = new Set<keyof Duration>([
  'years',
  'quarters',
  'months',
  'weeks',
  'days',
  'hours',
  'minutes',
  'seconds',
]);

function whole(d: Duration, unit: keyof Duration): number {
  const n = d[unit] ?? 0;
  if (!Number.isInteger(n)) {
    throw new RayexecError('invalid-argument', `${n} ${unit}: a duration has whole ${unit}`, {
      hint: 'fractions are possible in hours, minutes and seconds',
    });
  }
  return n;
}

function base64(bytes: Uint8Array): string {
  let binary = '';
  for (const b of bytes) binary += String.fromCharCode(b);
  return btoa(binary);
}

function describe(value: unknown): string {
  if (value === undefined) return 'undefined';
  if (typeof value === 'function') return `a function (${value.name || 'without a name'})`;
  if (typeof value === 'symbol') return String(value);
  return Array.isArray(value) ? 'an array' : `an object of ${value?.constructor?.name ?? 'no class'}`;
}
