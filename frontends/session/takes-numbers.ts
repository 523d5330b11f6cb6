import { exprInputs, exprsOf } from '../../src/plan/columns.ts';
import type { BoundExpr } from '../../src/plan/expr.ts';
import type { LogicalPlan } from '../../src/plan/logical-plan.ts';
import { inputsOf } from '../../src/plan/rewrite.ts';

/** Whether a plan calls on sequences, whose states are in the database's memory: tasks elsewhere can't run it. */
export const takesNumbers = (plan: LogicalPlan): boolean =>
  exprsOf(plan).some(readsSequence) || inputsOf(plan).some(takesNumbers);

const readsSequence = (expr: BoundExpr): boolean =>
  (expr.kind === 'call' && (expr.fn === 'nextval' || expr.fn === 'currval')) || exprInputs(expr).some(readsSequence);
