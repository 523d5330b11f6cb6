import type { SortKey } from '../../src/query/expr.ts';
import type { Query, SelectQuery } from '../../src/query/query.ts';

/** Whether ORDER BY names all columns of a query, so that its rows come in one order only. */
export function isOrdered(query: Query): boolean {
  switch (query.kind) {
    case 'with':
    case 'limit':
      return isOrdered(query.input);
    case 'sort':
      return covers(query.keys, widthOf(query.input));
    case 'select':
      return covers(query.orderBy ?? [], query.items.length);
    default:
      return false;
  }
}

/** Whether each LIMIT of a SELECT takes rows in an order that is named. */
export const limitsAreOrdered = (query: SelectQuery): boolean =>
  query.limit === undefined || covers(query.orderBy ?? [], query.items.length);

function covers(keys: readonly SortKey[], width: number): boolean {
  if (keys.some(k => k.expr.kind === 'star')) return true;
  const ordinals = keys.flatMap(k => (k.expr.kind === 'literal' ? [Number(k.expr.value.value)] : []));
  return new Set(ordinals).size >= width;
}

/** How many columns come out; Infinity where that is not to be seen. */
function widthOf(query: Query): number {
  switch (query.kind) {
    case 'select':
      return query.items.some(i => i.expr.kind === 'star') ? Number.POSITIVE_INFINITY : query.items.length;
    case 'set-op':
      return query.byName ? Number.POSITIVE_INFINITY : widthOf(query.left);
    case 'sort':
    case 'limit':
    case 'with':
      return widthOf(query.input);
    default:
      return Number.POSITIVE_INFINITY;
  }
}
