import { expect, test } from 'vitest';
import { eliminateSort } from '../../../src/optimize/rules/eliminate-sort.ts';
import { pruneColumns } from '../../../src/optimize/rules/prune-columns.ts';
import { pushFilters } from '../../../src/optimize/rules/push-filters.ts';
import { pushLimit } from '../../../src/optimize/rules/push-limit.ts';
import { removeTrivialProjects } from '../../../src/optimize/rules/remove-trivial-projects.ts';
import { simplifyOuterJoins } from '../../../src/optimize/rules/simplify-outer-joins.ts';
import { FLOAT64, INT32, list } from '../../../src/types/data-type.ts';
import {
  afterRules,
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
} from '../../support/plan.ts';

const setup = () => {
  const b = new PlanBuilder();
  return { b, t: b.scan('t', { k: INT32, l: list(INT32) }, 100), u: b.scan('u', { j: INT32, m: list(INT32) }, 100) };
};

test('push-filters: conditions on what a row had before go below, those on its elements stay', () => {
  const { b, t } = setup();
  const un = b.unnest(t.plan, { x: t.l });
  const { x } = un.refs;
  const half = literal(FLOAT64, 0.5);
  expect(
    afterRules(filter(un, gt(t.k, int(1)), gt(x!, int(2)), lt(random(), half)), [pushFilters]),
  ).toMatchInlineSnapshot(`
      "filter [x > 2 and random() < 0.5]
        unnest [l as x]
          scan t [k, l] where k > 1"
    `);
});

test('push-filters: what may fail meets no row without elements', () => {
  const { b, t } = setup();
  const fails = gt(divide(t.k, t.k), literal(FLOAT64, 1));
  expect(afterRules(filter(b.unnest(t.plan, { x: t.l }), fails), [pushFilters])).toMatchInlineSnapshot(`
    "filter [fails(k, k) > 1]
      unnest [l as x]
        scan t [k, l]"
  `);
  const kept = b.unnest(t.plan, { x: t.l }, { keepsEmpty: true });
  expect(afterRules(filter(kept, fails), [pushFilters])).toMatchInlineSnapshot(`
    "unnest keeping empty [l as x]
      filter [fails(k, k) > 1]
        scan t [k, l]"
  `);
});

test('push-limit: a row may have no elements, so no number of rows is enough', () => {
  const { b, t } = setup();
  const plan = limit(b.unnest(t.plan, { x: t.l }), 5);
  expect(afterRules(plan, [pushLimit])).toMatchInlineSnapshot(`
    "limit 5 offset 0
      unnest [l as x]
        scan t [k, l]"
  `);
});

test('prune-columns: lists count rows though nobody reads their elements; the number goes', () => {
  const { b, t } = setup();
  const un = b.unnest(t.plan, { x: t.l }, { ordinality: true });
  expect(afterRules(un, [pruneColumns], [t.k])).toMatchInlineSnapshot(`
    "unnest [l as x]
      scan t [k, l]"
  `);
  expect(afterRules(b.aggregate(un, {}, { n: ['count'] }), [pruneColumns])).toMatchInlineSnapshot(`
    "aggregate [] [count() as n]
      unnest [l as x]
        scan t [l]"
  `);
});

test('simplify-outer-joins: rows whose only list is NULL vanish, with several lists they need not', () => {
  const { b, t, u } = setup();
  const joined = join('left', t.plan, u.plan, eq(t.k, u.j));
  const simplified = (plan: Parameters<typeof afterRules>[0]): string => afterRules(plan, [simplifyOuterJoins]);
  expect(simplified(b.unnest(joined, { x: u.m }))).toContain('join inner');
  expect(simplified(b.unnest(joined, { x: u.m }, { keepsEmpty: true }))).toContain('join left');
  expect(simplified(b.unnest(joined, { x: u.m, y: t.l }))).toContain('join left');
});

test('simplify-outer-joins: a condition on elements makes rows without any superfluous', () => {
  const { b, t } = setup();
  const un = b.unnest(t.plan, { x: t.l }, { keepsEmpty: true });
  const { x } = un.refs;
  const simplified = (plan: Parameters<typeof afterRules>[0]): string => afterRules(plan, [simplifyOuterJoins]);
  expect(simplified(filter(un, gt(x!, int(1))))).not.toContain('keeping empty');
  expect(simplified(filter(un, isNull(x!)))).toContain('keeping empty');
  expect(simplified(filter(un, gt(t.k, int(1))))).toContain('keeping empty');
});

test('eliminate-sort: elements come in the order of their rows', () => {
  const { b, t } = setup();
  const un = b.unnest(sort(t.plan, t.k), { x: t.l });
  expect(afterRules(un, [eliminateSort])).toContain('sort');
  expect(afterRules(b.aggregate(un, {}, { n: ['count'] }), [eliminateSort])).not.toContain('sort');
});

test('remove-trivial-projects: a union counts the columns that pass through', () => {
  const { b, t, u } = setup();
  const side = b.unnest(b.project(t.plan, { l: t.l }), { x: t.l });
  const other = b.project(u.plan, { m: u.m, j: u.j });
  expect(afterRules(b.union(side, other), [removeTrivialProjects])).toContain('project [l');
});
