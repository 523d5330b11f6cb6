import { collectColumns } from '../plan/columns.ts';
import { type BoundExpr, type ColumnId, typeOf } from '../plan/expr.ts';
import { sameType } from '../types/data-type.ts';

/** `left = right`, each side over one input of the join; with `nullsEqual` it is IS NOT DISTINCT FROM. */
type EquiPair = { readonly left: BoundExpr; readonly right: BoundExpr; readonly nullsEqual: boolean };

/** A join's condition, taken apart: what a hash table can look up, and the rest. */
export type JoinCondition = { readonly pairs: readonly EquiPair[]; readonly residual: readonly BoundExpr[] };

/** Finds the equalities between the two sides among the condition's conjuncts. */
export function splitCondition(
  condition: BoundExpr | undefined,
  left: ReadonlySet<ColumnId>,
  right: ReadonlySet<ColumnId>,
): JoinCondition {
  const pairs: EquiPair[] = [];
  const residual: BoundExpr[] = [];
  for (const conjunct of conjunctsOf(condition)) {
    const pair = equiPair(conjunct, left, right);
    if (pair === undefined) residual.push(conjunct);
    else pairs.push(pair);
  }
  return { pairs, residual };
}

function conjunctsOf(condition: BoundExpr | undefined): readonly BoundExpr[] {
  if (condition === undefined) return [];
  if (condition.kind === 'and') return condition.args.flatMap(conjunctsOf);
  return [condition];
}

function equiPair(e: BoundExpr, left: ReadonlySet<ColumnId>, right: ReadonlySet<ColumnId>): EquiPair | undefined {
  if (e.kind !== 'call' || (e.fn !== '=' && e.fn !== 'is not distinct from')) return undefined;
  const [a, b] = e.args;
  if (a === undefined || b === undefined || !sameType(typeOf(a), typeOf(b))) return undefined;
  const nullsEqual = e.fn !== '=';
  if (readsOnly(a, left) && readsOnly(b, right)) return { left: a, right: b, nullsEqual };
  if (readsOnly(b, left) && readsOnly(a, right)) return { left: b, right: a, nullsEqual };
  return undefined;
}

/** Whether an expression reads at least one column, and only of these. */
function readsOnly(e: BoundExpr, columns: ReadonlySet<ColumnId>): boolean {
  const used = collectColumns(e);
  return used.size > 0 && [...used].every(id => columns.has(id));
}
