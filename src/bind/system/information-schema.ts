import { catalogOf, schemaOf } from '../../catalog/schema-key.ts';
import { BOOLEAN, INT32, INT64, UTF8 } from '../../types/data-type.ts';
import { typeName } from '../../types/type-name.ts';
import { type CatalogConstraint, catalogConstraints } from './catalog-constraints.ts';
import { allColumns, database, precision, radix, scale, schemaName, views } from './described.ts';
import { count, empty, number, relation, type SystemColumn, type SystemRelation, text } from './relation.ts';

const yes = (value: boolean): string => (value ? 'YES' : 'NO');

const constraintPlace: readonly SystemColumn<CatalogConstraint>[] = [
  text('constraint_catalog', c => database(c.table)),
  text('constraint_schema', c => schemaName(c.table)),
  text('constraint_name', c => c.name),
];
const tablePlace: readonly SystemColumn<CatalogConstraint>[] = [
  text('table_catalog', c => database(c.table)),
  text('table_schema', c => schemaName(c.table)),
  text('table_name', c => c.table.name),
];

/** A constraint with one of its columns. */
type Use = CatalogConstraint & { readonly column: string; readonly at: number };

const uses = (constraints: readonly CatalogConstraint[]): readonly Use[] =>
  constraints.flatMap(c => c.columns.map((column, i) => ({ ...c, column, at: i + 1 })));

/** The standard's relations about the catalog, with its columns. */
export const INFORMATION_SCHEMA: Readonly<Record<string, SystemRelation>> = {
  schemata: relation(b => b.catalog.schemaKeys())([
    text('catalog_name', key => catalogOf(key)),
    text('schema_name', key => schemaOf(key)),
    text('schema_owner', () => 'rayexec'),
    ...empty<string>(UTF8, 'default_character_set_catalog', 'default_character_set_schema'),
    ...empty<string>(UTF8, 'default_character_set_name', 'sql_path'),
  ]),
  tables: relation(b => b.catalog.entries())([
    text('table_catalog', database),
    text('table_schema', schemaName),
    text('table_name', e => e.name),
    text('table_type', e => (e.kind === 'view' ? 'VIEW' : e.temporary ? 'LOCAL TEMPORARY' : 'BASE TABLE')),
    ...empty(UTF8, 'self_referencing_column_name', 'reference_generation', 'user_defined_type_catalog'),
    ...empty(UTF8, 'user_defined_type_schema', 'user_defined_type_name'),
    text('is_insertable_into', e => yes(e.kind === 'table')),
    text('is_typed', () => 'NO'),
    text('commit_action', e => (e.temporary === true ? 'PRESERVE' : null)),
    text('TABLE_COMMENT', e => e.comment ?? null),
  ]),
  views: relation(views)([
    text('table_catalog', database),
    text('table_schema', schemaName),
    text('table_name', v => v.name),
    text('view_definition', v => v.text ?? null),
    text('check_option', () => 'NONE'),
    ...['is_updatable', 'is_insertable_into', 'is_trigger_updatable', 'is_trigger_deletable'].map(name =>
      text(name, () => 'NO'),
    ),
    text('is_trigger_insertable_into', () => 'NO'),
  ]),
  columns: relation(allColumns)([
    text('table_catalog', c => database(c.entry)),
    text('table_schema', c => schemaName(c.entry)),
    text('table_name', c => c.entry.name),
    text('column_name', c => c.name),
    number('ordinal_position', c => c.index),
    text('column_default', c => c.default),
    text('is_nullable', c => yes(c.nullable)),
    text('data_type', c => typeName(c.type)),
    ...empty(INT32, 'character_maximum_length', 'character_octet_length'),
    number('numeric_precision', c => precision(c.type)),
    number('numeric_precision_radix', c => radix(c.type)),
    number('numeric_scale', c => scale(c.type)),
    ...empty(INT32, 'datetime_precision'),
    ...empty(UTF8, 'interval_type'),
    ...empty(INT32, 'interval_precision'),
    ...empty(UTF8, 'character_set_catalog', 'character_set_schema', 'character_set_name', 'collation_catalog'),
    ...empty(UTF8, 'collation_schema', 'collation_name', 'domain_catalog', 'domain_schema', 'domain_name'),
    ...empty(UTF8, 'udt_catalog', 'udt_schema', 'udt_name', 'scope_catalog', 'scope_schema', 'scope_name'),
    ...empty(INT64, 'maximum_cardinality'),
    ...empty(UTF8, 'dtd_identifier'),
    ...empty(BOOLEAN, 'is_self_referencing', 'is_identity'),
    ...empty(UTF8, 'identity_generation', 'identity_start', 'identity_increment', 'identity_maximum'),
    ...empty(UTF8, 'identity_minimum'),
    ...empty(BOOLEAN, 'identity_cycle'),
    text('is_generated', c => (c.isGenerated ? 'ALWAYS' : 'NEVER')),
    text('generation_expression', c => (c.isGenerated ? c.default : null)),
    ...empty(BOOLEAN, 'is_updatable'),
    text('COLUMN_COMMENT', c => c.comment),
  ]),
  table_constraints: relation(b => catalogConstraints(b.catalog))([
    ...constraintPlace,
    ...tablePlace,
    text('constraint_type', c => (c.type === 'NOT NULL' ? 'CHECK' : c.type)),
    text('is_deferrable', () => 'NO'),
    text('initially_deferred', () => 'NO'),
    text('enforced', () => 'YES'),
    text('nulls_distinct', c => (c.type === 'UNIQUE' ? 'YES' : null)),
  ]),
  key_column_usage: relation<Use>(b =>
    uses(catalogConstraints(b.catalog).filter(c => c.type !== 'CHECK' && c.type !== 'NOT NULL')),
  )([
    ...constraintPlace,
    ...tablePlace,
    text('column_name', c => c.column),
    count('ordinal_position', c => c.at),
    count('position_in_unique_constraint', c => (c.type === 'FOREIGN KEY' ? c.at : null)),
  ]),
  referential_constraints: relation(b => catalogConstraints(b.catalog).filter(c => c.references !== undefined))([
    ...constraintPlace,
    text('unique_constraint_catalog', c => catalogOf(c.references!.schema)),
    text('unique_constraint_schema', c => schemaOf(c.references!.schema)),
    text('unique_constraint_name', c => c.references!.name),
    text('match_option', () => 'NONE'),
    text('update_rule', () => 'NO ACTION'),
    text('delete_rule', () => 'NO ACTION'),
  ]),
  constraint_column_usage: relation<Use>(b => uses(catalogConstraints(b.catalog).filter(c => c.type !== 'NOT NULL')))([
    ...tablePlace,
    text('column_name', c => c.column),
    ...constraintPlace,
    text('constraint_type', c => c.type),
    text('constraint_text', c => c.text),
  ]),
  character_sets: relation(() => ['UTF8'])([
    ...empty<string>(UTF8, 'character_set_catalog', 'character_set_schema'),
    text('character_set_name', name => name),
    text('character_repertoire', () => 'UCS'),
    text('form_of_use', name => name),
    ...empty<string>(UTF8, 'default_collate_catalog', 'default_collate_schema'),
    text('default_collate_name', () => 'ucs_basic'),
  ]),
};
