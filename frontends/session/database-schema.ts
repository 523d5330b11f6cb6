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

/** The catalog with a view for each table of the schema. @throws RayexecError `invalid-argument` */
export function withTablesOf(schema: DatabaseSchema, catalog: Catalog): Catalog {
  return Object.entries(schema.tables ?? {}).reduce((before, [name, path]) => {
    const columns = schema.files[path];
    const reader = before.readerOf(path);
    if (columns === undefined || reader === undefined) {
      const problem =
        columns === undefined ? "which the schema's files lack" : 'which is no kind of file that is known';
      throw new RayexecError('invalid-argument', `the schema's table "${name}" is '${path}', ${problem}`);
    }
    const query = fileQuery(reader.name, path, { schema: columns });
    return before.withRelation({ kind: 'view', schema: DEFAULT_SCHEMA, name, query });
  }, catalog);
}
