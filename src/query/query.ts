import type { Span } from '../common/errors.ts';
import type { AsofJoinType, JoinType } from '../types/join-type.ts';
import type { Expr, NamedType, SortKey, StarExpr, WindowSpec } from './expr.ts';

/**
 * A query by names, as plain JSON-safe data: all that a frontend says to the engine.
 *
 * SQL's SELECT is one node, because its clauses see each other's names by rules of their own (aliases in GROUP BY,
 * input columns in ORDER BY); the other verbs are steps on an input, as a DataFrame or `|>` writes them. Verbs whose
 * meaning depends on the input's columns (`extend`, `drop`, `rename`, a join's suffix) are expanded when bound.
 */
export type Query = { readonly span?: Span | undefined } & (
  | { readonly kind: 'table'; readonly path: readonly string[] } // a table, view, CTE, or a file by its path
  /** A relation without a name that the session holds: the data of `from()`. */
  | { readonly kind: 'relation'; readonly id: number }
  | TableFunctionQuery
  | { readonly kind: 'values'; readonly rows: readonly (readonly Expr[])[] } // columns col0, col1, …
  | {
      readonly kind: 'alias';
      readonly input: Query;
      readonly name: string;
      readonly columns?: readonly string[] | undefined;
    }
  | SelectQuery
  | { readonly kind: 'filter'; readonly input: Query; readonly predicate: Expr }
  /** Adds columns; one whose name exists is replaced in its place. Items of one step do not see each other. */
  | { readonly kind: 'extend'; readonly input: Query; readonly columns: readonly NamedExpr[] }
  | { readonly kind: 'drop'; readonly input: Query; readonly columns: readonly string[] }
  | { readonly kind: 'rename'; readonly input: Query; readonly columns: readonly { from: string; to: string }[] }
  /** One row per distinct keys; with no keys exactly one row. Output: keys, then aggregates. */
  | {
      readonly kind: 'aggregate';
      readonly input: Query;
      readonly keys: readonly NamedExpr[];
      readonly aggregates: readonly NamedExpr[];
    }
  | JoinQuery
  | { readonly kind: 'lateral'; readonly input: Query } // as a join's right side: sees the left side's columns
  | { readonly kind: 'sort'; readonly input: Query; readonly keys: readonly SortKey[] }
  | ({ readonly kind: 'limit'; readonly input: Query } & LimitClause)
  | { readonly kind: 'distinct'; readonly input: Query; readonly on?: readonly Expr[] | undefined }
  | SetQuery
  | WithQuery
  | SampleQuery
  | PivotQuery
  | UnpivotQuery
  /** One row per element of a list column (a struct column with `prefix`: one column per field). */
  | { readonly kind: 'unnest'; readonly input: Query; readonly column: string; readonly prefix?: string | undefined }
  /** DESCRIBE and SUMMARIZE of a query, usable as a table. */
  | { readonly kind: 'describe' | 'summarize'; readonly input: Query }
  /** SHOW TABLES, SHOW ALL TABLES, SHOW DATABASES, SHOW SCHEMAS, SHOW FUNCTIONS, SHOW <setting>. */
  | {
      readonly kind: 'show';
      readonly what: 'tables' | 'all-tables' | 'databases' | 'schemas' | 'functions' | 'settings' | 'setting';
      readonly name?: string | undefined;
    }
);

export type NamedExpr = { readonly name: string; readonly expr: Expr };

export type TableFunctionQuery = {
  readonly kind: 'table-function';
  readonly name: string;
  readonly args: readonly Expr[];
  readonly named?: Readonly<Record<string, Expr>> | undefined;
  readonly ordinality?: boolean | undefined;
};

/** SELECT, in SQL's sense. `from` absent: one row without columns. */
export type SelectQuery = {
  readonly kind: 'select';
  readonly from?: Query | undefined;
  readonly items: readonly SelectItem[];
  readonly distinct?: true | readonly Expr[] | undefined; // DISTINCT, DISTINCT ON (…)
  readonly where?: Expr | undefined;
  readonly groupBy?: GroupBy | undefined;
  readonly having?: Expr | undefined;
  readonly windows?: readonly NamedWindow[] | undefined;
  readonly qualify?: Expr | undefined;
  readonly orderBy?: readonly SortKey[] | undefined;
  readonly limit?: LimitClause | undefined;
};

/** A window of the WINDOW clause. */
export type NamedWindow = {
  readonly name: string;
  readonly spec: WindowSpec;
  readonly span?: Span | undefined;
};

export type SelectItem = { readonly expr: Expr; readonly alias?: string | undefined } | StarItem;
/** `*` and `t.*` stand alone; COLUMNS(…) may also be part of an expression. */
type StarItem = { readonly expr: StarExpr & { readonly span?: Span | undefined }; readonly alias?: undefined };

export type GroupBy =
  | { readonly kind: 'all' }
  | { readonly kind: 'elements'; readonly elements: readonly GroupingElement[] };

/** Several elements multiply: `GROUP BY a, ROLLUP (b, c)`. An integer literal is an ordinal. */
export type GroupingElement =
  | { readonly kind: 'expr'; readonly expr: Expr }
  | { readonly kind: 'rollup' | 'cube'; readonly sets: readonly (readonly Expr[])[] } // ROLLUP (a, (b, c)): [[a], [b, c]]
  | { readonly kind: 'grouping-sets'; readonly elements: readonly GroupingElement[] } // may nest
  | { readonly kind: 'set'; readonly exprs: readonly Expr[] }; // (a, b) and () inside GROUPING SETS

export type LimitClause = {
  readonly count?: Expr | undefined; // absent: no limit
  readonly offset?: Expr | undefined;
  readonly percent?: boolean | undefined; // `count` is a percentage of the rows
  readonly ties?: boolean | undefined; // and all rows that ORDER BY puts at the same place as the last of them
};

/** An ASOF join: inner, or another type. */
export type AsofQueryType = 'asof' | `asof-${Exclude<AsofJoinType, 'inner'> | 'right' | 'full'}`;

export type JoinQuery = {
  readonly kind: 'join';
  readonly left: Query;
  readonly right: Query;
  readonly type: Exclude<JoinType, 'mark' | 'single'> | 'cross' | AsofQueryType | 'positional';
  readonly on?: JoinCondition | undefined; // absent: cross join, positional join
  /**
   * A DataFrame's join: the output is one flat list of columns, shared keys once, and a right column whose name
   * clashes gets this suffix. Absent (SQL): both sides keep their columns and qualifiers.
   */
  readonly suffix?: string | undefined;
};

export type JoinCondition =
  | { readonly kind: 'on'; readonly predicate: Expr }
  | { readonly kind: 'using'; readonly columns: readonly string[] } // comes out once
  | { readonly kind: 'natural' }
  /** Pairs of column names, left = right; with `nullsEqual` NULL matches NULL. A DataFrame's `{ a: 'b' }`. */
  | {
      readonly kind: 'pairs';
      readonly pairs: readonly (readonly [string, string])[];
      readonly nullsEqual?: boolean | undefined;
    }
  /** A predicate over both sides; columns of the right side are names qualified with `right`. */
  | { readonly kind: 'predicate'; readonly left: string; readonly right: string; readonly predicate: Expr };

export type SetQuery = {
  readonly kind: 'set-op';
  readonly op: 'union' | 'intersect' | 'except';
  readonly all: boolean;
  readonly byName: boolean;
  readonly left: Query;
  readonly right: Query;
};

export type WithQuery = WithClause & { readonly kind: 'with'; readonly input: Query };

/** Common tables, named before what reads them. */
export type WithClause = { readonly recursive: boolean; readonly ctes: readonly CommonTable[] };

export type CommonTable = {
  readonly name: string;
  readonly columns?: readonly string[] | undefined;
  readonly query: Query;
  readonly materialized?: boolean | undefined; // absent: the optimizer decides
  readonly span?: Span | undefined;
};

export type SampleQuery = {
  readonly kind: 'sample';
  readonly input: Query;
  readonly size: Expr;
  readonly unit: 'rows' | 'percent';
  readonly method?: 'reservoir' | 'bernoulli' | 'system' | undefined;
  readonly seed?: number | undefined;
};

export type PivotQuery = {
  readonly kind: 'pivot';
  readonly input: Query;
  readonly on: readonly {
    readonly exprs: readonly Expr[];
    /** The values, a query for them, or the name of an enum that has them. */
    readonly in?: readonly NamedExprOrExpr[] | Query | NamedType | undefined;
  }[];
  readonly using: readonly { readonly expr: Expr; readonly alias?: string | undefined }[];
  readonly groupBy?: readonly Expr[] | undefined;
};
type NamedExprOrExpr = { readonly expr: Expr; readonly alias?: string | undefined };

export type UnpivotQuery = {
  readonly kind: 'unpivot';
  readonly input: Query;
  readonly on: readonly { readonly exprs: readonly Expr[]; readonly alias?: string | undefined }[];
  readonly name: string;
  readonly values: readonly string[];
  readonly includeNulls: boolean;
};
