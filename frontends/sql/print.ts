import type { Expr } from '../../src/query/expr.ts';
import type { Query } from '../../src/query/query.ts';
import { exprText } from './print-expr.ts';
import { queryText } from './print-query.ts';

/** The query as SQL, such that `parse(printQuery(q))` equals `q` but for spans. */
export const printQuery = (q: Query): string => queryText(q);

/** The expression as SQL, such that `parseExpr(printExpr(e))` equals `e` but for spans. */
export const printExpr = (e: Expr): string => exprText(e, queryText);
