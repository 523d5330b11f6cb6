import type { Catalog } from '../catalog/catalog.ts';
import type { TableColumn, TableEntry } from '../catalog/entry.ts';
import type { Span } from '../common/errors.ts';
import { RayexecError } from '../common/errors.ts';
import type { BoundExpr, ColumnId, ColumnRef } from '../plan/expr.ts';
import type { BoundSource, Column, ProjectColumn, SharedId } from '../plan/logical-plan.ts';
import type { Expr } from '../query/expr.ts';
import type { Query } from '../query/query.ts';
import type { DataType } from '../types/data-type.ts';
import type { Scalar } from '../types/scalar.ts';
import type { ExprEnv, QueryEnv } from './env.ts';
import type { Bound } from './scope.ts';
import type { QueryProfile } from './system/query-profiles.ts';

/** Dialect settings that change what a query means. */
export type BindSettings = {
  /** `/` on integers gives an integer. */
  readonly integerDivision: boolean;
  readonly defaultNullOrder:
    | 'nulls_last'
    | 'nulls_first'
    | 'nulls_first_on_asc_last_on_desc'
    | 'nulls_last_on_asc_first_on_desc';
  readonly defaultOrder: 'asc' | 'desc';
  /** The name of the first column of VALUES: DuckDB's `col0`, or PostgreSQL's `column1`. */
  readonly valuesColumnNames?: 'col0' | 'column1' | undefined;
  readonly timeZone: string;
};

export type BindOptions = {
  readonly settings: BindSettings;
  /** Microseconds since the epoch: what now() and current_date mean in this statement. */
  readonly now: bigint;
  /** Values of `$1`, `$name`, by name. */
  readonly parameters: Readonly<Record<string, Scalar>>;
  /** What getvariable gives, by name in lower case. */
  readonly variables?: Readonly<Record<string, Scalar>> | undefined;
  /** Runs an expression without columns; undefined when it is none, or fails. */
  readonly evaluate?: ((expr: Expr) => Scalar | undefined) | undefined;
  /** The text that spans point into, so that errors can show it. */
  readonly source?: string | undefined;
  /** What SHOW SETTINGS lists. */
  readonly settingValues?: Readonly<Record<string, string>> | undefined;
  /** The texts of prepared statements, by name. */
  readonly prepared?: (() => Readonly<Record<string, string>>) | undefined;
  /** Words of the grammar, and whether they may be names. */
  readonly keywords?: Readonly<Record<string, string>> | undefined;
  /** What was measured of the last queries. */
  readonly queryProfiles?: (() => readonly QueryProfile[]) | undefined;
  readonly optimizerRules?: readonly string[] | undefined;
};

/** What `resolve` found, as plain look-ups; `bind` waits for nothing. */
export type Resolved = {
  readonly catalog: Catalog;
  /** Scans by the key of their table name, file path or table function call (see resolve-key.ts). */
  readonly sources: ReadonlyMap<string, BoundSource>;
  /** Values of PIVOT's ON that no list names, by the node of ON. */
  readonly pivotValues?: PivotValues | undefined;
  /** Last parts of all names that the query has, in lower case: sources offer just those of their hidden columns. */
  readonly names?: ReadonlySet<string> | undefined;
};

export type PivotValues = ReadonlyMap<object, readonly (readonly Scalar[])[]>;

/** A column of a stored table. */
export type ColumnOrigin = { readonly table: TableEntry; readonly column: TableColumn };

/** The state of one call of bind: counters, and what is known of the columns made so far. */
export class Binder {
  readonly catalog: Catalog;
  readonly sources: ReadonlyMap<string, BoundSource>;
  readonly pivotValues: PivotValues;
  readonly names: ReadonlySet<string>;
  readonly options: BindOptions;
  /** Bound relations that queries made by the binder read, by the id of a `relation` query. */
  readonly #given: Bound[] = [];
  readonly #origins = new Map<ColumnId, ColumnOrigin>();
  readonly #columns: Column[] = [];
  readonly #nullable = new Set<ColumnId>();
  readonly #spans = new WeakMap<BoundExpr, Span>();
  /** Constants as the query spelled them, without a cast: they take the type that their place asks for. */
  readonly #untyped = new WeakSet<BoundExpr>();
  /** Functions that say how values are compared; none: as they are. */
  readonly #collations = new WeakMap<BoundExpr, readonly string[]>();
  readonly #columnCollations = new Map<ColumnId, readonly string[]>();
  #sharedIds = 0;
  /** Names of the views being bound, outermost first: a view in itself is a cycle. */
  readonly views: string[] = [];
  /** What is being bound may be a key that some grouping set lacks, which makes it NULL whatever it is below. */
  mayLackKeys = false;
  /** How deep the expression (the query) being bound is nested. */
  depth = 0;
  queryDepth = 0;
  /** Binds a query inside another; given by `bind`, because queries hold expressions and these hold queries. */
  readonly query: (b: Binder, query: Query, env: QueryEnv) => Bound;
  /** Binds an expression inside an aggregate. */
  readonly expr: (b: Binder, env: ExprEnv, expr: Expr) => BoundExpr;

  constructor(resolved: Resolved, options: BindOptions, walk: Pick<Binder, 'query' | 'expr'>) {
    this.query = walk.query;
    this.expr = walk.expr;
    this.catalog = resolved.catalog;
    this.sources = resolved.sources;
    this.pivotValues = resolved.pivotValues ?? new Map();
    this.names = resolved.names ?? new Set();
    this.options = options;
  }

  /** A query that stands for something already bound; it may be used once. */
  give(bound: Bound): Query {
    return { kind: 'relation', id: -this.#given.push(bound) };
  }

  given(id: number): Bound | undefined {
    return this.#given[-id - 1];
  }

  /** Says which column of a table a column is, as long as it goes through unchanged. */
  setOrigin(column: Column, origin: ColumnOrigin): void {
    this.#origins.set(column.id, origin);
  }

  originOf(id: ColumnId): ColumnOrigin | undefined {
    return this.#origins.get(id);
  }

  /** A column with an id of its own. */
  newColumn(name: string, type: DataType, nullable: boolean): Column {
    const column: Column = { id: this.#columns.length as ColumnId, name, type, nullable };
    this.#columns.push(column);
    if (nullable) this.#nullable.add(column.id);
    return column;
  }

  newShared(): SharedId {
    return this.#sharedIds++ as SharedId;
  }

  /** A column that carries an expression's value. */
  project(name: string, expr: BoundExpr, type: DataType, nullable: boolean): ProjectColumn {
    return { column: this.newColumn(name, type, nullable), expr };
  }

  column(id: ColumnId): Column {
    const column = this.#columns[id];
    if (column === undefined) throw new RayexecError('internal', `no column #${id}`);
    return this.isNullable(id) && !column.nullable ? { ...column, nullable: true } : column;
  }

  /** Whether the column may hold NULL anywhere in the plan; an outer join makes its columns so from then on. */
  isNullable(id: ColumnId): boolean {
    return this.#nullable.has(id);
  }

  /** Says that a column just made never holds NULL after all. */
  makeNotNull(column: Column): Column {
    this.#nullable.delete(column.id);
    const settled = { ...column, nullable: false };
    this.#columns[column.id] = settled;
    return settled;
  }

  makeNullable(columns: readonly Column[]): void {
    for (const c of columns) this.#nullable.add(c.id);
  }

  /** A reference that remembers where the query names it. */
  ref(column: Column, span?: Span | undefined): ColumnRef {
    const ref: ColumnRef = { kind: 'column', id: column.id, type: column.type };
    if (span !== undefined) this.#spans.set(ref, span);
    return ref;
  }

  spanOf(expr: BoundExpr): Span | undefined {
    return this.#spans.get(expr);
  }

  markSpan<T extends BoundExpr>(expr: T, span: Span | undefined): T {
    if (span !== undefined && !this.#spans.has(expr)) this.#spans.set(expr, span);
    return expr;
  }

  /** The expression with a collation: the functions whose results are compared in its place. */
  collate(expr: BoundExpr, calls: readonly string[]): BoundExpr {
    const collated = this.markSpan({ ...expr }, this.spanOf(expr));
    this.#collations.set(collated, calls);
    return collated;
  }

  /** Whether COLLATE stands at the expression itself. */
  hasOwnCollation(expr: BoundExpr): boolean {
    return this.#collations.has(expr);
  }

  collateColumn(column: Column, calls: readonly string[]): void {
    if (calls.length > 0) this.#columnCollations.set(column.id, calls);
  }

  collationOf(expr: BoundExpr): readonly string[] {
    const own = this.#collations.get(expr);
    return own ?? (expr.kind === 'column' ? (this.#columnCollations.get(expr.id) ?? []) : []);
  }

  markUntyped<T extends BoundExpr>(expr: T): T {
    this.#untyped.add(expr);
    return expr;
  }

  /** The query has the expression in its text: it is none that binding put in. */
  isWritten(expr: BoundExpr): boolean {
    return this.#untyped.has(expr) || this.#spans.has(expr);
  }

  isUntyped(expr: BoundExpr): boolean {
    return this.#untyped.has(expr);
  }
}

/** An error of binding at a place of the query. */
export const bindError = (summary: string, span?: Span | undefined, hint?: string | undefined): RayexecError =>
  new RayexecError('bind', summary, { span, hint });

/** For valid SQL that the engine does not do yet. */
export const notYet = (what: string, span?: Span | undefined, hint?: string | undefined): RayexecError =>
  new RayexecError('unsupported', `${what} not supported yet`, { span, hint });
