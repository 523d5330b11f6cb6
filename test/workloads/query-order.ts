import type { SortKey } from '../../src/query/expr.ts';
import type { Query, SelectItem, SelectQuery } from '../../src/query/query.ts';
import { withoutSpans } from '../support/without-spans.ts';

/** Where the keys of a query's ORDER BY are among its output columns, and those that are no output columns. */
export type SortColumns = { readonly positions: readonly number[]; readonly hidden: readonly SortKey[] };

/** What the outermost ORDER BY sorts by. */
export function sortColumns(query: Query): SortColumns {
  if (query.kind === 'with' || query.kind === 'limit') return sortColumns(query.input);
  const keys = query.kind === 'sort' ? query.keys : query.kind === 'select' ? (query.orderBy ?? []) : [];
  const items = firstSelect(query)?.items ?? [];
  const found = keys.map(key => ({ key, position: positionOf(key, items) }));
  return {
    positions: found.flatMap(({ position }) => position ?? []),
    hidden: found.flatMap(({ key, position }) => (position === undefined ? [key] : [])),
  };
}

/** The query with its hidden keys as further output columns; undefined where there can be none. */
export function withKeys(query: Query, hidden: readonly SortKey[]): Query | undefined {
  if (query.kind === 'with') {
    const input = withKeys(query.input, hidden);
    return input && { ...query, input };
  }
  if (query.kind !== 'select' || query.distinct !== undefined) return undefined;
  const keys = hidden.map(({ expr }, i) => ({ expr, alias: `sort_key_${i + 1}` }));
  return { ...query, items: [...query.items, ...keys] };
}

/** The query without its outermost LIMIT; undefined if it has none. */
export function withoutLimit(query: Query): Query | undefined {
  if (query.kind === 'limit') return query.input;
  if (query.kind === 'select') return query.limit && { ...query, limit: undefined };
  const input = query.kind === 'with' ? withoutLimit(query.input) : undefined;
  return input && query.kind === 'with' ? { ...query, input } : undefined;
}

/** The query without its outermost HAVING; undefined if it has none. */
export function withoutHaving(query: Query): Query | undefined {
  if (query.kind === 'select') return query.having && { ...query, having: undefined };
  if (query.kind !== 'with' && query.kind !== 'limit') return undefined;
  const input = withoutHaving(query.input);
  return input && { ...query, input };
}

/** The SELECT that names the output columns. */
function firstSelect(query: Query): SelectQuery | undefined {
  switch (query.kind) {
    case 'select':
      return query;
    case 'sort':
    case 'limit':
    case 'with':
      return firstSelect(query.input);
    case 'set-op':
      return firstSelect(query.left);
    default:
      return undefined;
  }
}

function positionOf({ expr }: SortKey, items: readonly SelectItem[]): number | undefined {
  if (expr.kind === 'literal') return Number(expr.value.value) - 1;
  // Columns behind a star have no position that the text tells.
  const star = items.findIndex(item => item.expr.kind === 'star');
  const known = star === -1 ? items : items.slice(0, star);
  const text = JSON.stringify(withoutSpans(expr));
  const position = known.findIndex(
    item =>
      (expr.kind === 'name' && nameOf(item) === expr.path.at(-1)!.toLowerCase()) ||
      JSON.stringify(withoutSpans(item.expr)) === text,
  );
  return position === -1 ? undefined : position;
}

function nameOf({ expr, alias }: SelectItem): string | undefined {
  return (alias ?? (expr.kind === 'name' ? expr.path.at(-1) : undefined))?.toLowerCase();
}
