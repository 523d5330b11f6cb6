import type { Query } from '../../src/query/query.ts';
import type { Schema } from '../../src/types/data-type.ts';
import type { ValueOptions } from '../../src/types/value-options.ts';
import type { ResultBatch, ResultSet } from './result.ts';

/** What frames need of a database: the session implements it, so that this frontend knows no engine. */
export interface Executor {
  /** The same for two executors exactly if their frames may be joined. */
  readonly id: unknown;
  /** How rows hold values where a call does not say. */
  readonly values?: ValueOptions | undefined;
  /** The column names of a table or relation, if they are known without waiting for anything. */
  columnNames?(query: Query): readonly string[] | undefined;
  /** Runs the query; all rows at once. */
  collect(query: Query, options: RunOptions): Promise<ResultSet>;
  /** Runs the query; batches as they come. Leaving the loop cancels the rest. */
  stream(query: Query, options: StreamOptions): AsyncIterable<ResultBatch>;
  /** Runs the query; an Arrow table, exact in all types. */
  toArrow(query: Query, options: RunOptions): Promise<ArrowTableLike>;
  /** The plan as text; 'analyze' runs the query; 'html' too, and gives a page; 'stages' shows how it would be cut for tasks that share no memory; 'trace' runs it, and gives its tasks in Chrome's trace format. */
  explain(query: Query, options: RunOptions & { readonly mode: ExplainMode }): Promise<string>;
  /** The result's columns, without running the query. */
  schema(query: Query): Promise<Schema>;
  /** Looks up all names and types; rejects with what `collect` would find before running. */
  check(query: Query): Promise<void>;
  /** Runs the query into a file and tells the number of rows written. */
  write(query: Query, target: string, format: FileFormat, options: WriteOptions): Promise<number>;
  /** The query as SQL with pipe syntax, or `classic` SELECTs. */
  toSQL(query: Query, options: { readonly classic?: boolean }): string;
}

export interface RunOptions {
  /** Ends the query with an error of code 'cancelled'. */
  readonly signal?: AbortSignal;
  /** Ends the query with an error of code 'timeout' after so many milliseconds. */
  readonly timeout?: number;
}
export interface StreamOptions extends RunOptions {
  /** At most so many rows a batch. */
  readonly batchRows?: number;
}
export type ExplainMode = 'plan' | 'verbose' | 'analyze' | 'stages' | 'html' | 'trace';
export type FileFormat = 'parquet' | 'csv' | 'json' | 'arrow';
/** The format's options as in SQL's COPY: `{ compression: 'zstd', header: true }`. */
export interface WriteOptions extends RunOptions {
  readonly [option: string]: unknown;
}

/** What an Arrow table surely offers; the library's own type is not needed to compile. */
export interface ArrowTableLike {
  readonly numRows: number;
  readonly numCols: number;
  getChild(name: string): unknown;
}
