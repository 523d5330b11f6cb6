import { expect, test } from 'vitest';
import { foldConstants } from '../../../src/optimize/rules/fold-constants.ts';
import { mergeProjects } from '../../../src/optimize/rules/merge-projects.ts';
import { pruneColumns } from '../../../src/optimize/rules/prune-columns.ts';
import { runSteps } from '../../../src/optimize/run-steps.ts';
import { explainPlan } from '../../../src/plan/explain.ts';
import type { BoundExpr, CallOf, ColumnRef, PhysicalExpr } from '../../../src/plan/expr.ts';
import { sameExpr } from '../../../src/plan/expr-key.ts';
import { INT32, INT64, list } from '../../../src/types/data-type.ts';
import type { Scalar } from '../../../src/types/scalar.ts';
import { afterRules, filter, gt, int, literal, PlanBuilder, testFunctions } from '../../support/plan.ts';

const input = (index: number): PhysicalExpr => ({ kind: 'input', index, type: INT32 });

/** list_transform(l, lambda x: x + captured) */
function transform(name: string, l: BoundExpr, captured: BoundExpr): CallOf<ColumnRef> {
  const span = { start: name.length, end: 20 };
  const body: PhysicalExpr = { kind: 'call', fn: '+', overload: 'i32', args: [input(0), input(1)], type: INT32, span };
  const lambda = { params: [name], captured: 1, body };
  return { kind: 'call', fn: 'list_transform', overload: 'list', args: [l, captured], lambda, type: list(INT32) };
}

const setup = () => {
  const b = new PlanBuilder();
  return { b, t: b.scan('t', { k: INT32, l: list(INT32), m: INT32 }, 100) };
};

test('columns that a lambda reads stay, and what stands for them takes their place', () => {
  const { b, t } = setup();
  const below = b.project(filter(t.plan, gt(t.k, int(1))), { n: t.m, l2: t.l });
  const plan = b.project(below, { r: transform('x', below.refs['l2']!, below.refs['n']!) });
  expect(afterRules(plan, [mergeProjects, pruneColumns, foldConstants])).toMatchInlineSnapshot(`
    "project [list_transform(l, m) as r]
      filter [k > 1]
        scan t [k, l, m]"
  `);
});

test('names of parameters and places in the text make no difference between lambdas', () => {
  const { t } = setup();
  expect(sameExpr(transform('x', t.l, t.k), transform('yy', t.l, t.k))).toBe(true);
  expect(sameExpr(transform('x', t.l, t.k), transform('x', t.l, t.m))).toBe(false);
});

test('a lambda is told with what it captures in its place', () => {
  const { b, t } = setup();
  const text = explainPlan(b.project(t.plan, { r: transform('x', t.l, t.k) }));
  expect(text).toContain('list_transform(l, lambda x: (x + k))');
});

test('what needs no element is computed once, in bodies and bodies within them', () => {
  const { b, t } = setup();
  const six = { kind: 'cast', input: literal(INT64, '6'), type: INT32, try: false } as const;
  const body: PhysicalExpr = { kind: 'call', fn: '+', overload: 'i32', args: [input(0), six], type: INT32 };
  const inner: PhysicalExpr = {
    kind: 'call',
    fn: 'list_transform',
    overload: 'list',
    args: [{ kind: 'input', index: 0, type: list(INT32) }],
    lambda: { params: ['y'], captured: 0, body },
    type: list(INT32),
  };
  const outer: CallOf<ColumnRef> = {
    kind: 'call',
    fn: 'list_transform',
    overload: 'list',
    args: [t.l],
    lambda: { params: ['x'], captured: 0, body: inner },
    type: list(list(INT32)),
  };
  const evaluate = (): Scalar => ({ type: INT32, value: 6 });
  const { plan } = runSteps(
    { plan: b.project(t.plan, { r: outer }), output: [] },
    { steps: [{ name: 'test', rules: [foldConstants] }], functions: testFunctions, evaluate, strict: true },
  );
  expect(explainPlan(plan)).toContain('list_transform(l, lambda x: list_transform(x, lambda y: (y + 6)))');
});
