import type { BoundExpr, ColumnId } from '../plan/expr.ts';
import type { Column, LogicalPlan } from '../plan/logical-plan.ts';
import { renewOwn } from '../plan/renew-ids.ts';
import { mapExprs, mapInputs, rewriteExpr } from '../plan/rewrite.ts';
import type { Binder } from './binder.ts';

/** A copy of a plan whose nodes hand up new ids; `ids` maps the old ones. Columns from outside stay. */
export function freshIds(
  b: Binder,
  plan: LogicalPlan,
): { readonly plan: LogicalPlan; readonly ids: ReadonlyMap<ColumnId, ColumnId> } {
  const ids = new Map<ColumnId, ColumnId>();
  const renew = (column: Column): Column => {
    const known = ids.get(column.id);
    const id = known ?? b.newColumn(column.name, column.type, b.isNullable(column.id)).id;
    ids.set(column.id, id);
    return { ...column, id };
  };
  const expr = (e: BoundExpr): BoundExpr =>
    rewriteExpr(e, x => {
      const id = x.kind === 'column' ? ids.get(x.id) : undefined;
      return id === undefined || x.kind !== 'column' ? x : b.markSpan({ ...x, id }, b.spanOf(x));
    });
  const visit = (node: LogicalPlan): LogicalPlan => {
    // A recursion's step reads its columns.
    if (node.kind === 'recursive') {
      const columns = node.columns.map(renew);
      return { ...node, anchor: visit(node.anchor), step: visit(node.step), columns };
    }
    const below = mapInputs(node, visit);
    // A scan's filters read its own columns: these are renewed first.
    if (below.kind === 'scan') return mapExprs(renewOwn(below, renew), expr);
    const renewed = renewOwn(mapExprs(below, expr), renew);
    if (renewed.kind !== 'shared-ref') return renewed;
    return { ...renewed, source: renewed.source.map(id => ids.get(id) ?? id) };
  };
  return { plan: visit(plan), ids };
}
