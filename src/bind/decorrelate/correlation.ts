import { collectColumns, exprsOf, outputOf } from '../../plan/columns.ts';
import type { BoundExpr, ColumnId } from '../../plan/expr.ts';
import type { LogicalPlan, SharedId } from '../../plan/logical-plan.ts';
import { inputsOf } from '../../plan/rewrite.ts';

const memo = new WeakMap<LogicalPlan, ReadonlySet<ColumnId>>();

/** The columns that a plan reads although none of its nodes hands them up: those of enclosing queries. */
export function freeColumns(plan: LogicalPlan): ReadonlySet<ColumnId> {
  const known = memo.get(plan);
  if (known !== undefined) return known;
  const free = new Set<ColumnId>();
  for (const expr of exprsOf(plan)) collectColumns(expr, free);
  const inputs = inputsOf(plan);
  const handedUp = plan.kind === 'scan' ? outputOf(plan) : inputs.flatMap(outputOf);
  for (const column of handedUp) free.delete(column.id);
  for (const input of inputs) for (const id of freeColumns(input)) free.add(id);
  memo.set(plan, free);
  return free;
}

/** Whether an expression reads any of the columns. */
export function reads(expr: BoundExpr, ids: ReadonlySet<ColumnId>): boolean {
  for (const id of collectColumns(expr)) if (ids.has(id)) return true;
  return false;
}

/** Whether a plan reads any of the columns from outside. */
export function isCorrelated(plan: LogicalPlan, ids: ReadonlySet<ColumnId>): boolean {
  for (const id of freeColumns(plan)) if (ids.has(id)) return true;
  return false;
}

/** Whether a plan reads any of the shared subplans. */
export function readsShared(plan: LogicalPlan, shared: ReadonlySet<SharedId>): boolean {
  if (plan.kind === 'shared-ref') return shared.has(plan.id);
  return inputsOf(plan).some(input => readsShared(input, shared));
}
