import type { BoundSource, TableStatistics } from '../plan/logical-plan.ts';
import type { Expr } from '../query/expr.ts';
import type { Query } from '../query/query.ts';
import type { MacroDefinition } from '../query/statement.ts';
import type { TableVersion } from '../storage/table-version.ts';
import type { DataType, Schema } from '../types/data-type.ts';

/** A column of a stored table: its field (NOT NULL is `nullable: false`) and what INSERT writes when it is left out. */
export type TableColumn = {
  readonly name: string;
  readonly type: DataType;
  readonly nullable: boolean;
  /** Absent: NULL. */
  readonly default?: Expr | undefined;
  /** The column is not stored: this is computed when it is read. */
  readonly generated?: Expr | undefined;
  readonly comment?: string | undefined;
};

/** A condition that every row must fulfil, by names; `text` is how it was written. */
export type Check = { readonly expr: Expr; readonly text: string };

/** A PRIMARY KEY or UNIQUE constraint: no two rows have the same values there, unless one of them is NULL. */
export type Key = {
  readonly primary: boolean;
  readonly columns: readonly string[];
  /** The UNIQUE index that states it. */
  readonly index?: string | undefined;
};

/** An index that people asked for. A unique one is also a key; others are known by name only: scans need none. */
export type IndexEntry = {
  readonly name: string;
  readonly unique: boolean;
  /** Columns or expressions, as text. */
  readonly keys: readonly string[];
  /** The columns that they read. */
  readonly columns: readonly string[];
  readonly comment?: string | undefined;
};

/** The values of `columns`, unless one is NULL, are those of `referenced` in some row of another table (or this one). */
export type ForeignKey = {
  readonly columns: readonly string[];
  readonly table: { readonly schema: string; readonly name: string };
  readonly referenced: readonly string[];
};

/** What a table's rows must fulfil, besides NOT NULL. */
export type Constraints = {
  readonly checks: readonly Check[];
  readonly keys: readonly Key[];
  readonly foreignKeys: readonly ForeignKey[];
};

export const NO_CONSTRAINTS: Constraints = { checks: [], keys: [], foreignKeys: [] };

/** One version of a stored table, as the catalog knows it; the rows lie in `storage`. */
export type TableEntry = {
  readonly kind: 'table';
  readonly schema: string;
  readonly name: string;
  /** Names the table in plans; stays through all its versions. */
  readonly id: number;
  readonly columns: readonly TableColumn[];
  readonly constraints: Constraints;
  readonly indexes?: readonly IndexEntry[] | undefined;
  readonly comment?: string | undefined;
  readonly temporary: boolean;
  readonly rows: TableVersion;
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
  readonly temporary?: boolean | undefined;
  readonly comment?: string | undefined;
  /** Comments of columns, by name in lower case. */
  readonly columnComments?: Readonly<Record<string, string>> | undefined;
};

/** A user's type. */
export type TypeEntry = {
  readonly schema: string;
  readonly name: string;
  readonly type: DataType;
  readonly comment?: string | undefined;
};

/** A macro: an expression or a query with parameters, put in the place of its calls before they are bound. */
export type MacroEntry = {
  readonly schema: string;
  readonly name: string;
  /** Calls stand in FROM, and the bodies are queries. */
  readonly isTable: boolean;
  readonly definitions: readonly MacroDefinition[];
  readonly temporary: boolean;
  readonly comment?: string | undefined;
};

/** A sequence of numbers; its state lies in linear memory. */
export type SequenceEntry = {
  readonly schema: string;
  readonly name: string;
  readonly start: bigint;
  readonly increment: bigint;
  readonly min: bigint;
  readonly max: bigint;
  readonly cycle: boolean;
  readonly temporary: boolean;
  /** Address of an i64: how many numbers were taken. */
  readonly state: number;
  readonly comment?: string | undefined;
};

/** A relation without a name: rows that a program handed over. */
export type RelationEntry = {
  readonly id: number;
  readonly label: string;
  /** @throws RayexecError `catalog` after `release` */
  readonly source: () => BoundSource | Promise<BoundSource>;
  /** Gives the rows' memory back. */
  readonly release: () => void;
};

/** The columns that have values in storage, in its order. */
export const storedColumns = (columns: readonly TableColumn[]): readonly TableColumn[] =>
  columns.filter(c => c.generated === undefined);

/** The fields of a table's storage. */
export const storedSchema = (columns: readonly TableColumn[]): Schema =>
  storedColumns(columns).map(({ name, type, nullable }) => ({ name, type, nullable }));
