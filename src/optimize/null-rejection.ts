import { exprInputs } from '../plan/columns.ts';
import type { BoundExpr, ColumnId } from '../plan/expr.ts';
import type { Effects } from './effects.ts';

/** Columns of which each alone makes the expression NULL by being NULL. */
export function nullingColumns(expr: BoundExpr, effects: Effects): ReadonlySet<ColumnId> {
  switch (expr.kind) {
    case 'column':
      return new Set([expr.id]);
    case 'cast':
    case 'in':
      return nullingColumns(expr.input, effects);
    case 'call':
      return effects.propagatesNulls(expr) ? union(expr.args.map(a => nullingColumns(a, effects))) : new Set();
    default:
      return new Set();
  }
}

/** Columns of which each alone keeps the predicate from being true by being NULL: a filter drops such rows. */
export function rejectedColumns(predicate: BoundExpr, effects: Effects): ReadonlySet<ColumnId> {
  switch (predicate.kind) {
    case 'and':
      return union(predicate.args.map(a => rejectedColumns(a, effects)));
    case 'or':
      return intersection(predicate.args.map(a => rejectedColumns(a, effects)));
    case 'coalesce': {
      const last = predicate.args.at(-1);
      // coalesce(p, false) is true where p is.
      if (last?.kind !== 'literal' || last.value.value !== false) return new Set();
      return intersection(predicate.args.slice(0, -1).map(a => rejectedColumns(a, effects)));
    }
    case 'call':
      if (predicate.fn === 'is not null') return union(exprInputs(predicate).map(a => nullingColumns(a, effects)));
      return nullingColumns(predicate, effects);
    default:
      return nullingColumns(predicate, effects);
  }
}

function union(sets: readonly ReadonlySet<ColumnId>[]): ReadonlySet<ColumnId> {
  return new Set(sets.flatMap(s => [...s]));
}

function intersection(sets: readonly ReadonlySet<ColumnId>[]): ReadonlySet<ColumnId> {
  const [first, ...rest] = sets;
  return new Set([...(first ?? [])].filter(id => rest.every(s => s.has(id))));
}
