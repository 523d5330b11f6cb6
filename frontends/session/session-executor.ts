import type { Json } from '../../src/common/json.ts';
import { finishPieces } from '../../src/common/pieces.ts';
import type { Query } from '../../src/query/query.ts';
import type { Schema } from '../../src/types/data-type.ts';
import type {
  ArrowTableLike,
  ExplainMode,
  FileFormat,
  RunOptions,
  StreamOptions,
  WriteOptions,
} from '../dataframe/executor.ts';
import type { ResultBatch, ResultSet } from '../dataframe/result.ts';
import { readResult, takeResult, takeRows } from './result-set.ts';
import type { QueryOptions, Session } from './session.ts';
import { stopSignal } from './stop-signal.ts';
import { withVerbPlace } from './verb-errors.ts';
import { writeFile } from './write-file.ts';

/** Runs the queries of frames in a session. `query` goes with each of them. */
export class SessionExecutor {
  readonly #session: Session;
  readonly #query: QueryOptions;

  constructor(session: Session, query: QueryOptions) {
    this.#session = session;
    this.#query = query;
  }

  async collect(query: Query, options: RunOptions): Promise<ResultSet> {
    const signal = stopSignal(options);
    const { rows, schema } = await this.#run(query, signal);
    return takeResult(this.#session, schema, rows, signal);
  }

  async *stream(query: Query, { batchRows, ...limits }: StreamOptions): AsyncIterable<ResultBatch> {
    const signal = stopSignal(limits);
    const options = { ...this.#query, signal };
    const { batches, schema } = await this.#placed(query, () => this.#session.stream(query, options));
    const { memory } = this.#session.host.readyMachine;
    for await (const batch of batches) {
      yield* parts(finishPieces(readResult(memory, schema, [batch])), batchRows);
    }
  }

  async toArrow(query: Query, options: RunOptions): Promise<ArrowTableLike> {
    const signal = stopSignal(options);
    const [arrow, { toArrowTable }] = await Promise.all([
      import('apache-arrow'),
      import('../../src/batch/to-arrow-batch.ts'),
    ]);
    const { rows, schema } = await this.#run(query, signal);
    return takeRows(this.#session.host, rows, signal, memory => toArrowTable(arrow, memory, schema, rows.batches));
  }

  async explain(query: Query, { mode, ...options }: RunOptions & { readonly mode: ExplainMode }): Promise<string> {
    const { explain } = await import('./explain.ts');
    const asked = { ...this.#query, signal: stopSignal(options) };
    return this.#placed(query, () => explain(this.#session, query, mode, asked));
  }

  async schema(query: Query): Promise<Schema> {
    return (await this.#bind(query)).output;
  }

  write(query: Query, path: string, format: FileFormat, all: WriteOptions): Promise<number> {
    const { signal, timeout, ...options } = all;
    const session = this.#session;
    const asked = {
      ...this.#query,
      signal: stopSignal({ ...(signal && { signal }), ...(timeout !== undefined && { timeout }) }),
    };
    const target = { path, format, options: options as Readonly<Record<string, Json>> };
    return session.during(async () => {
      const bound = await this.#bind(query);
      const batches = await session.streamPlan(await session.plan(bound, asked), asked);
      const { rows } = await writeFile(session.host.readyMachine, { batches, schema: bound.output }, target);
      return rows;
    });
  }

  #run(query: Query, signal: AbortSignal | undefined): ReturnType<Session['run']> {
    return this.#placed(query, () => this.#session.run(query, { ...this.#query, signal }));
  }

  #bind(query: Query): ReturnType<Session['bind']> {
    return this.#placed(query, () => this.#session.bind(query, this.#query));
  }

  /** Errors of verbs say where these are called. */
  #placed<T>(query: Query, run: () => Promise<T>): Promise<T> {
    return withVerbPlace(query, run, step => this.#session.bind(step, this.#query));
  }
}

/** A batch cut into pieces of at most `size` rows. */
function* parts(batch: ResultBatch, size = batch.rowCount): Generator<ResultBatch> {
  if (batch.rowCount <= size) {
    yield batch;
    return;
  }
  for (let from = 0; from < batch.rowCount; from += size) {
    const to = Math.min(batch.rowCount, from + size);
    const column = (index: number) => Array.prototype.slice.call(batch.column(index), from, to);
    yield { schema: batch.schema, rowCount: to - from, column };
  }
}
