import { expect, test } from 'vitest';
import type { Pass, Step } from '../../src/optimize/rule.ts';
import { runSteps } from '../../src/optimize/run-steps.ts';
import { defaultSteps } from '../../src/optimize/steps.ts';
import { outputOf } from '../../src/plan/columns.ts';
import type { LogicalPlan, PlanKind } from '../../src/plan/logical-plan.ts';
import { INT32 } from '../../src/types/data-type.ts';
import { eq, filter, gt, int, join, limit, PlanBuilder, sort, testFunctions } from '../support/plan.ts';

const setup = () => {
  const b = new PlanBuilder();
  const t = b.scan('t', { k: INT32, x: INT32 }, 100);
  const u = b.scan('u', { j: INT32 }, 100);
  const plan = limit(sort(filter(join('inner', t.plan, u.plan), eq(t.k, u.j), gt(t.x, int(1))), t.x), 10);
  return { t, query: { plan, output: outputOf(plan) } };
};
const run = (query: ReturnType<typeof setup>['query'], steps: readonly Step[], options = {}) =>
  runSteps(query, { steps, functions: testFunctions, ...options });

test('observers are told of each rule that changed the plan, in order', () => {
  const { query } = setup();
  const seen: [string, PlanKind][] = [];
  run(query, defaultSteps, { observe: (rule: string, plan: LogicalPlan) => seen.push([rule, plan.kind]) });
  expect(seen).toEqual([
    ['push-filters', 'limit'],
    ['make-top-k', 'top-k'],
  ]);
});

test('rules can be left out by name', () => {
  const { query } = setup();
  const { plan } = run(query, defaultSteps, { disabledRules: new Set(['make-top-k', 'push-filters']) });
  expect(plan).toBe(query.plan);
});

test('rule names are unique', () => {
  const rules = new Set(defaultSteps.flatMap(s => s.rules));
  expect(new Set([...rules].map(r => r.name)).size).toBe(rules.size);
});

test('a rule that loses a column, or breaks the plan, is named', () => {
  const { query, t } = setup();
  const lose: Pass = { name: 'lose-everything', run: () => ({ kind: 'empty', columns: [] }) };
  expect(() => run(query, [{ name: 's', rules: [lose] }])).toThrow(/lose-everything lost the output column k/);
  const misread: Pass = { name: 'misread', run: () => filter({ kind: 'empty', columns: [] }, gt(t.k, int(1))) };
  expect(() => run(query, [{ name: 's', rules: [misread] }])).toThrow(/misread broke the plan/);
});

test('rules that undo each other are found out', () => {
  const { query } = setup();
  const wrap: Pass = { name: 'wrap', run: plan => limit(plan, 100) };
  expect(() => run(query, [{ name: 'swinging', rules: [wrap] }], { strict: true })).toThrow(/swinging come to no end/);
  expect(run(query, [{ name: 'swinging', rules: [wrap] }]).plan.kind).toBe('limit');
});
