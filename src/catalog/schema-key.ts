/** The database's own catalog, the first part of a three-part path. */
export const CATALOG_NAME = 'memory';
export const DEFAULT_SCHEMA = 'main';

/** The catalog of what CREATE TEMP makes: its names come before all others. */
export const TEMP_CATALOG = 'temp';

/** No name of a user's has it: it is no character of text. */
const SEPARATOR = '\u001f';

/** What a schema is known by: its name in the database's own catalog; in others the catalog's name goes before it. */
export const schemaKey = (catalog: string, schema: string): string =>
  catalog.toLowerCase() === CATALOG_NAME ? ownName(schema) : `${catalog}${SEPARATOR}${ownName(schema)}`;

/** PostgreSQL's name of the default schema works too. */
const ownName = (schema: string): string => (schema.toLowerCase() === 'public' ? DEFAULT_SCHEMA : schema);

/** The catalog that a schema is in. */
export const catalogOf = (key: string): string => (key.includes(SEPARATOR) ? key.split(SEPARATOR)[0]! : CATALOG_NAME);

/** A schema's name in its catalog. */
export const schemaOf = (key: string): string => key.split(SEPARATOR).at(-1)!;

/** A schema as people write it: `s`, `db2.main`. */
export const schemaText = (key: string): string => key.replace(SEPARATOR, '.');

/** The catalog and the schema of something, as names that may stand before its own. */
export const schemaPath = ({ schema }: { readonly schema: string }): readonly string[] => [
  catalogOf(schema),
  schemaOf(schema),
];

/** The path of something in a schema that means it and nothing else. */
export const fullPath = ({ schema, name }: { readonly schema: string; readonly name: string }): readonly string[] => [
  ...schemaPath({ schema }),
  name,
];

export const TEMP_SCHEMA: string = schemaKey(TEMP_CATALOG, DEFAULT_SCHEMA);
