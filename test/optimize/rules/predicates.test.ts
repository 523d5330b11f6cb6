import { expect, test } from 'vitest';
import { deriveFromOr } from '../../../src/optimize/rules/derive-from-or.ts';
import { inferPredicates } from '../../../src/optimize/rules/infer-predicates.ts';
import { mergeRanges } from '../../../src/optimize/rules/merge-ranges.ts';
import { narrowRanges } from '../../../src/optimize/rules/narrow-ranges.ts';
import { pushFilters } from '../../../src/optimize/rules/push-filters.ts';
import { removeEmpty } from '../../../src/optimize/rules/remove-empty.ts';
import type { BoundExpr } from '../../../src/plan/expr.ts';
import { FALSE } from '../../../src/plan/literals.ts';
import { INT32, UTF8 } from '../../../src/types/data-type.ts';
import type { JoinType } from '../../../src/types/join-type.ts';
import {
  afterRules,
  and,
  eq,
  filter,
  ge,
  gt,
  int,
  join,
  le,
  lt,
  ne,
  or,
  PlanBuilder,
  text,
} from '../../support/plan.ts';

const setup = () => {
  const b = new PlanBuilder();
  return {
    b,
    t: b.scan('t', { k: INT32, x: INT32 }),
    u: b.scan('u', { j: INT32, y: INT32 }),
    v: b.scan('v', { i: INT32 }),
  };
};

test('infer-predicates: along equalities to the sides whose rows may go, once', () => {
  const { t, u, v } = setup();
  const plan = join(
    'inner',
    join('inner', filter(t.plan, lt(t.k, int(5)), gt(t.x, int(1))), u.plan, eq(t.k, u.j)),
    v.plan,
    eq(u.j, v.i),
  );
  expect(afterRules(plan, [inferPredicates, pushFilters])).toMatchInlineSnapshot(`
    "join inner [j = i]
      join inner [k = j]
        scan t [k, x] where k < 5 and x > 1
        scan u [j, y] where j < 5
      scan v [i] where i < 5"
  `);
});

test('infer-predicates: outer joins keep the rows of their kept side', () => {
  const { t, u } = setup();
  const sides = (type: JoinType): string => {
    const plan = join(type, filter(t.plan, lt(t.k, int(5))), filter(u.plan, gt(u.j, int(1))), eq(t.k, u.j));
    const shown = afterRules(plan, [inferPredicates, pushFilters]);
    return `${shown.includes('k > 1') ? 'left ' : ''}${shown.includes('j < 5') ? 'right' : ''}`.trim();
  };
  expect(sides('inner')).toBe('left right');
  expect(sides('semi')).toBe('left right');
  expect(sides('left')).toBe('right');
  expect(sides('anti')).toBe('right');
  expect(sides('right')).toBe('left');
  expect(sides('full')).toBe('');
});

test('derive-from-or: each side learns what every alternative asks of it (TPC-H 7)', () => {
  const { t, u } = setup();
  const either = or(and(eq(t.x, int(1)), eq(u.y, int(2))), and(eq(t.x, int(3)), eq(u.y, int(4)), gt(u.j, int(0))));
  expect(
    afterRules(join('inner', t.plan, u.plan, eq(t.k, u.j), either), [deriveFromOr, pushFilters]),
  ).toMatchInlineSnapshot(`
    "join inner [k = j and ((x = 1 and y = 2) or (x = 3 and y = 4 and j > 0))]
      scan t [k, x] where (x = 1 or x = 3)
      scan u [j, y] where (y = 2 or (y = 4 and j > 0))"
  `);
});

test('derive-from-or: not where an alternative asks nothing of a side, not for the kept side', () => {
  const { t, u } = setup();
  const either = or(and(eq(t.x, int(1)), eq(u.y, int(2))), eq(t.x, int(3)));
  expect(afterRules(join('left', t.plan, u.plan, either), [deriveFromOr, pushFilters])).not.toContain('where');
});

test('merge-ranges leaves the narrowest range, or nothing', () => {
  const { t } = setup();
  const s = new PlanBuilder().scan('s', { s: UTF8 });
  const merge = (...conditions: BoundExpr[]): string =>
    afterRules(filter(t.plan, ...conditions), [mergeRanges, removeEmpty]).split('\n')[0]!;
  const set = (...values: number[]): BoundExpr => ({
    kind: 'in',
    input: t.x,
    items: values.map(value => ({ type: INT32, value })),
    negated: false,
  });
  expect(merge(gt(t.x, int(1)), ge(t.x, int(3)), lt(t.x, int(9)))).toBe('filter [x >= 3 and x < 9]');
  expect(merge(gt(t.x, int(3)), ge(t.x, int(3)))).toBe('filter [x > 3]');
  expect(merge(eq(t.x, int(2)), lt(t.x, int(5)))).toBe('filter [x = 2]');
  expect(merge(set(1, 2, 7), lt(t.x, int(5)))).toBe('filter [x in (1, 2)]');
  expect(merge(set(1, 2), set(2, 3), gt(t.k, int(0)))).toBe('filter [x in (2) and k > 0]');
  expect(merge(gt(t.x, int(5)), lt(t.x, int(3)))).toBe('empty');
  expect(merge(gt(t.x, int(5)), le(t.x, int(5)))).toBe('empty');
  expect(merge(eq(t.x, int(1)), eq(t.x, int(2)))).toBe('empty');
  expect(merge(ge(t.x, int(5)), le(t.x, int(5)), ne(t.x, int(7)))).toBe('filter [x >= 5 and x <= 5 and x <> 7]');
  expect(merge(gt(t.x, int(1)), gt(t.k, int(1)))).toBe('filter [x > 1 and k > 1]');
  const texts = filter(s.plan, ge(s.s, text('\u{1F600}')), gt(s.s, text('\uFFFD')));
  expect(afterRules(texts, [mergeRanges]).split('\n')[0]).toBe(`filter [s >= '\u{1F600}']`);
});

test('merge-ranges leaves mark joins alone, where NULL and false differ', () => {
  const { b, t, u } = setup();
  const marked = b.markJoin(t.plan, u.plan, and(gt(t.x, int(5)), lt(t.x, int(3))));
  expect(afterRules(marked, [mergeRanges])).toContain('x > 5 and x < 3');
});

test('remove-empty', () => {
  const { b, t, u } = setup();
  const none = filter(u.plan, FALSE);
  const shown = (type: JoinType, mirrored = false): string =>
    afterRules(mirrored ? join(type, none, t.plan, eq(u.j, t.k)) : join(type, t.plan, none, eq(t.k, u.j)), [
      removeEmpty,
    ]).split('\n')[0]!;
  expect(shown('inner')).toBe('empty');
  expect(shown('semi')).toBe('empty');
  expect(shown('anti')).toBe('scan t [k, x]');
  expect(shown('left')).toBe('project [k, x, null as j, null as y]');
  expect(shown('left', true)).toBe('empty');
  expect(shown('full', true)).toBe('project [null as j, null as y, k, x]');
  expect(afterRules(b.aggregate(none, {}, { n: ['count'] }), [removeEmpty])).toMatch(/^aggregate/);
  expect(afterRules(b.aggregate(none, { j: u.j }, { n: ['count'] }), [removeEmpty])).toBe('empty');
  expect(afterRules(b.union(t.plan, none), [removeEmpty])).toMatch(/^project/);
  expect(afterRules(b.union(t.plan, none, false), [removeEmpty])).toMatch(
    /^aggregate \[k#0 as k#\d+, x#1 as x#\d+\] \[\]/,
  );
});

test('narrow-ranges: a side loses what lies outside of the other one’s bounds, where that is half of it', () => {
  const b = new PlanBuilder();
  const within = (min: number, max: number) => ({
    min: { type: INT32, value: min },
    max: { type: INT32, value: max },
  });
  const t = b.scan('t', { k: INT32 }, 100, { k: within(10, 19) });
  const u = b.scan('u', { j: INT32 }, 1000, { j: within(1, 1000) });
  const v = b.scan('v', { i: INT32 }, 20, { i: within(10, 28) });
  const sides = (type: JoinType): string =>
    afterRules(join(type, t.plan, u.plan, eq(t.k, u.j)), [narrowRanges, pushFilters]);
  expect(sides('inner')).toMatchInlineSnapshot(`
    "join inner [k = j]
      scan t [k]
      scan u [j] where j >= 10 and j <= 19"
  `);
  expect(sides('left')).toContain('scan u [j] where j >= 10 and j <= 19');
  expect(sides('anti')).toContain('scan u [j] where j >= 10 and j <= 19');
  expect(sides('right')).not.toContain('where');
  expect(sides('full')).not.toContain('where');
  const mirrored = join('right', u.plan, t.plan, eq(u.j, t.k));
  expect(afterRules(mirrored, [narrowRanges, pushFilters])).toContain('scan u [j] where j >= 10 and j <= 19');
  expect(afterRules(join('inner', t.plan, v.plan, eq(t.k, v.i)), [narrowRanges])).not.toContain('where');
  const nulls: BoundExpr = { ...(eq(t.k, u.j) as BoundExpr & { kind: 'call' }), fn: 'is not distinct from' };
  expect(afterRules(join('inner', t.plan, u.plan, nulls), [narrowRanges])).not.toContain('where');
});
