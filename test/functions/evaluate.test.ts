import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { allRows } from '../../src/batch/batch.ts';
import { Vector } from '../../src/batch/vector.ts';
import { ExprEvaluator } from '../../src/functions/evaluate.ts';
import type { PhysicalExpr } from '../../src/plan/expr.ts';
import { BOOLEAN, FLOAT64, INT32, INT64, list, UTF8 } from '../../src/types/data-type.ts';
import { type RawValue, rawToScalar } from '../../src/types/raw-value.ts';
import { call, evaluate, input, literal } from '../support/call.ts';
import {
  constantOf,
  positionsOf,
  rowsOf,
  type TestContext,
  testContext,
  valuesOf,
  vectorOf,
} from '../support/engine.ts';
import { rawValues } from '../support/values.ts';

type Truth = boolean | null;
const truths = fc.constantFrom<Truth>(true, false, null);
const table = (columns: number) =>
  fc.array(fc.array(truths, { minLength: columns, maxLength: columns }), { minLength: 1, maxLength: 30 });

const and = (values: readonly Truth[]): Truth => (values.includes(false) ? false : values.includes(null) ? null : true);
const or = (values: readonly Truth[]): Truth => (values.includes(true) ? true : values.includes(null) ? null : false);

/** Boolean columns in some form each: flat, dictionary, constant where they can be. */
function columnsOf(ctx: TestContext, rows: readonly (readonly Truth[])[], forms: readonly number[]): Vector[] {
  return rows[0]!.map((_, c) => {
    const values = rows.map(r => r[c]!);
    if (forms[c]! % 3 === 1) {
      const codes = vectorOf(
        ctx,
        INT32,
        values.map(v => (v === null ? 2 : v ? 1 : 0)),
      );
      return Vector.coded(vectorOf(ctx, BOOLEAN, [false, true, null]), values.length, codes.data);
    }
    if (forms[c]! % 3 === 2 && values.every(v => v === values[0]))
      return constantOf(ctx, BOOLEAN, values[0]!, values.length);
    return vectorOf(ctx, BOOLEAN, values);
  });
}

describe.each([
  ['and', and],
  ['or', or],
] as const)('%s', (kind, oracle) => {
  const expr: PhysicalExpr = { kind, args: [0, 1, 2].map(i => input(i, BOOLEAN)) };

  it('has three values', () => {
    fc.assert(
      fc.property(table(3), fc.array(fc.nat(), { minLength: 3, maxLength: 3 }), (rows, forms) => {
        const ctx = testContext();
        expect(evaluate(ctx, expr, columnsOf(ctx, rows, forms))).toEqual(rows.map(oracle));
      }),
    );
  });

  it('selects the rows where it is true', () => {
    fc.assert(
      fc.property(
        table(3),
        fc.array(fc.nat(), { minLength: 3, maxLength: 3 }),
        fc.func(fc.boolean()),
        (rows, forms, keep) => {
          const ctx = testContext();
          const some = rows.map((_, i) => i).filter(i => keep(i));
          const evaluator = new ExprEvaluator(expr, ctx);
          const selected = evaluator.select(columnsOf(ctx, rows, forms), rowsOf(ctx, rows.length, some));
          expect(positionsOf(ctx, selected)).toEqual(some.filter(i => oracle(rows[i]!) === true));
          const all = evaluator.select(columnsOf(ctx, rows, forms), allRows(rows.length));
          expect(positionsOf(ctx, all)).toEqual(rows.map((_, i) => i).filter(i => oracle(rows[i]!) === true));
        },
      ),
    );
  });
});

const x = input(0, INT32);
const tenOverX = call('//', literal(INT32, 10), x);

describe('what can fail', () => {
  it('runs only on the rows that are still open', () => {
    const ctx = testContext();
    const columns = [vectorOf(ctx, INT32, [5, 0, 2, null, 100])];
    const guarded: PhysicalExpr = {
      kind: 'and',
      args: [call('<>', x, literal(INT32, 0)), call('>', tenOverX, literal(INT32, 0))],
    };
    expect(evaluate(ctx, guarded, columns)).toEqual([true, false, true, null, false]);
    const positions = new ExprEvaluator(guarded, ctx).select(columns, allRows(5));
    expect(positionsOf(ctx, positions)).toEqual([0, 2]);
    const either: PhysicalExpr = {
      kind: 'or',
      args: [call('=', x, literal(INT32, 0)), call('>', tenOverX, literal(INT32, 0))],
    };
    expect(evaluate(ctx, either, columns)).toEqual([true, true, true, null, false]);
    const chosen: PhysicalExpr = {
      kind: 'case',
      branches: [{ when: call('=', x, literal(INT32, 0)), result: literal(INT32, -1) }],
      otherwise: tenOverX,
      type: INT32,
    };
    expect(evaluate(ctx, chosen, columns)).toEqual([2, -1, 5, null, 0]);
    const first: PhysicalExpr = { kind: 'coalesce', args: [x, tenOverX], type: INT32 };
    expect(evaluate(ctx, first, columns)).toEqual([5, 0, 2, null, 100]);
  });

  it('does not run when it is constant but no row needs it', () => {
    const ctx = testContext();
    const expr: PhysicalExpr = {
      kind: 'case',
      branches: [{ when: literal(BOOLEAN, false), result: call('//', literal(INT32, 1), literal(INT32, 0)) }],
      otherwise: x,
      type: INT32,
    };
    expect(evaluate(ctx, expr, [vectorOf(ctx, INT32, [7])])).toEqual([7]);
    const empty = new ExprEvaluator(call('//', literal(INT32, 1), literal(INT32, 0)), ctx);
    expect(() => empty.evaluate([], { count: 1, selection: 0, selected: 0 })).not.toThrow();
    expect(() => empty.evaluate([], allRows(1))).toThrow('division by zero');
  });
});

describe('case and coalesce', () => {
  it('choose row by row, for every form of a part', () => {
    const rows = fc.array(fc.tuple(truths, truths, rawValues(UTF8), rawValues(UTF8), rawValues(UTF8)), {
      minLength: 1,
      maxLength: 30,
    });
    const expr: PhysicalExpr = {
      kind: 'case',
      branches: [
        { when: input(0, BOOLEAN), result: input(2, UTF8) },
        { when: input(1, BOOLEAN), result: literal(UTF8, 'b') },
      ],
      otherwise: input(3, UTF8),
      type: UTF8,
    };
    const coalesced: PhysicalExpr = { kind: 'coalesce', args: [2, 3, 4].map(i => input(i, UTF8)), type: UTF8 };
    fc.assert(
      fc.property(rows, rows => {
        const ctx = testContext();
        const column = (c: number) => rows.map(r => r[c] as RawValue);
        const codes = vectorOf(
          ctx,
          INT32,
          rows.map((_, i) => i),
        );
        const columns = [
          vectorOf(ctx, BOOLEAN, column(0)),
          vectorOf(ctx, BOOLEAN, column(1)),
          vectorOf(ctx, UTF8, column(2)),
          Vector.coded(vectorOf(ctx, UTF8, column(3)), rows.length, codes.data),
          vectorOf(ctx, UTF8, column(4)),
        ];
        expect(evaluate(ctx, expr, columns)).toEqual(rows.map(r => (r[0] ? r[2] : r[1] ? 'b' : r[3])));
        expect(evaluate(ctx, coalesced, columns)).toEqual(rows.map(r => r[2] ?? r[3] ?? r[4]));
      }),
    );
  });

  it('put lists together', () => {
    const ctx = testContext();
    const type = list(INT32);
    const expr: PhysicalExpr = { kind: 'coalesce', args: [input(0, type), input(1, type)], type };
    const columns = [vectorOf(ctx, type, [[1], null, null]), vectorOf(ctx, type, [[9], [2, null], null])];
    expect(evaluate(ctx, expr, columns)).toEqual([[1], [2, null], null]);
  });
});

describe('dictionaries', () => {
  /** 'a', 'b', NULL by code; the last code is used by no row and would fail. */
  const coded = (ctx: TestContext, codes: readonly (number | null)[]): Vector => {
    const vector = vectorOf(ctx, INT32, codes);
    return Vector.coded(vectorOf(ctx, INT32, [1, 2, null, 2147483647]), codes.length, vector.data, vector.validity);
  };

  it('are worked on once per value, the result keeps the codes', () => {
    const ctx = testContext();
    const evaluator = new ExprEvaluator(call('-', x, literal(INT32, 1)), ctx);
    const column = coded(ctx, [0, 1, 1, 2, null]);
    const result = evaluator.evaluate([column], allRows(5));
    expect(result.form).toBe('dictionary');
    expect(valuesOf(ctx, result)).toEqual([0, 1, 1, null, null]);
    const again = evaluator.evaluate([column], allRows(5));
    expect(again.dictionary).toBe(result.dictionary);
    evaluator.close();
  });

  it('do not fail for values that no row has', () => {
    const ctx = testContext();
    expect(evaluate(ctx, call('+', x, literal(INT32, 1)), [coded(ctx, [0, 1, 2, 0])])).toEqual([2, 3, null, 2]);
  });

  it('select by the value of the code', () => {
    const ctx = testContext();
    const evaluator = new ExprEvaluator(call('=', x, literal(INT32, 2)), ctx);
    const column = coded(ctx, [0, 1, null, 1, 2]);
    expect(positionsOf(ctx, evaluator.select([column], allRows(5)))).toEqual([1, 3]);
    expect(positionsOf(ctx, evaluator.select([column], rowsOf(ctx, 5, [0, 3, 4])))).toEqual([3]);
    evaluator.close();
  });
});

describe('in', () => {
  const types = [INT32, INT64, FLOAT64, UTF8] as const;
  it('looks values up, NULL among the items makes a miss unknown', () => {
    const cases = fc.constantFrom(...types).chain(type =>
      fc.record({
        type: fc.constant(type),
        values: fc.array(rawValues(type), { minLength: 1, maxLength: 30 }),
        items: fc.array(rawValues(type), { maxLength: 12 }),
        negated: fc.boolean(),
      }),
    );
    fc.assert(
      fc.property(cases, ({ type, values, items, negated }) => {
        const ctx = testContext();
        // Some items are among the values.
        const all = [...items, ...values.slice(0, 3)];
        const expr: PhysicalExpr = {
          kind: 'in',
          input: input(0, type),
          items: all.map(v => rawToScalar(type, v)),
          negated,
        };
        const same = (a: RawValue, b: RawValue): boolean => (a === 0 && b === 0 ? true : Object.is(a, b));
        const expected = values.map(v => {
          if (v === null) return null;
          if (all.some(i => i !== null && same(i, v))) return !negated;
          return all.includes(null) ? null : negated;
        });
        expect(evaluate(ctx, expr, [vectorOf(ctx, type, values)])).toEqual(expected);
        const selected = new ExprEvaluator(expr, ctx).select([vectorOf(ctx, type, values)], allRows(values.length));
        expect(positionsOf(ctx, selected)).toEqual(expected.flatMap((e, i) => (e === true ? [i] : [])));
      }),
    );
  });
});

it('gives back all memory when closed', () => {
  const ctx = testContext();
  const before = ctx.memory.bytesInUse;
  const evaluator = new ExprEvaluator(call('+', literal(INT64, '1'), literal(INT64, '2')), { ...ctx });
  evaluator.evaluate([], allRows(1));
  evaluator.close();
  expect(ctx.memory.bytesInUse).toBe(before);
});
