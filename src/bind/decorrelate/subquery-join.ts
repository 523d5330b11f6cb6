import type { Span } from '../../common/errors.ts';
import type { BoundExpr } from '../../plan/expr.ts';
import type { Column, LogicalPlan } from '../../plan/logical-plan.ts';
import type { Binder } from '../binder.ts';
import { dependentJoin, extendedByRow } from './dependent-join.ts';

/** A subquery of an expression, as the join that computes it above the relation which the expression reads. */
export type SubqueryJoin = {
  /**
   * `inner` without condition for a subquery that always gives exactly one row; `extend` for projections of one row
   * that are computed for every row.
   */
  readonly type: 'inner' | 'single' | 'mark' | 'semi' | 'anti' | 'extend';
  readonly plan: LogicalPlan;
  readonly condition?: BoundExpr | undefined;
  readonly mark?: Column | undefined;
  readonly span?: Span | undefined;
};

/** Puts the joins above `plan`, in order; the list is empty afterwards. */
export function applyJoins(b: Binder, plan: LogicalPlan, joins: SubqueryJoin[]): LogicalPlan {
  let result = plan;
  for (const { plan: right, type, ...join } of joins.splice(0)) {
    if (type === 'extend') result = extendedByRow(b, result, right);
    else result = dependentJoin(b, { ...join, type, left: result, right });
  }
  return result;
}
