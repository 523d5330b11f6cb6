import { expect, test } from 'vitest';
import { simplifyOuterJoins } from '../../../src/optimize/rules/simplify-outer-joins.ts';
import { INT32 } from '../../../src/types/data-type.ts';
import { afterRules, eq, filter, gt, int, isNull, join, limit, not, or, PlanBuilder } from '../../support/plan.ts';

const setup = () => {
  const b = new PlanBuilder();
  return {
    b,
    t: b.scan('t', { k: INT32, x: INT32 }),
    u: b.scan('u', { j: INT32, y: INT32 }),
    v: b.scan('v', { i: INT32 }),
  };
};
const simplify = (plan: Parameters<typeof afterRules>[0]): string => afterRules(plan, [simplifyOuterJoins]);
const typesOf = (text: string): string[] => [...text.matchAll(/join (\w+)/g)].map(m => m[1]!);

test('a filter that drops NULLs of the other side makes a left join inner', () => {
  const { t, u } = setup();
  const joined = join('left', t.plan, u.plan, eq(t.k, u.j));
  expect(typesOf(simplify(filter(joined, gt(u.y, int(1)))))).toEqual(['inner']);
  expect(typesOf(simplify(filter(joined, or(gt(u.y, int(1)), eq(u.j, int(2))))))).toEqual(['left']);
  expect(typesOf(simplify(filter(joined, or(gt(u.y, int(1)), eq(u.y, int(2))))))).toEqual(['inner']);
  expect(typesOf(simplify(filter(joined, not(isNull(u.y)))))).toEqual(['left']);
  expect(typesOf(simplify(filter(joined, isNull(u.y))))).toEqual(['left']);
  expect(typesOf(simplify(filter(joined, gt(t.x, int(1)))))).toEqual(['left']);
});

test('a full join loses the sides whose NULLs are dropped', () => {
  const { t, u } = setup();
  const joined = join('full', t.plan, u.plan, eq(t.k, u.j));
  expect(typesOf(simplify(filter(joined, gt(u.y, int(1)))))).toEqual(['right']);
  expect(typesOf(simplify(filter(joined, gt(t.x, int(1)))))).toEqual(['left']);
  expect(typesOf(simplify(filter(joined, gt(t.x, u.y))))).toEqual(['inner']);
});

test('the condition of a join above counts, but not above a limit', () => {
  const { t, u, v } = setup();
  const inner = join('left', t.plan, u.plan, eq(t.k, u.j));
  expect(typesOf(simplify(join('inner', inner, v.plan, eq(u.y, v.i))))).toEqual(['inner', 'inner']);
  expect(typesOf(simplify(join('left', inner, v.plan, eq(u.y, v.i))))).toEqual(['left', 'left']);
  expect(typesOf(simplify(join('left', v.plan, inner, eq(u.y, v.i))))).toEqual(['left', 'inner']);
  expect(typesOf(simplify(filter(limit(inner, 3), gt(u.y, int(1)))))).toEqual(['left']);
});

test('through projections and group keys', () => {
  const { b, t, u } = setup();
  const joined = join('left', t.plan, u.plan, eq(t.k, u.j));
  const grouped = b.aggregate(b.project(joined, { a: u.y }), {}, { n: ['count'] });
  expect(typesOf(simplify(filter(grouped, gt(grouped.refs['n']!, int(1)))))).toEqual(['left']);
  const keyed = b.aggregate(joined, { a: u.y }, { n: ['count'] });
  expect(typesOf(simplify(filter(keyed, gt(keyed.refs['a']!, int(1)))))).toEqual(['inner']);
});
