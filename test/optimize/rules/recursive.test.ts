import { expect, test } from 'vitest';
import { inlineShared } from '../../../src/optimize/rules/inline-shared.ts';
import { pruneColumns } from '../../../src/optimize/rules/prune-columns.ts';
import { pushFilters } from '../../../src/optimize/rules/push-filters.ts';
import { removeEmpty } from '../../../src/optimize/rules/remove-empty.ts';
import { removeTrivialProjects } from '../../../src/optimize/rules/remove-trivial-projects.ts';
import { outputOf } from '../../../src/plan/columns.ts';
import { columnRef } from '../../../src/plan/literals.ts';
import type { LogicalPlan, RecursivePlan, SharedId } from '../../../src/plan/logical-plan.ts';
import { INT32 } from '../../../src/types/data-type.ts';
import { afterRules, eq, filter, gt, int, join, PlanBuilder } from '../../support/plan.ts';

const ID = 7 as SharedId;

const setup = () => {
  const b = new PlanBuilder();
  const t = b.scan('t', { k: INT32, x: INT32 }, 100);
  const columns = [b.column('n', INT32), b.column('m', INT32)];
  const read = [b.column('n', INT32), b.column('m', INT32)];
  const ref: LogicalPlan = { kind: 'shared-ref', id: ID, columns: read, source: columns.map(c => c.id) };
  const recursive = (anchor: LogicalPlan, step: LogicalPlan): RecursivePlan => ({
    kind: 'recursive',
    id: ID,
    anchor,
    step,
    columns,
    all: true,
  });
  return { b, t, columns, ref, recursive };
};

test('push-filters: a row that is filtered out may lead to one that is not', () => {
  const { t, ref, columns, recursive } = setup();
  const plan = filter(recursive(t.plan, ref), gt(columnRef(columns[0]!), int(1)));
  expect(afterRules(plan, [pushFilters])).toMatchInlineSnapshot(`
    "filter [n#2 > 1]
      recursive $7 [n#2, m#3]
        scan t [k, x]
        shared-ref $7 [n#4, m#5]"
  `);
});

test('prune-columns and remove-trivial-projects keep all columns in their places', () => {
  const { b, t, ref, columns, recursive } = setup();
  const anchor = b.project(t.plan, { x: t.x, k: t.k });
  const plan = recursive(anchor, ref);
  expect(afterRules(plan, [pruneColumns, removeTrivialProjects], [columnRef(columns[0]!)])).toMatchInlineSnapshot(`
    "recursive $7 [n#2, m#3]
      project [x, k]
        scan t [k, x]
      shared-ref $7 [n#4, m#5]"
  `);
});

test('remove-empty: without rows to begin with there are none, without a step just those', () => {
  const { t, ref, recursive } = setup();
  const none: LogicalPlan = { kind: 'empty', columns: outputOf(t.plan) };
  expect(afterRules(recursive(none, ref), [removeEmpty])).toBe('empty');
  expect(
    afterRules(recursive(t.plan, { kind: 'empty', columns: outputOf(ref) }), [removeEmpty]),
  ).toMatchInlineSnapshot(`
    "project [k as n, x as m]
      scan t [k, x]"
  `);
});

test('inline-shared: what every round would compute stays shared', () => {
  const { b, t, ref, columns, recursive } = setup();
  const u = b.scan('u', { k: INT32, x: INT32 }, 100);
  const id = 9 as SharedId;
  const read = [b.column('k', INT32)];
  const shared: LogicalPlan = { kind: 'shared-ref', id, columns: read, source: [outputOf(u.plan)[0]!.id] };
  const wrapped = (input: LogicalPlan): LogicalPlan => ({ kind: 'shared', id, definition: u.plan, input });
  const [n, m] = outputOf(ref).map(columnRef);
  const step = b.project(join('inner', ref, shared, eq(n!, columnRef(read[0]!))), { n: n!, m: m! });
  expect(afterRules(wrapped(recursive(t.plan, step)), [inlineShared])).toContain('shared $9');
  const once = join('inner', recursive(t.plan, ref), shared, eq(columnRef(columns[0]!), columnRef(read[0]!)));
  expect(afterRules(wrapped(once), [inlineShared])).not.toContain('shared $9');
});
