import { expect, test } from 'vitest';
import { orderJoins } from '../../../src/optimize/rules/order-joins.ts';
import { pushFilters } from '../../../src/optimize/rules/push-filters.ts';
import { runSteps } from '../../../src/optimize/run-steps.ts';
import { estimateRows } from '../../../src/plan/cardinality.ts';
import { outputOf } from '../../../src/plan/columns.ts';
import type { LogicalPlan } from '../../../src/plan/logical-plan.ts';
import { BOOLEAN, INT32 } from '../../../src/types/data-type.ts';
import {
  call,
  date,
  eq,
  filter,
  ge,
  gt,
  int,
  join,
  like,
  lt,
  PlanBuilder,
  showPlan,
  testFunctions,
  text,
} from '../../support/plan.ts';
import { tpchScans } from '../../support/tpch-scans.ts';

const steps = [
  { name: 'push', rules: [pushFilters], once: true },
  { name: 'order', rules: [orderJoins], once: true },
];

/** The tree of a plan's joins: `(a ⋈ b)`, the stored side on the right. */
function treeOf(plan: LogicalPlan): string {
  if (plan.kind === 'scan') return plan.source.label;
  if (plan.kind !== 'join') return 'input' in plan ? treeOf(plan.input) : plan.kind;
  const sign = { inner: '⋈', left: '⟕', semi: '⋉', anti: '▷', mark: '⋉?', right: '⟖', full: '⟗', single: '⟕1' }[
    plan.type
  ];
  return `(${treeOf(plan.left)} ${sign} ${treeOf(plan.right)})`;
}
const order = (plan: LogicalPlan): LogicalPlan =>
  runSteps({ plan, output: outputOf(plan) }, { steps, functions: testFunctions }).plan;
const cross = (...plans: LogicalPlan[]): LogicalPlan => plans.reduce((l, r) => join('inner', l, r));

test('TPC-H 5: the region first, the customers last', () => {
  const t = tpchScans(new PlanBuilder());
  const [c, o, l, s, n, r] = [t.customer(), t.orders(), t.lineitem(), t.supplier(), t.nation(), t.region()];
  const plan = filter(
    cross(c.plan, o.plan, l.plan, s.plan, n.plan, r.plan),
    eq(c.c_custkey, o.o_custkey),
    eq(l.l_orderkey, o.o_orderkey),
    eq(l.l_suppkey, s.s_suppkey),
    eq(c.c_nationkey, s.s_nationkey),
    eq(s.s_nationkey, n.n_nationkey),
    eq(n.n_regionkey, r.r_regionkey),
    eq(r.r_name, text('ASIA')),
    ge(o.o_orderdate, date('1994-01-01')),
    lt(o.o_orderdate, date('1995-01-01')),
  );
  expect(treeOf(order(plan))).toMatchInlineSnapshot(
    `"((lineitem ⋈ (orders ⋈ (customer ⋈ (nation ⋈ region)))) ⋈ supplier)"`,
  );
});

test('TPC-H 9: parts filter the order lines before anything else does', () => {
  const t = tpchScans(new PlanBuilder());
  const [p, s, l, ps, o, n] = [t.part(), t.supplier(), t.lineitem(), t.partsupp(), t.orders(), t.nation()];
  const plan = filter(
    cross(p.plan, s.plan, l.plan, ps.plan, o.plan, n.plan),
    eq(s.s_suppkey, l.l_suppkey),
    eq(ps.ps_suppkey, l.l_suppkey),
    eq(ps.ps_partkey, l.l_partkey),
    eq(p.p_partkey, l.l_partkey),
    eq(o.o_orderkey, l.l_orderkey),
    eq(s.s_nationkey, n.n_nationkey),
    like(p.p_name, text('%green%')),
  );
  const ordered = order(plan);
  expect(treeOf(ordered)).toMatchInlineSnapshot(`"(orders ⋈ (lineitem ⋈ ((partsupp ⋈ part) ⋈ (supplier ⋈ nation))))"`);
  // 319,404 in fact.
  expect(estimateRows(ordered)).toBeGreaterThan(100_000);
  expect(estimateRows(ordered)).toBeLessThan(2_000_000);
});

test('a semi join goes to the relation that it filters (TPC-H 18)', () => {
  const b = new PlanBuilder();
  const t = tpchScans(b);
  const [c, o, l] = [t.customer(), t.orders(), t.lineitem()];
  const inner = t.lineitem();
  const grouped = b.aggregate(inner.plan, { key: inner.l_orderkey }, { total: ['sum', inner.l_quantity] });
  const having = filter(grouped, gt(grouped.refs['total']!, int(300)), gt(grouped.refs['key']!, int(5_900_000)));
  const plan = join(
    'semi',
    filter(cross(c.plan, o.plan, l.plan), eq(c.c_custkey, o.o_custkey), eq(o.o_orderkey, l.l_orderkey)),
    having,
    eq(o.o_orderkey, grouped.refs['key']!),
  );
  expect(treeOf(order(plan))).toMatchInlineSnapshot(`"(lineitem ⋈ ((orders ⋉ lineitem) ⋈ customer))"`);
});

test('a left join may go above or below inner joins, its columns stay readable', () => {
  const b = new PlanBuilder();
  const [x, y, z] = [
    b.scan('x', { k: INT32, a: INT32 }, 1000),
    b.scan('y', { k: INT32, a: INT32 }, 100_000),
    b.scan('z', { k: INT32 }, 1),
  ];
  const plan = join('inner', join('left', x.plan, y.plan, eq(x.k, y.k)), z.plan, eq(x.a, z.k));
  expect(treeOf(order(plan))).toMatchInlineSnapshot(`"((x ⋈ z) ⟕ y)"`);
});

test('columns come in the order of the original plan, and equalities that follow are used', () => {
  const b = new PlanBuilder();
  const [x, y, z] = [
    b.scan('x', { k: INT32 }, 10),
    b.scan('y', { k: INT32 }, 1_000_000),
    b.scan('z', { k: INT32 }, 10),
  ];
  const plan = join('inner', join('inner', x.plan, y.plan, eq(x.k, y.k)), z.plan, eq(y.k, z.k));
  expect(showPlan(order(plan))).toMatchInlineSnapshot(`
    "project [k#0, k#1, k#2]
      join inner [k#0 = k#1]
        scan y [k#1]
        join inner [k#0 = k#2]
          scan x [k#0]
          scan z [k#2]"
  `);
});

test('conditions over three relations wait for all of them; parts without a condition are crossed', () => {
  const b = new PlanBuilder();
  const [x, y, z] = [b.scan('x', { k: INT32 }, 10), b.scan('y', { k: INT32 }, 20), b.scan('z', { k: INT32 }, 30)];
  const sum = call('+', [x.k, y.k], INT32);
  expect(showPlan(order(join('inner', cross(x.plan, z.plan), y.plan, gt(sum, z.k))))).toMatchInlineSnapshot(`
    "project [k#0, k#2, k#1]
      join inner [k#0 + k#1 > k#2]
        join inner []
          scan y [k#1]
          scan x [k#0]
        scan z [k#2]"
  `);
});

test('a condition on one relation that may fail, alone and so not moved below, is not lost', () => {
  const b = new PlanBuilder();
  const [x, y, z] = [b.scan('x', { k: INT32 }, 10), b.scan('y', { k: INT32 }, 20), b.scan('z', { k: INT32 }, 30)];
  const fails = call('fails', [z.k], BOOLEAN);
  const plan = join('inner', join('semi', x.plan, y.plan, eq(x.k, y.k)), z.plan, fails);
  expect(showPlan(order(plan))).toContain('fails(');
});

test('two relations, and joins that vary with each run, stay as they are', () => {
  const b = new PlanBuilder();
  const [x, y, z] = [b.scan('x', { k: INT32 }, 10), b.scan('y', { k: INT32 }, 20), b.scan('z', { k: INT32 }, 5)];
  const two = join('inner', x.plan, y.plan, eq(x.k, y.k));
  expect(order(two)).toBe(two);
  const varying = join('inner', two, z.plan, eq(x.k, z.k), gt(call('random', [], INT32), int(1)));
  expect(order(varying)).toBe(varying);
});

test('more than twelve relations are ordered greedily, without crossing what has a condition', () => {
  const b = new PlanBuilder();
  const scans = Array.from({ length: 20 }, (_, i) => b.scan(`t${i}`, { k: INT32 }, 1000 - i));
  const plan = filter(cross(...scans.map(s => s.plan)), ...scans.slice(1).map((s, i) => eq(scans[i]!.k, s.k)));
  const start = performance.now();
  const ordered = order(plan);
  expect(performance.now() - start).toBeLessThan(1000);
  expect(showPlan(ordered)).not.toContain('join inner []');
  expect(showPlan(ordered).match(/scan/g)).toHaveLength(20);
});
