import type { TableColumn, TableEntry } from '../../catalog/entry.ts';
import { RayexecError, type Span } from '../../common/errors.ts';
import type { Expr } from '../../query/expr.ts';
import { exprsBelow, rewriteExprChildren } from '../../query/walk.ts';
import { type Binder, bindError } from '../binder.ts';
import { sameName } from '../scope.ts';
import { referencing } from './referencing.ts';

const readsColumn = (expr: Expr, name: string): boolean =>
  expr.kind === 'name' ? sameName(expr.path.at(-1)!, name) : exprsBelow(expr).some(child => readsColumn(child, name));

/** @throws RayexecError `catalog` when a constraint or a generated column needs the column as it is */
export function refuseDependents(
  b: Binder,
  table: TableEntry,
  { name }: TableColumn,
  verb: 'drop' | 'change the type of',
  span: Span | undefined,
): void {
  const refuse = (what: string): never => {
    throw new RayexecError('catalog', `Cannot ${verb} column "${name}": ${what} depends on it`, { span });
  };
  const isIn = (columns: readonly string[]) => columns.some(c => sameName(c, name));
  const { keys, checks, foreignKeys } = table.constraints;
  const key = keys.find(k => k.index === undefined && isIn(k.columns));
  if (key !== undefined) refuse(`a ${key.primary ? 'PRIMARY KEY' : 'UNIQUE'} constraint`);
  const index = table.indexes?.find(i => isIn(i.columns));
  if (index !== undefined) refuse(`index "${index.name}"`);
  if (checks.some(c => readsColumn(c.expr, name))) refuse('a CHECK constraint');
  if (foreignKeys.some(k => isIn(k.columns))) refuse('a FOREIGN KEY constraint');
  const generated = table.columns.find(c => c.generated !== undefined && readsColumn(c.generated, name));
  if (generated !== undefined) refuse(`generated column "${generated.name}"`);
  refuseReferences(b, table, { name }, span);
}

/** @throws RayexecError `catalog` when another table's foreign key refers to the column */
export function refuseReferences(
  b: Binder,
  table: TableEntry,
  { name }: Pick<TableColumn, 'name'>,
  span: Span | undefined,
): void {
  const found = referencing(b, table).find(
    r => r.from.id !== table.id && r.key.referenced.some(c => sameName(c, name)),
  );
  if (found === undefined) return;
  throw new RayexecError(
    'catalog',
    `Cannot alter column "${name}": a foreign key of table "${found.from.name}" refers to it`,
    { span },
  );
}

/** @throws RayexecError `bind` for a generated column */
export function refuseGenerated(column: TableColumn, span: Span | undefined): void {
  if (column.generated !== undefined)
    throw bindError(`Column "${column.name}" is generated: this cannot be changed`, span);
}

/** The table's columns and constraints with a column under another name everywhere. */
export function renamedColumn(
  table: TableEntry,
  column: TableColumn,
  to: string,
): Pick<TableEntry, 'columns' | 'constraints' | 'indexes'> {
  const name = (n: string): string => (sameName(n, column.name) ? to : n);
  const names = (list: readonly string[]): readonly string[] => list.map(name);
  const expr = (e: Expr): Expr => {
    if (e.kind === 'name')
      return { ...e, path: e.path.map((part, i) => (i === e.path.length - 1 ? name(part) : part)) };
    return rewriteExprChildren(e, { expr, query: q => q });
  };
  const { keys, checks, foreignKeys } = table.constraints;
  const isSelf = (k: (typeof foreignKeys)[number]) =>
    sameName(k.table.name, table.name) && sameName(k.table.schema, table.schema);
  return {
    columns: table.columns.map(c => ({
      ...c,
      name: c === column ? to : c.name,
      ...(c.generated === undefined ? {} : { generated: expr(c.generated) }),
    })),
    indexes: table.indexes?.map(i => ({ ...i, keys: names(i.keys), columns: names(i.columns) })),
    constraints: {
      keys: keys.map(k => ({ ...k, columns: names(k.columns) })),
      checks: checks.map(c => ({ ...c, expr: expr(c.expr) })),
      foreignKeys: foreignKeys.map(k => ({
        ...k,
        columns: names(k.columns),
        referenced: isSelf(k) ? names(k.referenced) : k.referenced,
      })),
    },
  };
}
