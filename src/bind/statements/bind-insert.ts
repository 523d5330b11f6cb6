import { storedColumns, type TableColumn, type TableEntry } from '../../catalog/entry.ts';
import type { Span } from '../../common/errors.ts';
import { outputOf } from '../../plan/columns.ts';
import { type BoundExpr, typeOf } from '../../plan/expr.ts';
import type { Column, LogicalPlan, TableTarget } from '../../plan/logical-plan.ts';
import type { Query } from '../../query/query.ts';
import type { Insert } from '../../query/statement.ts';
import { INT64 } from '../../types/data-type.ts';
import { type Binder, bindError } from '../binder.ts';
import type { BoundStatement } from '../bound-statement.ts';
import { castTo } from '../coerce.ts';
import { nullOf } from '../constant.ts';
import { type ExprEnv, NO_SURROUNDINGS } from '../env.ts';
import { candidates } from '../exprs/bind-name.ts';
import { nullable } from '../nullability.ts';
import { type Bound, EMPTY_SCOPE, sameName } from '../scope.ts';
import { within } from '../within.ts';
import { bindConflict } from './bind-conflict.ts';
import { bindReturning } from './bind-returning.ts';
import { assigned } from './column-changes.ts';
import { checksOfWrite } from './row-checks.ts';

/** INSERT: the source's columns go to the named ones (or all), the others get their defaults. */
export function bindInsert(b: Binder, statement: Insert): BoundStatement {
  const table = b.catalog.table(statement.table);
  const { span } = statement.table;
  const { source, targets } = insertedRows(b, table, statement);
  const conflict =
    statement.onConflict && bindConflict(b, table, statement.onConflict, targets, { ...statement, span });
  return {
    ...insertPlan(b, table, source, targets, span),
    conflict,
    returning: bindReturning(b, table, statement),
  };
}

/** The rows of INSERT, and the column that each of their columns goes to. */
function insertedRows(
  b: Binder,
  table: TableEntry,
  statement: Insert,
): { readonly source: Bound; readonly targets: readonly TableColumn[] } {
  const { source } = statement;
  if (source === 'default-values') {
    return { source: { plan: { kind: 'values', columns: [], rows: [[]] }, scope: EMPTY_SCOPE }, targets: [] };
  }
  const { span } = statement.table;
  const named = statement.columns?.map(name => insertColumn(table, name, span));
  const targets = named ?? storedColumns(table.columns);
  const bound = b.query(b, within(statement.with, forColumns(source, targets)), NO_SURROUNDINGS);
  const found = bound.scope.columns;
  if (statement.byName) return { source: bound, targets: found.map(c => insertColumn(table, c.name, span)) };
  if (found.length === targets.length) return { source: bound, targets };
  const wanted =
    named === undefined ? `table ${table.name} has ${targets.length} columns` : `${targets.length} columns are named`;
  throw bindError(
    `${wanted} but ${found.length} values were supplied`,
    source.span ?? span,
    named === undefined
      ? `name the columns that they are for: INSERT INTO ${table.name} (${targets
          .slice(0, found.length)
          .map(c => c.name)
          .join(', ')})`
      : 'give as many values as columns are named',
  );
}

/** The column of a table that rows may be inserted in. @throws RayexecError `bind` */
export function insertColumn(table: TableEntry, name: string, span: Span | undefined): TableColumn {
  const found = table.columns.find(c => sameName(c.name, name));
  if (found === undefined) {
    const names = table.columns.map(c => c.name);
    throw bindError(`Table "${table.name}" does not have a column with name "${name}"`, span, candidates(name, names));
  }
  if (found.generated !== undefined) throw bindError(`Cannot insert into a generated column: ${found.name}`, span);
  return found;
}

/** Values stand for the columns that they go to: each is read in its column's type, and DEFAULT is the column's default. */
function forColumns(source: Query, targets: readonly TableColumn[]): Query {
  if (source.kind !== 'values') return source;
  const rows = source.rows.map(row =>
    row.length === targets.length ? row.map((e, i) => assigned(targets[i]!, e)) : row,
  );
  return { ...source, rows };
}

/** The insert node: every column of the table from the source, its default, or NULL. `targets[i]` takes the source's column i. */
export function insertPlan(
  b: Binder,
  table: TableEntry,
  source: Bound,
  targets: readonly TableColumn[],
  span?: Span | undefined,
): Extract<BoundStatement, { kind: 'insert' }> {
  const twice = targets.find((t, i) => targets.indexOf(t) < i);
  if (twice !== undefined) throw bindError(`Column "${twice.name}" is named twice`, span);
  const place: ExprEnv = { scope: EMPTY_SCOPE, outer: undefined, ctes: undefined, clause: 'DEFAULT', joins: [] };
  const columns = storedColumns(table.columns).map(column => {
    const at = targets.indexOf(column);
    const value: BoundExpr =
      at >= 0
        ? b.ref(source.scope.columns[at]!.column)
        : column.default === undefined
          ? nullOf(column.type)
          : b.expr(b, place, column.default);
    const expr = castTo(b, value, column.type);
    return b.project(column.name, expr, typeOf(expr), nullable(b, expr));
  });
  const target = targetOf(table);
  const input: LogicalPlan = { kind: 'project', input: source.plan, columns };
  const plan: LogicalPlan = { kind: 'insert', input, table: target, columns: [countColumn(b)] };
  return { kind: 'insert', target, query: { plan, output: outputOf(plan) }, checks: checksOfWrite(b, table) };
}

/** The column of what INSERT and COPY hand up. */
export const countColumn = (b: Binder): Column => b.newColumn('Count', INT64, false);

export const targetOf = (table: Pick<TableEntry, 'id' | 'name' | 'columns'>): TableTarget => {
  const stored = storedColumns(table.columns);
  return { table: table.id, name: table.name, types: stored.map(c => c.type), notNull: stored.map(c => !c.nullable) };
};
