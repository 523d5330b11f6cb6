import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { literal } from '../../../frontends/dataframe/literal.ts';
import * as types from '../../../src/types/data-type.ts';
import type { Scalar } from '../../../src/types/scalar.ts';

const scalar = (value: unknown): Scalar => (literal(value) as { value: Scalar }).value;

describe('numbers', () => {
  it.each<[number, Scalar]>([
    [1, { type: types.INT32, value: 1 }],
    [-0, { type: types.INT32, value: 0 }],
    [-(2 ** 31), { type: types.INT32, value: -2147483648 }],
    [2 ** 31, { type: types.INT64, value: '2147483648' }],
    [1e18, { type: types.INT64, value: '1000000000000000000' }],
    [1e19, { type: types.FLOAT64, value: 1e19 }],
    [1e300, { type: types.FLOAT64, value: 1e300 }],
    [0.05, { type: types.decimal(3, 2), value: '5' }],
    [-12.5, { type: types.decimal(3, 1), value: '-125' }],
    [0.0001, { type: types.decimal(5, 4), value: '1' }],
    [1e-7, { type: types.FLOAT64, value: 1e-7 }],
    [Number.NaN, { type: types.FLOAT64, value: 'NaN' }],
    [-Infinity, { type: types.FLOAT64, value: '-Infinity' }],
  ])('%d', (value, expected) => {
    expect(scalar(value)).toEqual(expected);
  });

  it('keep their value, and fit their type', () => {
    fc.assert(
      fc.property(fc.double(), x => {
        const { type, value } = scalar(x);
        if (type.kind === 'decimal') {
          expect(Number(`${value}e-${type.scale}`)).toBe(x);
          expect(String(value).replace('-', '').length).toBeLessThanOrEqual(type.precision);
          expect(type.precision).toBeLessThanOrEqual(38);
        } else {
          expect(Number(value)).toEqual(x + 0);
        }
      }),
    );
  });
});

describe('other values', () => {
  it.each<[unknown, Scalar]>([
    [5n, { type: types.INT64, value: '5' }],
    [-(2n ** 63n), { type: types.INT64, value: '-9223372036854775808' }],
    [2n ** 63n, { type: types.INT128, value: '9223372036854775808' }],
    ['x', { type: types.UTF8, value: 'x' }],
    [true, { type: types.BOOLEAN, value: true }],
    [null, { type: types.NULL, value: null }],
    [new Date('1970-01-01T00:00:01.5Z'), { type: types.TIMESTAMP, value: '1500000' }],
    [new Uint8Array([1, 2, 255]), { type: types.BINARY, value: 'AQL/' }],
  ])('%s', (value, expected) => {
    expect(scalar(value)).toEqual(expected);
  });

  it.each<[unknown, string]>([
    [undefined, 'undefined is not a value that a query can hold\nhint: NULL is null, not undefined'],
    [{ a: 1 }, 'an object of Object is not a value'],
    [[1], 'an array is not a value'],
    [new Date('x'), 'an invalid Date is not a value'],
    [2n ** 127n, 'is outside the range of HUGEINT'],
    [Math.max, 'a function (max) is not a value'],
  ])('refuse %s', (value, message) => {
    expect(() => scalar(value)).toThrow(message);
  });
});
