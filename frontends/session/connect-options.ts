import type { ValueOptions } from '../../src/types/value-options.ts';
import type { RowValues } from '../dataframe/index.ts';
import { checkRowValues } from './check-row-values.ts';
import { Connection } from './connection.ts';
import { Database } from './database.ts';
import { checkTables, type FilesOf, type TablesOf } from './database-schema.ts';
import type { Engine, EngineOptions } from './engine.ts';
import type { Provided } from './provided.ts';

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

/** Values whose form in rows is not declared have the usual one: the compiler's message. */
type Undeclared = {
  readonly [K in Exclude<
    keyof ValueOptions,
    keyof RowValues
  >]?: `declare it first: declare module 'rayexec' { interface RowValues { ${K}: … } }`;
};

/** What `connect` takes: with `values`, exactly as `RowValues` declares them. */
export type ConnectArguments<O> = [keyof RowValues] extends [never]
  ? [
      options?: O & {
        /**
         * How rows of all frames hold values, where `collect` and its like don't say. So that types follow, what it says is
         * declared: `declare module 'rayexec' { interface RowValues { int64: 'bigint' } }`.
         */
        readonly values?: Undeclared;
      },
    ]
  : [
      options: O & {
        /** How rows of all frames hold values, where `collect` and its like don't say: as `RowValues` declares it. */
        readonly values: {
          readonly [K in keyof RowValues & keyof ValueOptions]: RowValues[K] & ValueOptions[K];
        } & Undeclared;
      },
    ];

/** A database whose engine opens with the first query. @throws RayexecError `invalid-argument` for a schema or values without sense */
export function openDatabase<DB, S>(options: EngineOptions, values?: object): Connected<DB, S> {
  const { schema } = options;
  if (schema !== undefined) checkTables(schema);
  if (values !== undefined) checkRowValues(values);
  const open = async (provided: Provided): Promise<Engine> =>
    (await import('./engine.ts')).Engine.open(options, provided);
  const connection = new Connection(open, undefined, values);
  return new Database(connection, schema?.files) as Connected<DB, S>;
}
