import type { TableColumn } from '../catalog/entry.ts';
import type { ColumnDefinition, CreateTable } from '../query/statement.ts';
import { candidates } from './bind-name.ts';
import { bindType } from './bind-type.ts';
import { type Binder, bindError, notYet } from './binder.ts';
import type { BoundStatement } from './bound-statement.ts';
import { concrete } from './coerce.ts';
import { exactRows } from './exact-rows.ts';
import { freePlace } from './free-place.ts';
import { numbered, sameName } from './scope.ts';

/** CREATE TABLE, with columns or AS a query. */
export function bindCreateTable(b: Binder, statement: CreateTable): BoundStatement {
  const place = freePlace(b, statement.name, statement.mode, 'Table');
  if (place === undefined) return { kind: 'nothing' };
  const rest = { place, checks: [], temporary: statement.temporary };
  if (statement.query === undefined) {
    const columns = statement.columns.map(c => definedColumn(b, c));
    const unique = uniqueColumns(statement, columns);
    const notNull = new Set(unique.filter(u => u.primary).flatMap(u => u.columns.map(name => name.toLowerCase())));
    const settled = columns.map(c => (notNull.has(c.name.toLowerCase()) ? { ...c, nullable: false } : c));
    return {
      kind: 'create-table',
      table: { ...rest, columns: distinctNames(settled, statement), unique: unique.map(u => u.columns) },
    };
  }
  const source = b.query(b, statement.query, { outer: undefined, ctes: undefined });
  const found = source.scope.columns;
  if (statement.columns.length > 0 && statement.columns.length !== found.length) {
    throw bindError(
      `The query has ${found.length} columns, but ${statement.columns.length} names are given`,
      statement.name.span,
    );
  }
  const names = statement.columns.length > 0 ? statement.columns.map(c => c.name) : numbered(found.map(c => c.name));
  const types = found.map((c, i) => {
    const type = statement.columns[i]?.type;
    return type === undefined ? concrete(c.column.type) : bindType(b, type, statement.name.span);
  });
  const columns = names.map((name, i): TableColumn => ({ name, type: types[i]!, nullable: true }));
  const query = statement.withData === false ? undefined : exactRows(b, source, columns);
  return { kind: 'create-table', table: { ...rest, columns: distinctNames(columns, statement), unique: [] }, query };
}

/** A column as a definition says. @throws RayexecError `bind` without a type */
export function definedColumn(b: Binder, column: ColumnDefinition): TableColumn {
  if (column.check !== undefined) throw notYet('CHECK constraints are', column.check.span ?? column.span);
  if (column.generated !== undefined) throw notYet('generated columns are', column.generated.span ?? column.span);
  if (column.collation !== undefined && !/^(binary|c|posix)$/i.test(column.collation))
    throw notYet(`COLLATE ${column.collation} is`, column.span);
  if (column.type === undefined) throw bindError(`Column "${column.name}" has no type`, column.span);
  const type = bindType(b, column.type, column.span);
  const { name, notNull, primaryKey } = column;
  return {
    name,
    type,
    nullable: !notNull && !primaryKey,
    ...(column.default === undefined ? {} : { default: column.default }),
  };
}

function uniqueColumns(
  statement: CreateTable,
  columns: readonly TableColumn[],
): readonly { readonly primary: boolean; readonly columns: readonly string[] }[] {
  const own = statement.columns.flatMap(c =>
    c.primaryKey || c.unique ? [{ primary: c.primaryKey, columns: [c.name] }] : [],
  );
  const stated = statement.constraints.map(c => {
    if (c.kind === 'check') throw notYet('CHECK constraints are', c.expr.span ?? statement.name.span);
    if (c.kind === 'foreign-key') throw notYet('FOREIGN KEY constraints are', statement.name.span);
    for (const name of c.columns) {
      if (columns.some(o => sameName(o.name, name))) continue;
      throw bindError(
        `Column "${name}" of a constraint is not in the table`,
        statement.name.span,
        candidates(
          name,
          columns.map(o => o.name),
        ),
      );
    }
    return { primary: c.kind === 'primary-key', columns: c.columns };
  });
  const all = [...own, ...stated];
  if (all.filter(u => u.primary).length > 1)
    throw bindError('a table has one primary key at most', statement.name.span);
  return all;
}

function distinctNames(columns: readonly TableColumn[], statement: CreateTable): readonly TableColumn[] {
  const twice = columns.find((c, i) => columns.findIndex(o => sameName(o.name, c.name)) < i);
  if (twice !== undefined) throw bindError(`Column with name ${twice.name} already exists!`, statement.name.span);
  if (columns.length === 0) throw bindError('a table needs at least one column', statement.name.span);
  return columns;
}
