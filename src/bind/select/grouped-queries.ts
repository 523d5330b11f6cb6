import type { BoundExpr } from '../../plan/expr.ts';
import type { Expr } from '../../query/expr.ts';
import { exprsBelow } from '../../query/walk.ts';
import { withoutSpans } from '../../query/without-spans.ts';
import type { Binder } from '../binder.ts';
import type { ExprEnv } from '../env.ts';

/**
 * Keys of GROUP BY that have subqueries in them (also `x = ANY(list)` is one). Each is bound once, and what is written like
 * it elsewhere in the SELECT is found here: bound again, a subquery would be another one.
 */
export class GroupedQueries {
  readonly #byText = new Map<string, BoundExpr>();

  /** Binds those of the keys that have subqueries. @param env its joins are below the grouping */
  constructor(b: Binder, env: ExprEnv, keys: readonly Expr[]) {
    for (const key of keys) if (hasQuery(key)) this.#byText.set(textOf(key), b.expr(b, env, key));
  }

  get isEmpty(): boolean {
    return this.#byText.size === 0;
  }

  /** The key that is written as an expression is. */
  find(expr: Expr): BoundExpr | undefined {
    return hasQuery(expr) ? this.#byText.get(textOf(expr)) : undefined;
  }
}

const QUERIES: ReadonlySet<string> = new Set(['scalar-query', 'in-query', 'quantified', 'exists']);

const hasQuery = (node: Expr): boolean => QUERIES.has(node.kind) || exprsBelow(node).some(hasQuery);

const textOf = (expr: Expr): string => JSON.stringify(withoutSpans(expr));
