import { sameType } from '../types/data-type.ts';
import { collectColumns } from './columns.ts';
import { conjunctsOf } from './conjuncts.ts';
import { type BoundExpr, type ColumnId, typeOf } from './expr.ts';

/** `left = right`, each over one side of a join. */
export type EquiPair = { readonly left: BoundExpr; readonly right: BoundExpr; readonly condition: BoundExpr };

/** Splits a condition into equalities between two sets of columns, and the rest. */
export function splitEquiPairs(
  condition: BoundExpr | undefined,
  left: ReadonlySet<ColumnId>,
  right: ReadonlySet<ColumnId>,
): { readonly pairs: readonly EquiPair[]; readonly rest: readonly BoundExpr[] } {
  const pairs: EquiPair[] = [];
  const rest: BoundExpr[] = [];
  for (const c of conjunctsOf(condition)) {
    const pair = equiPair(c, left, right);
    if (pair === undefined) rest.push(c);
    else pairs.push(pair);
  }
  return { pairs, rest };
}

function equiPair(
  condition: BoundExpr,
  left: ReadonlySet<ColumnId>,
  right: ReadonlySet<ColumnId>,
): EquiPair | undefined {
  if (condition.kind !== 'call' || (condition.fn !== '=' && condition.fn !== 'is not distinct from')) return undefined;
  const [a, b] = condition.args as readonly [BoundExpr, BoundExpr];
  if (!sameType(typeOf(a), typeOf(b))) return undefined;
  if (readsOnly(a, left) && readsOnly(b, right)) return { left: a, right: b, condition };
  if (readsOnly(b, left) && readsOnly(a, right)) return { left: b, right: a, condition };
  return undefined;
}

/** Whether an expression reads at least one column, and only of these. */
export function readsOnly(expr: BoundExpr, columns: ReadonlySet<ColumnId>): boolean {
  if (expr.kind === 'column') return columns.has(expr.id);
  const used = collectColumns(expr);
  if (used.size === 0) return false;
  for (const id of used) if (!columns.has(id)) return false;
  return true;
}
