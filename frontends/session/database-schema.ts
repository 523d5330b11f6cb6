import type { Catalog } from '../../src/catalog/catalog.ts';
import { DEFAULT_SCHEMA } from '../../src/catalog/schema-key.ts';
import { RayexecError } from '../../src/common/errors.ts';
import type { ColumnsOfLiteral, SchemaLiteral } from '../dataframe/schema-literal.ts';
import type { Tables } from './database.ts';
import { fileQuery } from './file-query.ts';

/** What `rayexec typegen` writes: the columns of files by path or glob, and tables that are such files. */
export type DatabaseSchema = {
  /** For each table which of the files it is. */
  readonly tables?: { readonly [name: string]: string };
  readonly files: { readonly [path: string]: SchemaLiteral };
};

/** The tables of a schema, from name to static columns. */
export type TablesOf<S> = [S] extends [never]
  ? Tables
  : S extends { readonly tables: infer T; readonly files: infer F }
    ? { -readonly [N in keyof T]: T[N] extends keyof F ? ColumnsOfLiteral<F[T[N]]> : never }
    : Tables;
/** The files of a schema, from path to static columns. */
export type FilesOf<S> = [S] extends [never]
  ? NoFiles
  : S extends { readonly files: infer F }
    ? { -readonly [P in keyof F]: ColumnsOfLiteral<F[P]> }
    : NoFiles;
/** No literal path has known columns. */
// biome-ignore lint/complexity/noBannedTypes: exactly no keys, not "any keys that hold nothing"
export type NoFiles = {};

/** @throws RayexecError `invalid-argument` for a table that is none of the files */
export function checkTables({ tables = {}, files }: DatabaseSchema): void {
  for (const [name, path] of Object.entries(tables)) {
    if (files[path] === undefined) throw noTable(name, path, "which the schema's files lack");
  }
}

/** The catalog with a view for each table of the schema. @throws RayexecError `invalid-argument` */
export function withTablesOf({ tables = {}, files }: DatabaseSchema, catalog: Catalog): Catalog {
  return Object.entries(tables).reduce((before, [name, path]) => {
    const reader = before.readerOf(path);
    if (reader === undefined) throw noTable(name, path, 'which is no kind of file that is known');
    const query = fileQuery(reader.name, path, { schema: files[path] });
    return before.withRelation({ kind: 'view', schema: DEFAULT_SCHEMA, name, query });
  }, catalog);
}

const noTable = (name: string, path: string, problem: string): RayexecError =>
  new RayexecError('invalid-argument', `the schema's table "${name}" is '${path}', ${problem}`);
