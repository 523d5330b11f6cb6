import { NO_CONSTRAINTS, storedColumns, type TableColumn } from '../../catalog/entry.ts';
import { typeOf } from '../../plan/expr.ts';
import type { Expr } from '../../query/expr.ts';
import type { ColumnDefinition, CreateTable } from '../../query/statement.ts';
import { withoutSpans } from '../../query/without-spans.ts';
import type { DataType } from '../../types/data-type.ts';
import { type Binder, bindError, notYet } from '../binder.ts';
import type { BoundStatement } from '../bound-statement.ts';
import { castTo, concrete } from '../coerce.ts';
import { bindSystemCall } from '../exprs/bind-system-call.ts';
import { bindType } from '../exprs/bind-type.ts';
import { generatedValue } from '../from/stored-table.ts';
import { numbered, sameName } from '../scope.ts';
import { bindConstraints, bindRowExpr } from './bind-constraints.ts';
import { exactRows } from './exact-rows.ts';
import { freePlace } from './free-place.ts';

/** CREATE TABLE, with columns or AS a query. */
export function bindCreateTable(b: Binder, statement: CreateTable): BoundStatement {
  const place = freePlace(b, statement, 'Table');
  if (place === undefined) return { kind: 'nothing' };
  const rest = { place, temporary: statement.temporary };
  if (statement.query === undefined) {
    const defined = statement.columns.map(c => definedColumn(b, c));
    const typed = withGenerated(b, place.name, distinctNames(defined, statement), statement.columns);
    if (storedColumns(typed).length === 0)
      throw bindError(
        'Creating a table without physical (non-generated) columns is not supported',
        statement.name.span,
      );
    const constraints = bindConstraints(b, place, typed, statement);
    const notNull = constraints.keys.filter(k => k.primary).flatMap(k => k.columns);
    const columns = typed.map(c => (notNull.some(n => sameName(n, c.name)) ? { ...c, nullable: false } : c));
    return { kind: 'create-table', table: { ...rest, columns, constraints } };
  }
  const source = b.query(b, statement.query, { outer: undefined, ctes: undefined });
  const found = source.scope.columns;
  if (statement.columns.length > found.length) {
    throw bindError(
      `The query has ${found.length} columns, but ${statement.columns.length} names are given`,
      statement.name.span,
    );
  }
  const names = numbered(found.map((c, i) => statement.columns[i]?.name ?? c.name));
  const types = found.map((c, i) => {
    const type = statement.columns[i]?.type;
    return type === undefined ? concrete(c.column.type) : bindType(b, type, statement.name.span);
  });
  const columns = names.map((name, i): TableColumn => ({ name, type: types[i]!, nullable: true }));
  const query = statement.withData === false ? undefined : exactRows(b, source, columns);
  return {
    kind: 'create-table',
    table: { ...rest, columns: distinctNames(columns, statement), constraints: NO_CONSTRAINTS },
    query,
  };
}

/**
 * A column as a definition says; a generated one's type may only be known with the other columns (`withGenerated`).
 * @throws RayexecError `bind` without a type
 */
export function definedColumn(b: Binder, column: ColumnDefinition): TableColumn {
  if (column.collation !== undefined && !/^(binary|c|posix)$/i.test(column.collation))
    throw notYet(`COLLATE ${column.collation} is`, column.span);
  const { name, notNull, primaryKey, generated } = column;
  if (generated !== undefined && (notNull || primaryKey || column.unique))
    throw notYet(`NOT NULL, PRIMARY KEY or UNIQUE on a generated column is`, column.span);
  if (column.type === undefined && generated === undefined)
    throw bindError(`Column "${name}" has no type`, column.span);
  if (generated !== undefined && column.default !== undefined)
    throw bindError(`Column "${name}" is generated and can have no DEFAULT`, column.span);
  const type = column.type === undefined ? UNKNOWN : bindType(b, column.type, column.span);
  const value = column.default && bindDefault(b, column.default);
  return {
    name,
    type,
    nullable: !notNull && !primaryKey,
    ...(value === undefined ? {} : { default: value }),
    ...(generated === undefined ? {} : { generated: withoutSpans(generated) }),
  };
}

/** The type of a generated column that names none, until its expression is bound. */
const UNKNOWN: DataType = { kind: 'null' };

/** A DEFAULT, after binding it for its errors. */
export function bindDefault(b: Binder, expr: Expr): Expr {
  if (expr.kind === 'name' && bindSystemCall(b, expr.path.at(-1)!.toLowerCase(), [], expr.span) === undefined)
    throw bindError('DEFAULT value cannot contain column names', expr.span);
  bindRowExpr(b, '', [], expr, 'DEFAULT value', bound => bound);
  return withoutSpans(expr);
}

/** Generated columns with their types, after binding their expressions over the stored columns. */
function withGenerated(
  b: Binder,
  table: string,
  columns: readonly TableColumn[],
  definitions: readonly ColumnDefinition[],
): readonly TableColumn[] {
  const stored = storedColumns(columns);
  return columns.map((column, i) => {
    if (column.generated === undefined) return column;
    // As written, for errors; then over stored columns, for the type.
    const written = definitions[i]?.generated ?? column.generated;
    bindRowExpr(b, table, columns, written, 'generated column', bound => bound);
    const value = generatedValue(columns, column);
    return bindRowExpr(b, table, stored, value, 'generated column', bound => {
      const type = column.type === UNKNOWN ? concrete(typeOf(bound)) : column.type;
      castTo(b, bound, type);
      return { ...column, type };
    });
  });
}

function distinctNames(columns: readonly TableColumn[], statement: CreateTable): readonly TableColumn[] {
  const twice = columns.find((c, i) => columns.findIndex(o => sameName(o.name, c.name)) < i);
  if (twice !== undefined)
    throw bindError(
      `Column with name ${twice.name} already exists!`,
      statement.name.span,
      'names of columns differ by more than their case',
    );
  if (columns.length === 0) throw bindError('a table needs at least one column', statement.name.span);
  return columns;
}
