import type { Brand } from '../common/brand.ts';
import type { Span } from '../common/errors.ts';
import type { Json } from '../common/json.ts';
import type { DataType } from '../types/data-type.ts';
import type { AsofComparison, AsofJoinType, JoinType } from '../types/join-type.ts';
import type { Scalar } from '../types/scalar.ts';
import type { BoundAggregate, BoundExpr, BoundSortKey, BoundWindowCall, ColumnId } from './expr.ts';

/** A column that a plan node hands up. `name` is for people (EXPLAIN, results); the id is what plans use. */
export type Column = {
  readonly id: ColumnId;
  readonly name: string;
  readonly type: DataType;
  readonly nullable: boolean;
};

/** Names a subplan that is computed once and read in several places. */
export type SharedId = Brand<number, 'SharedId'>;

/**
 * The bound query: what to compute, by ids, as plain JSON-safe data. A node knows its inputs and what it hands up
 * (`outputOf` in plan/columns.ts), nothing else. No subquery is left inside an expression: the binder made joins of them.
 */
export type LogicalPlan =
  | ScanPlan
  /** Constant rows; with no columns and one row it is the input of `select 1`. */
  | { readonly kind: 'values'; readonly columns: readonly Column[]; readonly rows: readonly (readonly BoundExpr[])[] }
  /** No rows at all: what a contradiction leaves. */
  | { readonly kind: 'empty'; readonly columns: readonly Column[] }
  | { readonly kind: 'filter'; readonly input: LogicalPlan; readonly predicate: BoundExpr }
  /** Hands up exactly `columns`, in order. A plain `column` expression passes an input on, under its own or a new id. */
  | { readonly kind: 'project'; readonly input: LogicalPlan; readonly columns: readonly ProjectColumn[] }
  | AggregatePlan
  | JoinPlan
  | AsofJoinPlan
  | { readonly kind: 'sort'; readonly input: LogicalPlan; readonly keys: readonly BoundSortKey[] }
  /** `count` rows (all when absent) after the first `offset`. */
  | {
      readonly kind: 'limit';
      readonly input: LogicalPlan;
      readonly count?: number | undefined;
      readonly offset: number;
    }
  /**
   * A limit that is known when the query runs: `count` and `offset` are the same in every row; `percent`: the count is
   * a percentage of the rows. A NULL count is no limit.
   */
  | {
      readonly kind: 'limit-by';
      readonly input: LogicalPlan;
      readonly count?: BoundExpr | undefined;
      readonly offset?: BoundExpr | undefined;
      readonly percent: boolean;
    }
  /** The `count` first rows of the sorted input after `offset`: a sort and limit in one, made by the optimizer. */
  | {
      readonly kind: 'top-k';
      readonly input: LogicalPlan;
      readonly keys: readonly BoundSortKey[];
      readonly count: number;
      readonly offset: number;
    }
  /** One row per distinct values of `on`: the first by the input's order. Plain DISTINCT is an aggregate without aggregates. */
  | {
      readonly kind: 'distinct-on';
      readonly input: LogicalPlan;
      readonly on: readonly BoundExpr[];
      readonly orderBy: readonly BoundSortKey[];
    }
  | WindowPlan
  | SetOpPlan
  | UnnestPlan
  | RecursivePlan
  /** Computes `definition` once; `shared-ref` nodes below `input` read it. */
  | {
      readonly kind: 'shared';
      readonly id: SharedId;
      readonly definition: LogicalPlan;
      readonly input: LogicalPlan;
      /** The query says AS MATERIALIZED. */
      readonly isDemanded?: true | undefined;
    }
  /** Reads a shared subplan under new ids: `columns[i]` is the definition's output column `source[i]`. */
  | {
      readonly kind: 'shared-ref';
      readonly id: SharedId;
      readonly columns: readonly Column[];
      readonly source: readonly ColumnId[];
    }
  /** Appends the input's columns, in order, to a table; hands up one row: the count. */
  | {
      readonly kind: 'insert';
      readonly input: LogicalPlan;
      readonly table: TableTarget;
      readonly columns: readonly Column[];
    }
  /** Writes the input to a file; hands up one row: the count. */
  | {
      readonly kind: 'copy';
      readonly input: LogicalPlan;
      readonly target: CopyTarget;
      readonly columns: readonly Column[];
    };

export type PlanKind = LogicalPlan['kind'];
export type PlanOf<K extends PlanKind> = Extract<LogicalPlan, { kind: K }>;

export type ProjectColumn = { readonly column: Column; readonly expr: BoundExpr };

/** Reads a table function's rows: files, tables, generated rows. */
export type ScanPlan = {
  readonly kind: 'scan';
  readonly source: BoundSource;
  /** What is read: `index` counts the source's columns. */
  readonly columns: readonly { readonly column: Column; readonly index: number }[];
  /**
   * Predicates over `columns` that the scan applies (all of them exactly: the rows handed up satisfy every one);
   * sources prune files, row groups and pages with them.
   */
  readonly filters: readonly BoundExpr[];
  /** At most this many rows are needed (any of them). */
  readonly limit?: number | undefined;
};

/** A table function bound to its arguments: everything that a scan needs, on any thread or machine, as data. */
export type BoundSource = {
  /** The table function's name in the registry: 'read_parquet', 'table_scan', 'range'. */
  readonly fn: string;
  /** What users see in EXPLAIN: a table's name, a file's path. */
  readonly label: string;
  readonly schema: readonly { readonly name: string; readonly type: DataType; readonly nullable: boolean }[];
  readonly statistics: TableStatistics;
  /** Independent parts of the work, in the source's order. Each thread claims one at a time. */
  readonly splits: readonly Split[];
  /** The function's own data, the same for all splits. */
  readonly state: Json;
  /** Columns behind the schema's, from index `schema.length` on: a name finds them, and `*` leaves them out. */
  readonly hidden?: readonly HiddenField[] | undefined;
};

export type HiddenField = BoundSource['schema'][number] & {
  /** What finds the column as well. */
  readonly otherName?: string | undefined;
};

/** The name by which queries read the ids of a table's rows, BIGINT, never NULL: tables have it as a hidden column. */
export const ROW_ID = 'rowid';

/** The name of a source's column, hidden ones included. */
export const sourceColumnName = ({ schema, hidden = [] }: BoundSource, index: number): string =>
  (schema[index] ?? hidden[index - schema.length])!.name;

/** A part of a scan that one thread does: a row group, a block of a CSV file, some segments of a table. */
export type Split = {
  /** Rows, exact or estimated; absent when unknown. */
  readonly rows?: number | undefined;
  /** Range of values by source column index, where known; used for pruning before and while a query runs. */
  readonly ranges?: Readonly<Record<number, ColumnRange>> | undefined;
  readonly state: Json;
};

export type ColumnRange = {
  readonly min?: Scalar | undefined;
  readonly max?: Scalar | undefined;
  readonly nullCount?: number | undefined;
};

export type TableStatistics = {
  /** Rows of the whole source; absent when unknown. */
  readonly rows?: number | undefined;
  readonly exactRows?: boolean | undefined;
  /** By column index. */
  readonly columns?: Readonly<Record<number, ColumnStatistics>> | undefined;
};

export type ColumnStatistics = ColumnRange & {
  /** Distinct values, roughly. */
  readonly distinct?: number | undefined;
  readonly unique?: boolean | undefined;
};

export type AggregatePlan = {
  readonly kind: 'aggregate';
  readonly input: LogicalPlan;
  readonly keys: readonly ProjectColumn[];
  /** Which keys each grouping set has, as indexes into `keys`; absent: one set with all of them. */
  readonly groupingSets?: readonly (readonly number[])[] | undefined;
  /** With grouping sets: an INT64 column whose bit i (from the right, counting keys from the last) tells that a key is not in the set. */
  readonly groupingId?: Column | undefined;
  readonly aggregates: readonly { readonly column: Column; readonly aggregate: BoundAggregate }[];
};

/** The input's columns, then those of the functions: all over the same partitions, in the same order of rows. */
export type WindowPlan = {
  readonly kind: 'window';
  readonly input: LogicalPlan;
  readonly partitionBy: readonly BoundExpr[];
  readonly orderBy: readonly BoundSortKey[];
  readonly functions: readonly { readonly column: Column; readonly call: BoundWindowCall }[];
  /** Of each partition only rows before which fewer than so many others come are asked for; others may be left out. */
  readonly limit?: number;
};

/**
 * Output: left columns, then right columns (none of the right for semi, anti, mark; mark adds `mark`).
 * `condition` is the whole ON predicate; equalities in it are found when lowering.
 */
export type JoinPlan = {
  readonly kind: 'join';
  readonly type: JoinType;
  readonly left: LogicalPlan;
  readonly right: LogicalPlan;
  /** Absent: every pair (cross join). */
  readonly condition?: BoundExpr | undefined;
  /** For `mark`: the boolean column. */
  readonly mark?: Column | undefined;
  /** For `single`: where the subquery is written, for the error that it gave several rows. */
  readonly span?: Span | undefined;
};

/**
 * Joins each left row with the one nearest right row: of the right rows whose keys equal the row's and whose `match`
 * compares as asked, the one with the greatest (for `<=` and `<`: the least) `match.right`. Output as of a join.
 */
export type AsofJoinPlan = {
  readonly kind: 'asof-join';
  readonly type: AsofJoinType;
  readonly left: LogicalPlan;
  readonly right: LogicalPlan;
  /** Each over one side, of the same type; with `nullsEqual`, NULL equals NULL. */
  readonly keys: readonly { readonly left: BoundExpr; readonly right: BoundExpr; readonly nullsEqual: boolean }[];
  /** `left op right`, each over one side, of the same type. NULL matches nothing. */
  readonly match: { readonly op: AsofComparison; readonly left: BoundExpr; readonly right: BoundExpr };
};

/**
 * For each input row as many rows as its longest list has elements: the input's columns, then a column for each list
 * with its elements in order, NULL where it has no more. NULL is a list without elements.
 */
type UnnestPlan = {
  readonly kind: 'unnest';
  readonly input: LogicalPlan;
  /** `expr` is a list or an array, `column` of its elements' type. */
  readonly lists: readonly ProjectColumn[];
  /** A row without any elements comes out once, with NULLs. */
  readonly keepsEmpty: boolean;
  /** An INT64 column that counts each input row's elements from 1. */
  readonly ordinality?: Column | undefined;
};

/** Columns by position; `columns` has ids of its own. */
export type SetOpPlan = {
  readonly kind: 'set-op';
  readonly op: 'union' | 'intersect' | 'except';
  readonly all: boolean;
  readonly left: LogicalPlan;
  readonly right: LogicalPlan;
  readonly columns: readonly Column[];
};

/**
 * The rows of `anchor`, then those that `step` makes of them, then those that it makes of these, until there are none.
 * In `step` the rows last made are read by `shared-ref`s of `id`, whose sources are `columns`. Columns of both inputs go
 * by position.
 */
export type RecursivePlan = {
  readonly kind: 'recursive';
  readonly id: SharedId;
  readonly anchor: LogicalPlan;
  readonly step: LogicalPlan;
  readonly columns: readonly Column[];
  /** Rows that were there before are made again. */
  readonly all: boolean;
};

/** A table of the database by its id and the version that the statement saw. */
export type TableTarget = {
  readonly table: number;
  readonly name: string;
  readonly types: readonly DataType[];
  readonly notNull: readonly boolean[];
};

/** Where and how COPY writes; options are checked when bound. */
type CopyTarget = {
  readonly format: 'parquet' | 'csv' | 'json' | 'arrow';
  readonly path: string;
  readonly names: readonly string[];
  readonly options: Readonly<Record<string, Json>>;
};

/** A bound query: the plan and what its result looks like. `output` lists the plan's columns under the users' names. */
export type BoundQuery = { readonly plan: LogicalPlan; readonly output: readonly Column[] };
