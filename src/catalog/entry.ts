import type { BoundSource, TableStatistics } from '../plan/logical-plan.ts';
import type { Expr } from '../query/expr.ts';
import type { Query } from '../query/query.ts';
import type { DataType, Schema } from '../types/data-type.ts';

/** A column of a stored table: its field (NOT NULL is `nullable: false`) and what INSERT writes when it is left out. */
export type TableColumn = {
  readonly name: string;
  readonly type: DataType;
  readonly nullable: boolean;
  /** Absent: NULL. */
  readonly default?: Expr | undefined;
};

/** One version of a stored table, as the catalog knows it; the rows lie in `storage`. */
export type TableEntry = {
  readonly kind: 'table';
  readonly schema: string;
  readonly name: string;
  /** Names the table in plans; stays through all its versions. */
  readonly id: number;
  readonly version: number;
  readonly columns: readonly TableColumn[];
  /** Conditions that every row must fulfil, by names (CHECK). */
  readonly checks?: readonly Expr[] | undefined;
  readonly statistics: TableStatistics;
  /** The scan of this version: usually table function `table_scan` with the table's segments as splits. */
  readonly source: () => BoundSource;
};

/** A named query. It is bound where it is used, with the names that the catalog knows then. */
export type ViewEntry = {
  readonly kind: 'view';
  readonly schema: string;
  readonly name: string;
  readonly query: Query;
  /** Names of the view's columns; absent: the query's. */
  readonly columns?: readonly string[] | undefined;
  /** The text that the query's spans point into. */
  readonly text?: string | undefined;
};

/** A relation without a name: rows that a program handed over. */
export type RelationEntry = {
  readonly id: number;
  readonly label: string;
  readonly source: () => BoundSource | Promise<BoundSource>;
};

/** The fields of a stored table. */
export const schemaOf = (table: TableEntry): Schema =>
  table.columns.map(({ name, type, nullable }) => ({ name, type, nullable }));
