import type { Place } from '../catalog/catalog.ts';
import type { CatalogChange } from '../catalog/change.ts';
import type { Constraints, SequenceEntry, TableColumn, TableEntry } from '../catalog/entry.ts';
import type { BoundQuery, TableTarget } from '../plan/logical-plan.ts';
import type { Statement } from '../query/statement.ts';
import type { Scalar } from '../types/scalar.ts';
import type { ConflictHandling } from './statements/bind-conflict.ts';
import type { Changes } from './statements/column-changes.ts';
import type { PendingQuery } from './statements/pending-rows.ts';
import type { RowChecks } from './statements/row-checks.ts';

/** What a statement asks the session to do, as data: the checks against the catalog are done. */
export type BoundStatement =
  | { readonly kind: 'query'; readonly query: BoundQuery }
  /** `CREATE … IF NOT EXISTS` of what exists, `DROP … IF EXISTS` of what does not. */
  | { readonly kind: 'nothing' }
  | { readonly kind: 'change'; readonly change: CatalogChange }
  | { readonly kind: 'create-sequence'; readonly sequence: Omit<SequenceEntry, 'state'> }
  /** Makes a table (in the place of an old one, if there is one) and fills it with the query's rows, column by column. */
  | { readonly kind: 'create-table'; readonly table: NewTable; readonly query?: BoundQuery | undefined }
  /** A plan whose root is `insert`: it hands up the table's stored columns below. */
  | {
      readonly kind: 'insert';
      readonly target: TableTarget;
      readonly query: BoundQuery;
      readonly checks: RowChecks;
      /** Absent: a row whose key is there already is an error. */
      readonly conflict?: ConflictHandling | undefined;
      readonly returning?: PendingQuery | undefined;
    }
  /** Changes rows of a table in their places, takes them away, or (MERGE) does what each row's action says. */
  | ({
      readonly kind: 'modify';
      readonly action: 'update' | 'delete' | 'merge';
      readonly target: TableTarget;
      readonly returning?: PendingQuery | undefined;
    } & Changes)
  /** A plan whose root is `copy`; its one row is the count. */
  | { readonly kind: 'copy-to'; readonly query: BoundQuery }
  /** Gives the table `from` another name or columns, and the query's rows where there is a query. */
  | {
      readonly kind: 'alter-table';
      readonly table: TableDefinition;
      readonly from: string;
      readonly target: TableTarget;
      readonly query?: BoundQuery | undefined;
    }
  | {
      readonly kind: 'explain';
      readonly statement: BoundStatement;
      readonly mode: 'plan' | 'verbose' | 'analyze' | 'stages' | 'html' | 'trace';
      readonly format?: string | undefined;
    }
  | { readonly kind: 'set'; readonly name: string; readonly value: Scalar }
  | { readonly kind: 'reset'; readonly name: string }
  /** Without a value it is forgotten. */
  | { readonly kind: 'set-variable'; readonly name: string; readonly value?: Scalar | undefined }
  | { readonly kind: 'prepare'; readonly name: string; readonly statement: Statement }
  /** Parameters by name: '1', '2', … for arguments without one. */
  | { readonly kind: 'execute'; readonly name: string; readonly parameters: Readonly<Record<string, Scalar>> }
  | { readonly kind: 'deallocate'; readonly name?: string | undefined }
  | {
      readonly kind: 'transaction';
      readonly action: 'begin' | 'commit' | 'rollback';
      readonly readOnly?: true | undefined;
    }
  /** A procedure of the session: `CALL tpch(0.1)`. */
  | {
      readonly kind: 'procedure';
      readonly name: string;
      readonly positional: readonly Scalar[];
      readonly named: Readonly<Record<string, Scalar>>;
    };

/** What ALTER TABLE may change of a table besides its rows. */
export type TableDefinition = Pick<TableEntry, 'schema' | 'name' | 'columns' | 'constraints' | 'indexes' | 'comment'>;

/** A table to be made. */
export type NewTable = {
  readonly place: Place;
  readonly columns: readonly TableColumn[];
  readonly constraints: Constraints;
  readonly temporary: boolean;
};
