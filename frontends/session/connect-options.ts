import { Connection } from './connection.ts';
import { Database } from './database.ts';
import { checkTables, type FilesOf, type TablesOf } from './database-schema.ts';
import type { EngineOptions } from './engine.ts';

export type ConnectOptions = {
  /** Worker threads; 0: everything on the calling thread. Default: what the machine has. */
  readonly threads?: number | undefined;
  /**
   * Bytes that tables and queries may take together; queries that need more use temporary files. Default: 80 % of what
   * the process may use, at most what the linear memory holds, 4 GiB.
   */
  readonly memoryLimit?: number | undefined;
  /** Where the worker's module is, for pages and bundles that move it. */
  readonly workerUrl?: URL | undefined;
  /**
   * The kernels of `rayexec/kernels.wasm`, compiled, where the package may not compile its own copy: in runtimes that
   * take WebAssembly by import only.
   */
  readonly wasm?: WebAssembly.Module | Promise<WebAssembly.Module> | undefined;
};

/** The database that `connect` opens: typed by its schema, else by what the program says. */
export type Connected<DB, S> = Database<[DB] extends [never] ? TablesOf<S> : DB, FilesOf<S>>;

/** What types a database: a schema with tables and files, as `rayexec typegen` writes it. */
export type SchemaOption<S> = {
  /** Names, types and nullability are compared with the files when a query is bound. */
  readonly schema?: S | undefined;
};

/** A database whose engine opens with the first query. @throws RayexecError `invalid-argument` for a schema without sense */
export function openDatabase<DB, S>(options: EngineOptions): Connected<DB, S> {
  const { schema } = options;
  if (schema !== undefined) checkTables(schema);
  const connection = new Connection(async provided => {
    const { Engine } = await import('./engine.ts');
    return Engine.open(options, provided);
  });
  return new Database(connection, schema?.files) as Connected<DB, S>;
}
