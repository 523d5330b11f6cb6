import { RayexecError } from '../common/errors.ts';
import { choices, didYouMean } from '../common/suggest.ts';
import type { FunctionRegistry } from '../functions/registry.ts';
import type { TableFunction } from '../protocol/table-function.ts';
import type { ObjectName } from '../query/statement.ts';
import type { DataType } from '../types/data-type.ts';
import type { MacroEntry, RelationEntry, SequenceEntry, TableEntry, ViewEntry } from './entry.ts';
import { NameMap } from './name-map.ts';

/** A place in the catalog: schema and name, resolved from a path of one to three parts. */
export type Place = { readonly schema: string; readonly name: string };

/** What a schema holds, by name. */
export type SchemaEntry = {
  readonly name: string;
  readonly relations: NameMap<TableEntry | ViewEntry>;
  readonly types: NameMap<DataType>;
  readonly macros: NameMap<MacroEntry>;
  readonly tableMacros: NameMap<MacroEntry>;
  readonly sequences: NameMap<SequenceEntry>;
};

const emptySchema = (name: string): SchemaEntry => ({
  name,
  relations: NameMap.empty(),
  types: NameMap.empty(),
  macros: NameMap.empty(),
  tableMacros: NameMap.empty(),
  sequences: NameMap.empty(),
});

type CatalogState = {
  readonly schemas: NameMap<SchemaEntry>;
  readonly relations: ReadonlyMap<number, RelationEntry>;
  readonly functions: FunctionRegistry;
  readonly tableFunctions: NameMap<TableFunction>;
  readonly currentSchema: string;
};

/** The database's own name, the first part of a three-part path. */
export const CATALOG_NAME = 'memory';
export const DEFAULT_SCHEMA = 'main';

/**
 * What names mean: schemas with tables and views, anonymous relations, functions. Immutable: `with…` and `without…`
 * return a new catalog, so that a statement keeps the one it started with.
 */
export class Catalog {
  readonly #state: CatalogState;

  private constructor(state: CatalogState) {
    this.#state = state;
  }

  /** A catalog with the schema `main` and the given functions. */
  static create(functions: FunctionRegistry, tableFunctions: readonly TableFunction[] = []): Catalog {
    return new Catalog({
      schemas: NameMap.empty<SchemaEntry>().with(DEFAULT_SCHEMA, emptySchema(DEFAULT_SCHEMA)),
      relations: new Map(),
      functions,
      tableFunctions: tableFunctions.reduce((map, f) => withFunction(map, f), NameMap.empty<TableFunction>()),
      currentSchema: DEFAULT_SCHEMA,
    });
  }

  get functions(): FunctionRegistry {
    return this.#state.functions;
  }

  get currentSchema(): string {
    return this.#state.currentSchema;
  }

  /** @throws RayexecError `catalog` for a path that names another catalog or more than three parts */
  place(name: ObjectName): Place {
    const path = [...name.path];
    if (path.length === 3) {
      const catalog = path.shift()!;
      if (catalog.toLowerCase() !== CATALOG_NAME) {
        throw new RayexecError('catalog', `Catalog "${catalog}" does not exist!`, {
          span: name.span,
          hint: didYouMean(catalog, [CATALOG_NAME]),
        });
      }
    }
    const [schema, table] = path.length === 1 ? [this.#state.currentSchema, path[0]!] : path;
    if (schema === undefined || table === undefined || path.length > 2) {
      throw new RayexecError('catalog', `"${name.path.join('.')}" is no name of a table`, {
        span: name.span,
        hint: 'a name is table, schema.table or catalog.schema.table',
      });
    }
    return { schema: schemaName(schema), name: table };
  }

  /** The table or view that a path names, if there is one. */
  find(path: readonly string[]): TableEntry | ViewEntry | undefined {
    if (path.length === 0 || path.length > 3) return undefined;
    if (path.length === 3 && path[0]!.toLowerCase() !== CATALOG_NAME) return undefined;
    const name = path.at(-1)!;
    // With two parts the first may be the schema or the catalog, as DuckDB has it.
    const before = path.at(-2);
    if (before === undefined)
      return this.#relation(this.#state.currentSchema, name) ?? this.#relation(DEFAULT_SCHEMA, name);
    return (
      this.#relation(before, name) ??
      (path.length === 2 && before.toLowerCase() === CATALOG_NAME ? this.#relation(DEFAULT_SCHEMA, name) : undefined)
    );
  }

  #relation(schema: string, name: string): TableEntry | ViewEntry | undefined {
    return this.#state.schemas.get(schemaName(schema))?.relations.get(name);
  }

  /** @throws RayexecError `catalog` that names near tables */
  table(name: ObjectName): TableEntry {
    const found = this.find(name.path);
    if (found === undefined) throw this.missing(name, 'Table');
    if (found.kind === 'view') {
      throw new RayexecError('catalog', `"${found.name}" is a view, not a table`, { span: name.span });
    }
    return found;
  }

  /** The error for a table or view that does not exist, with near names. */
  missing(name: ObjectName, what: string): RayexecError {
    const last = name.path.at(-1) ?? '';
    return new RayexecError('catalog', `${what} with name ${last} does not exist!`, {
      span: name.span,
      hint: choices(last, this.relationNames(), 'tables') ?? 'there are no tables yet',
    });
  }

  /** The names of all tables and views, for suggestions. */
  relationNames(): readonly string[] {
    return this.#state.schemas.values().flatMap(s => s.relations.names());
  }

  hasSchema(name: string): boolean {
    return this.#state.schemas.has(schemaName(name));
  }

  schemaNames(): readonly string[] {
    return this.#state.schemas.names();
  }

  /** Tables and views of one schema, or of all, sorted by name. */
  entries(schema?: string): readonly (TableEntry | ViewEntry)[] {
    const all = schema === undefined ? this.#state.schemas.values() : [this.#state.schemas.get(schemaName(schema))];
    return all
      .flatMap(s => s?.relations.values() ?? [])
      .sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
  }

  withSchema(name: string): Catalog {
    if (this.hasSchema(name)) return this;
    return this.#with({ schemas: this.#state.schemas.with(name, emptySchema(name)) });
  }

  withoutSchema(name: string): Catalog {
    return this.#with({ schemas: this.#state.schemas.without(name) });
  }

  /** Adds or replaces a table or a view. */
  withRelation(entry: TableEntry | ViewEntry): Catalog {
    return this.#withSchemaEntry(entry.schema, s => ({ ...s, relations: s.relations.with(entry.name, entry) }));
  }

  withoutRelation(place: Place): Catalog {
    return this.#withSchemaEntry(place.schema, s => ({ ...s, relations: s.relations.without(place.name) }));
  }

  /** A user's type: `CREATE TYPE mood AS ENUM (…)`. */
  type(name: string): DataType | undefined {
    return (
      this.#state.schemas.get(this.#state.currentSchema)?.types.get(name) ??
      this.#state.schemas.get(DEFAULT_SCHEMA)?.types.get(name)
    );
  }

  typeNames(): readonly string[] {
    return this.#state.schemas.values().flatMap(s => s.types.names());
  }

  withType(place: Place, type: DataType): Catalog {
    return this.#withSchemaEntry(place.schema, s => ({ ...s, types: s.types.with(place.name, type) }));
  }

  withoutType(place: Place): Catalog {
    return this.#withSchemaEntry(place.schema, s => ({ ...s, types: s.types.without(place.name) }));
  }

  /** A macro by its path; without a schema those of the current one come before those of the default one. */
  macro(path: readonly string[], isTable: boolean): MacroEntry | undefined {
    return this.#inSchemas(path, s => (isTable ? s.tableMacros : s.macros));
  }

  macros(): readonly MacroEntry[] {
    return this.#state.schemas.values().flatMap(s => [...s.macros.values(), ...s.tableMacros.values()]);
  }

  withMacro(macro: MacroEntry): Catalog {
    return this.#withSchemaEntry(macro.schema, s =>
      macro.isTable
        ? { ...s, tableMacros: s.tableMacros.with(macro.name, macro) }
        : { ...s, macros: s.macros.with(macro.name, macro) },
    );
  }

  withoutMacro({ schema, name, isTable }: MacroEntry): Catalog {
    return this.#withSchemaEntry(schema, s =>
      isTable ? { ...s, tableMacros: s.tableMacros.without(name) } : { ...s, macros: s.macros.without(name) },
    );
  }

  sequence(path: readonly string[]): SequenceEntry | undefined {
    return this.#inSchemas(path, s => s.sequences);
  }

  sequences(): readonly SequenceEntry[] {
    return this.#state.schemas.values().flatMap(s => s.sequences.values());
  }

  withSequence(sequence: SequenceEntry): Catalog {
    return this.#withSchemaEntry(sequence.schema, s => ({
      ...s,
      sequences: s.sequences.with(sequence.name, sequence),
    }));
  }

  withoutSequence({ schema, name }: Place): Catalog {
    return this.#withSchemaEntry(schema, s => ({ ...s, sequences: s.sequences.without(name) }));
  }

  #inSchemas<T>(path: readonly string[], of: (s: SchemaEntry) => NameMap<T>): T | undefined {
    const name = path.at(-1)!;
    const schemas = path.length === 1 ? [this.#state.currentSchema, DEFAULT_SCHEMA] : [schemaName(path.at(-2)!)];
    for (const schema of schemas) {
      const entry = this.#state.schemas.get(schema);
      const found = entry && of(entry).get(name);
      if (found !== undefined) return found;
    }
    return undefined;
  }

  /** The data behind a `relation` query. */
  relation(id: number): RelationEntry | undefined {
    return this.#state.relations.get(id);
  }

  withFunctions(functions: FunctionRegistry): Catalog {
    return this.#with({ functions });
  }

  withAnonymous(entry: RelationEntry): Catalog {
    return this.#with({ relations: new Map(this.#state.relations).set(entry.id, entry) });
  }

  withoutAnonymous(id: number): Catalog {
    const relations = new Map(this.#state.relations);
    relations.delete(id);
    return this.#with({ relations });
  }

  /** The tables, views and types of another state of this catalog, with the anonymous relations of this one. */
  withSchemasOf(other: Catalog): Catalog {
    const { schemas, currentSchema } = other.#state;
    return this.#with({ schemas, currentSchema });
  }

  get schemas(): NameMap<SchemaEntry> {
    return this.#state.schemas;
  }

  withSchemas(schemas: NameMap<SchemaEntry>): Catalog {
    return this.#with({ schemas });
  }

  withCurrentSchema(name: string): Catalog {
    return this.#with({ currentSchema: schemaName(name) });
  }

  withTableFunction(f: TableFunction): Catalog {
    return this.#with({ tableFunctions: withFunction(this.#state.tableFunctions, f) });
  }

  tableFunction(name: string): TableFunction | undefined {
    return this.#state.tableFunctions.get(name);
  }

  tableFunctionNames(): readonly string[] {
    return this.#state.tableFunctions.names();
  }

  /** The table function that reads files with this name, by the name's ending ('.gz' and the like are skipped). */
  readerOf(path: string): TableFunction | undefined {
    const name = path
      .toLowerCase()
      .replace(/[?#].*$/, '')
      .replace(/\.(gz|zst|br)$/, '');
    return this.#state.tableFunctions.values().find(f => f.extensions?.some(e => name.endsWith(e)));
  }

  #withSchemaEntry(schema: string, change: (entry: SchemaEntry) => SchemaEntry): Catalog {
    const entry = this.#state.schemas.get(schemaName(schema));
    if (entry === undefined) {
      throw new RayexecError('catalog', `Schema with name ${schema} does not exist!`, {
        hint: choices(schema, this.schemaNames(), 'schemas'),
      });
    }
    return this.#with({ schemas: this.#state.schemas.with(entry.name, change(entry)) });
  }

  #with(change: Partial<CatalogState>): Catalog {
    return new Catalog({ ...this.#state, ...change });
  }
}

/** PostgreSQL's name of the default schema works too. */
const schemaName = (name: string): string => (name.toLowerCase() === 'public' ? DEFAULT_SCHEMA : name);

const withFunction = (map: NameMap<TableFunction>, f: TableFunction): NameMap<TableFunction> =>
  [f.name, ...(f.aliases ?? [])].reduce((m, name) => m.with(name, f), map);
