import type { BoundExpr } from '../plan/expr.ts';
import type { Expr } from '../query/expr.ts';
import type { CteScope } from './cte-scope.ts';
import type { SubqueryJoin } from './decorrelate/subquery-join.ts';
import type { Scope } from './scope.ts';
import type { AggregateCollector } from './select/aggregate-collector.ts';
import type { GroupedQueries } from './select/grouped-queries.ts';
import type { UnnestCollector } from './select/unnest-collector.ts';
import type { WindowCollector } from './select/window-collector.ts';

/**
 * Where an expression stands: which names it sees, whether aggregates may stand there, and where the joins go that
 * its subqueries become.
 */
export type ExprEnv = {
  readonly scope: Scope;
  /** The enclosing query's place of this query: correlated names are found there. */
  readonly outer: ExprEnv | undefined;
  /** The body of a lambda: `scope` has its parameters, `outer` is the place around it in the same query. */
  readonly isLambda?: true | undefined;
  readonly ctes: CteScope | undefined;
  /** For errors: 'WHERE clause'. */
  readonly clause: string;
  /** Names of the SELECT list, found after the columns. */
  readonly aliases?: ((name: string) => BoundExpr | undefined) | undefined;
  /** Names for which the alias comes before a column of the same name. */
  readonly aliasFirst?: ((name: string) => boolean) | undefined;
  /** Present where aggregates may stand. */
  readonly aggregates?: AggregateCollector | undefined;
  /** Present where window functions may stand. */
  readonly windows?: WindowCollector | undefined;
  /** Inside a window function or its window, where no further one may stand. */
  readonly inWindow?: boolean | undefined;
  /** Inside an aggregate's arguments, where no further aggregate may stand. */
  readonly inAggregate?: boolean | undefined;
  /** Operands bound once that several parts of an expression share. */
  readonly operands?: ReadonlyMap<Expr, BoundExpr> | undefined;
  /** Keys of GROUP BY with subqueries in them, bound once: the same expression elsewhere in the SELECT is the key. */
  readonly grouped?: GroupedQueries | undefined;
  /** Present where UNNEST may stand. */
  readonly unnests?: UnnestCollector | undefined;
  /** Inside UNNEST's argument, where no further one may stand. */
  readonly inUnnest?: boolean | undefined;
  /** The joins to put above the relation that the expression reads, in order. */
  readonly joins: SubqueryJoin[];
};

/** What a query sees of its surroundings. */
export type QueryEnv = { readonly outer: ExprEnv | undefined; readonly ctes: CteScope | undefined };

/** The surroundings of a subquery inside an expression. */
export const subqueryEnv = (env: ExprEnv): QueryEnv => ({ outer: env, ctes: env.ctes });

export const NO_SURROUNDINGS: QueryEnv = { outer: undefined, ctes: undefined };
