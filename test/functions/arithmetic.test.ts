import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { RayexecError } from '../../src/common/errors.ts';
import { type Arithmetic, INT_TYPES } from '../../src/functions/arithmetic.ts';
import { ExprEvaluator } from '../../src/functions/evaluate.ts';
import { typeOf } from '../../src/plan/expr.ts';
import {
  type DataType,
  decimal,
  FLOAT32,
  FLOAT64,
  INT32,
  INT64,
  INT128,
  NULL,
  UINT8,
} from '../../src/types/data-type.ts';
import type { RawValue } from '../../src/types/raw-value.ts';
import { typeName } from '../../src/types/type-name.ts';
import { call, callOn, constant, evaluate, input, literal } from '../support/call.ts';
import { constantOf, rowsOf, testContext, vectorOf } from '../support/engine.ts';
import { rawValues } from '../support/values.ts';

type Exact = (x: bigint, y: bigint) => bigint | undefined;
const EXACT: Readonly<Record<Arithmetic, Exact>> = {
  '+': (x, y) => x + y,
  '-': (x, y) => x - y,
  '*': (x, y) => x * y,
  '//': (x, y) => (y === 0n ? undefined : x / y),
  '%': (x, y) => (y === 0n ? undefined : x % y),
};

const fits = (type: Extract<DataType, { kind: 'int' }>, v: bigint): boolean =>
  (type.signed ? BigInt.asIntN(type.bits, v) : BigInt.asUintN(type.bits, v)) === v;

describe.each(Object.keys(EXACT) as Arithmetic[])('%s on integers', op => {
  it.each(INT_TYPES.map(t => [typeName(t), t] as const))(
    '%s agrees with BigInt, or fails where the result does not fit',
    (_, type) => {
      const int = type as Extract<DataType, { kind: 'int' }>;
      const pairs = fc.array(fc.tuple(rawValues(type), rawValues(type)), { minLength: 1, maxLength: 20 });
      fc.assert(
        fc.property(pairs, fc.boolean(), (rows, isConstant) => {
          const ctx = testContext();
          const xs = rows.map(r => r[0]);
          const ys = rows.map(r => (isConstant ? rows[0]![1] : r[1]));
          const expected = xs.map((x, i) => exact(op, int, x, ys[i]!));
          const right = isConstant ? constantOf(ctx, type, ys[0]!, rows.length) : vectorOf(ctx, type, ys);
          const run = () => evaluate(ctx, call(op, input(0, type), input(1, type)), [vectorOf(ctx, type, xs), right]);
          if (expected.includes(undefined)) expect(run).toThrow(/overflow|division by zero/);
          else expect(run()).toEqual(expected);
        }),
        { numRuns: 60 },
      );
    },
  );
});

/** NULL in, NULL out; undefined where the engine must fail. */
function exact(
  op: Arithmetic,
  type: Extract<DataType, { kind: 'int' }>,
  x: RawValue,
  y: RawValue,
): RawValue | undefined {
  if (x === null || y === null) return null;
  const result = EXACT[op](BigInt(x as number), BigInt(y as number));
  if (result === undefined || !fits(type, result)) return undefined;
  return type.bits <= 32 ? Number(result) : result;
}

describe('decimals', () => {
  const cases: [string, Arithmetic | '/', DataType, DataType, string][] = [
    ['one digit more', '+', decimal(4, 1), decimal(18, 3), 'DECIMAL(19,3)'],
    ['at most 38', '-', decimal(38, 10), decimal(4, 1), 'DECIMAL(38,10)'],
    ['integers as decimals', '+', decimal(4, 1), INT32, 'DECIMAL(12,1)'],
    ['products add digits', '*', decimal(4, 1), decimal(4, 1), 'DECIMAL(8,2)'],
    ['products of up to 18 digits stay there', '*', decimal(15, 2), decimal(16, 2), 'DECIMAL(18,4)'],
    ['wider products go to 38', '*', decimal(30, 5), decimal(18, 3), 'DECIMAL(38,8)'],
    ['products with BIGINT', '*', INT64, decimal(18, 3), 'DECIMAL(37,3)'],
    ['remainders have the common type', '%', INT32, decimal(4, 1), 'DECIMAL(11,1)'],
    ['remainders beyond 38 digits are doubles', '%', INT128, decimal(4, 1), 'DOUBLE'],
    ['quotients are doubles', '/', decimal(4, 1), decimal(4, 1), 'DOUBLE'],
    ['floats win', '+', decimal(4, 1), FLOAT32, 'FLOAT'],
    ['NULL takes the type', '*', decimal(4, 1), NULL, 'DECIMAL(8,2)'],
  ];
  it.each(cases)('%s', (_, op, a, b, expected) => {
    expect(typeName(typeOf(call(op, input(0, a), input(1, b))))).toBe(expected);
  });

  it.each(['+', '-', '*'] as const)('%s is exact for every width', op => {
    const types = [decimal(9, 2), decimal(18, 4), decimal(25, 3), decimal(38, 2)];
    const pair = fc
      .tuple(fc.constantFrom(...types), fc.constantFrom(...types))
      .chain(([a, b]) =>
        fc.record({ a: fc.constant(a), b: fc.constant(b), x: rawValues(a, false), y: rawValues(b, false) }),
      );
    fc.assert(
      fc.property(pair, ({ a, b, x, y }) => {
        const expr = call(op, input(0, a), input(1, b));
        const type = typeOf(expr) as Extract<DataType, { kind: 'decimal' }>;
        const scaleOf = (t: DataType): number => (t as typeof type).scale;
        const up = (v: bigint, from: number): bigint => v * 10n ** BigInt(type.scale - from);
        const wide =
          op === '*'
            ? (x as bigint) * (y as bigint)
            : EXACT[op](up(x as bigint, scaleOf(a)), up(y as bigint, scaleOf(b)))!;
        const limit = 10n ** BigInt(type.precision);
        const ctx = testContext();
        const run = () => evaluate(ctx, expr, [vectorOf(ctx, a, [x]), vectorOf(ctx, b, [y])]);
        if (wide >= limit || wide <= -limit) expect(run).toThrow(/does not fit/);
        else if (
          op !== '*' &&
          [up(x as bigint, scaleOf(a)), up(y as bigint, scaleOf(b))].some(v => v >= limit || v <= -limit)
        ) {
          // The operand itself has no place in the result's type.
          expect(run).toThrow(/does not fit/);
        } else expect(run()).toEqual([wide]);
      }),
    );
  });
});

describe('floats', () => {
  it('follow IEEE 754', () => {
    const doubles = fc.array(fc.tuple(fc.double(), fc.double()), { minLength: 1 });
    fc.assert(
      fc.property(doubles, rows => {
        const columns = [
          [FLOAT64, rows.map(r => r[0])],
          [FLOAT64, rows.map(r => r[1])],
        ] as const;
        expect(callOn('+', ...columns)).toEqual(rows.map(([x, y]) => x + y));
        expect(callOn('-', ...columns)).toEqual(rows.map(([x, y]) => x - y));
        expect(callOn('*', ...columns)).toEqual(rows.map(([x, y]) => x * y));
        expect(callOn('/', ...columns)).toEqual(rows.map(([x, y]) => x / y));
        expect(callOn('%', ...columns)).toEqual(rows.map(([x, y]) => x % y));
      }),
    );
  });

  it('come of dividing integers', () => {
    expect(callOn('/', [INT32, [7, 1, null]], [INT32, [2, 0, 1]])).toEqual([3.5, Number.POSITIVE_INFINITY, null]);
  });
});

describe('errors', () => {
  it('name the values and the type, and the place of the call', () => {
    const ctx = testContext();
    const expr = { ...call('+', input(0, INT32), literal(INT32, 1)), span: { start: 7, end: 12 } };
    const evaluator = new ExprEvaluator(expr, ctx);
    const run = () =>
      evaluator.evaluate([vectorOf(ctx, INT32, [1, 2147483647])], { count: 2, selection: 0, selected: 2 });
    expect(run).toThrow('integer overflow: 2147483647 + 1 does not fit INTEGER');
    try {
      run();
    } catch (e) {
      expect((e as RayexecError).span).toEqual({ start: 7, end: 12 });
    }
  });

  it('come only from rows that are selected and not NULL', () => {
    const ctx = testContext();
    const columns = [vectorOf(ctx, UINT8, [255, 1, null]), vectorOf(ctx, UINT8, [1, 1, 255])];
    const expr = call('+', input(0, UINT8), input(1, UINT8));
    expect(evaluate(ctx, expr, columns, rowsOf(ctx, 3, [1, 2]))).toEqual([2, null]);
    expect(() => evaluate(ctx, expr, columns)).toThrow('255 + 1 does not fit UTINYINT');
  });

  it('do not come from what NULL rows hold', () => {
    const ctx = testContext();
    const type = decimal(18, 0);
    const column = vectorOf(ctx, decimal(17, 0), [null, 5n]);
    ctx.memory.i64[column.data / 8] = -(2n ** 63n);
    expect(evaluate(ctx, call('+', input(0, decimal(17, 0)), input(0, decimal(17, 0))), [column])).toEqual([null, 10n]);
    expect(evaluate(ctx, call('negate', input(0, type)), [column.as(type)])).toEqual([null, -5n]);
    expect(evaluate(ctx, call('abs', input(0, type)), [column.as(type)])).toEqual([null, 5n]);
  });

  it('tell a division by zero apart', () => {
    expect(() => callOn('//', [INT32, [7]], [INT32, [0]])).toThrow('division by zero: 7 // 0');
    expect(() => callOn('//', [FLOAT64, [7.5]], [FLOAT64, [0]])).toThrow('division by zero: 7.5 // 0.0');
    expect(() => callOn('%', [decimal(3, 1), [75n]], [decimal(3, 1), [0n]])).toThrow('division by zero: 7.5 % 0.0');
  });
});

it('products near the limit of 64 bits are checked exactly', () => {
  const max = 2n ** 63n - 1n;
  const cases: [bigint, bigint][] = [
    [-1n, -max],
    [-max, -1n],
    [3037000499n, 3037000500n],
    [-1n, -max - 1n],
    [7n, max / 7n],
    [7n, max / 7n + 1n],
  ];
  for (const [x, y] of cases) {
    const run = () => callOn('*', [INT64, [x]], [INT64, [y]]);
    if (x * y > max) expect(run).toThrow('does not fit BIGINT');
    else expect(run()).toEqual([x * y]);
  }
});

it('integer literals take the type beside them when they fit', () => {
  expect(typeName(typeOf(call('+', input(0, UINT8), literal(INT32, 1))))).toBe('UTINYINT');
  expect(typeName(typeOf(call('+', input(0, UINT8), literal(INT32, 300))))).toBe('INTEGER');
  expect(typeName(typeOf(call('+', literal(NULL, null), literal(NULL, null))))).toBe('BIGINT');
  expect(evaluate(testContext(), call('-', constant(INT32, 1), literal(NULL, null)), [])).toEqual([null]);
});

it('negation turns every sign', () => {
  expect(callOn('negate', [INT32, [5, -5, null]])).toEqual([-5, 5, null]);
  expect(callOn('negate', [FLOAT64, [0, -1.5]])).toEqual([-0, 1.5]);
  expect(callOn('negate', [decimal(38, 2), [150n, -(10n ** 37n)]])).toEqual([-150n, 10n ** 37n]);
  expect(() => callOn('negate', [INT128, [-(2n ** 127n)]])).toThrow('does not fit HUGEINT');
});
