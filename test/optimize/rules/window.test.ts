import { expect, test } from 'vitest';
import { eliminateSort } from '../../../src/optimize/rules/eliminate-sort.ts';
import { pruneColumns } from '../../../src/optimize/rules/prune-columns.ts';
import { pushFilters } from '../../../src/optimize/rules/push-filters.ts';
import { pushLimit } from '../../../src/optimize/rules/push-limit.ts';
import type { Rule } from '../../../src/optimize/rule.ts';
import { runSteps } from '../../../src/optimize/run-steps.ts';
import { outputOf } from '../../../src/plan/columns.ts';
import { explainPlan } from '../../../src/plan/explain.ts';
import type { BoundWindowCall, ColumnRef } from '../../../src/plan/expr.ts';
import type { LogicalPlan, PlanOf } from '../../../src/plan/logical-plan.ts';
import { columnRef } from '../../../src/plan/literals.ts';
import { FLOAT64, INT32, INT64 } from '../../../src/types/data-type.ts';
import { filter, gt, int, limit, literal, lt, PlanBuilder, random, sort, testFunctions } from '../../support/plan.ts';

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
