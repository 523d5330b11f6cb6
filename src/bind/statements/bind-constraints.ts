import type { Place } from '../../catalog/catalog.ts';
import type { Check, Constraints, ForeignKey, Key, TableColumn } from '../../catalog/entry.ts';
import type { Span } from '../../common/errors.ts';
import type { Expr } from '../../query/expr.ts';
import type { CreateTable, TableConstraint } from '../../query/statement.ts';
import { exprsBelow } from '../../query/walk.ts';
import { withoutSpans } from '../../query/without-spans.ts';
import { sameType } from '../../types/data-type.ts';
import { typeName } from '../../types/type-name.ts';
import { type Binder, bindError } from '../binder.ts';
import type { ExprEnv } from '../env.ts';
import { condition } from '../exprs/bind-call.ts';
import { candidates } from '../exprs/bind-name.ts';
import { namedScope, sameName, scopeColumn } from '../scope.ts';
import { missingSchema } from './free-place.ts';

type Definition = Pick<CreateTable, 'name' | 'columns' | 'constraints'>;

/** The constraints that a table's definition states, of its columns and its own. @throws RayexecError `bind` | `catalog` */
export function bindConstraints(
  b: Binder,
  place: Place,
  columns: readonly TableColumn[],
  definition: Definition,
): Constraints {
  const { span } = definition.name;
  const own = definition.columns.flatMap((c): Key[] =>
    c.primaryKey || c.unique ? [{ primary: c.primaryKey, columns: [c.name] }] : [],
  );
  const stated = definition.constraints.flatMap((c): Key[] =>
    c.kind === 'primary-key' || c.kind === 'unique'
      ? [{ primary: c.kind === 'primary-key', columns: keyColumns(columns, c.columns, span) }]
      : [],
  );
  const keys = [...own, ...stated];
  if (keys.filter(k => k.primary).length > 1)
    throw bindError(`table "${place.name}" has more than one primary key`, span);
  const conditions = [
    ...definition.columns.flatMap(c => c.check ?? []),
    ...definition.constraints.flatMap(c => (c.kind === 'check' ? c.expr : [])),
  ];
  const foreignKeys = definition.constraints.flatMap(c =>
    c.kind === 'foreign-key' ? bindForeignKey(b, place, columns, keys, c, span) : [],
  );
  return { keys, checks: conditions.map(c => bindCheck(b, place.name, columns, c)), foreignKeys };
}

export function keyColumns(
  columns: readonly TableColumn[],
  names: readonly string[],
  span: Span | undefined,
): string[] {
  return names.map((name, i) => {
    if (names.findIndex(o => sameName(o, name)) < i)
      throw bindError(`column "${name}" appears twice in a constraint`, span);
    const found = columns.find(c => sameName(c.name, name));
    if (found === undefined) {
      const all = columns.map(c => c.name);
      throw bindError(`Column "${name}" of a constraint is not in the table`, span, candidates(name, all));
    }
    if (found.generated !== undefined)
      throw bindError(`cannot create a PRIMARY KEY, UNIQUE or FOREIGN KEY on generated column "${name}"`, span);
    return found.name;
  });
}

/** A CHECK condition, after binding it for its errors. */
function bindCheck(b: Binder, table: string, columns: readonly TableColumn[], expr: Expr): Check {
  const { source } = b.options;
  bindRowExpr(b, table, columns, expr, 'CHECK constraint', bound => condition(b, bound, 'CHECK'));
  const text = source === undefined || expr.span === undefined ? '' : source.slice(expr.span.start, expr.span.end);
  return { expr: withoutSpans(expr), text };
}

/** Binds an expression over one row of a table that is being defined. @throws RayexecError `bind` for subqueries, too */
export function bindRowExpr<T>(
  b: Binder,
  table: string,
  columns: readonly TableColumn[],
  expr: Expr,
  what: string,
  use: (bound: ReturnType<Binder['expr']>) => T,
): T {
  if (holdsQuery(expr)) throw bindError(`${what} cannot contain subqueries`, expr.span);
  const scope = namedScope(
    table,
    columns.map(c => scopeColumn(b.newColumn(c.name, c.type, c.nullable))),
  );
  const env: ExprEnv = { scope, outer: undefined, ctes: undefined, clause: what, joins: [] };
  return use(b.expr(b, env, expr));
}

const QUERY_KINDS: ReadonlySet<string> = new Set(['exists', 'scalar-query', 'in-query', 'quantified', 'array-query']);

const holdsQuery = (expr: Expr): boolean => QUERY_KINDS.has(expr.kind) || exprsBelow(expr).some(holdsQuery);

function bindForeignKey(
  b: Binder,
  place: Place,
  columns: readonly TableColumn[],
  keys: readonly Key[],
  constraint: Extract<TableConstraint, { kind: 'foreign-key' }>,
  span: Span | undefined,
): ForeignKey {
  const at = constraint.table.span ?? span;
  const own = keyColumns(columns, constraint.columns, at);
  const { path } = constraint.table;
  const isBare = path.length === 1 && sameName(path[0]!, place.name);
  const target = isBare ? place : (b.catalog.find(path) ?? b.catalog.place(constraint.table));
  const isSelf = sameName(target.schema, place.schema) && sameName(target.name, place.name);
  if (!isSelf && !b.catalog.hasSchema(target.schema)) throw missingSchema(b, target.schema, constraint.table);
  const other = isSelf ? { columns, keys, name: place.name } : referredTable(b, constraint);
  const referenced = constraint.referenced.length > 0 ? constraint.referenced : primaryKey(other, at);
  if (referenced.length !== own.length) {
    throw bindError(
      `Failed to create foreign key: ${own.length} referencing columns, but ${referenced.length} referenced ones`,
      at,
    );
  }
  const found = keyColumns(other.columns, referenced, at);
  if (
    !other.keys.some(k => k.columns.length === found.length && k.columns.every(c => found.some(f => sameName(c, f))))
  ) {
    throw bindError(
      `Failed to create foreign key: there is no primary key or unique constraint for referenced table "${other.name}"${
        other.keys.length === 0 ? '' : ` on (${found.join(', ')})`
      }`,
      at,
    );
  }
  own.forEach((name, i) => {
    const [from, to] = [typeOf(columns, name), typeOf(other.columns, found[i]!)];
    if (sameType(from, to)) return;
    throw bindError(
      `Failed to create foreign key: incompatible types between column "${found[i]}" ("${typeName(to)}") and column "${name}" ("${typeName(from)}")`,
      at,
    );
  });
  return { columns: own, table: { schema: target.schema, name: target.name }, referenced: found };
}

function referredTable(b: Binder, { table }: { readonly table: CreateTable['name'] }) {
  const { columns, constraints, name } = b.catalog.table(table);
  return { columns, keys: constraints.keys, name };
}

function primaryKey({ keys, name }: { readonly keys: readonly Key[]; readonly name: string }, span: Span | undefined) {
  const found = keys.find(k => k.primary);
  if (found !== undefined) return found.columns;
  throw bindError(
    `Failed to create foreign key: there is no primary key for referenced table "${name}"`,
    span,
    'name the columns that are referenced: REFERENCES t(a)',
  );
}

const typeOf = (columns: readonly TableColumn[], name: string) => columns.find(c => sameName(c.name, name))!.type;
