import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { allRows } from '../../src/batch/batch.ts';
import { compareRaw } from '../../src/batch/compare-raw.ts';
import { sortKey } from '../../src/batch/sort-key.ts';
import { ExprEvaluator } from '../../src/functions/evaluate.ts';
import { COMPARISONS } from '../../src/kernels/comparisons.ts';
import type { ComparisonName } from '../../src/plan/comparison.ts';
import { typeName } from '../../src/types/type-name.ts';
import { call, callOn, evaluate, input } from '../support/call.ts';
import { constantOf, positionsOf, rowsOf, testContext, vectorOf } from '../support/engine.ts';
import { FLAT_TYPES, NESTED_TYPES, rawValues } from '../support/values.ts';

const HOLDS: Readonly<Record<ComparisonName, (order: number) => boolean>> = {
  '=': c => c === 0,
  '<>': c => c !== 0,
  '<': c => c < 0,
  '<=': c => c <= 0,
  '>': c => c > 0,
  '>=': c => c >= 0,
};

describe.each([...FLAT_TYPES, ...NESTED_TYPES].map(t => [typeName(t), t] as const))('%s', (_, type) => {
  it('compares as values do, to booleans and to selections', () => {
    const pairs = fc.array(fc.tuple(rawValues(type), fc.oneof(rawValues(type), fc.constant(undefined))), {
      minLength: 1,
      maxLength: 20,
    });
    fc.assert(
      fc.property(
        pairs,
        fc.constantFrom(...(Object.keys(COMPARISONS) as ComparisonName[])),
        fc.boolean(),
        (pairs, op, isConstant) => {
          const ctx = testContext();
          const left = pairs.map(p => p[0]);
          // Undefined stands for a value equal to the left one.
          const right = pairs.map(p => (p[1] === undefined ? p[0] : p[1]));
          const rights = isConstant ? right.map(() => right[0]!) : right;
          const columns = [
            vectorOf(ctx, type, left),
            isConstant ? constantOf(ctx, type, rights[0]!, left.length) : vectorOf(ctx, type, rights),
          ];
          const expected = left.map((a, i) =>
            a === null || rights[i] === null ? null : HOLDS[op](compareRaw(type, a, rights[i]!)),
          );
          const expr = call(op, input(0, type), input(1, type));
          expect(evaluate(ctx, expr, columns)).toEqual(expected);
          const evaluator = new ExprEvaluator(expr, ctx);
          const trues = expected.flatMap((e, i) => (e === true ? [i] : []));
          expect(positionsOf(ctx, evaluator.select(columns, allRows(left.length)))).toEqual(trues);
          const odd = left.map((_, i) => i).filter(i => i % 2 === 1);
          expect(positionsOf(ctx, evaluator.select(columns, rowsOf(ctx, left.length, odd)))).toEqual(
            trues.filter(i => i % 2 === 1),
          );
        },
      ),
      { numRuns: 40 },
    );
  });

  it('has keys whose bytes are in the order of values', () => {
    fc.assert(
      fc.property(rawValues(type), rawValues(type), (a, b) => {
        fc.pre(a !== null && b !== null);
        const keys = [sortKey(type, a!), sortKey(type, b!)] as const;
        expect(Math.sign(Buffer.compare(...keys))).toBe(Math.sign(compareRaw(type, a, b)));
      }),
      { numRuns: 200 },
    );
  });

  it('is distinct from treats NULL as a value', () => {
    const pairs = fc.array(fc.tuple(rawValues(type), rawValues(type)), { minLength: 1, maxLength: 20 });
    fc.assert(
      fc.property(pairs, pairs => {
        const distinct = pairs.map(([a, b]) => (a === null || b === null ? a !== b : compareRaw(type, a, b) !== 0));
        const columns = [
          [type, pairs.map(p => p[0])],
          [type, pairs.map(p => p[1])],
        ] as const;
        expect(callOn('is distinct from', ...columns)).toEqual(distinct);
        expect(callOn('is not distinct from', ...columns)).toEqual(distinct.map(d => !d));
      }),
      { numRuns: 15 },
    );
  });

  it('greatest and least leave NULLs out', () => {
    const triples = fc.array(fc.tuple(rawValues(type), rawValues(type), rawValues(type)), {
      minLength: 1,
      maxLength: 20,
    });
    fc.assert(
      fc.property(triples, triples => {
        const columns = [0, 1, 2].map(c => [type, triples.map(t => t[c]!)] as const);
        const best = (sign: number) =>
          triples.map(
            t =>
              t
                .filter(v => v !== null)
                .reduce((a, b) => (a === undefined || compareRaw(type, b, a) * sign > 0 ? b : a), undefined as never) ??
              null,
          );
        const same = (a: readonly unknown[], b: readonly unknown[]): void =>
          expect(a.map((v, i) => v === b[i] || compareRaw(type, v as never, b[i] as never) === 0)).not.toContain(false);
        same(callOn('greatest', ...columns), best(1));
        same(callOn('least', ...columns), best(-1));
      }),
      { numRuns: 15 },
    );
  });

  it('is null and is not null look at nothing else', () => {
    fc.assert(
      fc.property(fc.array(rawValues(type), { minLength: 1, maxLength: 20 }), values => {
        const ctx = testContext();
        expect(callOn('is null', [type, values])).toEqual(values.map(v => v === null));
        expect(callOn('is not null', [type, values])).toEqual(values.map(v => v !== null));
        const isNull = new ExprEvaluator(call('is null', input(0, type)), ctx);
        const rows = isNull.select([vectorOf(ctx, type, values)], allRows(values.length));
        expect(positionsOf(ctx, rows)).toEqual(values.flatMap((v, i) => (v === null ? [i] : [])));
      }),
      { numRuns: 10 },
    );
  });
});
