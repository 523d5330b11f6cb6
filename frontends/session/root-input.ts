import { invariant } from '../../src/common/errors.ts';
import { outputOf } from '../../src/plan/columns.ts';
import type { BoundQuery } from '../../src/plan/logical-plan.ts';

/** The query below an `insert` or `copy` node, whose columns are written in order. */
export function belowRoot({ plan }: BoundQuery): BoundQuery {
  invariant(plan.kind === 'insert' || plan.kind === 'copy', 'rows are written by insert and copy');
  return { plan: plan.input, output: outputOf(plan.input) };
}
