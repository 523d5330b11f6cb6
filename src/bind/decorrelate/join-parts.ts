import type { Span } from '../../common/errors.ts';
import { outputOf } from '../../plan/columns.ts';
import type { BoundExpr } from '../../plan/expr.ts';
import type { Column, JoinPlan, LogicalPlan, PlanOf, ProjectColumn } from '../../plan/logical-plan.ts';
import type { DataType } from '../../types/data-type.ts';
import { type Binder, notYet } from '../binder.ts';
import { integerOf, literal } from '../constant.ts';
import { freeColumns } from './correlation.ts';

/** A join whose right side may read columns of its left side. */
export type DependentJoin = {
  readonly type: 'inner' | 'left' | 'single' | 'semi' | 'anti' | 'mark';
  readonly left: LogicalPlan;
  readonly right: LogicalPlan;
  readonly condition?: BoundExpr | undefined;
  readonly mark?: Column | undefined;
  /** The subquery, for errors. */
  readonly span?: Span | undefined;
};

/** Whether the join only asks if a row of the right side exists. */
export const isExistence = (type: DependentJoin['type']): boolean =>
  type === 'semi' || type === 'anti' || type === 'mark';

/** The join as an ordinary one, when its right side reads nothing of its left. */
export function plainJoin({ type, left, right, condition, mark, span }: DependentJoin): JoinPlan {
  // Whether any row exists, one row tells; but a limit would be in the way of joins with queries further out.
  const enough: LogicalPlan =
    condition === undefined && isExistence(type) && freeColumns(right).size === 0
      ? { kind: 'limit', input: right, count: 1, offset: 0 }
      : right;
  return {
    kind: 'join',
    type,
    left,
    right: enough,
    ...(condition === undefined ? {} : { condition }),
    ...(mark === undefined ? {} : { mark }),
    ...(type === 'single' && span !== undefined ? { span } : {}),
  };
}

/**
 * Gives the aggregates that are never NULL (counts) new ids, and the columns that restore them above an outer join:
 * 0 for groups without rows.
 */
export function countsApart(
  b: Binder,
  plan: PlanOf<'aggregate'>,
): { plan: PlanOf<'aggregate'>; counts: readonly ProjectColumn[] } {
  const counts: ProjectColumn[] = [];
  const aggregates = plan.aggregates.map(a => {
    if (a.aggregate.nullable) return a;
    const column = b.newColumn(a.column.name, a.column.type, true);
    counts.push({
      column: a.column,
      expr: { kind: 'coalesce', args: [b.ref(column), zero(a.column.type)], type: a.column.type },
    });
    return { ...a, column };
  });
  return { plan: { ...plan, aggregates }, counts };
}

function zero(type: DataType): BoundExpr {
  if (type.kind === 'int' || type.kind === 'float' || type.kind === 'decimal') return literal(integerOf(type, 0n));
  throw notYet('a correlated aggregate that is neither a number nor NULL for no rows is');
}

/** The columns of `left` that `right` reads, in the left side's order. */
export function correlatedColumns(left: LogicalPlan, right: LogicalPlan): readonly Column[] {
  const free = freeColumns(right);
  return outputOf(left).filter(c => free.has(c.id));
}

/** Whether a plan gives exactly one row, whatever the data. */
export function isOneRow(plan: LogicalPlan): boolean {
  switch (plan.kind) {
    case 'values':
      return plan.rows.length === 1;
    case 'aggregate':
      return plan.keys.length === 0 && plan.groupingSets === undefined;
    case 'project':
    case 'sort':
    case 'window':
      return isOneRow(plan.input);
    case 'shared':
      return isOneRow(plan.input);
    default:
      return false;
  }
}
