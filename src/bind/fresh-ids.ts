import type { BoundExpr, ColumnId } from '../plan/expr.ts';
import type { Column, LogicalPlan } from '../plan/logical-plan.ts';
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
    // Leaves and scans read their own columns: these are renewed first.
    const renewed =
      below.kind === 'scan'
        ? { ...below, columns: below.columns.map(c => ({ ...c, column: renew(c.column) })) }
        : below;
    return renewOwn(mapExprs(renewed, expr), renew, id => ids.get(id) ?? id);
  };
  return { plan: visit(plan), ids };
}

function renewOwn(node: LogicalPlan, renew: (c: Column) => Column, mapped: (id: ColumnId) => ColumnId): LogicalPlan {
  switch (node.kind) {
    case 'values':
    case 'empty':
    case 'set-op':
    case 'insert':
    case 'copy':
      return { ...node, columns: node.columns.map(renew) };
    case 'shared-ref':
      return { ...node, columns: node.columns.map(renew), source: node.source.map(mapped) };
    case 'project':
      return { ...node, columns: node.columns.map(c => ({ ...c, column: renew(c.column) })) };
    case 'aggregate':
      return {
        ...node,
        keys: node.keys.map(k => ({ ...k, column: renew(k.column) })),
        aggregates: node.aggregates.map(a => ({ ...a, column: renew(a.column) })),
        ...(node.groupingId === undefined ? {} : { groupingId: renew(node.groupingId) }),
      };
    case 'unnest':
      return {
        ...node,
        lists: node.lists.map(l => ({ ...l, column: renew(l.column) })),
        ordinality: node.ordinality && renew(node.ordinality),
      };
    case 'window':
      return { ...node, functions: node.functions.map(w => ({ ...w, column: renew(w.column) })) };
    case 'join':
      return node.mark === undefined ? node : { ...node, mark: renew(node.mark) };
    default:
      return node;
  }
}
