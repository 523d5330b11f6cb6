import { expect, test } from 'vitest';
import type { Rule } from '../../../src/optimize/rule.ts';
import { eliminateSort } from '../../../src/optimize/rules/eliminate-sort.ts';
import { limitPartitions } from '../../../src/optimize/rules/limit-partitions.ts';
import { pruneColumns } from '../../../src/optimize/rules/prune-columns.ts';
import { pushFilters } from '../../../src/optimize/rules/push-filters.ts';
import { pushLimit } from '../../../src/optimize/rules/push-limit.ts';
import { runSteps } from '../../../src/optimize/run-steps.ts';
import { outputOf } from '../../../src/plan/columns.ts';
import { explainPlan } from '../../../src/plan/explain.ts';
import type { BoundExpr, BoundWindowCall, ColumnRef } from '../../../src/plan/expr.ts';
import { columnRef } from '../../../src/plan/literals.ts';
import type { LogicalPlan, PlanOf } from '../../../src/plan/logical-plan.ts';
import { FLOAT64, INT32, INT64 } from '../../../src/types/data-type.ts';
import {
  eq,
  filter,
  ge,
  gt,
  int,
  le,
  limit,
  literal,
  lt,
  PlanBuilder,
  random,
  sort,
  testFunctions,
} from '../../support/plan.ts';

const call = (fn: string, args: readonly ColumnRef[]): BoundWindowCall => ({
  fn,
  overload: 'test',
  args,
  distinct: false,
  type: INT64,
  nullable: false,
  ignoreNulls: false,
  frame: { unit: 'range', start: { kind: 'unbounded-preceding' }, end: { kind: 'current-row' } },
});

const setup = () => {
  const b = new PlanBuilder();
  const t = b.scan('t', { k: INT32, x: INT32, y: INT32 }, 100);
  const columns = { rn: b.column('rn', INT64, false), s: b.column('s', INT64, false) };
  const over = (input: LogicalPlan): PlanOf<'window'> => ({
    kind: 'window',
    input,
    partitionBy: [t.k],
    orderBy: [{ expr: t.x, descending: true, nullsFirst: false }],
    functions: [
      { column: columns.rn, call: call('row_number', []) },
      { column: columns.s, call: call('sum', [t.y]) },
    ],
  });
  return { t, over, rn: columnRef(columns.rn), s: columnRef(columns.s) };
};

function after(plan: LogicalPlan, rules: readonly Rule[], needed?: readonly ColumnRef[]): string {
  const ids = new Set(needed?.map(c => c.id));
  const output = outputOf(plan).filter(c => needed === undefined || ids.has(c.id));
  const steps = [{ name: 'test', rules }];
  return explainPlan(runSteps({ plan, output }, { steps, functions: testFunctions, strict: true }).plan);
}

test('push-filters: conditions on PARTITION BY go below, all others stay', () => {
  const { t, over, rn } = setup();
  const half = literal(FLOAT64, 0.5);
  const plan = filter(over(t.plan), gt(t.k, int(1)), gt(t.x, int(2)), lt(rn, literal(INT64, '3')), lt(random(), half));
  expect(after(plan, [pushFilters])).toMatchInlineSnapshot(`
    "filter x > 2 and rn < 3 and random() < 0.5
      window partition by k order by x desc: rn := row_number(), s := sum(y)
        scan t [k, x, y] where k > 1"
  `);
});

test('prune-columns: functions that nobody reads go away, and the node with the last of them', () => {
  const { t, over, rn } = setup();
  expect(after(over(t.plan), [pruneColumns], [rn])).toMatchInlineSnapshot(`
    "window partition by k order by x desc: rn := row_number()
      scan t [k, x]"
  `);
  expect(after(over(t.plan), [pruneColumns], [t.y])).toMatchInlineSnapshot(`"scan t [y]"`);
});

test('push-limit and eliminate-sort: every row of a partition counts, in the order in which it comes', () => {
  const { t, over } = setup();
  expect(after(limit(over(sort(t.plan, t.y)), 5), [pushLimit, eliminateSort])).toMatchInlineSnapshot(`
    "limit 5
      window partition by k order by x desc: rn := row_number(), s := sum(y)
        sort y
          scan t [k, x, y]"
  `);
});

test('limit-partitions: rows far from the start of their partition need no sorting', () => {
  const { t, over, rn } = setup();
  const ranked = (fns: readonly string[] = ['row_number']): PlanOf<'window'> => {
    const { functions, ...rest } = over(t.plan);
    return { ...rest, functions: fns.map((fn, i) => ({ ...functions[i]!, call: call(fn, []) })) };
  };
  const limitOf = (window: PlanOf<'window'>, ...conditions: BoundExpr[]): number | undefined => {
    const plan = runSteps(
      { plan: filter(window, ...conditions), output: [] },
      { steps: [{ name: 'test', rules: [limitPartitions] }], functions: testFunctions, strict: true },
    ).plan as PlanOf<'filter'>;
    return (plan.input as PlanOf<'window'>).limit;
  };
  const big = (n: number) => literal(INT64, String(n));
  expect(after(filter(ranked(), lt(rn, big(4)), gt(t.x, int(2))), [limitPartitions])).toMatchInlineSnapshot(`
    "filter rn < 4 and x > 2
      window partition by k order by x desc limit 3: rn := row_number()
        scan t [k, x, y]"
  `);
  expect(limitOf(ranked(), le(rn, big(5)), le(rn, big(2)))).toBe(2);
  expect(limitOf(ranked(['rank']), eq(rn, big(1)))).toBe(1);
  expect(limitOf(ranked(['row_number', 'dense_rank']), ge(big(3), rn))).toBe(3);
  // Not: a sum sees all rows, dense ranks leave out none, lower bounds none either, and nothing random is computed twice.
  expect(limitOf(over(t.plan), le(rn, big(2)))).toBeUndefined();
  expect(limitOf(ranked(['dense_rank']), le(rn, big(2)))).toBeUndefined();
  expect(limitOf(ranked(), ge(rn, big(2)), gt(t.x, int(2)))).toBeUndefined();
  expect(limitOf(ranked(), le(rn, big(1000)))).toBeUndefined();
  expect(limitOf(ranked(), le(rn, big(0)))).toBeUndefined();
  expect(limitOf({ ...ranked(), orderBy: [] }, le(rn, big(2)))).toBeUndefined();
  const byChance = [{ expr: random(), descending: false, nullsFirst: false }];
  expect(limitOf({ ...ranked(), orderBy: byChance }, le(rn, big(2)))).toBeUndefined();
});
