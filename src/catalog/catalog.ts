import { RayexecError, type Span } from '../common/errors.ts';
import { choices, didYouMean } from '../common/suggest.ts';
import type { FunctionRegistry } from '../functions/registry.ts';
import type { TableFunction } from '../protocol/table-function.ts';
import type { ObjectName } from '../query/statement.ts';
import type { MacroEntry, RelationEntry, SequenceEntry, TableEntry, TypeEntry, ViewEntry } from './entry.ts';
import { NameMap } from './name-map.ts';
import {
  CATALOG_NAME,
  catalogOf,
  DEFAULT_SCHEMA,
  schemaKey,
  schemaText,
  TEMP_CATALOG,
  TEMP_SCHEMA,
} from './schema-key.ts';

/** A place in the catalog: schema (by its key) and name, resolved from a path of one to three parts. */
export type Place = { readonly schema: string; readonly name: string };

/** What a schema holds, by name. */
export type SchemaEntry = {
  readonly name: string;
  readonly relations: NameMap<TableEntry | ViewEntry>;
  readonly types: NameMap<TypeEntry>;
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

/**
 * What names mean: schemas with tables and views, functions. Immutable: `with…` and `without…` return a new catalog, so
 * that a statement keeps the one it started with. Anonymous relations belong to no state: they are known by numbers, which
 * only frames that read them have.
 */
export class Catalog {
  readonly #state: CatalogState;

  private constructor(state: CatalogState) {
    this.#state = state;
  }

  /**
   * A catalog with the schema `main`, one for temporary things, and the given functions.
   * @param relations rows that programs hand over, by their numbers; whoever owns the map adds and removes them
   */
  static create(
    functions: FunctionRegistry,
    tableFunctions: readonly TableFunction[] = [],
    relations: ReadonlyMap<number, RelationEntry> = new Map(),
  ): Catalog {
    return new Catalog({
      schemas: NameMap.empty<SchemaEntry>()
        .with(DEFAULT_SCHEMA, emptySchema(DEFAULT_SCHEMA))
        .with(TEMP_SCHEMA, emptySchema(TEMP_SCHEMA)),
      relations,
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

  get currentCatalog(): string {
    return catalogOf(this.#state.currentSchema);
  }

  /** The catalogs by name: the database's own, attached ones, that of temporary things. */
  get catalogNames(): readonly string[] {
    return [...new Set([CATALOG_NAME, ...this.#state.schemas.names().map(catalogOf)])];
  }

  #catalog(name: string): string | undefined {
    return this.catalogNames.find(c => c.toLowerCase() === name.toLowerCase());
  }

  /** @throws RayexecError `catalog` for a catalog that there is not */
  catalogNamed(name: string, span: Span | undefined): string {
    const found = this.#catalog(name);
    if (found !== undefined) return found;
    throw new RayexecError('catalog', `Catalog "${name}" does not exist!`, {
      span,
      hint: didYouMean(name, this.catalogNames),
    });
  }

  /**
   * Where something new of a name goes.
   * @param temporary its place is among temporary things, which nobody needs to name
   * @throws RayexecError `catalog` for a path that names no catalog, or more than three parts
   */
  place(name: ObjectName, temporary = false): Place {
    const path = [...name.path];
    const [last] = path.slice(-1);
    if (path.length > 3 || last === undefined) {
      throw new RayexecError('catalog', `"${name.path.join('.')}" is no name of a table`, {
        span: name.span,
        hint: 'a name is table, schema.table or catalog.schema.table',
      });
    }
    const schema = this.schemaAt({ path: path.slice(0, -1), span: name.span }, temporary ? TEMP_SCHEMA : undefined);
    if (temporary && path.length === 2 && schema === DEFAULT_SCHEMA) return { schema: TEMP_SCHEMA, name: last };
    if (temporary !== (catalogOf(schema) === TEMP_CATALOG) && (temporary || path.length === 1))
      throw new RayexecError('catalog', 'temporary things are in the catalog "temp" alone', {
        span: name.span,
        hint: `CREATE TEMP … ${last}`,
      });
    return { schema, name: last };
  }

  /**
   * The key of the schema that a path names: `s`, `catalog`, `catalog.s`; there need not be one.
   * @param without the schema that an empty path means
   * @throws RayexecError `catalog` for a catalog that there is not
   */
  schemaAt(name: ObjectName, without = this.#state.currentSchema): string {
    const [first, second] = name.path;
    if (first === undefined) return without;
    if (second === undefined) {
      const own = schemaKey(this.currentCatalog, first);
      const catalog = this.#catalog(first);
      return this.#state.schemas.has(own) || catalog === undefined ? own : schemaKey(catalog, DEFAULT_SCHEMA);
    }
    return schemaKey(this.catalogNamed(first, name.span), second);
  }

  /** The schemas that a path's schema may mean, the first that has the name counts. */
  #schemasOf(path: readonly string[]): readonly string[] {
    const [first, second] = path;
    if (path.length === 1)
      return [TEMP_SCHEMA, this.#state.currentSchema, schemaKey(this.currentCatalog, DEFAULT_SCHEMA)];
    if (path.length === 3) return [schemaKey(first!, second!)];
    // With two parts the first may be the schema or the catalog, as DuckDB has it.
    const inTemp = first!.toLowerCase() === DEFAULT_SCHEMA ? [TEMP_SCHEMA] : [];
    return [schemaKey(this.currentCatalog, first!), ...inTemp, schemaKey(first!, DEFAULT_SCHEMA)];
  }

  /** The table or view that a path names, if there is one. */
  find(path: readonly string[]): TableEntry | ViewEntry | undefined {
    return this.#inSchemas(path, s => s.relations);
  }

  /** The table or view at a place, if there is one. */
  at({ schema, name }: Place): TableEntry | ViewEntry | undefined {
    return this.#state.schemas.get(schema)?.relations.get(name);
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

  hasSchema(key: string): boolean {
    return this.#state.schemas.has(key);
  }

  /** The schemas' keys, without that of temporary things while there are none. */
  schemaKeys(): readonly string[] {
    return this.#state.schemas.names().filter(key => key !== TEMP_SCHEMA || !isEmpty(this.#state.schemas.get(key)!));
  }

  /** The schemas as people write them. */
  schemaNames(): readonly string[] {
    return this.schemaKeys().map(schemaText);
  }

  /** Tables and views of one schema, or of all, sorted by name. */
  entries(schema?: string): readonly (TableEntry | ViewEntry)[] {
    const all = schema === undefined ? this.#state.schemas.values() : [this.#state.schemas.get(schema)];
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
  type(path: readonly string[]): TypeEntry | undefined {
    return this.#inSchemas(path, s => s.types);
  }

  typeNames(): readonly string[] {
    return this.#state.schemas.values().flatMap(s => s.types.names());
  }

  types(): readonly TypeEntry[] {
    return this.#state.schemas.values().flatMap(s => s.types.values());
  }

  withType(type: TypeEntry): Catalog {
    return this.#withSchemaEntry(type.schema, s => ({ ...s, types: s.types.with(type.name, type) }));
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
    if (path.length === 0 || path.length > 3) return undefined;
    for (const schema of this.#schemasOf(path)) {
      const entry = this.#state.schemas.get(schema);
      const found = entry && of(entry).get(path.at(-1)!);
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

  /** The tables, views and types of another state of this catalog, with the functions of this one. */
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

  withCurrentSchema(key: string): Catalog {
    return this.#with({ currentSchema: key });
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
    const entry = this.#state.schemas.get(schema);
    if (entry === undefined) {
      throw new RayexecError('catalog', `Schema with name ${schemaText(schema)} does not exist!`, {
        hint: choices(schema, this.schemaNames(), 'schemas'),
      });
    }
    return this.#with({ schemas: this.#state.schemas.with(entry.name, change(entry)) });
  }

  #with(change: Partial<CatalogState>): Catalog {
    return new Catalog({ ...this.#state, ...change });
  }
}

const isEmpty = ({ name: _, ...maps }: SchemaEntry): boolean => Object.values(maps).every(m => m.names().length === 0);

const withFunction = (map: NameMap<TableFunction>, f: TableFunction): NameMap<TableFunction> =>
  [f.name, ...(f.aliases ?? [])].reduce((m, name) => m.with(name, f), map);
