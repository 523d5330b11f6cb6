import type { ViewEntry } from '../../catalog/entry.ts';
import { schemaPath } from '../../catalog/schema-key.ts';
import { RayexecError, type Span } from '../../common/errors.ts';
import { didYouMean } from '../../common/suggest.ts';
import type { BoundSource, LogicalPlan } from '../../plan/logical-plan.ts';
import type { Query, TableFunctionQuery } from '../../query/query.ts';
import { type Binder, bindError, notYet } from '../binder.ts';
import { unify } from '../coerce.ts';
import { type CteEntry, cteNames, findCte } from '../cte-scope.ts';
import { applyJoins } from '../decorrelate/subquery-join.ts';
import type { ExprEnv, QueryEnv } from '../env.ts';
import { NO_SURROUNDINGS } from '../env.ts';
import { makeCall } from '../exprs/bind-call.ts';
import { candidates } from '../exprs/bind-name.ts';
import { nullable } from '../nullability.ts';
import { callKey, fileKey, relationKey } from '../resolve-key.ts';
import { type Bound, distinctlyNamed, EMPTY_SCOPE, namedScope, scopeColumn, unnamedScope } from '../scope.ts';
import { bindDefinition } from '../select/bind-definition.ts';
import { renamedColumns } from '../select/renamed-columns.ts';
import { type SystemRelation, systemFunction, systemRelation } from '../system/system-relations.ts';
import { bindListCall, isListCall, isSingleColumn } from './bind-list-call.ts';
import { constantRows } from './bind-show.ts';
import { expectColumns } from './expected-columns.ts';
import { ONE_ROW } from './one-row.ts';
import { sourceScan } from './source-scan.ts';
import { storedTable } from './stored-table.ts';
import { calledFunction, expectation, sourceCall } from './table-call.ts';

/** A name in FROM: a WITH entry, a table, a view, or a file. */
export function bindTable(b: Binder, query: Extract<Query, { kind: 'table' }>, env: QueryEnv): Bound {
  const { path, span } = query;
  const name = path.at(-1)!;
  const cte = path.length === 1 ? findCte(env.ctes, name) : undefined;
  if (cte !== undefined) return bindCte(b, cte, span);
  const found = b.catalog.find(path);
  if (found?.kind === 'view') return bindView(b, found, span);
  if (found?.kind === 'table') {
    return storedTable(b, found).bound;
  }
  const system = systemRelation(path);
  if (system !== undefined) return systemRows(b, system, name);
  const file = path.length === 1 ? b.sources.get(fileKey(name)) : undefined;
  if (file !== undefined) return scanOf(b, file, baseName(name));
  throw new RayexecError('catalog', `Table with name ${path.join('.')} does not exist!`, {
    span,
    hint: tableHint(b, name, env),
  });
}

function systemRows(b: Binder, { columns, rows }: SystemRelation, name: string): Bound {
  const names = columns.map(c => c[0]);
  const types = columns.map(c => c[1]);
  const { plan, scope } = constantRows(b, names, rows(b), types);
  return { plan, scope: namedScope(name, scope.columns) };
}

function tableHint(b: Binder, name: string, env: QueryEnv): string | undefined {
  const near = didYouMean(name, [...cteNames(env.ctes), ...b.catalog.relationNames()]);
  if (near !== undefined) return near;
  if (/[./\\*]/.test(name))
    return 'a file in FROM is read by its ending: .parquet, .csv, .json, .arrow; or call its reader, such as read_csv';
  const known = [...cteNames(env.ctes), ...b.catalog.relationNames()];
  return candidates(name, known, 'tables') ?? "there are no tables yet: CREATE TABLE, or a file: FROM 'data.parquet'";
}

/** `data/flights-3m.parquet` is known as `flights-3m`. */
function baseName(path: string): string {
  const file = path.split(/[/\\]/).at(-1)!;
  return file.replace(/(\.(gz|zst|br))?$/, '').replace(/\.[^.]*$/, '') || file;
}

/** A scan of a source; its hidden columns can be named when it has a name. */
export function scanOf(b: Binder, source: BoundSource, name: string | undefined): Bound {
  const { plan, columns, hidden } = sourceScan(b, source);
  const scope = columns.map(scopeColumn);
  return { plan, scope: name === undefined ? unnamedScope(scope) : namedScope(name, scope, [], hidden) };
}

export function bindRelation(b: Binder, id: number): Bound {
  const given = b.given(id);
  if (given !== undefined) return given;
  const source = b.sources.get(relationKey(id));
  if (source === undefined)
    throw new RayexecError('catalog', 'The data of this frame is gone', {
      hint: 'its database was closed, or it belongs to another one',
    });
  return scanOf(b, source, undefined);
}

type At = Pick<Query, 'span'>;

export function bindTableFunction(b: Binder, query: TableFunctionQuery & At, env: QueryEnv): Bound {
  if (isListCall(query, b.options)) return bindListCall(b, query, env);
  if (query.ordinality === true) throw notYet(`WITH ORDINALITY of ${query.name} is`, query.span);
  const system = systemFunction(query);
  if (system !== undefined) return systemRows(b, system, query.name);
  const fn = calledFunction(b.catalog, query);
  const source = b.sources.get(callKey(sourceCall(fn, query, b.options)));
  if (source === undefined)
    throw new RayexecError('internal', `table function ${fn.name} was not resolved`, { span: query.span });
  const wanted = expectation(fn, query, b.options);
  if (wanted === undefined) return scanOf(b, source, query.name);
  const { source: checked, names } = expectColumns(source, wanted, query.span);
  const { plan, columns, hidden } = sourceScan(b, checked);
  const expected = columns.filter(c => names.has(c.name)).map(scopeColumn);
  return { plan, scope: namedScope(query.name, expected, [], hidden) };
}

/** The view's query, bound with the names of the catalog alone. */
function bindView(b: Binder, view: ViewEntry, span: Span | undefined): Bound {
  const name = `${view.schema}.${view.name}`.toLowerCase();
  if (b.views.includes(name)) throw bindError(`infinite recursion detected: view "${view.name}" reads itself`, span);
  b.views.push(name);
  const bound = b.query(b, view.query, NO_SURROUNDINGS);
  b.views.pop();
  const columns = renamedColumns(bound.scope.columns, view.columns, `view "${view.name}"`, span);
  return { plan: bound.plan, scope: namedScope(view.name, columns, schemaPath(view)) };
}

function bindCte(b: Binder, entry: CteEntry, span: Span | undefined): Bound {
  const { table, shared } = entry;
  if (entry.unreadable === true)
    throw bindError(
      `The first part of recursive "${table.name}" cannot read it`,
      span,
      'the last part of its UNION may',
    );
  if (shared === undefined) {
    const { plan, columns } = bindDefinition(b, entry);
    return { plan, scope: namedScope(table.name, columns) };
  }
  const { id, columns } = shared;
  const read = columns.map(c => ({
    name: c.name,
    column: b.newColumn(c.name, c.column.type, b.isNullable(c.column.id)),
  }));
  const plan: LogicalPlan = {
    kind: 'shared-ref',
    id,
    columns: read.map(c => c.column),
    source: columns.map(c => c.column.id),
  };
  return { plan, scope: namedScope(table.name, read) };
}

/** An item of FROM: a query in brackets has columns with distinct names. */
export function bindFromItem(b: Binder, query: Query, env: QueryEnv): Bound {
  const bound = b.query(b, query, env);
  if (bound.scope.relations.length > 0 || query.kind === 'join') return bound;
  return { plan: bound.plan, scope: unnamedScope(distinctlyNamed(bound.scope.columns)) };
}

/** Renames a relation: what it was called before is not seen any more. */
export function bindAlias(b: Binder, query: Extract<Query, { kind: 'alias' }>, env: QueryEnv): Bound {
  const { plan, scope } = b.query(b, query.input, env);
  // The column of a function that has just one is called as its table is.
  const isCalledSo = query.columns === undefined && isSingleColumn(query.input);
  const names = isCalledSo ? [query.name] : query.columns;
  const columns = renamedColumns(scope.columns, names, `table "${query.name}"`, query.span);
  const [first, ...rest] = columns;
  const known = isCalledSo ? [{ ...first!, formerName: scope.columns[0]!.name }, ...rest] : columns;
  const hidden = scope.relations.length === 1 ? scope.relations[0]!.hidden : undefined;
  return { plan, scope: namedScope(query.name, known, [], hidden) };
}

/** VALUES: every column in the type that its rows meet in. */
export function bindValues(b: Binder, query: Extract<Query, { kind: 'values' }>, env: QueryEnv): Bound {
  const place: ExprEnv = { scope: EMPTY_SCOPE, outer: env.outer, ctes: env.ctes, clause: 'VALUES list', joins: [] };
  const width = query.rows[0]?.length ?? 0;
  const bound = query.rows.map(row => {
    if (row.length !== width) throw bindError('VALUES lists must all be the same length', row[0]?.span ?? query.span);
    return row.map(e => b.expr(b, place, e));
  });
  const unified = Array.from({ length: width }, (_, i) =>
    unify(
      b,
      bound.map(row => row[i]!),
      'VALUES',
      query.span,
    ),
  );
  const columns = unified.map(({ exprs, type }, i) =>
    b.newColumn(
      b.options.settings.valuesColumnNames === 'column1' ? `column${i + 1}` : `col${i}`,
      type,
      exprs.some(e => nullable(b, e)),
    ),
  );
  const rows = bound.map((_, r) => unified.map(u => u.exprs[r]!));
  const scope = unnamedScope(columns.map(scopeColumn));
  if (place.joins.length === 0) return { plan: { kind: 'values', columns, rows }, scope };
  // Subqueries need a row to be joined to: all of them the same one, which then comes apart.
  const input = applyJoins(b, ONE_ROW, place.joins);
  if (rows.length === 1) {
    const values = columns.map((column, i) => ({ column, expr: unified[i]!.exprs[0]! }));
    return { plan: { kind: 'project', input, columns: values }, scope };
  }
  const lists = columns.map((column, i) => ({ column, expr: makeCall(b, 'list_value', unified[i]!.exprs) }));
  const apart: LogicalPlan = { kind: 'unnest', input, lists, keepsEmpty: false };
  const values = columns.map(column => ({ column, expr: b.ref(column) }));
  return { plan: { kind: 'project', input: apart, columns: values }, scope };
}
