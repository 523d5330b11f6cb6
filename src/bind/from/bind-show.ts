import type { TableEntry, ViewEntry } from '../../catalog/entry.ts';
import { catalogOf, schemaOf, TEMP_CATALOG, TEMP_SCHEMA } from '../../catalog/schema-key.ts';
import { RayexecError } from '../../common/errors.ts';
import { choices, didYouMean } from '../../common/suggest.ts';
import type { BoundExpr } from '../../plan/expr.ts';
import type { Query } from '../../query/query.ts';
import { BOOLEAN, type DataType, list, UTF8 } from '../../types/data-type.ts';
import type { ScalarValue } from '../../types/scalar.ts';
import { typeName } from '../../types/type-name.ts';
import type { Binder, ColumnOrigin } from '../binder.ts';
import { literal } from '../constant.ts';
import { NO_SURROUNDINGS, type QueryEnv } from '../env.ts';
import { columnName } from '../exprs/column-name.ts';
import { type Bound, sameName, scopeColumn, unnamedScope } from '../scope.ts';
import { columnsOf } from './described-columns.ts';

/** DESCRIBE: one row for each column of a query. */
export function bindDescribe(b: Binder, query: Extract<Query, { input: Query }>, env: QueryEnv): Bound {
  const { scope } = b.query(b, query.input, env);
  const rows = scope.columns.map(({ name, column }) => {
    const origin = b.originOf(column.id);
    const nullable = origin?.column.nullable !== false || b.isNullable(column.id);
    const value = origin?.column.default;
    return [
      ...[name, typeName(column.type), nullable ? 'YES' : 'NO'],
      origin === undefined ? null : keyOf(origin),
      value === undefined ? null : columnName(value),
      null,
    ];
  });
  return constantRows(b, ['column_name', 'column_type', 'null', 'key', 'default', 'extra'], rows);
}

/** PRI or UNI for a column of a key. */
function keyOf({ table, column }: ColumnOrigin): string | null {
  const keys = table.constraints.keys.filter(k => k.columns.some(c => sameName(c, column.name)));
  return keys.some(k => k.primary) ? 'PRI' : keys.length > 0 ? 'UNI' : null;
}

/** SHOW: what the catalog and the settings hold, as rows. */
export function bindShow(b: Binder, query: Extract<Query, { kind: 'show' }>): Bound {
  const { catalog } = b;
  switch (query.what) {
    case 'tables':
      return constantRows(
        b,
        ['name'],
        shownEntries(b, query).map(e => [e.name]),
      );
    case 'all-tables': {
      const rows = catalog.entries().map(e => {
        const columns = columnsOf(b, e);
        const place = [catalogOf(e.schema), schemaOf(e.schema), e.name];
        return [...place, columns.map(c => c.name), columns.map(c => typeName(c.type)), e.temporary === true];
      });
      const names = ['database', 'schema', 'name', 'column_names', 'column_types', 'temporary'];
      return constantRows(b, names, rows, [UTF8, UTF8, UTF8, list(UTF8), list(UTF8), BOOLEAN]);
    }
    case 'databases':
      return constantRows(
        b,
        ['database_name'],
        catalog.catalogNames
          .filter(name => name !== TEMP_CATALOG)
          .sort()
          .map(name => [name]),
      );
    case 'schemas':
      return constantRows(
        b,
        ['database_name', 'schema_name', 'current'],
        [...catalog.schemaKeys()]
          .filter(key => key !== TEMP_SCHEMA)
          .sort()
          .map(key => [catalogOf(key), schemaOf(key), key === catalog.currentSchema]),
        [UTF8, UTF8, BOOLEAN],
      );
    case 'functions': {
      const rows = catalog.functions.all.flatMap(f =>
        f.overloads.map(o => [f.name, f.doc.category, `${f.name}${o.signature}`, f.doc.summary]),
      );
      return constantRows(b, ['name', 'category', 'signature', 'description'], rows);
    }
    case 'settings':
      return constantRows(b, ['name', 'value'], Object.entries(b.options.settingValues ?? {}));
    case 'setting': {
      const values = b.options.settingValues ?? {};
      const name = (query.name ?? '').toLowerCase();
      const value = Object.hasOwn(values, name) ? values[name] : undefined;
      const path = (query.name ?? '').split('.');
      if (value === undefined && catalog.find(path) !== undefined)
        return bindDescribe(b, { kind: 'describe', input: { kind: 'table', path, span: query.span } }, NO_SURROUNDINGS);
      if (value === undefined) {
        throw new RayexecError('settings', `unrecognized configuration parameter "${query.name}"`, {
          span: query.span,
          hint: didYouMean(name, Object.keys(values)),
        });
      }
      return constantRows(b, [name], [[value]]);
    }
  }
}

/** The tables and views of SHOW TABLES: those that need no qualifier, or of the schema that FROM names. */
function shownEntries(
  { catalog }: Binder,
  { name, span }: Extract<Query, { kind: 'show' }>,
): readonly (TableEntry | ViewEntry)[] {
  if (name === undefined) {
    const own = catalog.entries(catalog.currentSchema);
    const temporary = catalog.entries(TEMP_SCHEMA).filter(e => !own.some(o => sameName(o.name, e.name)));
    return [...own, ...temporary].sort((a, b) => (a.name < b.name ? -1 : 1));
  }
  const schema = catalog.schemaAt({ path: name.split('.'), span });
  if (catalog.hasSchema(schema)) return catalog.entries(schema);
  throw new RayexecError('catalog', `No catalog + schema named "${name}" found.`, {
    span,
    hint: choices(name, catalog.schemaNames(), 'schemas'),
  });
}

/** Rows of constants; columns are VARCHAR unless `types` says otherwise. */
export function constantRows(
  b: Binder,
  names: readonly string[],
  rows: readonly (readonly ScalarValue[])[],
  types?: readonly DataType[],
): Bound {
  const columns = names.map((name, i) =>
    b.newColumn(
      name,
      types?.[i] ?? UTF8,
      rows.some(r => r[i] === null),
    ),
  );
  const exprs = rows.map(row => row.map((value, i): BoundExpr => literal({ type: columns[i]!.type, value })));
  return { plan: { kind: 'values', columns, rows: exprs }, scope: unnamedScope(columns.map(scopeColumn)) };
}
