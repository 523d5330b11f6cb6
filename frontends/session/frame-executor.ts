import type { Query } from '../../src/query/query.ts';
import type { Schema } from '../../src/types/data-type.ts';
import type { ValueOptions } from '../../src/types/value-options.ts';
import type {
  ArrowTableLike,
  Executor,
  ExplainMode,
  FileFormat,
  RunOptions,
  StreamOptions,
  WriteOptions,
} from '../dataframe/executor.ts';
import { knownColumns } from '../dataframe/known-columns.ts';
import type { ResultBatch, ResultSet } from '../dataframe/result.ts';
import { classicQuery } from '../sql/classic-query.ts';
import { printQuery } from '../sql/index.ts';
import type { Connection } from './connection.ts';
import type { QueryOptions } from './session.ts';
import type { SessionExecutor } from './session-executor.ts';

/** What DataFrames collect through: one database. `options` go with every query that starts from it. */
export class FrameExecutor implements Executor {
  readonly #connection: Connection;
  readonly #query: QueryOptions;

  constructor(connection: Connection, query: QueryOptions = {}) {
    this.#connection = connection;
    this.#query = query;
  }

  get id(): unknown {
    return this.#connection.provided;
  }

  get values(): ValueOptions | undefined {
    return this.#connection.values;
  }

  /** Names of the columns, where no file needs to be opened for them. */
  columnNames(query: Query): readonly string[] | undefined {
    if (query.kind === 'relation') return this.#connection.provided.columnsOf(query.id);
    if (query.kind !== 'table') return undefined;
    const entry = this.#connection.opened?.session.catalog.find(query.path);
    return entry?.kind === 'table' ? entry.columns.map(c => c.name) : undefined;
  }

  async collect(query: Query, options: RunOptions): Promise<ResultSet> {
    return (await this.#executor()).collect(query, options);
  }

  async *stream(query: Query, options: StreamOptions): AsyncIterable<ResultBatch> {
    yield* (await this.#executor()).stream(query, options);
  }

  async toArrow(query: Query, options: RunOptions): Promise<ArrowTableLike> {
    return (await this.#executor()).toArrow(query, options);
  }

  async explain(query: Query, options: RunOptions & { readonly mode: ExplainMode }): Promise<string> {
    return (await this.#executor()).explain(query, options);
  }

  async schema(query: Query): Promise<Schema> {
    return (await this.#executor()).schema(query);
  }

  async check(query: Query): Promise<void> {
    await this.schema(query);
  }

  async write(query: Query, path: string, format: FileFormat, options: WriteOptions): Promise<number> {
    return (await this.#executor()).write(query, path, format, options);
  }

  toSQL(query: Query, { classic = false }: { readonly classic?: boolean }): string {
    return printQuery(classic ? classicQuery(query, q => knownColumns(q, this)) : query);
  }

  async #executor(): Promise<SessionExecutor> {
    return (await this.#connection.engine()).executor(this.#query);
  }
}
