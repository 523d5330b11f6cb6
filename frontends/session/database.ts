import type { Query } from '../../src/query/query.ts';
import {
  type Any,
  type ArrowTableLike,
  type DataFrame,
  type Dynamic,
  frameOf,
  type SchemaOf,
} from '../dataframe/index.ts';
import type { ColumnLiteral, ColumnsOfLiteral, SchemaLiteral } from '../dataframe/schema-literal.ts';
import { isStandardSchema, type StandardSchema, validRow } from '../dataframe/standard-schema.ts';
import type { FunctionCall, FunctionCode, FunctionOptions, ModuleCode } from '../dataframe/user-function-types.ts';
import { Connection } from './connection.ts';
import type { DatabaseSchema, NoFiles } from './database-schema.ts';
import { defineFunction } from './define-function.ts';
import { type FileOptions, fileQuery } from './file-query.ts';
import { FrameExecutor } from './frame-executor.ts';
import { type Parameters, parameterScalars } from './parameters.ts';
import { queryOfText } from './query-of-text.ts';
import { type ColumnsOf, relationOfArrow, relationOfColumns, relationOfRows } from './relation.ts';
import type { Result } from './result.ts';
import { parseTemplate, type TemplateValue } from './sql-template.ts';
import type { CheckedSql, SqlColumns } from './sql-types/index.ts';
import { stopSignal } from './stop-signal.ts';
import { substituteParameters } from './substitute-parameters.ts';

/** Open interface of tables that a program declares, for typed `db.table(…)`: `interface Tables { users: { id: 'int64' } }`. */
// biome-ignore lint/suspicious/noEmptyInterface: it is filled by declaration merging
export interface Tables {}

/** A path, glob or URL, or several of them. */
type Paths = string | readonly string[];
/** A file's columns: those that are asked for (S), else the options' schema, else what the database's schema knows. */
type FileColumns<Files, P, O, S> = [S] extends [never]
  ? O extends { readonly schema: infer L extends SchemaLiteral }
    ? ColumnsOfLiteral<L>
    : P extends keyof Files
      ? Files[P]
      : Dynamic
  : S;
/** The columns of rows R, as a schema L has them if there is one. */
type RowColumns<R, L> = [L] extends [never]
  ? SchemaOf<R>
  : L extends StandardSchema<Any, infer Output>
    ? SchemaOf<Output>
    : ColumnsOfLiteral<L>;

/** SQL as text, or as a tagged template's parts. */
export type SqlText = string | TemplateStringsArray;

export type ExecuteOptions = {
  /** Ends the statement with an error of code 'cancelled', or 'timeout'. */
  readonly signal?: AbortSignal | undefined;
  /** Ends the statement with an error of code 'timeout' after so many milliseconds. */
  readonly timeout?: number | undefined;
  /** Told now and then how much of a query's input has been started, from 0 to 1. */
  readonly onProgress?: ((part: number) => void) | undefined;
};

/**
 * A database: tables in memory, files, and queries over both. Frames and statements of one database share its memory
 * and threads; dispose it to give them back.
 */
export class Database<DB = Tables, Files = NoFiles> {
  readonly #connection: Connection;
  readonly #files: DatabaseSchema['files'];

  /** @param files the columns of files by path */
  constructor(connection: Connection, files: DatabaseSchema['files'] = {}) {
    this.#connection = connection;
    this.#files = files;
  }

  /**
   * A table or view by its name.
   * @example db.table('orders').filter(t => t.total.gt(100))
   */
  table<N extends (keyof DB & string) | (keyof DB extends never ? string : never)>(
    name: N,
  ): DataFrame<N extends keyof DB ? DB[N] : Dynamic> {
    return this.#frame({ kind: 'table', path: name.split('.') });
  }

  /**
   * Rows of JavaScript objects; types are inferred unless a schema names them. One of zod, valibot, arktype or another
   * library of standardschema.dev checks each row at the call, and types are inferred from what it makes of them.
   * The rows take memory as long as a frame that reads them can be reached.
   * @example db.from(rows, { schema: { id: 'int64', name: 'string?' } })
   * @throws RayexecError `constraint`, `conversion` for rows that do not fit
   */
  from<R extends object, const L extends SchemaLiteral | StandardSchema<Any, object> = never>(
    rows: readonly R[],
    options: { readonly schema?: L } = {},
  ): DataFrame<RowColumns<R, L>> {
    const { schema } = options;
    const checked = isStandardSchema(schema) ? rows.map((row, i) => validRow(schema, row, i)) : rows;
    const literal = isStandardSchema(schema) ? undefined : (schema as SchemaLiteral | undefined);
    return this.#frame(relationOfRows(this.#connection, checked as readonly Record<string, unknown>[], literal));
  }

  /**
   * Columns by name: typed arrays are copied as they are.
   * @example db.fromColumns({ x: new Float64Array([1, 2]), name: ['a', 'b'] })
   */
  fromColumns<C extends Readonly<Record<string, ArrayLike<unknown>>>>(columns: C): DataFrame<ColumnsOf<C>> {
    return this.#frame(relationOfColumns(this.#connection, columns));
  }

  /**
   * An Arrow table, or the bytes of one in IPC form; copied when a query first reads it.
   * @example db.fromArrow<{ id: 'int64' }>(tableFromIPC(bytes))
   */
  fromArrow<S = Dynamic>(data: ArrowTableLike | Uint8Array): DataFrame<S> {
    return this.#frame(relationOfArrow(this.#connection, data));
  }

  /**
   * Parquet files by path, glob, URL or a list of them.
   * @example db.parquet('data/*.parquet', { schema: { id: 'int64', name: 'string?' } })
   */
  parquet<S = never, const P extends Paths = Paths, const O extends FileOptions = FileOptions>(
    path: P,
    options?: O,
  ): DataFrame<FileColumns<Files, P, O, S>> {
    return this.#read('read_parquet', path, options);
  }

  /**
   * CSV files, whose header, delimiter and types are found.
   * @example db.csv<{ id: 'int64'; name: 'string' | null }>('people.csv.gz')
   */
  csv<S = never, const P extends Paths = Paths, const O extends FileOptions = FileOptions>(
    path: P,
    options?: O,
  ): DataFrame<FileColumns<Files, P, O, S>> {
    return this.#read('read_csv', path, options);
  }

  /**
   * JSON: an array of objects, or one object a line.
   * @example db.json<{ id: 'int64' }>('events/*.ndjson')
   */
  json<S = never, const P extends Paths = Paths, const O extends FileOptions = FileOptions>(
    path: P,
    options?: O,
  ): DataFrame<FileColumns<Files, P, O, S>> {
    return this.#read('read_json', path, options);
  }

  /**
   * Arrow IPC files.
   * @example db.arrow<{ id: 'int64' }>('events.arrow')
   */
  arrow<S = never, const P extends Paths = Paths, const O extends FileOptions = FileOptions>(
    path: P,
    options?: O,
  ): DataFrame<FileColumns<Files, P, O, S>> {
    return this.#read('read_arrow', path, options);
  }

  /**
   * A query as a frame: `db.sql('select … where x > $min', { min: 3 })`, or as a template whose values become
   * parameters and whose frames become tables. Over typed tables the compiler reads a literal's columns from its text;
   * what it does not know is untyped, and columns or tables that are not there are its errors. A template's columns are
   * untyped, or those named: `db.sql<{ n: 'int64' }>`.
   * @throws RayexecError `parse` at the call
   */
  sql<S = never, const Text extends SqlText = SqlText>(
    text: Text extends string ? CheckedSql<DB, Text> : Text,
    ...rest: Text extends string ? [parameters?: Parameters] : readonly TemplateValue[]
  ): DataFrame<[S] extends [never] ? (Text extends string ? SqlColumns<DB, Text> : Dynamic) : S>;
  sql<S>(text: SqlText, ...rest: readonly unknown[]): DataFrame<S> {
    if (typeof text !== 'string') {
      const { query, source } = parseTemplate(text, rest);
      return frameOf<S>(query, new FrameExecutor(this.#connection, { source }));
    }
    const parameters = parameterScalars(rest[0] as Parameters | undefined);
    return frameOf<S>(
      substituteParameters(queryOfText(text), parameters),
      new FrameExecutor(this.#connection, { source: text }),
    );
  }

  /**
   * A scalar function in JavaScript, for expressions and by its name in SQL. It is called for each row with an argument of
   * each type, as rows have them; NULL gives NULL without a call unless the type has a question mark. `vectorized`: it is
   * called with whole columns and the number of rows. A function of the program runs queries on the calling thread; one of
   * a module, `{ module: new URL('./score.js', import.meta.url) }`, on all threads. `volatile`: it gives other results for
   * the same arguments.
   * @example const score = db.udf('score', ['string', 'int32'], 'float64', (text, n) => text.length / n)
   *   df.withColumns(t => ({ s: score(t.name, t.n) })); db.sql('select score(name, n) as s from t')
   * @throws RayexecError `invalid-argument` for a name that SQL can't call or has, and types that there are not
   */
  udf<const A extends readonly ColumnLiteral[], const R extends ColumnLiteral, const O extends FunctionOptions>(
    name: string,
    args: A,
    returns: R,
    code: FunctionCode<A, NoInfer<R>, O> | ModuleCode,
    options?: O,
  ): FunctionCall<A, R> {
    return defineFunction(this.#connection.provided, name, args, returns, code, options) as never;
  }

  /**
   * Runs any statement, or several separated by semicolons; the last one's result.
   * @example await db.execute('INSERT INTO stock VALUES ($sku, 5)', { sku: 'pen' })
   */
  async execute(text: string, parameters?: Parameters, options: ExecuteOptions = {}): Promise<Result> {
    const values = parameterScalars(parameters);
    const { onProgress } = options;
    const signal = stopSignal(options);
    return (await this.#connection.engine()).execute(text, values, { onProgress, signal });
  }

  /**
   * Runs a function in a transaction: what it does through `tx` is seen by others when the function has ended well, all
   * of it at once, or (when it throws) never. Meanwhile it sees the state of before, and its own changes.
   * @throws RayexecError `conflict` when another transaction has changed the same tables and was first
   */
  async transaction<T>(run: (tx: Database<DB, Files>) => Promise<T>): Promise<T> {
    const engine = await this.#connection.engine();
    return engine.transaction(own =>
      run(new Database<DB, Files>(Connection.to(own, this.#connection.values), this.#files)),
    );
  }

  /** Loads the engine, compiles the kernels and reserves the memory now rather than with the first query. */
  async ready(): Promise<this> {
    await (await this.#connection.engine()).session.host.machine();
    return this;
  }

  /** Gives back memory and threads. Queries after this fail. */
  close(): Promise<void> {
    return this.#connection.close();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  #read<S>(fn: string, path: Paths, options: FileOptions = {}): DataFrame<S> {
    const known = typeof path === 'string' && Object.hasOwn(this.#files, path) ? this.#files[path] : undefined;
    return this.#frame(fileQuery(fn, path, { schema: known, ...options }));
  }

  #frame<S>(query: Query): DataFrame<S> {
    return frameOf<S>(query, new FrameExecutor(this.#connection));
  }
}
