import { CATALOG_NAME, type Catalog } from '../../catalog/catalog.ts';
import type { TableEntry, ViewEntry } from '../../catalog/entry.ts';
import type { TableFunctionQuery } from '../../query/query.ts';
import type { ObjectName } from '../../query/statement.ts';
import { BOOLEAN, type DataType, INT32, INT64, list, UTF8 } from '../../types/data-type.ts';
import type { ScalarValue } from '../../types/scalar.ts';
import { typeName } from '../../types/type-name.ts';
import type { Binder } from '../binder.ts';
import { specialFunctions } from '../exprs/special-functions.ts';
import { columnsOf } from '../from/described-columns.ts';
import { catalogConstraints } from './catalog-constraints.ts';

type Column = readonly [name: string, type: DataType];
type Row = readonly ScalarValue[];

/** A relation that tells about the catalog: its columns, and its rows now. */
export type SystemRelation = { readonly columns: readonly Column[]; readonly rows: (b: Binder) => readonly Row[] };

const textColumns = (...names: readonly string[]): readonly Column[] => names.map(name => [name, UTF8]);
const yes = (value: boolean): string => (value ? 'YES' : 'NO');
const tables = ({ catalog }: Binder): readonly TableEntry[] =>
  catalog.entries().flatMap(e => (e.kind === 'table' ? [e] : []));
const views = ({ catalog }: Binder): readonly ViewEntry[] =>
  catalog.entries().flatMap(e => (e.kind === 'view' ? [e] : []));
const hasPrimaryKey = (t: TableEntry): boolean => t.constraints.keys.some(k => k.primary);

const precision = (type: DataType): number | null =>
  type.kind === 'decimal'
    ? type.precision
    : type.kind === 'int'
      ? type.bits
      : type.kind === 'float'
        ? type.bits === 32
          ? 24
          : 53
        : null;
const scale = (type: DataType): number | null =>
  type.kind === 'decimal' ? type.scale : type.kind === 'int' ? 0 : null;
const radix = (type: DataType): number | null =>
  type.kind === 'decimal' ? 10 : type.kind === 'int' || type.kind === 'float' ? 2 : null;

/** Numbers for schemas and relations that pg_catalog joins by. */
const schemaId = (catalog: Catalog, schema: string): number => catalog.schemaNames().indexOf(schema) + 1;
const relationId = (catalog: Catalog, entry: TableEntry | ViewEntry): number => 1000 + catalog.entries().indexOf(entry);

const INFORMATION_SCHEMA: Readonly<Record<string, SystemRelation>> = {
  schemata: {
    columns: textColumns('catalog_name', 'schema_name', 'schema_owner'),
    rows: b => b.catalog.schemaNames().map(name => [CATALOG_NAME, name, 'rayexec']),
  },
  tables: {
    columns: textColumns('table_catalog', 'table_schema', 'table_name', 'table_type', 'is_insertable_into', 'is_typed'),
    rows: b =>
      b.catalog.entries().map(e => {
        const type = e.kind === 'view' ? 'VIEW' : e.temporary ? 'LOCAL TEMPORARY' : 'BASE TABLE';
        return [CATALOG_NAME, e.schema, e.name, type, yes(e.kind === 'table'), 'NO'];
      }),
  },
  views: {
    columns: textColumns('table_catalog', 'table_schema', 'table_name', 'view_definition'),
    rows: b => views(b).map(v => [CATALOG_NAME, v.schema, v.name, v.text ?? null]),
  },
  columns: {
    columns: [
      ...textColumns('table_catalog', 'table_schema', 'table_name', 'column_name'),
      ['ordinal_position', INT32],
      ...textColumns('column_default', 'is_nullable', 'data_type'),
      ['character_maximum_length', INT32],
      ['numeric_precision', INT32],
      ['numeric_precision_radix', INT32],
      ['numeric_scale', INT32],
    ],
    rows: b =>
      b.catalog.entries().flatMap(e =>
        columnsOf(b, e).map((c, i): Row => {
          const place = [CATALOG_NAME, e.schema, e.name, c.name, i + 1];
          const { type } = c;
          return [
            ...place,
            c.default,
            yes(c.nullable),
            typeName(type),
            null,
            precision(type),
            radix(type),
            scale(type),
          ];
        }),
      ),
  },
  table_constraints: {
    columns: textColumns(
      ...['constraint_catalog', 'constraint_schema', 'constraint_name', 'table_catalog', 'table_schema', 'table_name'],
      ...['constraint_type', 'is_deferrable', 'initially_deferred', 'enforced'],
    ),
    rows: b =>
      catalogConstraints(b.catalog).map(({ table: t, name, type }) => {
        const shown = type === 'NOT NULL' ? 'CHECK' : type;
        return [CATALOG_NAME, t.schema, name, CATALOG_NAME, t.schema, t.name, shown, 'NO', 'NO', 'YES'];
      }),
  },
  key_column_usage: {
    columns: [
      ...textColumns('constraint_catalog', 'constraint_schema', 'constraint_name'),
      ...textColumns('table_catalog', 'table_schema', 'table_name', 'column_name'),
      ['ordinal_position', INT32],
    ],
    rows: b =>
      catalogConstraints(b.catalog)
        .filter(c => c.type !== 'CHECK' && c.type !== 'NOT NULL')
        .flatMap(({ table: t, name, columns }) =>
          columns.map(
            (column, i): Row => [CATALOG_NAME, t.schema, name, CATALOG_NAME, t.schema, t.name, column, i + 1],
          ),
        ),
  },
  referential_constraints: {
    columns: textColumns(
      ...['constraint_catalog', 'constraint_schema', 'constraint_name', 'unique_constraint_catalog'],
      ...['unique_constraint_schema', 'unique_constraint_name', 'match_option', 'update_rule', 'delete_rule'],
    ),
    rows: b =>
      catalogConstraints(b.catalog).flatMap(({ table: t, name, references }): readonly Row[] =>
        references === undefined
          ? []
          : [
              [
                ...[CATALOG_NAME, t.schema, name, CATALOG_NAME, references.schema, references.name],
                ...['NONE', 'NO ACTION', 'NO ACTION'],
              ],
            ],
      ),
  },
};

const PG_CATALOG: Readonly<Record<string, SystemRelation>> = {
  pg_namespace: {
    columns: [
      ['oid', INT64],
      ['nspname', UTF8],
    ],
    rows: b => b.catalog.schemaNames().map(name => [String(schemaId(b.catalog, name)), name]),
  },
  pg_class: {
    columns: [
      ['oid', INT64],
      ['relname', UTF8],
      ['relnamespace', INT64],
      ['relkind', UTF8],
    ],
    rows: b =>
      b.catalog.entries().map(e => {
        const ids = [relationId(b.catalog, e), schemaId(b.catalog, e.schema)].map(String);
        return [ids[0]!, e.name, ids[1]!, e.kind === 'view' ? 'v' : 'r'];
      }),
  },
  pg_attribute: {
    columns: [
      ['attrelid', INT64],
      ['attname', UTF8],
      ['attnum', INT32],
      ['attnotnull', BOOLEAN],
    ],
    rows: b =>
      b.catalog
        .entries()
        .flatMap(e =>
          columnsOf(b, e).map((c, i): Row => [String(relationId(b.catalog, e)), c.name, i + 1, !c.nullable]),
        ),
  },
  pg_tables: {
    columns: [...textColumns('schemaname', 'tablename', 'tableowner'), ['hasindexes', BOOLEAN]],
    rows: b => tables(b).map(t => [t.schema, t.name, 'rayexec', t.constraints.keys.length > 0]),
  },
  pg_views: {
    columns: textColumns('schemaname', 'viewname', 'viewowner', 'definition'),
    rows: b => views(b).map(v => [v.schema, v.name, 'rayexec', v.text ?? null]),
  },
};

/** Table functions without arguments that list what the catalog has. */
const FUNCTIONS: Readonly<Record<string, SystemRelation>> = {
  duckdb_databases: {
    columns: [
      ['database_name', UTF8],
      ['internal', BOOLEAN],
      ['type', UTF8],
    ],
    rows: () => [[CATALOG_NAME, false, 'rayexec']],
  },
  duckdb_schemas: {
    columns: [...textColumns('database_name', 'schema_name'), ['internal', BOOLEAN]],
    rows: b => b.catalog.schemaNames().map(name => [CATALOG_NAME, name, false]),
  },
  duckdb_tables: {
    columns: [
      ...textColumns('database_name', 'schema_name', 'table_name'),
      ['temporary', BOOLEAN],
      ['has_primary_key', BOOLEAN],
      ['estimated_size', INT64],
      ['column_count', INT64],
      ['index_count', INT64],
      ['check_constraint_count', INT64],
    ],
    rows: b =>
      tables(b).map(t => {
        const { keys, checks } = t.constraints;
        const counts = [t.rows.rows, t.columns.length, keys.length, checks.length].map(String);
        return [CATALOG_NAME, t.schema, t.name, t.temporary, hasPrimaryKey(t), ...counts];
      }),
  },
  duckdb_views: {
    columns: [
      ...textColumns('database_name', 'schema_name', 'view_name'),
      ['internal', BOOLEAN],
      ['temporary', BOOLEAN],
      ['column_count', INT64],
      ['sql', UTF8],
    ],
    rows: b =>
      views(b).map(v => {
        const count = String(columnsOf(b, v).length);
        return [CATALOG_NAME, v.schema, v.name, false, v.temporary === true, count, v.text ?? null];
      }),
  },
  duckdb_columns: {
    columns: [
      ...textColumns('database_name', 'schema_name', 'table_name', 'column_name'),
      ['column_index', INT32],
      ['internal', BOOLEAN],
      ['column_default', UTF8],
      ['is_nullable', BOOLEAN],
      ['data_type', UTF8],
      ['numeric_precision', INT32],
      ['numeric_precision_radix', INT32],
      ['numeric_scale', INT32],
    ],
    rows: b =>
      b.catalog.entries().flatMap(e =>
        columnsOf(b, e).map((c, i): Row => {
          const { type } = c;
          const numeric = [precision(type), radix(type), scale(type)];
          return [
            ...[CATALOG_NAME, e.schema, e.name, c.name, i + 1, false, c.default, c.nullable, typeName(type)],
            ...numeric,
          ];
        }),
      ),
  },
  duckdb_constraints: {
    columns: [
      ...textColumns('database_name', 'schema_name', 'table_name', 'constraint_type', 'constraint_text'),
      ['constraint_column_names', list(UTF8)],
      ['constraint_name', UTF8],
    ],
    rows: b =>
      catalogConstraints(b.catalog).map(({ table: t, name, type, text, columns }) => [
        ...[CATALOG_NAME, t.schema, t.name, type, text],
        columns,
        name,
      ]),
  },
  duckdb_sequences: {
    columns: [
      ...textColumns('database_name', 'schema_name', 'sequence_name'),
      ['temporary', BOOLEAN],
      ['start_value', INT64],
      ['min_value', INT64],
      ['max_value', INT64],
      ['increment_by', INT64],
      ['cycle', BOOLEAN],
    ],
    rows: b =>
      b.catalog.sequences().map(s => {
        const numbers = [s.start, s.min, s.max, s.increment].map(String);
        return [CATALOG_NAME, s.schema, s.name, s.temporary, ...numbers, s.cycle];
      }),
  },
  duckdb_functions: {
    columns: textColumns('schema_name', 'function_name', 'function_type', 'signature', 'description'),
    rows: b => [
      ...b.catalog.functions.all.flatMap(f => {
        const isAggregate = b.catalog.functions.aggregate(f.name) === (f as unknown);
        return f.overloads.map(
          (o): Row => ['main', f.name, isAggregate ? 'aggregate' : 'scalar', `${f.name}${o.signature}`, f.doc.summary],
        );
      }),
      ...specialFunctions.map((f): Row => ['main', f.name, 'scalar', `${f.name}${f.signature}`, f.doc.summary]),
      ...b.catalog.tableFunctionNames().map((name): Row => {
        const f = b.catalog.tableFunction(name)!;
        return ['main', name, 'table', `${name}(${f.doc.args.join(', ')})`, f.doc.summary];
      }),
      ...b.catalog.macros().map((m): Row => {
        const params = m.definitions.map(d => `${m.name}(${d.params.map(p => p.name).join(', ')})`).join('; ');
        return [m.schema, m.name, m.isTable ? 'table_macro' : 'macro', params, null];
      }),
    ],
  },
  duckdb_settings: {
    columns: textColumns('name', 'value'),
    rows: b => Object.entries(b.options.settingValues ?? {}),
  },
};

/** The relation that a path names: `information_schema.tables`, `pg_tables`; undefined for other names. */
export function systemRelation(path: readonly string[]): SystemRelation | undefined {
  const names = path.map(p => p.toLowerCase());
  if (names.length === 3 && names.shift() !== CATALOG_NAME) return undefined;
  const [schema, name] = names.length === 2 ? names : [undefined, names[0]];
  if (schema === 'information_schema') return own(INFORMATION_SCHEMA, name!);
  if (schema === 'pg_catalog' || schema === undefined) return own(PG_CATALOG, name!) ?? own(FUNCTIONS, name!);
  return undefined;
}

/** The relation that a call names: `duckdb_tables()`, `pragma_table_info('t')`. */
export function systemFunction({ name, args }: Pick<TableFunctionQuery, 'name' | 'args'>): SystemRelation | undefined {
  const known = name.toLowerCase();
  const [first] = args;
  if (known === 'pragma_table_info' && args.length === 1) {
    const path = first?.kind === 'literal' ? String(first.value.value).split('.') : undefined;
    const named = path ?? (first?.kind === 'name' ? first.path : undefined);
    if (named !== undefined) return tableInfo({ path: named, span: first!.span });
  }
  return args.length > 0 ? undefined : own(FUNCTIONS, known === 'list_functions' ? 'duckdb_functions' : known);
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
