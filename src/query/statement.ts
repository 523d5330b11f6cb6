import type { Span } from '../common/errors.ts';
import type { Expr, TypeRef } from './expr.ts';
import type { NamedExpr, Query, WithClause } from './query.ts';

/** One SQL statement, by names, as plain JSON-safe data. */
export type Statement = { readonly span?: Span | undefined } & (
  | { readonly kind: 'query'; readonly query: Query }
  | CreateTable
  | {
      readonly kind: 'create-view';
      readonly name: ObjectName;
      readonly columns?: readonly string[] | undefined;
      readonly query: Query;
      readonly mode: CreateMode;
      readonly temporary: boolean;
    }
  | { readonly kind: 'create-schema'; readonly name: ObjectName; readonly mode: CreateMode }
  | {
      readonly kind: 'create-type';
      readonly name: ObjectName;
      readonly type: TypeRef | Query;
      readonly mode: CreateMode;
      readonly temporary?: boolean | undefined;
    }
  | CreateIndex
  | {
      readonly kind: 'create-macro';
      readonly name: ObjectName;
      /** One for each number of arguments; all of them give values, or all of them tables. */
      readonly definitions: readonly MacroDefinition[];
      readonly mode: CreateMode;
      readonly temporary: boolean;
    }
  | {
      readonly kind: 'create-sequence';
      readonly name: ObjectName;
      readonly start: string;
      readonly increment: string;
      readonly min?: string | undefined;
      readonly max?: string | undefined;
      readonly cycle: boolean;
      readonly mode: CreateMode;
      readonly temporary: boolean;
    }
  | {
      readonly kind: 'drop';
      readonly what: 'table' | 'view' | 'schema' | 'type' | 'macro' | 'macro-table' | 'sequence' | 'index';
      /** At least one. */
      readonly names: readonly ObjectName[];
      readonly ifExists: boolean;
      readonly cascade: boolean;
    }
  | {
      readonly kind: 'alter-table';
      readonly name: ObjectName;
      readonly ifExists: boolean;
      readonly action: AlterAction;
    }
  | { readonly kind: 'alter-view'; readonly name: ObjectName; readonly ifExists: boolean; readonly to: string }
  | Comment
  | Insert
  | {
      readonly kind: 'update';
      readonly with?: WithClause | undefined;
      readonly table: ObjectName;
      readonly alias?: string | undefined;
      readonly set: readonly NamedExpr[];
      readonly from?: Query | undefined;
      readonly where?: Expr | undefined;
      readonly returning?: readonly Returning[] | undefined;
    }
  | {
      readonly kind: 'delete';
      readonly with?: WithClause | undefined;
      readonly table: ObjectName;
      readonly alias?: string | undefined;
      readonly using?: Query | undefined;
      readonly where?: Expr | undefined;
      readonly returning?: readonly Returning[] | undefined;
    }
  | Merge
  | { readonly kind: 'truncate'; readonly table: ObjectName }
  | Copy
  | {
      readonly kind: 'explain';
      readonly statement: Statement;
      readonly mode: 'plan' | 'verbose' | 'analyze' | 'stages' | 'trace';
      readonly format?: string | undefined;
    }
  | { readonly kind: 'set'; readonly name: string; readonly value: Expr; readonly variable?: boolean | undefined } // SET VARIABLE
  | { readonly kind: 'reset'; readonly name: string; readonly variable?: boolean | undefined }
  | { readonly kind: 'prepare'; readonly name: string; readonly statement: Statement }
  | {
      readonly kind: 'execute';
      readonly name: string;
      readonly args: readonly Expr[];
      readonly named?: Readonly<Record<string, Expr>> | undefined;
    }
  | { readonly kind: 'deallocate'; readonly name?: string | undefined }
  | {
      readonly kind: 'transaction';
      readonly action: 'begin' | 'commit' | 'rollback';
      /** BEGIN READ ONLY: changes are refused. */
      readonly readOnly?: true | undefined;
    }
  /** ATTACH ':memory:' AS name: another catalog of this database. */
  | { readonly kind: 'attach'; readonly path: string; readonly name: string; readonly mode: CreateMode }
  | { readonly kind: 'detach'; readonly name: string; readonly ifExists: boolean }
  | Upkeep
  /** INSTALL or LOAD: what is built in needs neither. */
  | { readonly kind: 'load'; readonly extension: string }
  | { readonly kind: 'export-database'; readonly directory: string; readonly options: CopyOptions }
  | { readonly kind: 'import-database'; readonly directory: string }
  | { readonly kind: 'use'; readonly name: ObjectName }
  /** `CALL tpch(0.1)`: a procedure or table function run for its effect or rows. */
  | {
      readonly kind: 'call';
      readonly name: string;
      readonly args: readonly Expr[];
      readonly named?: Readonly<Record<string, Expr>> | undefined;
    }
);

/** [table], [schema, table] or [catalog, schema, table]. */
export type ObjectName = { readonly path: readonly string[]; readonly span?: Span | undefined };

export type MacroDefinition = {
  readonly params: readonly MacroParameter[];
  readonly body: { readonly expr: Expr } | { readonly query: Query };
};

export type MacroParameter = {
  readonly name: string;
  readonly type?: TypeRef | undefined;
  readonly default?: Expr | undefined;
};

export type CreateMode = 'create' | 'or-replace' | 'if-not-exists';

export type CreateTable = {
  readonly kind: 'create-table';
  readonly name: ObjectName;
  readonly columns: readonly ColumnDefinition[]; // empty with `query` unless names were given
  readonly constraints: readonly TableConstraint[];
  readonly query?: Query | undefined;
  readonly mode: CreateMode;
  readonly temporary: boolean;
  readonly withData?: boolean | undefined; // false: WITH NO DATA
};

export type ColumnDefinition = {
  readonly name: string;
  readonly type?: TypeRef | undefined; // absent in CREATE TABLE t(a, b) AS …
  readonly notNull: boolean;
  readonly default?: Expr | undefined;
  readonly generated?: Expr | undefined;
  readonly primaryKey: boolean;
  readonly unique: boolean;
  readonly check?: Expr | undefined;
  readonly collation?: string | undefined;
  readonly span?: Span | undefined;
};

export type TableConstraint =
  | { readonly kind: 'primary-key' | 'unique'; readonly columns: readonly string[] }
  | { readonly kind: 'check'; readonly expr: Expr }
  | {
      readonly kind: 'foreign-key';
      readonly columns: readonly string[];
      readonly table: ObjectName;
      readonly referenced: readonly string[];
    };

/** Names of columns or expressions over them, in the order of the index. */
export type CreateIndex = {
  readonly kind: 'create-index';
  readonly name: string;
  readonly table: ObjectName;
  readonly unique: boolean;
  readonly keys: readonly Expr[];
  readonly mode: CreateMode;
};

/** `COMMENT ON TABLE t IS 'text'`; a column's name is its table's and its own. */
export type Comment = {
  readonly kind: 'comment';
  readonly on: 'table' | 'view' | 'column' | 'sequence' | 'macro' | 'macro-table' | 'type' | 'index';
  readonly name: ObjectName;
  /** Absent: the comment goes. */
  readonly text?: string | undefined;
};

/** VACUUM, ANALYZE, CHECKPOINT: there is nothing to do, but what they name must be there. */
export type Upkeep = {
  readonly kind: 'upkeep';
  readonly task: 'vacuum' | 'analyze' | 'checkpoint';
  /** The table; CHECKPOINT's catalog. */
  readonly name?: ObjectName | undefined;
  readonly columns?: readonly string[] | undefined;
};

export type AlterAction =
  | { readonly kind: 'add-column'; readonly column: ColumnDefinition; readonly ifNotExists: boolean }
  | { readonly kind: 'drop-column'; readonly column: string; readonly ifExists: boolean; readonly cascade: boolean }
  | { readonly kind: 'rename-column'; readonly column: string; readonly to: string }
  | { readonly kind: 'rename-table'; readonly to: string }
  /** A field of a struct: `path` leads from the column to it; lists have `element`, maps `key` and `value`. */
  | {
      readonly kind: 'add-field';
      readonly path: readonly string[];
      readonly column: ColumnDefinition;
      readonly ifNotExists: boolean;
    }
  | { readonly kind: 'drop-field'; readonly path: readonly string[]; readonly ifExists: boolean }
  | { readonly kind: 'rename-field'; readonly path: readonly string[]; readonly to: string }
  | { readonly kind: 'add-key'; readonly primary: boolean; readonly columns: readonly string[] }
  | { readonly kind: 'set-type'; readonly column: string; readonly type: TypeRef; readonly using?: Expr | undefined }
  | { readonly kind: 'set-default'; readonly column: string; readonly value?: Expr | undefined } // absent: DROP DEFAULT
  | { readonly kind: 'set-not-null' | 'drop-not-null'; readonly column: string };

export type Insert = {
  readonly kind: 'insert';
  readonly with?: WithClause | undefined;
  readonly table: ObjectName;
  readonly alias?: string | undefined;
  readonly columns?: readonly string[] | undefined;
  readonly byName: boolean;
  readonly source: Query | 'default-values';
  /** A DEFAULT inside VALUES is a call to `default` without arguments. */
  readonly onConflict?: OnConflict | undefined;
  readonly returning?: readonly Returning[] | undefined;
};

export type OnConflict = {
  readonly columns?: readonly string[] | undefined;
  readonly action: 'nothing' | 'replace' | { readonly set: readonly NamedExpr[]; readonly where?: Expr | undefined };
};

export type Returning = { readonly expr: Expr; readonly alias?: string | undefined };

export type Merge = {
  readonly kind: 'merge';
  readonly with?: WithClause | undefined;
  readonly table: ObjectName;
  readonly alias?: string | undefined;
  readonly using: Query;
  /** A condition, or the columns that have to be equal. */
  readonly on: Expr | readonly string[];
  /** The first that fits a row counts. */
  readonly clauses: readonly MergeClause[];
  readonly returning?: readonly Returning[] | undefined;
};

export type MergeClause = {
  readonly when: 'matched' | 'not-matched' | 'not-matched-by-source';
  readonly condition?: Expr | undefined;
  readonly action: /** `set` with a word: the source's columns go to those of the same name, or of the same place. */
    | { readonly kind: 'update'; readonly set: readonly NamedExpr[] | 'by-name' | 'by-position' }
    | { readonly kind: 'delete' | 'nothing' }
    | {
        readonly kind: 'insert';
        readonly columns?: readonly string[] | undefined;
        readonly values: readonly Expr[] | 'by-name' | 'by-position' | 'default-values';
      }
    | { readonly kind: 'error'; readonly message?: Expr | undefined };
};

/** Paths are constant texts; those of COPY … FROM may be lists of them. */
export type Copy =
  | { readonly kind: 'copy-to'; readonly source: Query; readonly path: Expr; readonly options: CopyOptions }
  | {
      readonly kind: 'copy-from';
      readonly table: ObjectName;
      readonly columns?: readonly string[] | undefined;
      readonly path: Expr;
      readonly options: CopyOptions;
    };

/** Options as written, names in lower case: `(FORMAT csv, HEADER, DELIMITER ';')`; one without a value is `true`. */
export type CopyOptions = Readonly<Record<string, Expr>>;
