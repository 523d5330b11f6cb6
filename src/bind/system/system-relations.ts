import { CATALOG_NAME } from '../../catalog/schema-key.ts';
import type { TableFunctionQuery } from '../../query/query.ts';
import type { ObjectName } from '../../query/statement.ts';
import { BOOLEAN, INT32, UTF8 } from '../../types/data-type.ts';
import { typeName } from '../../types/type-name.ts';
import { columnsOf } from '../from/described-columns.ts';
import { DUCKDB_RELATIONS } from './duckdb-relations.ts';
import { INFORMATION_SCHEMA } from './information-schema.ts';
import { PG_CATALOG } from './pg-catalog.ts';
import type { SystemRelation } from './relation.ts';

export type { SystemRelation };

/** The relation that a path names: `information_schema.tables`, `pg_tables`; undefined for other names. */
export function systemRelation(path: readonly string[]): SystemRelation | undefined {
  const names = path.map(p => p.toLowerCase());
  if (names.length === 3 && names.shift() !== CATALOG_NAME) return undefined;
  const [schema, name] = names.length === 2 ? names : [undefined, names[0]];
  if (schema === 'information_schema') return own(INFORMATION_SCHEMA, name!);
  if (schema === 'pg_catalog' || schema === undefined) return own(PG_CATALOG, name!) ?? own(DUCKDB_RELATIONS, name!);
  return undefined;
}

/** Other names of relations, as GlareDB has them. */
const LISTS = new Set(['list_databases', 'list_functions', 'list_schemas', 'list_tables', 'list_views']);

/** The relation that a call names: `duckdb_tables()`, `pragma_table_info('t')`. */
export function systemFunction({ name, args }: Pick<TableFunctionQuery, 'name' | 'args'>): SystemRelation | undefined {
  const known = name.toLowerCase();
  const [first] = args;
  if (known === 'pragma_table_info' && args.length === 1) {
    const path = first?.kind === 'literal' ? String(first.value.value).split('.') : undefined;
    const named = path ?? (first?.kind === 'name' ? first.path : undefined);
    if (named !== undefined) return tableInfo({ path: named, span: first!.span });
  }
  return args.length > 0
    ? undefined
    : own(DUCKDB_RELATIONS, LISTS.has(known) ? known.replace('list', 'duckdb') : known);
}

const tableInfo = (name: ObjectName): SystemRelation => ({
  columns: [
    ['cid', INT32],
    ['name', UTF8],
    ['type', UTF8],
    ['notnull', BOOLEAN],
    ['dflt_value', UTF8],
    ['pk', BOOLEAN],
  ],
  rows: b => {
    const entry = b.catalog.find(name.path);
    if (entry === undefined) throw b.catalog.missing(name, 'Table');
    const primary = entry.kind === 'table' ? entry.constraints.keys.find(k => k.primary)?.columns : undefined;
    return columnsOf(b, entry).map((c, i) => [
      ...[i, c.name, typeName(c.type), !c.nullable, c.default],
      primary?.includes(c.name) ?? false,
    ]);
  },
});

const own = (of: Readonly<Record<string, SystemRelation>>, name: string): SystemRelation | undefined =>
  Object.hasOwn(of, name) ? of[name] : undefined;
