import { expect, test } from 'vitest';
import { estimateRows, noteSharedPlans } from '../../src/plan/cardinality.ts';
import type { BoundExpr } from '../../src/plan/expr.ts';
import type { LogicalPlan, SharedId } from '../../src/plan/logical-plan.ts';
import { INT32, UTF8 } from '../../src/types/data-type.ts';
import {
  and,
  date,
  eq,
  filter,
  ge,
  gt,
  int,
  isNull,
  join,
  le,
  like,
  limit,
  lt,
  not,
  or,
  PlanBuilder,
  text,
} from '../support/plan.ts';
import { tpchScans } from '../support/tpch-scans.ts';

const about = (plan: LogicalPlan): number => Math.round(estimateRows(plan));
const column = (min: number, max: number, nullCount = 0) => ({
  min: { type: INT32, value: min },
  max: { type: INT32, value: max },
  nullCount,
});
const setup = () => {
  const b = new PlanBuilder();
  const t = b.scan('t', { k: INT32, x: INT32, s: UTF8 }, 1000, {
    k: column(1, 1000),
    x: column(1, 10, 500),
    s: { distinct: 20 },
  });
  return { b, t, u: b.scan('u', { j: INT32, y: INT32 }, 100_000, { j: column(1, 1000) }) };
};

test('comparisons with constants interpolate between minimum and maximum', () => {
  const { t } = setup();
  const rows = (...c: BoundExpr[]): number => about(filter(t.plan, ...c));
  expect(rows(eq(t.k, int(7)))).toBe(1);
  expect(rows(eq(t.s, text('a')))).toBe(50);
  expect(rows(eq(t.x, int(3)))).toBe(50);
  expect(rows(isNull(t.x))).toBe(500);
  expect(rows(lt(t.k, int(251)))).toBe(250);
  expect(rows(gt(int(251), t.k))).toBe(250);
  expect(rows(ge(t.k, int(101)), le(t.k, int(200)))).toBe(99);
  expect(rows(gt(t.k, int(5000)))).toBe(1);
  expect(rows(eq(t.k, int(5000)))).toBe(1);
  expect(rows(not(lt(t.k, int(251))))).toBe(750);
  expect(rows(or(lt(t.k, int(101)), gt(t.k, int(900))))).toBe(190);
  expect(
    rows({ kind: 'in', input: t.s, items: [1, 2, 3].map(i => ({ type: UTF8, value: `${i}` })), negated: false }),
  ).toBe(150);
  expect(rows(like(t.s, text('%a%')))).toBe(100);
  // The second of two conditions counts half.
  expect(rows(and(eq(t.s, text('a')), lt(t.k, int(251))))).toBe(25);
});

test('joins follow the keys: a foreign key finds its row, several keys are one', () => {
  const { t, u } = setup();
  expect(about(join('inner', t.plan, u.plan, eq(t.k, u.j)))).toBe(100_000);
  expect(about(join('left', u.plan, filter(t.plan, eq(t.s, text('a'))), eq(t.k, u.j)))).toBe(100_000);
  expect(about(join('inner', u.plan, filter(t.plan, eq(t.s, text('a'))), eq(t.k, u.j)))).toBe(5000);
  expect(about(join('semi', u.plan, filter(t.plan, eq(t.s, text('a'))), eq(u.j, t.k)))).toBeCloseTo(4900, -3);
  expect(about(join('inner', t.plan, u.plan))).toBe(100_000_000);
  const tpch = tpchScans(new PlanBuilder());
  const [l, ps, o] = [tpch.lineitem(), tpch.partsupp(), tpch.orders()];
  const composite = join('inner', l.plan, ps.plan, eq(l.l_partkey, ps.ps_partkey), eq(l.l_suppkey, ps.ps_suppkey));
  expect(about(composite)).toBe(6_001_215);
  expect(about(join('inner', l.plan, o.plan, eq(l.l_orderkey, o.o_orderkey)))).toBe(6_001_215);
  const year = filter(o.plan, ge(o.o_orderdate, date('1994-01-01')), lt(o.o_orderdate, date('1995-01-01')));
  expect(about(year)).toBeCloseTo(214_000, -4);
});

test('numbers given one after the other are all there: a key that is known to have few values finds few of them', () => {
  const { b, t } = setup();
  const facts = b.scan('f', { d: INT32 }, 50_000, { d: { ...column(1, 1000), distinct: 10 } });
  // A fact table has seen 10 of the 1000 numbers: each of its rows still finds one row.
  expect(about(join('inner', facts.plan, t.plan, eq(facts.d, t.k)))).toBe(50_000);
  expect(about(join('inner', facts.plan, filter(t.plan, lt(t.k, int(101))), eq(facts.d, t.k)))).toBeCloseTo(5000, -3);
});

test('of a calendar people ask for days of which there are facts', () => {
  const { b } = setup();
  const facts = b.scan('f', { d: INT32 }, 100_000, { d: column(1, 1000) });
  const days = b.scan('days', { k: INT32, year: INT32 }, 100_000, { k: column(1, 100_000), year: { distinct: 50 } });
  const matches = (calendar: LogicalPlan): number => about(join('inner', facts.plan, calendar, eq(facts.d, days.k)));
  expect(matches(days.plan)).toBe(100_000);
  // 2,000 days are left: a hundredth of the calendar has facts, but these days do not lie just anywhere in it.
  expect(matches(filter(days.plan, eq(days.year, int(2000))))).toBeGreaterThan(20_000);
});

test('groups are at most as many as rows and as combinations of values', () => {
  const { b, t } = setup();
  expect(about(b.aggregate(t.plan, {}, { n: ['count'] }))).toBe(1);
  expect(about(b.aggregate(t.plan, { s: t.s }))).toBe(20);
  expect(about(b.aggregate(filter(t.plan, eq(t.s, text('a'))), { s: t.s }))).toBe(1);
  expect(about(b.aggregate(t.plan, { k: t.k, s: t.s, x: t.x }))).toBeLessThanOrEqual(1000);
});

test('limits, unions, what is unknown, and shared subplans', () => {
  const { b, t, u } = setup();
  expect(about(limit(u.plan, 10, 5))).toBe(10);
  expect(about(limit(t.plan, undefined, 990))).toBe(10);
  expect(about(b.union(b.project(t.plan, { k: t.k, x: t.x }), u.plan))).toBe(101_000);
  expect(about(b.scan('unknown', { k: INT32 }).plan)).toBe(10_000);
  const id = 0 as SharedId;
  const ref: LogicalPlan = { kind: 'shared-ref', id, columns: [b.column('k', INT32)], source: [t.k.id] };
  expect(about(ref)).toBe(1000);
  noteSharedPlans({ kind: 'shared', id, definition: filter(t.plan, lt(t.k, int(251))), input: ref });
  expect(about(ref)).toBe(250);
});
