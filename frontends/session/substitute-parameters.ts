import type { Expr } from '../../src/query/expr.ts';
import type { Query } from '../../src/query/query.ts';
import { rewriteExprChildren, rewriteQueryChildren } from '../../src/query/walk.ts';
import type { Scalar } from '../../src/types/scalar.ts';

/** The query with its known parameters replaced by constants, so that it can be combined with others. */
export function substituteParameters(root: Query, values: Readonly<Record<string, Scalar>>): Query {
  if (Object.keys(values).length === 0) return root;
  const query = (q: Query): Query => rewriteQueryChildren(q, { expr, query });
  const expr = (e: Expr): Expr => {
    const value = e.kind === 'parameter' ? values[e.name] : undefined;
    return value === undefined ? rewriteExprChildren(e, { expr, query }) : { kind: 'literal', value, span: e.span };
  };
  return query(root);
}
