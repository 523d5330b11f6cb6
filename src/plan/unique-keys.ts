import { idsOf } from './columns.ts';
import { splitEquiPairs } from './equi-pairs.ts';
import type { BoundExpr, ColumnId } from './expr.ts';
import type { JoinPlan, LogicalPlan } from './logical-plan.ts';

/** A set of columns of which no two rows have the same values; the empty set: at most one row. */
export type UniqueKey = ReadonlySet<ColumnId>;

/** Keys of a plan's result that follow from its shape and from what sources promise. Not necessarily all. */
export function uniqueKeys(plan: LogicalPlan): readonly UniqueKey[] {
  switch (plan.kind) {
    case 'values':
      return plan.rows.length <= 1 ? [new Set()] : [];
    case 'empty':
      return [new Set()];
    case 'scan':
      return plan.columns.flatMap(c => {
        const known = plan.source.statistics.columns?.[c.index];
        return known?.unique === true && known.nullCount === 0 ? [new Set([c.column.id])] : [];
      });
    case 'filter':
    case 'sort':
    case 'window':
    case 'shared':
      return uniqueKeys(plan.input);
    case 'limit':
    case 'top-k':
      return plan.count !== undefined && plan.count <= 1 ? [new Set()] : uniqueKeys(plan.input);
    case 'project':
      return renamed(uniqueKeys(plan.input), plan.columns);
    case 'aggregate':
      // The rows of several grouping sets may look the same.
      return plan.groupingSets === undefined ? [new Set(plan.keys.map(k => k.column.id))] : [];
    case 'distinct-on': {
      const on = plan.on.flatMap(e => (e.kind === 'column' ? [e.id] : []));
      return on.length === plan.on.length ? [new Set(on), ...uniqueKeys(plan.input)] : uniqueKeys(plan.input);
    }
    case 'join':
      return joinKeys(plan);
    case 'asof-join':
      // At most one match a row.
      return uniqueKeys(plan.left);
    case 'set-op':
      return plan.all ? [] : [new Set(plan.columns.map(c => c.id))];
    default:
      return [];
  }
}

/** Whether each left row of a join has at most one match: its equalities cover a key of the right side. */
export function hasAtMostOneMatch(join: JoinPlan): boolean {
  const equal = equalColumns(join);
  return uniqueKeys(join.right).some(key => [...key].every(id => equal.right.has(id)));
}

function joinKeys(join: JoinPlan): readonly UniqueKey[] {
  switch (join.type) {
    case 'semi':
    case 'anti':
    case 'mark':
    case 'single':
      return uniqueKeys(join.left);
    case 'inner':
    case 'left': {
      const [left, right] = [uniqueKeys(join.left), uniqueKeys(join.right)];
      if (hasAtMostOneMatch(join)) return left;
      const { left: equal } = equalColumns(join);
      if (join.type === 'inner' && left.some(key => [...key].every(id => equal.has(id)))) return right;
      return left.flatMap(l => right.map(r => new Set([...l, ...r])));
    }
    default:
      return [];
  }
}

function equalColumns(join: JoinPlan): { readonly left: ReadonlySet<ColumnId>; readonly right: ReadonlySet<ColumnId> } {
  const { pairs } = splitEquiPairs(join.condition, idsOf(join.left), idsOf(join.right));
  // IS NOT DISTINCT FROM matches NULLs, of which a key has at most one as well.
  const columns = (exprs: readonly BoundExpr[]): ReadonlySet<ColumnId> =>
    new Set(exprs.flatMap(e => (e.kind === 'column' ? [e.id] : [])));
  return { left: columns(pairs.map(p => p.left)), right: columns(pairs.map(p => p.right)) };
}

function renamed(
  keys: readonly UniqueKey[],
  columns: readonly { readonly column: { readonly id: ColumnId }; readonly expr: BoundExpr }[],
): readonly UniqueKey[] {
  const names = new Map<ColumnId, ColumnId>();
  for (const { column, expr } of columns) if (expr.kind === 'column') names.set(expr.id, column.id);
  return keys.flatMap(key =>
    [...key].every(id => names.has(id)) ? [new Set([...key].map(id => names.get(id)!))] : [],
  );
}
