import { catalogOf, schemaOf, schemaText, TEMP_CATALOG } from '../../catalog/schema-key.ts';
import { type DataType, INT32, INT64, list, UTF8 } from '../../types/data-type.ts';
import { formatRaw } from '../../types/format-raw.ts';
import { scalarToRaw } from '../../types/raw-value.ts';
import { typeName } from '../../types/type-name.ts';
import { columnsOf } from '../from/described-columns.ts';
import { type CatalogConstraint, catalogConstraints } from './catalog-constraints.ts';
import { indexText, sequenceText, tableText, viewText } from './catalog-text.ts';
import {
  allColumns,
  database,
  type PlacedColumn,
  precision,
  radix,
  scale,
  schemaName,
  tables,
  views,
} from './described.ts';
import { functionRelation } from './functions.ts';
import { databaseId, indexId, relationId, schemaId, sequenceId, typeId, userTypeId } from './ids.ts';
import { indexes } from './pg-catalog.ts';
import { QUERY_PROFILES } from './query-profiles.ts';
import {
  count,
  empty,
  flag,
  number,
  relation,
  type SystemColumn,
  type SystemRelation,
  text,
  texts,
} from './relation.ts';
import { BUILT_IN_TYPES } from './types.ts';

type Placed = { readonly schema: string };

const TAGS: DataType = { kind: 'map', key: UTF8, value: UTF8 };
const tags = <T>(): SystemColumn<T> => ['tags', TAGS, () => []];

/** The database and the schema of something, by name and number. */
const place = <T>(of: (item: T) => Placed): readonly SystemColumn<T>[] => [
  text('database_name', item => database(of(item))),
  count('database_oid', (item, b) => databaseId(b.catalog, database(of(item)))),
  text('schema_name', item => schemaName(of(item))),
  count('schema_oid', (item, b) => schemaId(b.catalog, of(item).schema)),
];

const itself = <T>(item: T): T => item;

type TypeRow = {
  readonly schema: string;
  readonly name: string;
  readonly oid: number | null;
  readonly size: number | null;
  readonly logical: string;
  readonly category: string | null;
  readonly comment: string | null;
  readonly internal: boolean;
  readonly labels: readonly string[] | null;
};

/** Table functions without arguments that list what the catalog has, with DuckDB's names and columns. */
export const DUCKDB_RELATIONS: Readonly<Record<string, SystemRelation>> = {
  duckdb_databases: relation(b => b.catalog.catalogNames.filter(name => name !== TEMP_CATALOG))([
    text('database_name', itself),
    count('database_oid', (name, b) => databaseId(b.catalog, name)),
    ...empty<string>(UTF8, 'path', 'comment'),
    tags(),
    flag('internal', () => false),
    text('type', () => 'rayexec'),
    flag('readonly', () => false),
  ]),
  duckdb_schemas: relation(b => b.catalog.schemaKeys())([
    count('oid', (key, b) => schemaId(b.catalog, key)),
    text('database_name', catalogOf),
    count('database_oid', (key, b) => databaseId(b.catalog, catalogOf(key))),
    text('schema_name', schemaOf),
    ...empty<string>(UTF8, 'comment'),
    tags(),
    flag('internal', key => schemaOf(key) === 'main'),
    text('sql', key => (schemaOf(key) === 'main' ? null : `CREATE SCHEMA ${schemaText(key)};`)),
  ]),
  duckdb_tables: relation(tables)([
    ...place<Placed>(itself),
    text('table_name', t => t.name),
    count('table_oid', (t, b) => relationId(b.catalog, t)),
    text('comment', t => t.comment ?? null),
    tags(),
    flag('internal', () => false),
    flag('temporary', t => t.temporary),
    flag('has_primary_key', t => t.constraints.keys.some(k => k.primary)),
    count('estimated_size', t => t.rows.rows),
    count('column_count', t => t.columns.length),
    count('index_count', t => t.constraints.keys.length + (t.indexes ?? []).filter(i => !i.unique).length),
    count('check_constraint_count', t => t.constraints.checks.length),
    text('sql', tableText),
  ]),
  duckdb_views: relation(views)([
    ...place<Placed>(itself),
    text('view_name', v => v.name),
    count('view_oid', (v, b) => relationId(b.catalog, v)),
    text('comment', v => v.comment ?? null),
    tags(),
    flag('internal', () => false),
    flag('temporary', v => v.temporary === true),
    count('column_count', (v, b) => columnsOf(b, v).length),
    text('sql', viewText),
  ]),
  duckdb_columns: relation<PlacedColumn>(allColumns)([
    ...place<PlacedColumn>(c => c.entry),
    text('table_name', c => c.entry.name),
    count('table_oid', (c, b) => relationId(b.catalog, c.entry)),
    text('column_name', c => c.name),
    number('column_index', c => c.index),
    text('comment', c => c.comment),
    flag('internal', () => false),
    text('column_default', c => c.default),
    flag('is_nullable', c => c.nullable),
    text('data_type', c => typeName(c.type)),
    count('data_type_id', c => typeId(c.type)),
    ...empty<PlacedColumn>(INT32, 'character_maximum_length'),
    number('numeric_precision', c => precision(c.type)),
    number('numeric_precision_radix', c => radix(c.type)),
    number('numeric_scale', c => scale(c.type)),
    tags(),
    flag('is_generated', c => c.isGenerated),
    text('generation_expression', c => (c.isGenerated ? c.default : null)),
  ]),
  duckdb_constraints: relation<CatalogConstraint & { readonly at: number }>(b => {
    const all = catalogConstraints(b.catalog);
    return all.map(c => ({ ...c, at: all.filter(o => o.table === c.table).indexOf(c) }));
  })([
    ...place<CatalogConstraint>(c => c.table),
    text('table_name', c => c.table.name),
    count('table_oid', (c, b) => relationId(b.catalog, c.table)),
    count('constraint_index', c => c.at),
    text('constraint_type', c => c.type),
    text('constraint_text', c => c.text),
    text('expression', c => (c.type === 'CHECK' ? c.text.slice('CHECK('.length, -1) : null)),
    [
      'constraint_column_indexes',
      list(INT64),
      c => c.columns.map(name => String(c.table.columns.findIndex(o => o.name === name))),
    ],
    texts('constraint_column_names', c => c.columns),
    text('constraint_name', c => c.name),
    text('referenced_table', c => c.references?.table ?? null),
    texts('referenced_column_names', c => c.references?.columns ?? []),
  ]),
  duckdb_indexes: relation(indexes)([
    ...place<{ readonly table: Placed }>(i => i.table),
    text('index_name', i => i.index.name),
    count('index_oid', (i, b) => indexId(b.catalog, i.table, i.at)),
    text('table_name', i => i.table.name),
    count('table_oid', (i, b) => relationId(b.catalog, i.table)),
    text('comment', i => i.index.comment ?? null),
    tags(),
    flag('is_unique', i => i.index.unique),
    flag('is_primary', () => false),
    text('expressions', i => `[${i.index.keys.join(', ')}]`),
    text('sql', i => indexText(i.table, i.index)),
  ]),
  duckdb_sequences: relation(b => b.catalog.sequences())([
    ...place<Placed>(itself),
    text('sequence_name', s => s.name),
    count('sequence_oid', (s, b) => sequenceId(b.catalog, s)),
    text('comment', s => s.comment ?? null),
    tags(),
    flag('temporary', s => s.temporary),
    count('start_value', s => s.start),
    count('min_value', s => s.min),
    count('max_value', s => s.max),
    count('increment_by', s => s.increment),
    flag('cycle', s => s.cycle),
    text('sql', sequenceText),
  ]),
  duckdb_types: relation<TypeRow>(b => [
    ...b.catalog.types().map((t, i) => ({
      schema: t.schema,
      name: t.name,
      oid: userTypeId(i),
      size: null,
      logical: t.type.kind === 'enum' ? 'ENUM' : typeName(t.type).split('(')[0]!,
      category: null,
      comment: t.comment ?? null,
      internal: false,
      labels: t.type.kind === 'enum' ? t.type.values : null,
    })),
    ...BUILT_IN_TYPES.map(t => ({ ...t, schema: 'main', comment: null, internal: true, labels: null })),
  ])([
    ...place<Placed>(itself),
    count('type_oid', t => t.oid),
    text('type_name', t => t.name),
    count('type_size', t => t.size),
    text('logical_type', t => t.logical),
    text('type_category', t => t.category),
    text('comment', t => t.comment),
    tags(),
    flag('internal', t => t.internal),
    ['labels', list(UTF8), t => t.labels],
  ]),
  ...QUERY_PROFILES,
  duckdb_functions: functionRelation,
  duckdb_settings: relation(b => Object.entries(b.options.settingValues ?? {}))([
    text('name', ([name]) => name),
    text('value', ([, value]) => value),
    text('scope', () => 'LOCAL'),
  ]),
  duckdb_variables: relation(b => Object.entries(b.options.variables ?? {}))([
    text('name', ([name]) => name),
    text('value', ([, v]) => (v.value === null ? null : formatRaw(v.type, scalarToRaw(v)))),
    text('type', ([, { type }]) => typeName(type)),
  ]),
  duckdb_prepared_statements: relation(b => Object.entries(b.options.prepared?.() ?? {}))([
    text('name', ([name]) => name),
    text('statement', ([, source]) => source),
  ]),
  duckdb_optimizers: relation(b => b.options.optimizerRules ?? [])([text('name', itself)]),
  duckdb_keywords: relation(b => Object.entries(b.options.keywords ?? {}))([
    text('keyword_name', ([word]) => word),
    text('keyword_category', ([, category]) => category),
  ]),
  pragma_version: relation(() => ['rayexec'])([text('library_version', itself), ...empty<string>(UTF8, 'source_id')]),
  pragma_database_list: relation(b => b.catalog.catalogNames.filter(name => name !== TEMP_CATALOG))([
    count('seq', (name, b) => databaseId(b.catalog, name)),
    text('name', itself),
    ...empty<string>(UTF8, 'file'),
  ]),
  pragma_collations: relation(() => COLLATIONS)([text('collname', itself)]),
};

const COLLATIONS = ['binary', 'nocase', 'noaccent', 'nfc'];
