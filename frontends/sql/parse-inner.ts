import type { Expr } from '../../src/query/expr.ts';
import type { Query } from '../../src/query/query.ts';
import { startsQuery, type TokenStream } from './token-stream.ts';

/**
 * What stands in parentheses: an expression, or a query, which the first token tells however many parentheses
 * surround it: `((SELECT 1) UNION SELECT 2)` is a query, `((SELECT 1) + 1)` an expression.
 */
export function parseInner(s: TokenStream): { readonly query: Query } | { readonly expr: Expr } {
  if (startsQuery(s)) return { query: s.query() };
  const start = s.pos;
  const expr = s.expr();
  // After a comma it was a row's first item: ((SELECT 1), 2).
  const isQuery = expr.kind === 'scalar-query' && s.isBracketed(start) && s.isQueryAt(start) && !s.is(',');
  return isQuery ? { query: s.continueQuery(expr.query) } : { expr };
}
