import { expect, test } from 'vitest';
import { countFromMetadata } from '../../../src/optimize/rules/count-from-metadata.ts';
import { dropDistinctBelowSemi } from '../../../src/optimize/rules/drop-distinct-below-semi.ts';
import { eliminateDistinct } from '../../../src/optimize/rules/eliminate-distinct.ts';
import { eliminateLimit } from '../../../src/optimize/rules/eliminate-limit.ts';
import { eliminateSort } from '../../../src/optimize/rules/eliminate-sort.ts';
import { inlineExpanding } from '../../../src/optimize/rules/inline-expanding.ts';
import { inlineShared } from '../../../src/optimize/rules/inline-shared.ts';
import { leftToAnti } from '../../../src/optimize/rules/left-to-anti.ts';
import { makeTopK } from '../../../src/optimize/rules/make-top-k.ts';
import { markToSemi } from '../../../src/optimize/rules/mark-to-semi.ts';
import { mergeProjects } from '../../../src/optimize/rules/merge-projects.ts';
import { pruneColumns } from '../../../src/optimize/rules/prune-columns.ts';
import { pushFilters } from '../../../src/optimize/rules/push-filters.ts';
import { pushLimit } from '../../../src/optimize/rules/push-limit.ts';
import { removeTrivialProjects } from '../../../src/optimize/rules/remove-trivial-projects.ts';
import { restrictGroups } from '../../../src/optimize/rules/restrict-groups.ts';
import { restrictShared } from '../../../src/optimize/rules/restrict-shared.ts';
import { shareCommonSubplans } from '../../../src/optimize/rules/share-common-subplans.ts';
import { shareRestricted } from '../../../src/optimize/rules/share-restricted.ts';
import { singleToInner } from '../../../src/optimize/rules/single-to-inner.ts';
import { singleToLeft } from '../../../src/optimize/rules/single-to-left.ts';
import { outputOf } from '../../../src/plan/columns.ts';
import type { BoundExpr, ColumnRef } from '../../../src/plan/expr.ts';
import { columnRef } from '../../../src/plan/literals.ts';
import type { LogicalPlan, SharedId } from '../../../src/plan/logical-plan.ts';
import { BOOLEAN, FLOAT64, INT32, INT64 } from '../../../src/types/data-type.ts';
import {
  afterRules,
  call,
  eq,
  filter,
  gt,
  int,
  isNull,
  join,
  limit,
  lt,
  not,
  PlanBuilder,
  random,
  sort,
} from '../../support/plan.ts';

const setup = (nullable = true) => {
  const b = new PlanBuilder();
  return {
    b,
    t: b.scan('t', { k: INT32, x: INT32, z: INT32 }, 100_000, {}, nullable),
    u: b.scan('u', { j: INT32, y: INT32 }, 500, {}, nullable),
  };
};
const plus = (a: Parameters<typeof eq>[0], b: Parameters<typeof eq>[0]) => call('+', [a, b], INT32);

test('merge-projects computes nothing twice and keeps what varies', () => {
  const { b, t } = setup();
  const sum = b.project(t.plan, { s: plus(t.k, t.x) });
  expect(afterRules(b.project(sum, { d: plus(sum.refs['s']!, int(1)) }), [mergeProjects])).toMatchInlineSnapshot(`
    "project [k + x + 1 as d]
      scan t [k, x, z]"
  `);
  expect(
    afterRules(b.project(sum, { d: plus(sum.refs['s']!, sum.refs['s']!) }), [mergeProjects]).match(/project/g),
  ).toHaveLength(2);
  const varied = b.project(t.plan, { r: random() });
  expect(
    afterRules(b.project(varied, { d: call('+', [varied.refs['r']!, varied.refs['r']!], FLOAT64) }), [
      mergeProjects,
    ]).match(/project/g),
  ).toHaveLength(2);
});

test('remove-trivial-projects keeps order where positions count', () => {
  const { b, t, u } = setup();
  const swapped = b.project(u.plan, { y: u.y, j: u.j });
  expect(afterRules(filter(swapped, gt(u.y, int(1))), [removeTrivialProjects])).not.toContain('project');
  expect(
    afterRules(b.union(b.project(t.plan, { k: t.k, x: t.x }), swapped), [removeTrivialProjects]).match(/project/g),
  ).toHaveLength(2);
});

test('prune-columns', () => {
  const { b, t, u } = setup();
  const joined = join('inner', t.plan, filter(u.plan, gt(u.y, int(1))), eq(t.k, u.j));
  const grouped = b.aggregate(joined, { x: t.x }, { n: ['count'], s: ['sum', t.z] });
  expect(afterRules(grouped, [pruneColumns], [grouped.refs['n']!])).toMatchInlineSnapshot(`
    "aggregate [x#1 as x#5] [count() as n]
      join inner [k = j]
        scan t [k, x#1]
        filter [y > 1]
          scan u [j, y]"
  `);
  const union = b.union(b.project(t.plan, { a: t.k, b: t.x }), u.plan);
  expect(afterRules(union, [pruneColumns], [columnRef(union.columns[1]!)])).toMatchInlineSnapshot(`
    "union all [b#11]
      project [x as b#9]
        scan t [x]
      scan u [y]"
  `);
  const marked = b.markJoin(t.plan, u.plan, eq(t.k, u.j));
  expect(afterRules(marked, [pruneColumns], [t.k])).toBe('scan t [k]');
  expect(afterRules(b.aggregate(t.plan, {}, { n: ['count'] }), [pruneColumns])).toContain('scan t []');
});

test('limits: merged, pushed below projections, into unions and scans; over a sort a top-k', () => {
  const { b, t, u } = setup();
  const rules = [eliminateLimit, pushLimit, makeTopK];
  const projected = b.project(t.plan, { d: plus(t.k, int(1)) });
  expect(afterRules(limit(limit(projected, 10, 2), 5, 3), rules)).toMatchInlineSnapshot(`
    "project [k + 1 as d]
      limit 5 offset 5
        scan t [k, x, z] limit 10"
  `);
  expect(afterRules(limit(b.union(b.project(t.plan, { k: t.k, x: t.x }), u.plan), 5), rules)).toMatchInlineSnapshot(`
    "limit 5 offset 0
      union all [k#6, x#7]
        project [k#0, x#1]
          limit 5 offset 0
            scan t [k#0, x#1, z] limit 5
        limit 5 offset 0
          scan u [j, y] limit 5"
  `);
  expect(afterRules(limit(b.project(sort(t.plan, t.k), { x: t.x }), 5, 1), rules)).toMatchInlineSnapshot(`
    "project [x]
      top-k 5 offset 1 [k]
        scan t [k, x, z]"
  `);
  expect(afterRules(limit(t.plan, 0), rules)).toBe('empty');
  expect(afterRules(limit(t.plan, undefined), rules)).toBe('scan t [k, x, z]');
  expect(afterRules(limit(filter(t.plan, gt(t.k, int(1))), 5), rules)).not.toContain('scan t [k, x, z] limit');
});

test('eliminate-sort drops orders that nobody sees', () => {
  const { b, t, u } = setup();
  const sorted = sort(t.plan, t.k);
  const shown = (plan: LogicalPlan): boolean => afterRules(plan, [eliminateSort]).includes('sort');
  expect(shown(b.aggregate(sorted, {}, { s: ['sum', t.x] }))).toBe(false);
  expect(shown(b.aggregate(sorted, {}, { l: ['list', t.x] }))).toBe(true);
  expect(shown(join('inner', sorted, u.plan, eq(t.k, u.j)))).toBe(false);
  expect(shown(filter(sorted, gt(t.x, int(1))))).toBe(true);
  expect(shown(join('inner', limit(sorted, 3), u.plan, eq(t.k, u.j)))).toBe(true);
  expect(afterRules(sort(sorted, t.x), [eliminateSort]).match(/sort/g)).toHaveLength(1);
});

test('eliminate-distinct and drop-distinct-below-semi', () => {
  const { b, t, u } = setup();
  const grouped = b.aggregate(t.plan, { k: t.k }, { n: ['count'] });
  const again = b.aggregate(grouped, { k: grouped.refs['k']!, n: grouped.refs['n']! });
  expect(afterRules(again, [eliminateDistinct])).toMatch(/^project/);
  expect(afterRules(b.aggregate(t.plan, { k: t.k }), [eliminateDistinct])).toMatch(/^aggregate/);
  const distinct = b.aggregate(u.plan, { j: u.j });
  expect(
    afterRules(join('semi', t.plan, distinct, eq(t.k, distinct.refs['j']!)), [dropDistinctBelowSemi]),
  ).not.toContain('aggregate');
  expect(afterRules(join('inner', t.plan, distinct, eq(t.k, distinct.refs['j']!)), [dropDistinctBelowSemi])).toContain(
    'aggregate',
  );
});

test('mark-to-semi: anti joins only where the mark is never unknown', () => {
  const type = (nullable: boolean, negated: boolean): string => {
    const { b, t, u } = setup(nullable);
    const marked = b.markJoin(t.plan, u.plan, eq(t.k, u.j));
    const shown = afterRules(filter(marked, negated ? not(marked.ref) : marked.ref, gt(t.x, int(1))), [markToSemi]);
    return /join (\w+)/.exec(shown)![1]!;
  };
  expect(type(true, false)).toBe('semi');
  expect(type(true, true)).toBe('mark');
  expect(type(false, true)).toBe('anti');
});

test('left-to-anti, where a match has no NULL in the column', () => {
  const { b, t, u } = setup();
  const joined = join('left', t.plan, u.plan, eq(t.k, u.j));
  expect(afterRules(filter(joined, isNull(u.j), gt(t.x, int(1))), [leftToAnti])).toMatchInlineSnapshot(`
    "filter [x > 1]
      project [k, x, z, null as j#3, null as y#4]
        join anti [k = j#5]
          scan t [k, x, z]
          scan u [j#5, y#6]"
  `);
  expect(afterRules(filter(joined, isNull(u.y)), [leftToAnti])).toContain('join left');
  expect(afterRules(filter(joined, isNull(t.k)), [leftToAnti])).toContain('join left');
  const never = b.scan('never', { j: INT32, y: INT32 }, 10, {}, false);
  expect(
    afterRules(filter(join('left', t.plan, never.plan, eq(t.k, never.j)), isNull(never.y)), [leftToAnti]),
  ).toContain('join anti');
});

test('prune-columns drops left joins that nothing reads, unless they repeat rows', () => {
  const { b, t, u } = setup();
  const grouped = b.aggregate(u.plan, { j: u.j }, { n: ['count'] });
  expect(afterRules(join('left', t.plan, grouped, eq(t.k, grouped.refs['j']!)), [pruneColumns], [t.x])).toBe(
    'scan t [x]',
  );
  expect(afterRules(join('left', t.plan, u.plan, eq(t.k, u.j)), [pruneColumns], [t.x])).toContain('join left');
});

test('count-from-metadata, of whole sources that know exactly', () => {
  const { b, t } = setup();
  const { source } = t.plan;
  const exact = { ...t.plan, source: { ...source, statistics: { ...source.statistics, exactRows: true } } };
  expect(afterRules(b.aggregate(exact, {}, { n: ['count'] }), [countFromMetadata])).toBe('values ["100000"]');
  expect(afterRules(b.aggregate(t.plan, {}, { n: ['count'] }), [countFromMetadata])).toMatch(/^aggregate/);
  expect(afterRules(b.aggregate(exact, {}, { n: ['count', t.x] }), [countFromMetadata])).toMatch(/^aggregate/);
  expect(
    afterRules(b.aggregate({ ...exact, filters: [gt(t.k, int(1))] }, {}, { n: ['count'] }), [countFromMetadata]),
  ).toMatch(/^aggregate/);
  expect(afterRules(b.aggregate(exact, { k: t.k }, { n: ['count'] }), [countFromMetadata])).toMatch(/^aggregate/);
});

test('single-to-inner, where the subquery asks for nothing of the rows', () => {
  const { t, u } = setup();
  const asked = filter(join('single', t.plan, u.plan), eq(t.k, u.j));
  expect(afterRules(asked, [singleToInner, pushFilters])).toMatchInlineSnapshot(`
    "join inner [k = j]
      scan t [k, x, z]
      join single []
        values []
        scan u [j, y]"
  `);
  expect(afterRules(join('single', t.plan, u.plan, eq(t.k, u.j)), [singleToInner])).toMatch(/^join single/);
});

test('single-to-left, where the right side has a key', () => {
  const { b, t, u } = setup();
  const grouped = b.aggregate(u.plan, { j: u.j }, { n: ['count'] });
  expect(afterRules(join('single', t.plan, grouped, eq(t.k, grouped.refs['j']!)), [singleToLeft])).toMatch(
    /^join left/,
  );
  expect(afterRules(join('single', t.plan, u.plan, eq(t.k, u.j)), [singleToLeft])).toMatch(/^join single/);
  expect(afterRules(join('single', t.plan, limit(u.plan, 1)), [singleToLeft])).toMatch(/^join left/);
});

test('inline-shared: what is read once is no longer shared', () => {
  const { b, t, u } = setup();
  const id = 0 as SharedId;
  const ref = (): LogicalPlan => ({
    kind: 'shared-ref',
    id,
    columns: outputOf(u.plan).map(c => b.column(c.name, c.type)),
    source: outputOf(u.plan).map(c => c.id),
  });
  const once = ref();
  const shared = (input: LogicalPlan): LogicalPlan => ({ kind: 'shared', id, definition: u.plan, input });
  expect(
    afterRules(shared(join('inner', t.plan, once, eq(t.k, columnRef(outputOf(once)[0]!)))), [inlineShared]),
  ).toMatchInlineSnapshot(`
    "join inner [k = j#5]
      scan t [k, x, z]
      project [j#3 as j#5, y#4 as y#6]
        scan u [j#3, y#4]"
  `);
  expect(afterRules(shared(t.plan), [inlineShared])).toBe('scan t [k, x, z]');
  expect(afterRules(shared(b.union(ref(), ref())), [inlineShared])).toContain('shared-ref');
});

test('inline-expanding: a join that makes more rows than it reads is made where it is read', () => {
  const b = new PlanBuilder();
  const t = b.scan('t', { k: INT32, x: INT32 }, 200_000, { k: { distinct: 20_000 } });
  const u = b.scan('u', { k: INT32, y: INT32 }, 200_000, { k: { distinct: 20_000 } });
  const id = 0 as SharedId;
  const reading = (definition: LogicalPlan, isDemanded?: true): string => {
    const [first] = outputOf(definition);
    const reader = (): LogicalPlan => {
      const column = b.column('k', first!.type);
      return { kind: 'shared-ref', id, columns: [column], source: [first!.id] };
    };
    const shared: LogicalPlan = { kind: 'shared', id, definition, input: b.union(reader(), reader()), isDemanded };
    return afterRules(shared, [inlineExpanding]);
  };
  expect(reading(join('inner', t.plan, u.plan, eq(t.k, u.k)))).toMatchInlineSnapshot(`
    "union all [k#6]
      project [k#7 as k#4]
        join inner [k#7 = k#9]
          scan t [k#7, x#8]
          scan u [k#9, y#10]
      project [k#11 as k#5]
        join inner [k#11 = k#13]
          scan t [k#11, x#12]
          scan u [k#13, y#14]"
  `);
  const narrow = join('semi', t.plan, u.plan, eq(t.k, u.k));
  const grouped = b.aggregate(join('inner', t.plan, u.plan, eq(t.k, u.k)), { x: t.x });
  const varied = join('inner', t.plan, filter(u.plan, gt(random(), u.y)), eq(t.k, u.k));
  for (const kept of [narrow, grouped, varied]) expect(reading(kept)).toMatch(/^shared/);
  expect(reading(join('inner', t.plan, u.plan, eq(t.k, u.k)), true)).toMatch(/^shared/);
});

test('restrict-shared: rows that suit no reader are not made', () => {
  const { b, u } = setup();
  const id = 0 as SharedId;
  const [j, y] = outputOf(u.plan);
  const reader = (predicate: (j: ColumnRef, y: ColumnRef) => BoundExpr | undefined): LogicalPlan => {
    const columns = [b.column('j', j!.type), b.column('y', y!.type)];
    const ref: LogicalPlan = { kind: 'shared-ref', id, columns, source: [j!.id, y!.id] };
    const condition = predicate(columnRef(columns[0]!), columnRef(columns[1]!));
    return condition === undefined ? ref : filter(ref, condition);
  };
  const definition = (...readers: readonly [LogicalPlan, LogicalPlan]): string => {
    const plan: LogicalPlan = { kind: 'shared', id, definition: u.plan, input: b.union(...readers) };
    return afterRules(plan, [restrictShared]).split('\n').slice(1, 3).join('\n');
  };
  const both = { kind: 'and' } as const;
  expect(
    definition(
      reader(k => eq(k, int(1))),
      reader((k, v) => ({ ...both, args: [gt(k, int(7)), lt(v, int(2))] })),
    ),
  ).toMatchInlineSnapshot(`
    "  filter [(j#3 = 1 or j#3 > 7)]
        scan u [j#3, y#4]"
  `);
  const unrestricted = '  scan u [j#3, y#4]';
  expect(
    definition(
      reader(k => eq(k, int(1))),
      reader(() => undefined),
    ),
  ).toContain(unrestricted);
  expect(
    definition(
      reader(k => eq(k, int(1))),
      reader((_, v) => gt(v, int(1))),
    ),
  ).toContain(unrestricted);
  // What several columns are asked for together tells nothing of each.
  expect(
    definition(
      reader((k, v) => gt(k, v)),
      reader((k, v) => gt(k, v)),
    ),
  ).toContain(unrestricted);
});

test('share-common-subplans: the same work under other ids, when it pays', () => {
  const { b, t, u } = setup();
  const copy = { t: { ...t }, ...copyOf(b, t.plan) };
  const one = b.aggregate(filter(t.plan, gt(t.x, int(1))), { k: t.k }, { s: ['sum', t.x] });
  const same = b.aggregate(
    filter(copy.plan, gt(copy.columns[1]!, int(1))),
    { k: copy.columns[0]! },
    { s: ['sum', copy.columns[1]!] },
  );
  const other = b.aggregate(
    filter(copy.plan, gt(copy.columns[1]!, int(2))),
    { k: copy.columns[0]! },
    { s: ['sum', copy.columns[1]!] },
  );
  expect(
    afterRules(join('inner', one, same, eq(one.refs['s']!, same.refs['s']!)), [shareCommonSubplans]),
  ).toMatchInlineSnapshot(`
    "shared $0
      aggregate [k#12 as k#15] [sum(x) as s#16]
        filter [x > 1]
          scan t [k#12, x, z]
      join inner [s#9 = s#11]
        shared-ref $0 [k#8, s#9]
        shared-ref $0 [k#10, s#11]"
  `);
  expect(
    afterRules(join('inner', one, other, eq(one.refs['s']!, other.refs['s']!)), [shareCommonSubplans]),
  ).not.toContain('shared');
  const small = b.union(b.aggregate(u.plan, { j: u.j }), b.aggregate(copyOf(b, u.plan).plan, {}));
  expect(afterRules(small, [shareCommonSubplans])).not.toContain('shared');
});

/** The same scan with ids of its own. */
function copyOf(b: PlanBuilder, plan: ReturnType<PlanBuilder['scan']>['plan']) {
  const columns = plan.columns.map(c => ({ ...c, column: b.column(c.column.name, c.column.type) }));
  return { plan: { ...plan, columns }, columns: columns.map(c => columnRef(c.column)) };
}

test('restrict-groups: only groups that the other side asks for are made', () => {
  const b = new PlanBuilder();
  const t = b.scan('t', { k: INT64, x: INT64 }, 1_000_000);
  const p = b.scan('p', { k: INT64 }, 100);
  const grouped = b.aggregate(filter(t.plan, lt(t.x, t.k)), { key: t.k }, { s: ['sum', t.x] });
  expect(
    afterRules(join('inner', grouped, p.plan, eq(grouped.refs['key']!, p.k)), [restrictGroups]),
  ).toMatchInlineSnapshot(`
    "shared $0
      scan p [k#5]
      join inner [key = k#2]
        aggregate [k#0 as key] [sum(x) as s]
          filter [x < k#0]
            join semi [k#0 = k#6]
              scan t [k#0, x]
              shared-ref $0 [k#6]
        shared-ref $0 [k#2]"
  `);
  expect(afterRules(join('right', p.plan, grouped, eq(grouped.refs['key']!, p.k)), [restrictGroups])).not.toContain(
    'semi',
  );
  const many = b.scan('many', { k: INT64 }, 900_000);
  expect(
    afterRules(join('inner', grouped, many.plan, eq(grouped.refs['key']!, many.k)), [restrictGroups]),
  ).not.toContain('semi');
  expect(afterRules(join('inner', grouped, p.plan, eq(grouped.refs['s']!, p.k)), [restrictGroups])).not.toContain(
    'semi',
  );
});

test('share-restricted: a table that meets the same few rows twice is read once', () => {
  const b = new PlanBuilder();
  const t = b.scan('t', { k: INT64, x: INT64, z: INT64 }, 1_000_000, { k: { distinct: 10_000 } });
  const p = b.scan('p', { k: INT64 }, 100);
  const copy = copyOf(b, t.plan);
  const [key, x] = copy.columns as [ColumnRef, ColumnRef];
  const grouped = b.aggregate(copy.plan, { key }, { s: ['sum', x] });
  const rules = [restrictGroups, shareRestricted];
  const asked = (type: 'inner' | 'left' = 'inner', own: LogicalPlan = t.plan, on = eq(t.k, p.k)) =>
    join(type, own, join('inner', grouped, p.plan, eq(grouped.refs['key']!, p.k)), on);
  expect(afterRules(asked(), rules)).toMatchInlineSnapshot(`
    "shared $0
      scan p [k#9]
      shared $1
        join semi [k#11 = k#14]
          scan t [k#11, x#12, z#13]
          shared-ref $0 [k#14]
        join inner [k#0 = k#3]
          shared-ref $1 [k#0, x#1, z#2]
          join inner [key = k#3]
            aggregate [k#4 as key] [sum(x#5) as s]
              shared-ref $1 [k#4, x#5, z#6]
            shared-ref $0 [k#3]"
  `);
  // By the groups' key as well; and what one side alone asks for stays there.
  expect(afterRules(asked('inner', t.plan, eq(t.k, grouped.refs['key']!)), rules)).toContain('shared $1');
  const narrowed: LogicalPlan = { ...t.plan, filters: [not(isNull(t.z))] };
  expect(afterRules(asked('inner', narrowed), rules)).toMatchInlineSnapshot(`
    "shared $0
      scan p [k#9]
      shared $1
        join semi [k#11 = k#14]
          scan t [k#11, x#12, z#13]
          shared-ref $0 [k#14]
        join inner [k#0 = k#3]
          filter [not(is null(z#2))]
            shared-ref $1 [k#0, x#1, z#2]
          join inner [key = k#3]
            aggregate [k#4 as key] [sum(x#5) as s]
              shared-ref $1 [k#4, x#5, z#6]
            shared-ref $0 [k#3]"
  `);
  const few: LogicalPlan = { ...t.plan, filters: [eq(t.x, t.z)] };
  const others = b.scan('t', { k: INT64 }, 1_000_000);
  for (const plan of [
    asked('left'),
    asked('inner', few),
    asked('inner', { ...t.plan, filters: [gt(random(), t.x)] }),
    asked('inner', { ...t.plan, limit: 10 }),
    asked('inner', t.plan, eq(t.x, p.k)),
    asked('inner', t.plan, call('is not distinct from', [t.k, p.k], BOOLEAN)),
    asked('inner', others.plan, eq(others.k, p.k)),
  ])
    expect(afterRules(plan, rules)).not.toContain('shared $1');
});
