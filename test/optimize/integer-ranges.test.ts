import { expect, test } from 'vitest';
import { builtinFunctions } from '../../src/functions/registry.ts';
import { Effects } from '../../src/optimize/effects.ts';
import { integerRanges } from '../../src/optimize/integer-ranges.ts';
import type { BoundExpr } from '../../src/plan/expr.ts';
import { columnRef } from '../../src/plan/literals.ts';
import { INT8, INT32, INT64 } from '../../src/types/data-type.ts';
import { int, PlanBuilder } from '../support/plan.ts';

const sum = (a: BoundExpr, b: BoundExpr, fn = '+'): BoundExpr => ({
  kind: 'call',
  fn,
  overload: 'int32',
  args: [a, b],
  type: INT32,
});

test('sums of columns with known bounds do not fail, as long as they stay in their type', () => {
  const b = new PlanBuilder();
  const known = b.scan('t', { k: INT32, x: INT32 }, 100, {
    k: { min: { type: INT32, value: 1 }, max: { type: INT32, value: 2_000_000_000 } },
  });
  const effects = new Effects(builtinFunctions, () => integerRanges(known.plan));
  expect(new Effects(builtinFunctions).mayFail(sum(known.k, int(1)))).toBe(true);
  expect(effects.mayFail(sum(known.k, int(147_483_647)))).toBe(false);
  expect(effects.mayFail(sum(known.k, int(147_483_648)))).toBe(true);
  expect(effects.mayFail(sum(int(1), known.k, '-'))).toBe(false);
  expect(effects.mayFail(sum(known.k, known.x))).toBe(true);
  expect(effects.mayFail({ kind: 'cast', input: known.k, type: INT8, try: false })).toBe(true);
});

test('bounds go through projections and counts; they are no reason to trust other functions', () => {
  const b = new PlanBuilder();
  const t = b.scan('t', { k: INT32 }, 100, {
    k: { min: { type: INT32, value: -5 }, max: { type: INT32, value: 5 } },
  });
  const grouped = b.aggregate(b.project(t.plan, { s: sum(t.k, t.k) }), {}, { n: ['count'] });
  const ranges = integerRanges(grouped);
  const effects = new Effects(builtinFunctions, () => ranges);
  const count = grouped.refs['n']!;
  const next: BoundExpr = { kind: 'call', fn: '+', overload: 'int64', args: [count, count], type: INT64 };
  expect([...ranges.values()]).toEqual([
    { min: -5n, max: 5n },
    { min: -10n, max: 10n },
    { min: 0n, max: 2n ** 53n },
  ]);
  expect(effects.mayFail(next)).toBe(false);
  expect(effects.mayFail({ ...next, fn: '*' })).toBe(true);
  expect(columnRef(grouped.aggregates[0]!.column)).toEqual(count);
});
