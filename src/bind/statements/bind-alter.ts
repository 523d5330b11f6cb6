import { type Constraints, type Key, storedColumns, type TableColumn, type TableEntry } from '../../catalog/entry.ts';
import { fullPath } from '../../catalog/schema-key.ts';
import { RayexecError } from '../../common/errors.ts';
import type { Expr } from '../../query/expr.ts';
import type { Query, SelectItem } from '../../query/query.ts';
import type { AlterAction, Statement } from '../../query/statement.ts';
import { type Binder, bindError, notYet } from '../binder.ts';
import type { BoundStatement } from '../bound-statement.ts';
import { candidates } from '../exprs/bind-name.ts';
import { bindType } from '../exprs/bind-type.ts';
import { sameName } from '../scope.ts';
import { refuseDependents, refuseGenerated, refuseReferences, renamedColumn } from './alter-column.ts';
import { alteredField } from './alter-field.ts';
import { alteredTable } from './altered-table.ts';
import { bindAlterView } from './bind-alter-view.ts';
import { keyColumns } from './bind-constraints.ts';
import { bindDefault, definedColumn } from './bind-create-table.ts';
import { exactRows } from './exact-rows.ts';
import { referencing } from './referencing.ts';

type Alter = Extract<Statement, { kind: 'alter-table' }>;

/** What an action makes of a table: its name, its columns, and their values where these change. */
type Altered = {
  readonly name?: string;
  readonly columns?: readonly TableColumn[];
  readonly constraints?: Constraints;
  readonly items?: readonly SelectItem[];
};

/** ALTER TABLE: the table under a new definition; its rows are written anew where the action changes them. */
export function bindAlter(b: Binder, statement: Alter): BoundStatement {
  if (statement.ifExists && b.catalog.find(statement.name.path) === undefined) return { kind: 'nothing' };
  const isView = b.catalog.find(statement.name.path)?.kind === 'view';
  if (isView && statement.action.kind === 'rename-table')
    return bindAlterView(b, { ...statement, kind: 'alter-view', to: statement.action.to });
  const table = b.catalog.table(statement.name);
  const altered = act(b, statement, table, statement.action);
  if (altered === undefined) return { kind: 'nothing' };
  const { items, ...changes } = altered;
  const bound = alteredTable(table, changes);
  if (items === undefined) return bound;
  const rows: Query = {
    kind: 'select',
    from: { kind: 'table', path: fullPath(table) },
    items,
  };
  return {
    ...bound,
    query: exactRows(b, b.query(b, rows, { outer: undefined, ctes: undefined }), storedColumns(bound.table.columns)),
  };
}

function act(b: Binder, statement: Alter, table: TableEntry, action: AlterAction): Altered | undefined {
  const { span } = statement.name;
  const values = (columns: readonly TableColumn[]): readonly SelectItem[] =>
    storedColumns(columns).map(c => ({ expr: columnRef(c) }));
  switch (action.kind) {
    case 'add-column': {
      if (table.columns.some(c => sameName(c.name, action.column.name))) {
        if (action.ifNotExists) return undefined;
        throw taken(action.column.name, span);
      }
      if (action.column.primaryKey || action.column.check !== undefined)
        throw notYet('ADD COLUMN with PRIMARY KEY or CHECK is', action.column.span ?? span);
      if (action.column.generated !== undefined)
        throw notYet('adding generated columns after table creation is', action.column.span ?? span);
      const column = definedColumn(b, action.column);
      const value: Expr = column.default ?? { kind: 'literal', value: { type: { kind: 'null' }, value: null } };
      const typed: Expr = { kind: 'cast', input: value, type: column.type, try: false };
      const key: Key = { primary: false, columns: [column.name] };
      return {
        columns: [...table.columns, column],
        items: [...values(table.columns), { expr: typed }],
        ...(action.column.unique ? { constraints: withKey(table, key) } : {}),
      };
    }
    case 'add-field':
    case 'drop-field':
    case 'rename-field': {
      const column = existing(table, action.path[0]!, span);
      refuseGenerated(column, span);
      const changed = alteredField(b, column, action, span);
      if (changed === undefined) return undefined;
      refuseDependents(b, table, column, 'change the type of', span);
      const items = storedColumns(table.columns).map(
        (c): SelectItem => ({ expr: c === column ? changed.value : columnRef(c) }),
      );
      return { columns: replaced(table, column, { ...column, type: changed.type }), items };
    }
    case 'add-key': {
      const columns = keyColumns(table.columns, action.columns, span);
      if (action.primary && table.constraints.keys.some(k => k.primary))
        throw bindError(`table "${table.name}" can have only one primary key`, span);
      const constraints = withKey(table, { primary: action.primary, columns });
      if (!action.primary) return { constraints };
      const isKey = (c: TableColumn) => columns.some(name => sameName(name, c.name));
      // Writing the rows anew checks that none is NULL.
      const notNull = table.columns.map(c => (isKey(c) ? { ...c, nullable: false } : c));
      return { constraints, columns: notNull, items: values(table.columns) };
    }
    case 'drop-column': {
      const found = table.columns.find(c => sameName(c.name, action.column));
      if (found === undefined && action.ifExists) return undefined;
      const dropped = found ?? existing(table, action.column, span);
      if (table.columns.length === 1)
        throw bindError('Cannot drop column: table only has one column remaining!', span, 'DROP TABLE drops the table');
      if (dropped.generated === undefined && storedColumns(table.columns).length === 1)
        throw bindError('Cannot drop column: table only has one stored column remaining!', span);
      refuseDependents(b, table, dropped, 'drop', span);
      const columns = table.columns.filter(c => c !== dropped);
      return dropped.generated === undefined ? { columns, items: values(columns) } : { columns };
    }
    case 'rename-column': {
      const column = existing(table, action.column, span);
      if (table.columns.some(c => c !== column && sameName(c.name, action.to))) throw taken(action.to, span);
      refuseReferences(b, table, column, span);
      return renamedColumn(table, column, action.to);
    }
    case 'rename-table': {
      const other = b.catalog.at({ schema: table.schema, name: action.to });
      if (other !== undefined && !sameName(action.to, table.name))
        throw new RayexecError('catalog', `"${other.name}" already exists: ${table.name} cannot take its name`, {
          span,
        });
      const [reference] = referencing(b, table);
      if (reference !== undefined)
        throw new RayexecError(
          'catalog',
          `Cannot rename "${table.name}": a foreign key of table "${reference.from.name}" refers to it`,
          { span },
        );
      return { name: action.to };
    }
    case 'set-type': {
      const column = existing(table, action.column, span);
      refuseGenerated(column, span);
      refuseDependents(b, table, column, 'change the type of', span);
      const type = bindType(b, action.type, span);
      const input = action.using ?? columnRef(column);
      const items = storedColumns(table.columns).map(
        (c): SelectItem => ({ expr: c === column ? { kind: 'cast', input, type, try: false } : columnRef(c) }),
      );
      return { columns: replaced(table, column, { ...column, type }), items };
    }
    case 'set-default': {
      const { default: _, ...column } = existing(table, action.column, span);
      refuseGenerated(column, span);
      const settled = action.value === undefined ? column : { ...column, default: bindDefault(b, action.value) };
      return { columns: replaced(table, existing(table, action.column, span), settled) };
    }
    case 'set-not-null':
    case 'drop-not-null': {
      const column = existing(table, action.column, span);
      refuseGenerated(column, span);
      const nullable = action.kind === 'drop-not-null';
      if (nullable && table.constraints.keys.some(k => k.primary && k.columns.some(c => sameName(c, column.name))))
        throw bindError(`Column "${column.name}" is part of the primary key and cannot be NULL`, span);
      const columns = replaced(table, column, { ...column, nullable });
      // Writing the rows anew checks them.
      return nullable ? { columns } : { columns, items: values(table.columns) };
    }
  }
}

const withKey = ({ constraints }: TableEntry, key: Key): Constraints => ({
  ...constraints,
  keys: [...constraints.keys, key],
});

const columnRef = (column: TableColumn): Expr => ({ kind: 'name', path: [column.name] });

const replaced = (table: TableEntry, old: TableColumn, column: TableColumn): readonly TableColumn[] =>
  table.columns.map(c => (c === old ? column : c));

function existing(table: TableEntry, name: string, span: Alter['name']['span']): TableColumn {
  const found = table.columns.find(c => sameName(c.name, name));
  if (found !== undefined) return found;
  const names = table.columns.map(c => c.name);
  throw bindError(`Table "${table.name}" does not have a column with name "${name}"`, span, candidates(name, names));
}

const taken = (name: string, span: Alter['name']['span']): RayexecError =>
  new RayexecError('catalog', `Column with name "${name}" already exists!`, { span });
