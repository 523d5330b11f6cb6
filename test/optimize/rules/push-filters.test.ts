import { expect, test } from 'vitest';
import { pushFilters } from '../../../src/optimize/rules/push-filters.ts';
import { runSteps } from '../../../src/optimize/run-steps.ts';
import { outputOf } from '../../../src/plan/columns.ts';
import { INT32, UTF8 } from '../../../src/types/data-type.ts';
import {
  afterRules,
  and,
  divide,
  eq,
  filter,
  gt,
  int,
  isNull,
  join,
  limit,
  lt,
  PlanBuilder,
  random,
  sort,
  testFunctions,
} from '../../support/plan.ts';

const setup = () => {
  const b = new PlanBuilder();
  return { b, t: b.scan('t', { k: INT32, x: INT32 }, 100), u: b.scan('u', { k: INT32, y: INT32, s: UTF8 }, 100) };
};
const push = (plan: Parameters<typeof afterRules>[0]): string => afterRules(plan, [pushFilters]);

test('conjuncts go to the side that they read, and equalities into the join', () => {
  const { t, u } = setup();
  const plan = filter(join('inner', t.plan, u.plan), eq(t.k, u.k), gt(t.x, int(1)), and(lt(u.y, int(2)), lt(t.x, u.y)));
  expect(push(plan)).toMatchInlineSnapshot(`
    "join inner [k#0 = k#2 and x < y]
      scan t [k#0, x] where x > 1
      scan u [k#2, y, s] where y < 2"
  `);
});

test('below an outer join only the kept side is filtered, by its condition only the other', () => {
  const { t, u } = setup();
  const joined = join('left', t.plan, u.plan, eq(t.k, u.k), gt(t.x, int(5)), gt(u.y, int(6)));
  expect(push(filter(joined, gt(t.x, int(1)), isNull(u.y)))).toMatchInlineSnapshot(`
    "filter [is null(y)]
      join left [k#0 = k#2 and x > 5]
        scan t [k#0, x] where x > 1
        scan u [k#2, y, s] where y > 6"
  `);
});

test('a full join and a right join keep what they must', () => {
  const { t, u } = setup();
  expect(push(filter(join('full', t.plan, u.plan, eq(t.k, u.k)), gt(t.x, int(1))))).toMatchInlineSnapshot(`
    "filter [x > 1]
      join full [k#0 = k#2]
        scan t [k#0, x]
        scan u [k#2, y, s]"
  `);
  expect(
    push(filter(join('right', t.plan, u.plan, eq(t.k, u.k)), gt(t.x, int(1)), gt(u.y, int(1)))),
  ).toMatchInlineSnapshot(`
    "filter [x > 1]
      join right [k#0 = k#2]
        scan t [k#0, x]
        scan u [k#2, y, s] where y > 1"
  `);
});

test('anti joins give filters on to the left, their condition to the right', () => {
  const { t, u } = setup();
  const joined = join('anti', t.plan, u.plan, eq(t.k, u.k), gt(t.x, int(5)), gt(u.y, int(6)));
  expect(push(filter(joined, gt(t.x, int(1))))).toMatchInlineSnapshot(`
    "join anti [k#0 = k#2 and x > 5]
      scan t [k#0, x] where x > 1
      scan u [k#2, y, s] where y > 6"
  `);
});

test('through projections, keys of aggregates, sorts and both sides of a union', () => {
  const { b, t, u } = setup();
  const left = b.project(t.plan, { a: t.x });
  const right = b.project(u.plan, { a: u.y });
  const union = b.union(left, right);
  const a = { kind: 'column', id: union.columns[0]!.id, type: INT32 } as const;
  const grouped = b.aggregate(sort(union, a), { key: a }, { n: ['count'] });
  expect(
    push(filter(grouped, gt(grouped.refs['key']!, int(1)), gt(grouped.refs['n']!, int(2)))),
  ).toMatchInlineSnapshot(`
    "filter [n > 2]
      aggregate [a#7 as key] [count() as n]
        sort [a#7]
          union all [a#7]
            project [x as a#5]
              scan t [k#0, x] where x > 1
            project [y as a#6]
              scan u [k#2, y, s] where y > 1"
  `);
});

test('not below a limit, not below an aggregate without keys, not past a column that varies', () => {
  const { b, t } = setup();
  expect(push(filter(limit(t.plan, 10), gt(t.x, int(1))))).toMatchInlineSnapshot(`
    "filter [x > 1]
      limit 10 offset 0
        scan t [k, x]"
  `);
  const counted = b.aggregate(t.plan, {}, { n: ['count'] });
  expect(push(filter(counted, gt(counted.refs['n']!, int(1))))).toMatchInlineSnapshot(`
    "filter [n > 1]
      aggregate [] [count() as n]
        scan t [k, x]"
  `);
  const varied = b.project(t.plan, { r: random() });
  expect(push(filter(varied, gt(varied.refs['r']!, int(1))))).toMatchInlineSnapshot(`
    "filter [r > 1]
      project [random() as r]
        scan t [k, x]"
  `);
});

test('what may fail stays above the join and the conditions that protect it', () => {
  const { t, u } = setup();
  const plan = filter(join('inner', t.plan, u.plan, eq(t.k, u.k)), gt(divide(t.x, t.k), int(1)), gt(t.k, int(0)));
  expect(push(plan)).toMatchInlineSnapshot(`
    "filter [fails(x, k#0) > 1]
      join inner [k#0 = k#2]
        scan t [k#0, x] where k#0 > 0
        scan u [k#2, y, s]"
  `);
});

test('a plan where everything is in place is handed back as it is', () => {
  const { t, u } = setup();
  const plan = filter(join('left', t.plan, u.plan, eq(t.k, u.k)), isNull(u.y));
  const query = { plan, output: outputOf(plan) };
  expect(runSteps(query, { steps: [{ name: 'test', rules: [pushFilters] }], functions: testFunctions })).toBe(query);
});
