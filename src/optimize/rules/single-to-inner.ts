import type { JoinPlan, LogicalPlan } from '../../plan/logical-plan.ts';
import type { PlanRule } from '../rule.ts';

/**
 * A scalar subquery that asks for nothing of the rows it is computed for gives all of them the same one row: its own, or
 * one with NULLs. As an inner join with this row, conditions on its value become join conditions, and joins move about it.
 *
 *     filter [a.x = value]          filter [a.x = value]
 *       join single                   join inner
 *         scan a               ⇒        scan a
 *         scan b                        join single
 *                                         values (1 row)
 *                                         scan b
 */
export const singleToInner: PlanRule<'join'> = {
  name: 'single-to-inner',
  on: 'join',
  apply: join => {
    if (join.type !== 'single' || join.condition !== undefined || isNoColumns(join.left)) return undefined;
    const { span: _, ...inner }: JoinPlan = join;
    return { ...inner, type: 'inner', right: { ...join, left: ONE_ROW } };
  },
};

const ONE_ROW: LogicalPlan = { kind: 'values', columns: [], rows: [[]] };

const isNoColumns = (plan: LogicalPlan): boolean => plan.kind === 'values' && plan.columns.length === 0;
