import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { allRows } from '../../src/batch/batch.ts';
import { ExprEvaluator } from '../../src/functions/evaluate.ts';
import { typeOf } from '../../src/plan/expr.ts';
import {
  type DataType,
  decimal,
  FLOAT32,
  FLOAT64,
  INT8,
  INT32,
  INT64,
  INT128,
  UINT8,
  UINT64,
} from '../../src/types/data-type.ts';
import type { RawValue } from '../../src/types/raw-value.ts';
import { typeName } from '../../src/types/type-name.ts';
import { call, callOn, constant, evaluate, input, literal } from '../support/call.ts';
import { testContext, valuesOf, vectorOf } from '../support/engine.ts';
import { rawValues } from '../support/values.ts';

const nearly = (a: number, b: number): boolean =>
  Object.is(a, b) || Math.abs(a - b) <= 2e-15 * Math.max(Math.abs(a), Math.abs(b)) || Math.abs(a - b) < 1e-300;

describe.each([
  ['sqrt', Math.sqrt],
  ['exp', Math.exp],
  ['ln', Math.log],
  ['log2', Math.log2],
  ['log10', Math.log10],
  ['sin', Math.sin],
  ['cos', Math.cos],
  ['tan', Math.tan],
  ['asin', Math.asin],
  ['acos', Math.acos],
  ['atan', Math.atan],
  ['sinh', Math.sinh],
  ['cosh', Math.cosh],
  ['tanh', Math.tanh],
  ['asinh', Math.asinh],
  ['acosh', Math.acosh],
  ['atanh', Math.atanh],
  ['cbrt', Math.cbrt],
] as [string, (x: number) => number][])('%s', (name, f) => {
  it('agrees with the platform', () => {
    const ranges = [20, 5e6].map(max => fc.double({ min: -max, max }));
    const numbers = fc.array(fc.oneof(fc.double(), ...ranges), { minLength: 1, maxLength: 50 });
    fc.assert(
      fc.property(numbers, xs => {
        const results = callOn(name, [FLOAT64, xs]) as number[];
        expect(xs.filter((x, i) => !nearly(results[i]!, f(x)))).toEqual([]);
      }),
    );
  });
});

it('powers and logarithms take two numbers', () => {
  expect(callOn('pow', [FLOAT64, [2, 0, -8]], [FLOAT64, [10, -1, 1 / 3]])).toEqual([
    1024,
    Number.POSITIVE_INFINITY,
    Number.NaN,
  ]);
  expect(callOn('log', [FLOAT64, [2, 10]], [FLOAT64, [8, 0.1]])).toEqual([3, -1]);
  expect(callOn('atan2', [FLOAT64, [1]], [FLOAT64, [2]])).toEqual([Math.atan2(1, 2)]);
  expect(callOn('nextafter', [FLOAT64, [1, 1, 0]], [FLOAT64, [2, 0, -1]])).toEqual([
    1 + 2 ** -52,
    1 - 2 ** -53,
    -5e-324,
  ]);
  expect(callOn('even', [FLOAT64, [2.1, -2.1, 4]])).toEqual([4, -4, 4]);
});

describe('abs and sign', () => {
  it.each([INT8, INT32, INT64, INT128, decimal(9, 2), decimal(38, 5)].map(t => [typeName(t), t] as const))(
    '%s',
    (_, type) => {
      const values = fc.array(rawValues(type), { minLength: 1, maxLength: 20 });
      fc.assert(
        fc.property(values, values => {
          const bits = type.kind === 'int' ? type.bits : 128;
          const lowest = -(2n ** BigInt(bits - 1));
          const magnitudes = values.map(v => (v === null ? null : (v as bigint) < 0 ? -(v as bigint) : v));
          if (type.kind === 'int' && values.some(v => v !== null && BigInt(v as number) === lowest)) {
            expect(() => callOn('abs', [type, values])).toThrow('does not fit');
          } else expect(callOn('abs', [type, values])).toEqual(magnitudes.map(v => (v === 0 ? 0 : v)));
          expect(callOn('sign', [type, values])).toEqual(
            values.map(v => (v === null ? null : Number((v as bigint) > 0) - Number((v as bigint) < 0))),
          );
        }),
        { numRuns: 40 },
      );
    },
  );

  it('floats', () => {
    expect(callOn('abs', [FLOAT64, [-1.5, -0, Number.NaN]])).toEqual([1.5, 0, Number.NaN]);
    expect(callOn('sign', [FLOAT64, [-1.5, 0, 7, Number.NaN]])).toEqual([-1, 0, 1, 0]);
    expect(callOn('abs', [UINT64, [2n ** 64n - 1n]])).toEqual([2n ** 64n - 1n]);
  });
});

describe('rounding', () => {
  const rounded = (name: string, type: DataType, value: RawValue, digits?: number): readonly [string, RawValue] => {
    const ctx = testContext();
    const args = digits === undefined ? [] : [literal(INT32, digits)];
    const expr = call(name, input(0, type), ...args);
    return [typeName(typeOf(expr)), evaluate(ctx, expr, [vectorOf(ctx, type, [value])])[0]!];
  };
  const cases: [string, DataType, RawValue, number | undefined, string, RawValue][] = [
    ['round', decimal(2, 1), 25n, undefined, 'DECIMAL(2,0)', 3n],
    ['round', decimal(3, 1), -25n, undefined, 'DECIMAL(3,0)', -3n],
    ['round', decimal(3, 1), 999n, undefined, 'DECIMAL(3,0)', 100n],
    ['round', decimal(7, 3), 1234567n, 1, 'DECIMAL(7,1)', 12346n],
    ['round', decimal(7, 3), 1234567n, -2, 'DECIMAL(7,0)', 1200n],
    ['round', decimal(7, 3), 1234567n, -9, 'DECIMAL(7,0)', 0n],
    ['round', decimal(2, 1), 15n, 3, 'DECIMAL(2,1)', 15n],
    ['round', decimal(38, 10), 10n ** 30n + 5n * 10n ** 9n, undefined, 'DECIMAL(38,0)', 10n ** 20n + 1n],
    ['trunc', decimal(5, 3), 12345n, 1, 'DECIMAL(5,1)', 123n],
    ['trunc', decimal(2, 1), -27n, undefined, 'DECIMAL(2,0)', -2n],
    ['floor', decimal(2, 1), -25n, undefined, 'DECIMAL(2,0)', -3n],
    ['ceil', decimal(2, 1), -25n, undefined, 'DECIMAL(2,0)', -2n],
    ['ceil', decimal(38, 1), 21n, undefined, 'DECIMAL(38,0)', 3n],
    ['round', FLOAT64, -2.5, undefined, 'DOUBLE', -3],
    ['round', FLOAT64, 0.49999999999999994, undefined, 'DOUBLE', 0],
    ['round', FLOAT64, 1234.567, 2, 'DOUBLE', 1234.57],
    ['round', FLOAT64, 1234.567, -2, 'DOUBLE', 1200],
    ['round', FLOAT64, 1.5, -400, 'DOUBLE', 0],
    ['round', FLOAT64, 0.5, 400, 'DOUBLE', 0.5],
    ['round', FLOAT32, Math.fround(2.567), 1, 'FLOAT', Math.fround(2.6)],
    ['trunc', FLOAT64, -2.7, undefined, 'DOUBLE', -2],
    ['floor', FLOAT32, 1.5, undefined, 'FLOAT', 1],
    ['round', INT32, 15, -1, 'INTEGER', 20],
    ['round', INT32, -15, -1, 'INTEGER', -20],
    ['round', INT64, 12345678901n, -3, 'BIGINT', 12345679000n],
    ['trunc', INT32, 12399, -2, 'INTEGER', 12300],
    ['round', INT8, 3, undefined, 'TINYINT', 3],
    ['floor', INT32, 3, undefined, 'DOUBLE', 3],
  ];
  it.each(cases)('%s of %o %s to %s', (name, type, value, digits, resultType, result) => {
    expect(rounded(name, type, value, digits)).toEqual([resultType, result]);
  });

  it('fails where the type has no room', () => {
    expect(() => rounded('round', INT8, 127, -1)).toThrow('does not fit TINYINT');
  });
});

describe('bits', () => {
  it.each([INT8, INT32, INT64, INT128, UINT8, UINT64].map(t => [typeName(t), t] as const))('of %s', (_, type) => {
    const { bits, signed } = type as Extract<DataType, { kind: 'int' }>;
    const wrap = (v: bigint): RawValue => {
      const w = signed ? BigInt.asIntN(bits, v) : BigInt.asUintN(bits, v);
      return bits <= 32 ? Number(w) : w;
    };
    const count = (v: bigint): number => BigInt.asUintN(bits, v).toString(2).replaceAll('0', '').length;
    fc.assert(
      fc.property(rawValues(type, false), rawValues(type, false), (a, b) => {
        const [x, y] = [BigInt(a as number), BigInt(b as number)];
        const on = (name: string) => callOn(name, [type, [a]], [type, [b]])[0];
        expect([on('&'), on('|'), on('xor')]).toEqual([wrap(x & y), wrap(x | y), wrap(x ^ y)]);
        expect(callOn('~', [type, [a]])).toEqual([wrap(~x)]);
        expect(callOn('bit_count', [type, [a]])).toEqual([count(x)]);
      }),
      { numRuns: 40 },
    );
  });

  it.each([INT8, INT32, INT64, UINT8, UINT64].map(t => [typeName(t), t] as const))(
    'of %s can be shifted',
    (_, type) => {
      const { bits, signed } = type as Extract<DataType, { kind: 'int' }>;
      const max = 2n ** BigInt(signed ? bits - 1 : bits) - 1n;
      const small = fc.bigInt({ min: 0n, max: BigInt(bits) });
      const plain = (v: bigint): RawValue => (bits <= 32 ? Number(v) : v);
      fc.assert(
        fc.property(rawValues(type, false), small, (a, by) => {
          const x = BigInt(a as number);
          const shift = (name: string) => callOn(name, [type, [a]], [type, [plain(by)]])[0];
          expect(shift('>>')).toEqual(plain(by < BigInt(bits) ? x >> by : 0n));
          if (x < 0n || x << by > max) expect(() => shift('<<')).toThrow('does not fit');
          else expect(shift('<<')).toEqual(plain(x << by));
        }),
        { numRuns: 60 },
      );
    },
  );
});

it('divisors, multiples and factorials are exact', () => {
  expect(callOn('gcd', [INT64, [12n, -12n, 0n, null]], [INT64, [18n, 18n, 0n, 1n]])).toEqual([6n, 6n, 0n, null]);
  expect(callOn('lcm', [INT64, [4n, 0n]], [INT64, [6n, 5n]])).toEqual([12n, 0n]);
  expect(() => callOn('lcm', [INT64, [2n ** 62n]], [INT64, [2n ** 62n - 1n]])).toThrow('does not fit BIGINT');
  expect(callOn('factorial', [INT32, [0, 20]])).toEqual([1n, 2432902008176640000n]);
  expect(() => callOn('factorial', [INT32, [34]])).toThrow('does not fit HUGEINT');
  expect(() => callOn('factorial', [INT32, [-1]])).toThrow('negative');
});

it('floats are told apart', () => {
  const values = [FLOAT64, [1, Number.NaN, Number.NEGATIVE_INFINITY, null]] as const;
  expect(callOn('isnan', values)).toEqual([false, true, false, null]);
  expect(callOn('isinf', values)).toEqual([false, false, true, null]);
  expect(callOn('isfinite', values)).toEqual([true, false, false, null]);
});

it('random numbers differ from row to row and stay below 1', () => {
  const ctx = testContext();
  const evaluator = new ExprEvaluator(call('random'), ctx);
  const values = valuesOf(ctx, evaluator.evaluate([], allRows(100))) as number[];
  expect(new Set(values).size).toBe(100);
  expect(values.every(v => v >= 0 && v < 1)).toBe(true);
});

it('equal values hash alike', () => {
  const [a, b, c] = callOn('hash', [INT32, [1, 1, 2]]);
  expect(a).toBe(b);
  expect(a).not.toBe(c);
  expect(evaluate(testContext(), call('hash', constant(INT32, null)), [])[0]).not.toBe(null);
});
