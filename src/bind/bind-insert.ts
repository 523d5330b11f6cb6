import type { TableColumn, TableEntry } from '../catalog/entry.ts';
import type { Span } from '../common/errors.ts';
import { outputOf } from '../plan/columns.ts';
import { type BoundExpr, typeOf } from '../plan/expr.ts';
import type { Column, LogicalPlan, TableTarget } from '../plan/logical-plan.ts';
import type { Expr } from '../query/expr.ts';
import type { Query } from '../query/query.ts';
import type { Insert } from '../query/statement.ts';
import { INT64 } from '../types/data-type.ts';
import { candidates } from './bind-name.ts';
import { type Binder, bindError, notYet } from './binder.ts';
import type { BoundStatement } from './bound-statement.ts';
import { castTo } from './coerce.ts';
import { nullOf } from './constant.ts';
import type { ExprEnv } from './env.ts';
import { nullable } from './nullability.ts';
import { type Bound, EMPTY_SCOPE, sameName } from './scope.ts';

/** INSERT: the source's columns go to the named ones (or all), the others get their defaults. */
export function bindInsert(b: Binder, statement: Insert): BoundStatement {
  const table = b.catalog.table(statement.table);
  if (statement.onConflict !== undefined) throw notYet('ON CONFLICT is', statement.table.span);
  if (statement.returning !== undefined) throw notYet('RETURNING is', statement.table.span);
  const { source } = statement;
  if (source === 'default-values') {
    const one: Bound = { plan: { kind: 'values', columns: [], rows: [[]] }, scope: EMPTY_SCOPE };
    return insertPlan(b, table, one, [], statement.table.span);
  }
  const named = statement.columns?.map(name => columnOf(table, name, statement));
  const targets = named ?? table.columns;
  const bound = b.query(b, forColumns(source, targets), { outer: undefined, ctes: undefined });
  const found = bound.scope.columns;
  if (statement.byName)
    return insertPlan(
      b,
      table,
      bound,
      found.map(c => columnOf(table, c.name, statement)),
      statement.table.span,
    );
  if (found.length !== targets.length) {
    const wanted =
      named === undefined ? `table ${table.name} has ${targets.length} columns` : `${targets.length} columns are named`;
    throw bindError(`${wanted} but ${found.length} values were supplied`, source.span ?? statement.table.span);
  }
  return insertPlan(b, table, bound, targets, statement.table.span);
}

function columnOf(table: TableEntry, name: string, statement: Insert): TableColumn {
  const found = table.columns.find(c => sameName(c.name, name));
  if (found !== undefined) return found;
  throw bindError(
    `Table "${table.name}" does not have a column with name "${name}"`,
    statement.table.span,
    candidates(
      name,
      table.columns.map(c => c.name),
    ),
  );
}

/** Values stand for the columns that they go to: each is read in its column's type, and DEFAULT is the column's default. */
function forColumns(source: Query, targets: readonly TableColumn[]): Query {
  if (source.kind !== 'values') return source;
  const isDefault = (e: Expr) => e.kind === 'call' && e.fn === 'default' && e.args.length === 0;
  const rows = source.rows.map(row => {
    if (row.length !== targets.length) return row;
    return row.map((e, i): Expr => {
      const { type, default: value } = targets[i]!;
      return { kind: 'cast', input: isDefault(e) ? (value ?? NULL_EXPR) : e, type, try: false, span: e.span };
    });
  });
  return { ...source, rows };
}

const NULL_EXPR: Expr = { kind: 'literal', value: { type: { kind: 'null' }, value: null } };

/** The insert node: every column of the table from the source, its default, or NULL. `targets[i]` takes the source's column i. */
export function insertPlan(
  b: Binder,
  table: TableEntry,
  source: Bound,
  targets: readonly TableColumn[],
  span?: Span | undefined,
): BoundStatement {
  const twice = targets.find((t, i) => targets.indexOf(t) < i);
  if (twice !== undefined) throw bindError(`Column "${twice.name}" is named twice`, span);
  const place: ExprEnv = { scope: EMPTY_SCOPE, outer: undefined, ctes: undefined, clause: 'DEFAULT', joins: [] };
  const columns = table.columns.map(column => {
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
  return { kind: 'insert', target, query: { plan, output: outputOf(plan) } };
}

/** The column of what INSERT and COPY hand up. */
export const countColumn = (b: Binder): Column => b.newColumn('Count', INT64, false);

export const targetOf = (table: TableEntry): TableTarget => ({
  table: table.id,
  name: table.name,
  types: table.columns.map(c => c.type),
  notNull: table.columns.map(c => !c.nullable),
});
