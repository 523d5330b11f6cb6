import type { IndexEntry, TableEntry } from '../../catalog/entry.ts';
import { RayexecError } from '../../common/errors.ts';
import { choices } from '../../common/suggest.ts';
import type { Expr } from '../../query/expr.ts';
import type { CreateIndex, Statement } from '../../query/statement.ts';
import { exprsBelow } from '../../query/walk.ts';
import { type Binder, bindError, notYet } from '../binder.ts';
import type { BoundStatement } from '../bound-statement.ts';
import { candidates } from '../exprs/bind-name.ts';
import { columnName } from '../exprs/column-name.ts';
import { sameName } from '../scope.ts';
import { alteredTable } from './altered-table.ts';
import { bindRowExpr } from './bind-constraints.ts';

/**
 * CREATE INDEX. A unique one is a key of the table from now on; for others it is enough to know them: a scan skips what
 * it need not read by the segments' own statistics.
 * @throws RayexecError `catalog` for a name that is taken; `bind` for columns that there are not; `unsupported` for
 * UNIQUE over expressions
 */
export function bindCreateIndex(b: Binder, statement: CreateIndex): BoundStatement {
  const { name, keys, unique, mode, span } = statement as CreateIndex & Pick<Statement, 'span'>;
  const table = b.catalog.table(statement.table);
  const taken = findIndex(b, name, table.schema);
  if (taken !== undefined && mode === 'if-not-exists') return { kind: 'nothing' };
  if (taken !== undefined && mode === 'create')
    throw new RayexecError('catalog', `Index with name "${name}" already exists!`, {
      span,
      hint: `it is one of table ${taken.table.name}`,
    });
  if (taken !== undefined && taken.table !== table)
    throw new RayexecError('catalog', `Index "${name}" is one of table ${taken.table.name}`, { span });
  for (const key of keys) bindRowExpr(b, table.name, table.columns, key, 'index expressions', bound => bound);
  const columns = keys.map(key => plainColumn(table, key));
  if (unique && columns.includes(undefined)) throw notYet('a UNIQUE index over an expression is', span);
  const index: IndexEntry = {
    name,
    unique,
    keys: keys.map(columnName),
    columns: [...new Set(keys.flatMap(namesIn))],
  };
  const without = withoutIndex(table, taken?.index);
  const { constraints } = without;
  const key = { primary: false, columns: columns as string[], index: name };
  return alteredTable(table, {
    ...without,
    indexes: [...(without.indexes ?? []), index],
    constraints: unique ? { ...constraints, keys: [...constraints.keys, key] } : constraints,
  });
}

/** DROP INDEX: what was unique may have equal rows from now on. */
export function bindDropIndex(b: Binder, { names, ifExists }: Extract<Statement, { kind: 'drop' }>): BoundStatement {
  const [name, ...others] = names;
  if (others.length > 0) throw notYet('DROP INDEX of several indexes is', name!.span, 'drop one after the other');
  const last = name!.path.at(-1)!;
  const schema = name!.path.length > 1 ? b.catalog.schemaAt({ path: name!.path.slice(0, -1) }) : undefined;
  const found = findIndex(b, last, schema);
  if (found !== undefined) return alteredTable(found.table, withoutIndex(found.table, found.index));
  if (ifExists) return { kind: 'nothing' };
  const known = b.catalog.entries().flatMap(e => (e.kind === 'table' ? (e.indexes ?? []) : []));
  throw new RayexecError('catalog', `Index with name ${last} does not exist!`, {
    span: name!.span,
    hint: choices(
      last,
      known.map(i => i.name),
      'indexes',
    ),
  });
}

/** An index by its name, in one schema or in any. */
export function findIndex(
  b: Binder,
  name: string,
  schema: string | undefined,
): { readonly table: TableEntry; readonly index: IndexEntry } | undefined {
  for (const table of b.catalog.entries(schema)) {
    const index = table.kind === 'table' ? table.indexes?.find(i => sameName(i.name, name)) : undefined;
    if (table.kind === 'table' && index !== undefined) return { table, index };
  }
  return undefined;
}

function withoutIndex(table: TableEntry, index: IndexEntry | undefined): Pick<TableEntry, 'indexes' | 'constraints'> {
  const { indexes, constraints } = table;
  if (index === undefined) return { indexes, constraints };
  return {
    indexes: indexes?.filter(i => i !== index),
    constraints: { ...constraints, keys: constraints.keys.filter(k => k.index !== index.name) },
  };
}

/** The column that a key is, unless it is an expression. @throws RayexecError `bind` for a generated one */
function plainColumn(table: TableEntry, key: Expr): string | undefined {
  if (key.kind !== 'name' || key.path.length > 1) return undefined;
  const found = table.columns.find(c => sameName(c.name, key.path[0]!));
  if (found === undefined) {
    const names = table.columns.map(c => c.name);
    throw bindError(
      `Table "${table.name}" does not have a column named "${key.path[0]}"`,
      key.span,
      candidates(key.path[0]!, names),
    );
  }
  if (found.generated !== undefined)
    throw bindError(`Column "${found.name}" is generated: an index needs stored ones`, key.span);
  return found.name;
}

const namesIn = (expr: Expr): readonly string[] =>
  expr.kind === 'name' ? [expr.path.at(-1)!] : exprsBelow(expr).flatMap(namesIn);
