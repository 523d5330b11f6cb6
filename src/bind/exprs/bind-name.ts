import type { Span } from '../../common/errors.ts';
import { nearest } from '../../common/suggest.ts';
import { type BoundExpr, typeOf } from '../../plan/expr.ts';
import { typeName } from '../../types/type-name.ts';
import { type Binder, bindError, notYet } from '../binder.ts';
import { textLiteral } from '../constant.ts';
import type { ExprEnv } from '../env.ts';
import { distinctlyNamed, type Scope, type ScopeColumn, type ScopeRelation, sameName } from '../scope.ts';
import { bindSystemCall } from './bind-system-call.ts';
import { structOf } from './struct-value.ts';

/** A name in an expression: a column, a table's column, a field of a struct column, or an alias of the SELECT list. */
export function bindName(b: Binder, env: ExprEnv, path: readonly string[], span: Span | undefined): BoundExpr {
  let notStruct: BoundExpr | undefined;
  /** `e` is a place in the query that the name stands in. */
  let isOwn = true;
  for (let e: ExprEnv | undefined = env; e !== undefined; isOwn &&= e.isLambda === true, e = e.outer) {
    const alias = isOwn && e.aliasFirst?.(path[0]!) === true ? findAlias(b, e, path, span) : undefined;
    if (alias !== undefined) return alias;
    const owned = findInRelations(b, e.scope, path, span);
    if (owned !== undefined) return owned;
    const found = findColumn(b, e.scope, path[0]!, span) ?? e.aliases?.(path[0]!);
    if (found === undefined) {
      const [, ...rest] = path;
      const qualified = isOwn && isAlias(path) ? findAlias(b, e, rest, span) : undefined;
      if (qualified !== undefined) return qualified;
      const row = path.length === 1 ? wholeRow(b, e.scope, path[0]!, span) : undefined;
      if (row !== undefined) return row;
      continue;
    }
    // `d.k` where d is a column without fields may still be a column of table d further out.
    if (path.length === 1 || typeOf(found).kind === 'struct') return fields(b, found, path.slice(1), span);
    notStruct ??= found;
  }
  if (notStruct !== undefined) return fields(b, notStruct, path.slice(1), span);
  // `user` and its like are calls without brackets.
  const constant = path.length === 1 ? bindSystemCall(b, path[0]!.toLowerCase(), [], span) : undefined;
  if (constant !== undefined) return constant;
  throw unknownName(env, path, span);
}

/** A table's name as a value: its row, a struct. */
function wholeRow(b: Binder, scope: Scope, name: string, span: Span | undefined): BoundExpr | undefined {
  const [relation, other] = relationsNamed(scope, [name]);
  if (relation === undefined || other !== undefined || relation.columns.length === 0) return undefined;
  const columns = distinctlyNamed(relation.columns);
  return structOf(
    b,
    columns.map(c => b.ref(c.column, span)),
    columns.map(c => c.name),
    span,
  );
}

/** `alias.x` is item x of the SELECT list, also where a column is called x. */
export const isAlias = (path: readonly string[]): boolean => path.length > 1 && sameName(path[0]!, 'alias');

/** The column of a table in one scope that a path names, with the struct fields that follow it. */
function findInRelations(
  b: Binder,
  scope: Scope,
  path: readonly string[],
  span: Span | undefined,
): BoundExpr | undefined {
  // The longest reading as a table's column comes first: t.a before column t's field a.
  for (let n = Math.min(path.length, 4); n >= 2; n--) {
    const owners = relationsNamed(scope, path.slice(0, n - 1));
    const columns = owners.flatMap(r => columnsNamed(r, path[n - 1]!));
    if (columns.length > 0) return fields(b, one(b, columns, path.slice(0, n), scope, span), path.slice(n), span);
  }
  return undefined;
}

function columnsNamed({ columns, hidden = [] }: ScopeRelation, name: string): readonly ScopeColumn[] {
  const found = columns.filter(c => sameName(c.name, name));
  if (found.length > 0) return found;
  const former = columns.filter(c => sameName(c.formerName ?? '', name));
  return former.length > 0 ? former : hidden.filter(c => sameName(c.name, name));
}

function findColumn(b: Binder, scope: Scope, name: string, span: Span | undefined): BoundExpr | undefined {
  const named = scope.columns.filter(c => sameName(c.name, name));
  const former = named.length > 0 ? named : scope.columns.filter(c => sameName(c.formerName ?? '', name));
  const hidden = () => scope.relations.flatMap(r => (r.hidden ?? []).filter(c => sameName(c.name, name)));
  const columns = former.length > 0 ? former : hidden();
  return columns.length === 0 ? undefined : one(b, columns, [name], scope, span);
}

function findAlias(b: Binder, env: ExprEnv, path: readonly string[], span: Span | undefined): BoundExpr | undefined {
  const alias = env.aliases?.(path[0]!);
  return alias === undefined ? undefined : fields(b, alias, path.slice(1), span);
}

function one(
  b: Binder,
  columns: readonly ScopeColumn[],
  path: readonly string[],
  scope: Scope,
  span: Span | undefined,
): BoundExpr {
  const distinct = new Set(columns.map(c => c.column.id));
  if (distinct.size === 1) return b.ref(columns[0]!.column, span);
  const name = path.at(-1)!;
  if (path.length > 1) {
    const table = path.at(-2);
    throw bindError(
      `Ambiguous reference to table "${table}": several tables here have this name`,
      span,
      'give them different aliases',
    );
  }
  const owners = scope.relations.filter(r => columnsNamed(r, name).length > 0).map(r => `'${r.name}.${name}'`);
  // Two tables of one name can't be told apart by it.
  const canChoose = owners.length > 1 && new Set(owners).size === owners.length;
  throw bindError(
    `Ambiguous reference to column name "${name}"${canChoose ? ` (use: ${owners.join(' or ')})` : ''}`,
    span,
    canChoose ? `say whose: ${owners[0]!.slice(1, -1)}` : 'give the tables different aliases',
  );
}

/** The relation that a qualifier names: `t`, `s.t` or `c.s.t`. */
export function relationsNamed(scope: Scope, qualifier: readonly string[]): readonly ScopeRelation[] {
  const name = qualifier.at(-1)!;
  const before = qualifier.slice(0, -1);
  return scope.relations.filter(
    r =>
      sameName(r.name, name) &&
      (before.every((part, i) => sameName(part, r.path[r.path.length - before.length + i] ?? '')) ||
        (before.length === 1 && sameName(before[0]!, r.path[0] ?? ''))),
  );
}

function fields(b: Binder, input: BoundExpr, names: readonly string[], span: Span | undefined): BoundExpr {
  return names.reduce((e, name) => structField(b, e, name, span), input);
}

/** A field of a struct. @throws RayexecError `bind` when there is no such field */
export function structField(b: Binder, input: BoundExpr, name: string, span: Span | undefined): BoundExpr {
  const type = typeOf(input);
  if (type.kind === 'union') {
    const member = type.members.find(m => sameName(m.name, name));
    if (member === undefined) throw bindError(`Could not find member "${name}" in union`, span);
    const args = [input, textLiteral(member.name)];
    return { kind: 'call', fn: 'union_extract', overload: 'union', args, type: member.type, span };
  }
  if (type.kind !== 'struct')
    throw bindError(`Cannot extract field "${name}" from a value of type ${typeName(type)}: it is no struct`, span);
  const field = type.fields.find(f => f.name === name) ?? type.fields.find(f => sameName(f.name, name));
  if (field === undefined) {
    throw bindError(
      `Could not find key "${name}" in struct`,
      span,
      candidates(
        name,
        type.fields.map(f => f.name),
      ),
    );
  }
  const fn = b.catalog.functions.scalar('struct_extract');
  if (fn === undefined) throw notYet('access to struct fields is', span);
  return {
    kind: 'call',
    fn: fn.name,
    overload: fn.overloads[0]!.key,
    args: [input, textLiteral(field.name)],
    type: field.type,
    span,
  };
}

function unknownName(env: ExprEnv, path: readonly string[], span: Span | undefined): Error {
  const name = path.at(-1)!;
  if (path.length > 1) {
    const relation = relationsNamed(env.scope, path.slice(0, -1))[0];
    if (relation !== undefined) {
      return bindError(
        `Table "${relation.name}" does not have a column named "${name}"`,
        span,
        candidates(
          name,
          relation.columns.map(c => c.name),
        ),
      );
    }
    const tables: string[] = [];
    for (let e: ExprEnv | undefined = env; e !== undefined; e = e.outer)
      tables.push(...e.scope.relations.map(r => r.name));
    const table = path.slice(0, -1).join('.');
    const hint = tables.length === 0 ? 'there is no FROM clause here' : candidates(table, tables, 'tables');
    return bindError(`Referenced table "${table}" not found!`, span, hint);
  }
  const names: string[] = [];
  for (let e: ExprEnv | undefined = env; e !== undefined; e = e.outer) names.push(...e.scope.columns.map(c => c.name));
  // What only quotes make a name was hardly meant as one.
  const hint = /^[\p{L}_][\p{L}\p{N}_ ]*$/u.test(name)
    ? candidates(name, names)
    : `text stands in single quotes: '${name.replaceAll("'", "''")}'`;
  return bindError(`Referenced column "${name}" not found in FROM clause!`, span, hint);
}

/** `did you mean 'x'?`, or what there is to choose from. */
export function candidates(name: string, names: readonly string[], what = 'columns'): string | undefined {
  // Any two short names are near each other.
  const near = name.length < 3 ? undefined : nearest(name, names);
  if (near !== undefined) return `did you mean '${near}'?`;
  const shown = [...new Set(names)];
  if (shown.length === 0) return undefined;
  return `${what} here: ${shown.slice(0, 8).join(', ')}${shown.length > 8 ? ', …' : ''}`;
}
