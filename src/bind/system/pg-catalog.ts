import type { IndexEntry, TableEntry, ViewEntry } from '../../catalog/entry.ts';
import { schemaOf } from '../../catalog/schema-key.ts';
import { BOOLEAN, INT32, INT64, list, UTF8 } from '../../types/data-type.ts';
import type { Binder } from '../binder.ts';
import { catalogConstraints } from './catalog-constraints.ts';
import { indexText, sequenceText, tableText, viewText } from './catalog-text.ts';
import { allColumns, schemaName, tables, views } from './described.ts';
import { databaseId, indexId, relationId, schemaId, sequenceId, typeId, userTypeId } from './ids.ts';
import { count, empty, flag, number, relation, type SystemRelation, text } from './relation.ts';
import { BUILT_IN_TYPES } from './types.ts';

/** What pg_class and sqlite_master list. */
type Thing = {
  readonly id: number;
  readonly schema: string;
  readonly name: string;
  readonly kind: 'r' | 'v' | 'S' | 'i';
  readonly table: string;
  readonly sql: string | null;
  readonly temporary: boolean;
  readonly entry?: TableEntry | ViewEntry | undefined;
};

export type PlacedIndex = { readonly table: TableEntry; readonly index: IndexEntry; readonly at: number };

export const indexes = (b: Binder): readonly PlacedIndex[] =>
  tables(b).flatMap(table => (table.indexes ?? []).map((index, at) => ({ table, index, at })));

function things(b: Binder): readonly Thing[] {
  const { catalog } = b;
  return [
    ...catalog.entries().map(
      (e): Thing => ({
        id: relationId(catalog, e),
        schema: e.schema,
        name: e.name,
        kind: e.kind === 'view' ? 'v' : 'r',
        table: e.name,
        sql: e.kind === 'view' ? viewText(e) : tableText(e),
        temporary: e.temporary === true,
        entry: e,
      }),
    ),
    ...catalog.sequences().map(
      (s): Thing => ({
        id: sequenceId(catalog, s),
        schema: s.schema,
        name: s.name,
        kind: 'S',
        table: s.name,
        sql: sequenceText(s),
        temporary: s.temporary,
      }),
    ),
    ...indexes(b).map(
      ({ table, index, at }): Thing => ({
        id: indexId(catalog, table, at),
        schema: table.schema,
        name: index.name,
        kind: 'i',
        table: table.name,
        sql: indexText(table, index),
        temporary: table.temporary,
      }),
    ),
  ];
}

const columnCount = (t: Thing, b: Binder): number => allColumns(b).filter(c => c.entry === t.entry).length;
const keysOf = (t: Thing) => (t.entry?.kind === 'table' ? t.entry.constraints.keys : []);

type Comment = { readonly id: number; readonly column: number; readonly text: string };

const comments = (b: Binder): readonly Comment[] => [
  ...b.catalog
    .entries()
    .flatMap(e => (e.comment === undefined ? [] : [{ id: relationId(b.catalog, e), column: 0, text: e.comment }])),
  ...allColumns(b).flatMap(c =>
    c.comment === null ? [] : [{ id: relationId(b.catalog, c.entry), column: c.index, text: c.comment }],
  ),
];

const KINDS = { r: 'table', v: 'view', i: 'index', S: 'sequence' } as const;

const master = relation(b => things(b).filter(t => t.kind !== 'S'))([
  text('type', t => KINDS[t.kind]),
  text('name', t => t.name),
  text('tbl_name', t => t.table),
  number('rootpage', () => 0),
  text('sql', t => t.sql),
]);

/** PostgreSQL's and SQLite's relations about the catalog, as far as tools read them. */
export const PG_CATALOG: Readonly<Record<string, SystemRelation>> = {
  sqlite_master: master,
  sqlite_schema: master,
  sqlite_temp_master: master,
  sqlite_temp_schema: master,
  pg_namespace: relation(b => b.catalog.schemaKeys())([
    count('oid', (key, b) => schemaId(b.catalog, key)),
    text('nspname', key => schemaOf(key)),
    number('nspowner', () => 0),
    ...empty<string>(UTF8, 'nspacl'),
  ]),
  pg_class: relation(things)([
    count('oid', t => t.id),
    text('relname', t => t.name),
    count('relnamespace', (t, b) => schemaId(b.catalog, t.schema)),
    ...['reltype', 'reloftype', 'relowner', 'relam', 'relfilenode', 'reltablespace', 'relpages'].map(name =>
      number<Thing>(name, () => 0),
    ),
    count('reltuples', t => (t.entry?.kind === 'table' ? t.entry.rows.rows : 0)),
    flag('relhasindex', t => keysOf(t).length > 0),
    flag('relisshared', () => false),
    text('relpersistence', t => (t.temporary ? 't' : 'p')),
    text('relkind', t => t.kind),
    count('relnatts', columnCount),
    count('relchecks', t => (t.entry?.kind === 'table' ? t.entry.constraints.checks.length : 0)),
    flag('relhasoids', () => false),
    flag('relhaspkey', t => keysOf(t).some(k => k.primary)),
    flag('relhasrules', () => false),
    flag('relhastriggers', () => false),
    flag('relispartition', () => false),
  ]),
  pg_attribute: relation(allColumns)([
    count('attrelid', (c, b) => relationId(b.catalog, c.entry)),
    text('attname', c => c.name),
    count('atttypid', c => typeId(c.type)),
    number('attnum', c => c.index),
    number('attndims', () => 0),
    number('atttypmod', c => (c.type.kind === 'decimal' ? c.type.precision * 1000 + c.type.scale : -1)),
    flag('attnotnull', c => !c.nullable),
    flag('atthasdef', c => c.default !== null),
    text('attidentity', () => ''),
    text('attgenerated', c => (c.isGenerated ? 's' : '')),
    flag('attisdropped', () => false),
    flag('attislocal', () => true),
    ...empty<unknown>(INT32, 'attcollation'),
  ]),
  pg_attrdef: relation(b => allColumns(b).filter(c => c.default !== null))([
    number('oid', c => c.index),
    count('adrelid', (c, b) => relationId(b.catalog, c.entry)),
    number('adnum', c => c.index),
    text('adbin', c => c.default),
  ]),
  pg_type: relation(b => [
    ...BUILT_IN_TYPES.filter(t => t.oid !== null && t.isMain).map(t => ({
      oid: t.oid!,
      name: t.pgName ?? t.name,
      schema: 'main',
      size: t.size,
      kind: 'b',
      category: t.category === 'NUMERIC' ? 'N' : t.category === 'DATETIME' ? 'D' : t.category === 'BOOLEAN' ? 'B' : 'S',
    })),
    ...b.catalog.types().map((t, i) => ({
      oid: userTypeId(i),
      name: t.name,
      schema: t.schema,
      size: null,
      kind: t.type.kind === 'enum' ? 'e' : 'd',
      category: t.type.kind === 'enum' ? 'E' : 'U',
    })),
  ])([
    count('oid', t => t.oid),
    text('typname', t => t.name),
    count('typnamespace', (t, b) => schemaId(b.catalog, t.schema)),
    number('typowner', () => 0),
    count('typlen', t => t.size),
    text('typtype', t => t.kind),
    text('typcategory', t => t.category),
    flag('typisdefined', () => true),
    ...empty(INT64, 'typrelid', 'typelem', 'typarray', 'typbasetype'),
    ...empty(BOOLEAN, 'typnotnull'),
  ]),
  pg_enum: relation(b =>
    b.catalog
      .types()
      .flatMap((t, i) =>
        t.type.kind === 'enum' ? t.type.values.map((label, at) => ({ id: userTypeId(i), label, at })) : [],
      ),
  )([
    ...empty(INT64, 'oid'),
    count('enumtypid', e => e.id),
    number('enumsortorder', e => e.at + 1),
    text('enumlabel', e => e.label),
  ]),
  pg_constraint: relation(b => catalogConstraints(b.catalog).map((c, i) => ({ ...c, id: 800_000 + i })))([
    count('oid', c => c.id),
    text('conname', c => c.name),
    count('connamespace', (c, b) => schemaId(b.catalog, c.table.schema)),
    text(
      'contype',
      c => ({ 'PRIMARY KEY': 'p', UNIQUE: 'u', CHECK: 'c', 'FOREIGN KEY': 'f', 'NOT NULL': 'n' })[c.type],
    ),
    flag('condeferrable', () => false),
    flag('condeferred', () => false),
    flag('convalidated', () => true),
    count('conrelid', (c, b) => relationId(b.catalog, c.table)),
    ['conkey', list(INT64), c => c.columns.map(name => String(1 + c.table.columns.findIndex(o => o.name === name)))],
    text('conbin', c => (c.type === 'CHECK' ? c.text : null)),
  ]),
  pg_index: relation(indexes)([
    count('indexrelid', ({ table, at }, b) => indexId(b.catalog, table, at)),
    count('indrelid', ({ table }, b) => relationId(b.catalog, table)),
    number('indnatts', ({ index }) => index.keys.length),
    flag('indisunique', ({ index }) => index.unique),
    flag('indisprimary', () => false),
    flag('indisvalid', () => true),
    [
      'indkey',
      list(INT32),
      ({ table, index }) => index.columns.map(name => 1 + table.columns.findIndex(c => c.name === name)),
    ],
    text('indexprs', ({ index }) => index.keys.join(', ')),
  ]),
  pg_indexes: relation(indexes)([
    text('schemaname', ({ table }) => schemaName(table)),
    text('tablename', ({ table }) => table.name),
    text('indexname', ({ index }) => index.name),
    ...empty<PlacedIndex>(UTF8, 'tablespace'),
    text('indexdef', ({ table, index }) => indexText(table, index)),
  ]),
  pg_description: relation(comments)([
    count('objoid', c => c.id),
    text('classoid', c => (c.column > 0 ? 'pg_attribute' : 'pg_class')),
    number('objsubid', c => c.column),
    text('description', c => c.text),
  ]),
  pg_database: relation(b => b.catalog.catalogNames)([
    count('oid', (name, b) => databaseId(b.catalog, name)),
    text('datname', name => name),
    flag('datallowconn', () => true),
    flag('datistemplate', () => false),
  ]),
  pg_tables: relation(tables)([
    text('schemaname', schemaName),
    text('tablename', t => t.name),
    text('tableowner', () => 'rayexec'),
    ...empty<TableEntry>(UTF8, 'tablespace'),
    flag('hasindexes', t => t.constraints.keys.length > 0),
    flag('hasrules', () => false),
    flag('hastriggers', () => false),
  ]),
  pg_views: relation(views)([
    text('schemaname', schemaName),
    text('viewname', v => v.name),
    text('viewowner', () => 'rayexec'),
    text('definition', v => v.text ?? null),
  ]),
  pg_sequences: relation(b => b.catalog.sequences())([
    text('schemaname', schemaName),
    text('sequencename', s => s.name),
    text('sequenceowner', () => 'rayexec'),
    count('start_value', s => s.start),
    count('min_value', s => s.min),
    count('max_value', s => s.max),
    count('increment_by', s => s.increment),
    flag('cycle', s => s.cycle),
  ]),
  pg_settings: relation(b => Object.entries(b.options.settingValues ?? {}))([
    text('name', ([name]) => name),
    text('setting', ([, value]) => value),
  ]),
  pg_proc: relation(b => b.catalog.functions.all)([
    text('proname', f => f.name),
    count('pronamespace', (_, b) => schemaId(b.catalog, 'main')),
    text('prokind', (f, b) => (b.catalog.functions.aggregate(f.name) === (f as unknown) ? 'a' : 'f')),
    ['proargnames', list(UTF8), f => [...f.doc.args]],
  ]),
};
