import type { Catalog, Place } from '../../catalog/catalog.ts';
import { applyChange, type CatalogChange } from '../../catalog/change.ts';
import type { SequenceEntry, TableEntry } from '../../catalog/entry.ts';
import { DEFAULT_SCHEMA, schemaKey, schemaOf, schemaText } from '../../catalog/schema-key.ts';
import { RayexecError } from '../../common/errors.ts';
import { choices } from '../../common/suggest.ts';
import type { Expr } from '../../query/expr.ts';
import type { ObjectName, Statement } from '../../query/statement.ts';
import { exprsBelow } from '../../query/walk.ts';
import type { Binder } from '../binder.ts';
import type { BoundStatement } from '../bound-statement.ts';
import { sameName } from '../scope.ts';
import { bindDropIndex } from './bind-index.ts';
import { referencing } from './referencing.ts';

type Drop = Extract<Statement, { kind: 'drop' }>;

/** DROP of one or several objects, one after the other, or none. */
export function bindDrop(b: Binder, statement: Drop): BoundStatement {
  if (statement.what === 'index') return bindDropIndex(b, statement);
  const changes: CatalogChange[] = [];
  let { catalog } = b;
  for (const name of statement.names) {
    const change = dropped(catalog, statement, name);
    if (change === undefined) continue;
    changes.push(change);
    catalog = applyChange(catalog, change);
  }
  if (changes.length === 0) return { kind: 'nothing' };
  return { kind: 'change', change: changes.length === 1 ? changes[0]! : { change: 'several', changes } };
}

function dropped(catalog: Catalog, { what, ifExists, cascade }: Drop, name: ObjectName): CatalogChange | undefined {
  const last = name.path.at(-1)!;
  const missing = (title: string, names: readonly string[]): undefined => {
    if (ifExists) return undefined;
    throw new RayexecError('catalog', `${title} with name ${last} does not exist!`, {
      span: name.span,
      hint: choices(last, names, `${title.toLowerCase()}s`),
    });
  };
  switch (what) {
    case 'table':
    case 'view':
      return droppedRelation(catalog, what, name, ifExists);
    case 'schema':
      if (!catalog.hasSchema(schemaNamed(catalog, name))) return missing('Schema', catalog.schemaNames());
      return droppedSchema(catalog, schemaNamed(catalog, name), name, cascade);
    case 'type':
      return droppedType(catalog, name) ?? missing('Type', catalog.typeNames());
    case 'index':
      return undefined; // Its table changes: see bindDropIndex.
    case 'macro':
    case 'macro-table': {
      const isTable = what === 'macro-table';
      const macro = catalog.macro(name.path, isTable);
      if (macro !== undefined) return { change: 'drop-macro', macro };
      const others = catalog.macros().filter(m => m.isTable === isTable);
      return missing(
        isTable ? 'Table Macro Function' : 'Macro Function',
        others.map(m => m.name),
      );
    }
    case 'sequence': {
      const sequence = catalog.sequence(name.path);
      if (sequence !== undefined) return droppedSequence(catalog, sequence, name, cascade);
      return missing(
        'Sequence',
        catalog.sequences().map(s => s.name),
      );
    }
  }
}

function droppedRelation(
  catalog: Catalog,
  what: 'table' | 'view',
  name: ObjectName,
  ifExists: boolean,
): CatalogChange | undefined {
  const found = catalog.find(name.path);
  if (found === undefined) {
    if (ifExists) return undefined;
    throw catalog.missing(name, what === 'table' ? 'Table' : 'View');
  }
  if (found.kind !== what) {
    throw new RayexecError('catalog', `Existing object ${found.name} is of type ${found.kind}, not ${what}`, {
      span: name.span,
      hint: `DROP ${found.kind.toUpperCase()} ${found.name}`,
    });
  }
  if (found.kind === 'table') refuseReferenced(catalog, found, name);
  return { change: 'drop-relation', place: placeOf(found) };
}

/** The schema that a path names: one of the current catalog unless it says which. */
const schemaNamed = (catalog: Catalog, { path }: ObjectName): string =>
  schemaKey(path.at(-2) ?? catalog.currentCatalog, path.at(-1)!);

function droppedType(catalog: Catalog, { path }: ObjectName): CatalogChange | undefined {
  const found = catalog.type(path);
  return found && { change: 'drop-type', place: placeOf(found) };
}

const placeOf = ({ schema, name }: Place): Place => ({ schema, name });

/** @throws RayexecError `catalog` when another table's foreign key refers to the table */
function refuseReferenced(catalog: Catalog, table: TableEntry, { span }: ObjectName): void {
  const other = referencing({ catalog }, table).find(r => r.from.id !== table.id);
  if (other === undefined) return;
  throw new RayexecError(
    'catalog',
    `Could not drop the table because this table is main key table of the table "${other.from.name}"`,
    { span, hint: `DROP TABLE ${other.from.name} first` },
  );
}

function droppedSchema(catalog: Catalog, schema: string, { span }: ObjectName, cascade: boolean): CatalogChange {
  const text = schemaText(schema);
  if (sameName(schemaOf(schema), DEFAULT_SCHEMA))
    throw new RayexecError('catalog', `Cannot drop schema "${text}": it is the default schema`, { span });
  const inside = (e: Place) => sameName(e.schema, schema);
  const held = [...catalog.entries(), ...catalog.sequences(), ...catalog.macros()].filter(inside).map(e => e.name);
  if (held.length === 0 || cascade) return { change: 'drop-schema', name: schema };
  throw new RayexecError('catalog', `Cannot drop schema "${text}": it holds ${held.join(', ')}`, {
    span,
    hint: 'DROP SCHEMA … CASCADE drops them too',
  });
}

/** The sequence, with CASCADE also the tables whose defaults take numbers from it. */
function droppedSequence(
  catalog: Catalog,
  sequence: SequenceEntry,
  { span }: ObjectName,
  cascade: boolean,
): CatalogChange {
  const change: CatalogChange = { change: 'drop-sequence', place: placeOf(sequence) };
  const users = catalog
    .entries()
    .filter(e => e.kind === 'table' && e.columns.some(c => c.default && reads(catalog, c.default, sequence)));
  if (users.length === 0) return change;
  if (cascade) {
    const tables = users.map(u => ({ change: 'drop-relation', place: placeOf(u) }) as const);
    return { change: 'several', changes: [...tables, change] };
  }
  throw new RayexecError(
    'catalog',
    `Cannot drop entry "${sequence.name}" because there are entries that depend on it`,
    { span, hint: `table "${users[0]!.name}" does; DROP … CASCADE drops it too` },
  );
}

function reads(catalog: Catalog, expr: Expr, sequence: SequenceEntry): boolean {
  if (expr.kind === 'call' && /^(nextval|currval)$/i.test(expr.fn)) {
    const [name] = expr.args;
    if (name?.kind === 'literal' && catalog.sequence(String(name.value.value).split('.')) === sequence) return true;
  }
  return exprsBelow(expr).some(e => reads(catalog, e, sequence));
}
