import type { ColumnId } from './expr.ts';
import type { Column, LogicalPlan, PlanOf, SharedId } from './logical-plan.ts';
import { mapExprs, mapInputs, rewriteExpr } from './rewrite.ts';

/** A copy of a plan in which every column that it makes has a new id; `ids` maps the old ones to the new ones. */
export function renewIds(
  plan: LogicalPlan,
  newId: () => ColumnId,
): { readonly plan: LogicalPlan; readonly ids: ReadonlyMap<ColumnId, ColumnId> } {
  const ids = new Map<ColumnId, ColumnId>();
  const renew = (column: Column): Column => {
    const id = ids.get(column.id) ?? newId();
    ids.set(column.id, id);
    return { ...column, id };
  };
  const old = (id: ColumnId): ColumnId => ids.get(id) ?? id;
  const defined = new Set<SharedId>();
  const visit = (node: LogicalPlan): LogicalPlan => {
    if (node.kind === 'shared') defined.add(node.id);
    if (node.kind === 'recursive') return renewRecursive(node);
    const below = mapInputs(node, visit);
    // A scan's filters read its own columns.
    const made = below.kind === 'scan' ? renewOwn(below, renew) : below;
    const read = mapExprs(made, e => rewriteExpr(e, x => (x.kind === 'column' ? { ...x, id: old(x.id) } : x)));
    if (read.kind === 'shared-ref' && defined.has(read.id))
      return { ...(renewOwn(read, renew) as typeof read), source: read.source.map(old) };
    return read.kind === 'scan' ? read : renewOwn(read, renew);
  };
  /** Its step reads its columns. */
  const renewRecursive = (node: PlanOf<'recursive'>): LogicalPlan => {
    defined.add(node.id);
    const columns = node.columns.map(renew);
    return { ...node, anchor: visit(node.anchor), step: visit(node.step), columns };
  };
  return { plan: visit(plan), ids };
}

/** A node with other columns in place of those that it makes itself; what it reads stays. */
export function renewOwn(node: LogicalPlan, renew: (c: Column) => Column): LogicalPlan {
  switch (node.kind) {
    case 'scan':
    case 'project':
      return { ...node, columns: node.columns.map(c => ({ ...c, column: renew(c.column) })) } as LogicalPlan;
    case 'values':
    case 'empty':
    case 'set-op':
    case 'shared-ref':
    case 'insert':
    case 'copy':
      return { ...node, columns: node.columns.map(renew) };
    case 'aggregate':
      return {
        ...node,
        keys: node.keys.map(k => ({ ...k, column: renew(k.column) })),
        aggregates: node.aggregates.map(a => ({ ...a, column: renew(a.column) })),
        groupingId: node.groupingId && renew(node.groupingId),
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
