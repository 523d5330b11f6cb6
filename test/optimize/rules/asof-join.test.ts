import { expect, test } from 'vitest';
import type { Rule } from '../../../src/optimize/rule.ts';
import { eliminateSort } from '../../../src/optimize/rules/eliminate-sort.ts';
import { orderJoins } from '../../../src/optimize/rules/order-joins.ts';
import { pruneColumns } from '../../../src/optimize/rules/prune-columns.ts';
import { pushFilters } from '../../../src/optimize/rules/push-filters.ts';
import { pushLimit } from '../../../src/optimize/rules/push-limit.ts';
import { removeEmpty } from '../../../src/optimize/rules/remove-empty.ts';
import { simplifyOuterJoins } from '../../../src/optimize/rules/simplify-outer-joins.ts';
import { runSteps } from '../../../src/optimize/run-steps.ts';
import { outputOf } from '../../../src/plan/columns.ts';
import { explainPlan } from '../../../src/plan/explain.ts';
import type { ColumnRef } from '../../../src/plan/expr.ts';
import type { AsofJoinPlan, LogicalPlan } from '../../../src/plan/logical-plan.ts';
import { FLOAT64, INT32 } from '../../../src/types/data-type.ts';
import type { AsofJoinType } from '../../../src/types/join-type.ts';
import {
  divide,
  eq,
  filter,
  gt,
  int,
  isNull,
  join,
  limit,
  literal,
  lt,
  PlanBuilder,
  random,
  sort,
  testFunctions,
} from '../../support/plan.ts';

const setup = () => {
  const b = new PlanBuilder();
  const t = b.scan('t', { k: INT32, at: INT32, x: INT32 }, 1000);
  const q = b.scan('q', { k: INT32, at: INT32, price: INT32 }, 100_000);
  const asof = (type: AsofJoinType, left: LogicalPlan = t.plan, right: LogicalPlan = q.plan): AsofJoinPlan => ({
    kind: 'asof-join',
    type,
    left,
    right,
    keys: [{ left: t.k, right: q.k, nullsEqual: false }],
    match: { op: '>=', left: t.at, right: q.at },
  });
  return { b, t, q, asof };
};

function after(plan: LogicalPlan, rules: readonly Rule[], needed?: readonly ColumnRef[]): string {
  const ids = new Set(needed?.map(c => c.id));
  const output = outputOf(plan).filter(c => needed === undefined || ids.has(c.id));
  const steps = [{ name: 'test', rules }];
  return explainPlan(runSteps({ plan, output }, { steps, functions: testFunctions, strict: true }).plan);
}

test('push-filters: conditions on left rows go down, those on the right side, on both, and what may fail stay', () => {
  const { t, q, asof } = setup();
  const fails = gt(divide(t.x, t.k), literal(FLOAT64, 1));
  const volatile = lt(random(), literal(FLOAT64, 0.5));
  const plan = filter(asof('left'), gt(t.k, int(1)), gt(q.k, int(2)), gt(q.price, t.x), fails, volatile);
  expect(after(plan, [pushFilters])).toMatchInlineSnapshot(`
    "filter k#3 > 2 and price > x and fails(x, k#0) > 1 and random() < 0.5
      asof left join on k#0 = k#3 and at#1 >= at#4
        scan t [k#0, at#1, x] where k#0 > 1
        scan q [k#3, at#4, price]"
  `);
});

test('simplify-outer-joins: what rejects the missing row makes the join inner; IS NULL does not', () => {
  const { q, asof } = setup();
  expect(after(filter(asof('left'), gt(q.price, int(1))), [simplifyOuterJoins])).toMatchInlineSnapshot(`
    "filter price > 1
      asof inner join on k#0 = k#3 and at#1 >= at#4
        scan t [k#0, at#1, x]
        scan q [k#3, at#4, price]"
  `);
  expect(after(filter(asof('left'), isNull(q.price)), [simplifyOuterJoins])).toMatchInlineSnapshot(`
    "filter price is null
      asof left join on k#0 = k#3 and at#1 >= at#4
        scan t [k#0, at#1, x]
        scan q [k#3, at#4, price]"
  `);
});

test('simplify-outer-joins: a left join below the right side stays, its rows may be the nearest', () => {
  const { b, t, q, asof } = setup();
  const u = b.scan('u', { k: INT32, y: INT32 });
  const right = join('left', q.plan, u.plan, eq(q.k, u.k));
  expect(after(filter(asof('inner', t.plan, right), gt(u.y, int(1))), [simplifyOuterJoins])).toMatchInlineSnapshot(`
    "filter y > 1
      asof inner join on k#0 = k#3 and at#1 >= at#4
        scan t [k#0, at#1, x]
        left join on k#3 = k#6
          scan q [k#3, at#4, price]
          scan u [k#6, y]"
  `);
});

test('prune-columns: keys stay as long as the join does; a left join of which nothing is read goes', () => {
  const { t, q, asof } = setup();
  expect(after(asof('left'), [pruneColumns], [t.x, q.price])).toMatchInlineSnapshot(`
    "asof left join on k#0 = k#3 and at#1 >= at#4
      scan t [k#0, at#1, x]
      scan q [k#3, at#4, price]"
  `);
  expect(after(asof('left'), [pruneColumns], [t.x])).toMatchInlineSnapshot(`"scan t [x]"`);
  expect(after(asof('inner'), [pruneColumns], [t.x])).toMatchInlineSnapshot(`
    "asof inner join on k#0 = k#3 and at#1 >= at#4
      scan t [k#0, at#1, x]
      scan q [k#3, at#4]"
  `);
});

test('remove-empty: without right rows there are no matches', () => {
  const { t, q, asof } = setup();
  const none: LogicalPlan = { kind: 'empty', columns: outputOf(q.plan) };
  const types = ['inner', 'left', 'semi', 'anti'] as const;
  expect(types.map(type => after(asof(type, t.plan, none), [removeEmpty])).join('\n')).toMatchInlineSnapshot(`
    "empty [k#0, at#1, x, k#3, at#4, price]
    project k#0, at#1, x, k#3 := NULL, at#4 := NULL, price := NULL
      scan t [k#0, at#1, x]
    empty [k, at, x]
    scan t [k, at, x]"
  `);
  expect(after(asof('left', { kind: 'empty', columns: outputOf(t.plan) }), [removeEmpty])).toMatchInlineSnapshot(
    `"empty [k#0, at#1, x, k#3, at#4, price]"`,
  );
});

test('eliminate-sort, push-limit, order-joins: orders below are not made; limits and joins do not move past', () => {
  const { b, t, q, asof } = setup();
  expect(after(asof('inner', sort(t.plan, t.x), sort(q.plan, q.price)), [eliminateSort])).toMatchInlineSnapshot(`
    "asof inner join on k#0 = k#3 and at#1 >= at#4
      scan t [k#0, at#1, x]
      scan q [k#3, at#4, price]"
  `);
  expect(after(limit(asof('inner'), 5), [pushLimit])).toMatchInlineSnapshot(`
    "limit 5
      asof inner join on k#0 = k#3 and at#1 >= at#4
        scan t [k#0, at#1, x]
        scan q [k#3, at#4, price]"
  `);
  const u = b.scan('u', { k: INT32 }, 10);
  expect(after(join('inner', asof('inner'), u.plan, eq(q.k, u.k)), [orderJoins])).toMatchInlineSnapshot(`
    "inner join on k#3 = k#6
      asof inner join on k#0 = k#3 and at#1 >= at#4
        scan t [k#0, at#1, x]
        scan q [k#3, at#4, price]
      scan u [k#6]"
  `);
});
