import { expect, test } from 'vitest';
import { hasKind } from '../../src/plan/has-kind.ts';
import type { LogicalPlan } from '../../src/plan/logical-plan.ts';
import { INT32 } from '../../src/types/data-type.ts';
import { PlanBuilder } from '../support/plan.ts';

test('a plan has its own kind and those of all nodes below it', () => {
  const b = new PlanBuilder();
  const [t, u] = [b.scan('t', { k: INT32 }), b.scan('u', { k: INT32 })];
  const limit: LogicalPlan = { kind: 'limit', input: u.plan, count: 1, offset: 0 };
  const join: LogicalPlan = { kind: 'join', type: 'inner', left: t.plan, right: limit, condition: undefined };
  const kinds = ['scan', 'limit', 'join', 'sort', 'window'] as const;
  expect(kinds.filter(kind => hasKind(join, kind))).toEqual(['scan', 'limit', 'join']);
  expect(kinds.filter(kind => hasKind(limit, kind))).toEqual(['scan', 'limit']);
  // Asked again, of a node that was below another one.
  expect(kinds.filter(kind => hasKind(u.plan, kind))).toEqual(['scan']);
});
