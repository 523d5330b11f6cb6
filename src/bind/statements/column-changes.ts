import { storedColumns, type TableColumn, type TableEntry } from '../../catalog/entry.ts';
import type { Span } from '../../common/errors.ts';
import { type BoundQuery, ROW_ID } from '../../plan/logical-plan.ts';
import type { Expr } from '../../query/expr.ts';
import type { NamedExpr, Query, SelectItem, WithClause } from '../../query/query.ts';
import { boundQuery } from '../bind.ts';
import { type Binder, bindError } from '../binder.ts';
import { candidates } from '../exprs/bind-name.ts';
import { storedTable } from '../from/stored-table.ts';
import { namedScope, sameName } from '../scope.ts';
import { refuseUnnest } from '../select/bind-unnest.ts';
import { within } from '../within.ts';
import type { RowChecks } from './row-checks.ts';

/**
 * New values for rows of a table. The query hands up the values of stored columns, by `columns`; then the id of the row,
 * once or several times (the first counts); MERGE's also an action.
 */
export type Changes = {
  readonly query: BoundQuery;
  /** Indexes of stored columns: what the query hands up, in order. */
  readonly columns: readonly number[];
  /** Those of them that get new values. */
  readonly set: readonly number[];
  readonly checks: RowChecks;
};

/** The table that a statement changes, inside of the queries that find out how. */
export const TARGET = '$target';
/** The ids of its rows there. */
export const TARGET_ID = '$row id';

/** A table with its rows' ids as a statement sees that changes it: under its alias, and under a name that nobody else has. */
export function targetRows(b: Binder, table: TableEntry, alias: string | undefined): Query {
  const { bound, rowId } = storedTable(b, table, new Set([ROW_ID]));
  const columns = bound.scope.columns;
  const ids = [{ name: TARGET_ID, column: rowId! }];
  const path = alias === undefined ? bound.scope.relations[0]!.path : [];
  const shown = namedScope(alias ?? table.name, columns, path, bound.scope.relations[0]!.hidden);
  const own = { name: TARGET, path: [], columns: [...columns, ...ids] };
  return b.give({ plan: bound.plan, scope: { columns, relations: [...shown.relations, own] } });
}

export const targetColumn = (name: string): Expr => ({ kind: 'name', path: [TARGET, name] });

export const NULL_EXPR: Expr = { kind: 'literal', value: { type: { kind: 'null' }, value: null } };

/** The value of an assignment in its column's type; DEFAULT is the column's default. */
export function assigned(column: TableColumn, expr: Expr): Expr {
  const isDefault = expr.kind === 'call' && expr.fn === 'default' && expr.args.length === 0;
  const input = isDefault ? (column.default ?? NULL_EXPR) : expr;
  return { kind: 'cast', input, type: column.type, try: false, span: expr.span };
}

/** SET's assignments by stored column. @throws RayexecError `bind` for unknown, generated and repeated columns */
export function assignments(
  table: TableEntry,
  set: readonly NamedExpr[],
  span: Span | undefined,
): ReadonlyMap<TableColumn, Expr> {
  const found = new Map<TableColumn, Expr>();
  for (const { name, expr } of set) {
    refuseUnnest(expr, 'UPDATE … SET');
    const column = table.columns.find(c => sameName(c.name, name));
    if (column === undefined) {
      const names = table.columns.map(c => c.name);
      throw bindError(`Referenced update column ${name} not found in table!`, span, candidates(name, names));
    }
    if (column.generated !== undefined)
      throw bindError(`Cannot update column "${column.name}" because it is a generated column!`, span);
    if (found.has(column)) throw bindError(`Multiple assignments to same column "${column.name}"`, span);
    found.set(column, assigned(column, expr));
  }
  return found;
}

/** Binds the query of changes: the wanted columns' values, the row's id, and what else is wanted. */
export function changesQuery(
  b: Binder,
  table: TableEntry,
  {
    from,
    where,
    with: clause,
  }: { readonly from: Query; readonly where?: Expr | undefined; readonly with?: WithClause | undefined },
  values: ReadonlyMap<TableColumn, Expr>,
  wanted: readonly TableColumn[],
  more: readonly SelectItem[] = [],
): Pick<Changes, 'query' | 'columns' | 'set'> {
  const stored = storedColumns(table.columns);
  const items = wanted.map(
    (column): SelectItem => ({ expr: values.get(column) ?? targetColumn(column.name), alias: column.name }),
  );
  const id: SelectItem = { expr: targetColumn(TARGET_ID), alias: TARGET_ID };
  const select: Query = {
    kind: 'select',
    from,
    items: [...items, id, ...more],
    ...(where === undefined ? {} : { where }),
  };
  const query = boundQuery(b, within(clause, select));
  return {
    query,
    columns: wanted.map(c => stored.indexOf(c)),
    set: [...values.keys()].map(c => stored.indexOf(c)),
  };
}
