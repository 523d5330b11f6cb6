import { throwIfCancelled } from '../../src/common/cancellation.ts';
import { RayexecError } from '../../src/common/errors.ts';
import type { Pieces } from '../../src/common/pieces.ts';
import { runPieces, Slices } from '../../src/common/slices.ts';
import type { Query } from '../../src/query/query.ts';
import type { Schema } from '../../src/types/data-type.ts';
import type { ValueOptions } from '../../src/types/value-options.ts';
import { checkColumns } from './check-columns.ts';
import { checkValueForms } from './check-value-forms.ts';
import type {
  ArrowTableLike,
  Executor,
  ExplainMode,
  FileFormat,
  RunOptions,
  StreamOptions,
  WriteOptions,
} from './executor.ts';
import { call, name } from './expr-node.ts';
import { FrameBatch } from './frame-batch.ts';
import { htmlTable } from './html-table.ts';
import type { Js, JsColumn } from './js-values.ts';
import { integer } from './literal.ts';
import { readColumns, readRows, readValues } from './read-rows.ts';
import type { ResultBatch } from './result.ts';
import { terminalWidth } from './terminal-width.ts';
import { textTable } from './text-table.ts';
import { valueNotes } from './value-notes.ts';

/** Rows that a notebook shows. */
const DISPLAYED_ROWS = 50;

/** How values come out, and a signal to give up. */
export interface CollectOptions extends ValueOptions, RunOptions {}

/** The half of a DataFrame that runs queries. Frames are lazy: nothing runs before one of these is called. */
export abstract class FrameResults<in out S> {
  /** What the frame stands for, as plain data. */
  readonly query: Query;
  /** The database that the frame's tables are in. */
  readonly executor: Executor;

  constructor(query: Query, executor: Executor) {
    this.query = query;
    this.executor = executor;
  }

  /**
   * Runs the query; the rows as plain objects.
   * @example const rows = await df.collect({ int64: 'bigint' })
   */
  async collect<const O extends CollectOptions = object>(options?: O): Promise<{ [K in keyof S]: Js<S[K], O> }[]> {
    return (await this.#run(this.query, options, readRows)) as { [K in keyof S]: Js<S[K], O> }[];
  }

  /**
   * The first row, or undefined when there is none.
   * @example const newest = await df.sort(desc('placed')).first()
   */
  async first<const O extends CollectOptions = object>(
    options?: O,
  ): Promise<{ [K in keyof S]: Js<S[K], O> } | undefined> {
    return (await this.#run(limited(this.query, 1), options, readRows))[0] as
      | { [K in keyof S]: Js<S[K], O> }
      | undefined;
  }

  /**
   * The only row; rejects with 'invalid-argument' unless there is exactly one.
   * @example const { total } = await df.agg(t => ({ total: t.price.sum() })).one()
   */
  async one<const O extends CollectOptions = object>(options?: O): Promise<{ [K in keyof S]: Js<S[K], O> }> {
    const rows = await this.#run(limited(this.query, 2), options, readRows);
    if (rows.length === 1) return rows[0] as { [K in keyof S]: Js<S[K], O> };
    const found = rows.length === 0 ? 'no row' : 'more than one row';
    throw new RayexecError('invalid-argument', `one(): there is ${found}`, {
      hint: 'first() takes any number of rows',
    });
  }

  /**
   * How many rows there are.
   * @example const n = await df.filter(t => t.price.gt(5)).count()
   */
  async count(options: RunOptions = {}): Promise<number> {
    const aggregates = [{ name: 'count', expr: call('count') }];
    const counted: Query = { kind: 'aggregate', input: this.query, keys: [], aggregates };
    const result = await this.executor.collect(counted, options);
    return Number(result.column(0)[0]);
  }

  /**
   * The values of one column.
   * @example const ids = await df.values('id')
   */
  async values<N extends keyof S & string, const O extends CollectOptions = object>(
    column: N,
    options?: O,
  ): Promise<Js<S[N], O>[]> {
    const only: Query = { kind: 'select', from: this.query, items: [{ expr: name(column) }] };
    checkColumns(only, this.executor);
    return (await this.#run(only, options, (batch, o) => readValues(batch, 0, o))) as Js<S[N], O>[];
  }

  /**
   * All columns; numbers without NULLs as typed arrays.
   * @example const { x, y } = await df.toColumns()
   */
  async toColumns<const O extends CollectOptions = object>(
    options?: O,
  ): Promise<{ [K in keyof S]: JsColumn<S[K], O> }> {
    return (await this.#run(this.query, options, readColumns)) as { [K in keyof S]: JsColumn<S[K], O> };
  }

  /**
   * All rows as an Arrow table, exact in all types.
   * @example const table = await df.toArrow()
   */
  toArrow(options: RunOptions = {}): Promise<ArrowTableLike> {
    return this.executor.toArrow(this.query, options);
  }

  /**
   * The rows batch by batch, as they are computed.
   * @example for await (const batch of df.stream()) send(batch.rows())
   */
  async *stream<const O extends CollectOptions & StreamOptions = object>(
    options?: O,
  ): AsyncGenerator<FrameBatch<S, O>, void, undefined> {
    checkValueForms(options ?? {});
    for await (const batch of this.executor.stream(this.query, options ?? {})) {
      yield new FrameBatch<S, O>(batch, { ...this.executor.values, ...options });
    }
  }

  /**
   * Prints the first rows as a table that fits the terminal, numbers with all their digits; `width` says how many characters
   * there are, if it is another one.
   */
  async show(rows = 20, options: RunOptions & { readonly width?: number | undefined } = {}): Promise<void> {
    const { width = terminalWidth(), ...run } = options;
    const result = await this.executor.collect(limited(this.query, rows + 1), run);
    console.log(textTable(result, rows, width));
  }

  /**
   * How the query would run; with `analyze` it runs, and the plan shows rows and times; with `stages`, how it would be cut
   * into stages of as many tasks as the setting `partitions` says, which share no memory; with `html` it runs, and the text is
   * a page with the operators' rows, times, and a time line of each partition; with `trace` it runs, and the text is JSON of its
   * tasks on a cluster for chrome://tracing or ui.perfetto.dev. The plan ends with notes on columns whose values a number may
   * not hold.
   */
  async explain(
    options: RunOptions & { readonly [mode in Exclude<ExplainMode, 'plan'>]?: boolean } = {},
  ): Promise<string> {
    const { analyze, stages, verbose, html, trace, ...run } = options;
    const chosen = { trace, html, analyze, stages, verbose };
    const modes = ['trace', 'html', 'analyze', 'stages', 'verbose'] as const;
    const mode = modes.find(m => chosen[m]) ?? 'plan';
    const text = await this.executor.explain(this.query, { ...run, mode });
    const notes = mode === 'plan' ? await this.#notes() : [];
    return notes.length === 0 ? text : `${text.trimEnd()}\n\nnotes\n${notes.join('\n')}\n`;
  }

  /**
   * The columns with their full SQL types, precision and scale too, without running the query.
   * @example const names = (await df.schema()).map(field => field.name)
   */
  schema(): Promise<Schema> {
    return this.executor.schema(this.query);
  }

  /**
   * Finds the errors that can be found without running the query. Resolves to notes on columns whose values a number may not
   * hold: decimals of more than 15 digits, integers of 128 bits.
   */
  async check(): Promise<readonly string[]> {
    await this.executor.check(this.query);
    return this.#notes();
  }

  async #notes(): Promise<readonly string[]> {
    return valueNotes(await this.schema(), this.executor.values ?? {});
  }

  /**
   * The query as SQL, in pipe syntax; `classic` gives plain SELECTs, which other databases read too. Rows handed over stand in
   * it as numbers, which mean something in this database while their frame can be reached.
   */
  toSQL(options: { readonly classic?: boolean } = {}): string {
    return this.executor.toSQL(this.query, options);
  }

  /**
   * Writes the rows to a Parquet file. Resolves to their number.
   * @example await df.writeParquet('orders.parquet', { compression: 'zstd' })
   */
  writeParquet(target: string, options: WriteOptions = {}): Promise<number> {
    return this.#write(target, 'parquet', options);
  }

  /**
   * Writes the rows to a CSV file, with a header unless `{ header: false }`. Resolves to their number.
   * @example await df.writeCsv('orders.csv')
   */
  writeCsv(target: string, options: WriteOptions = {}): Promise<number> {
    return this.#write(target, 'csv', options);
  }

  /**
   * Writes the rows as JSON objects, one a line. Resolves to their number.
   * @example await df.writeJson('orders.json')
   */
  writeJson(target: string, options: WriteOptions = {}): Promise<number> {
    return this.#write(target, 'json', options);
  }

  /**
   * Writes the rows as an Arrow IPC file. Resolves to their number.
   * @example await df.writeArrow('orders.arrow')
   */
  writeArrow(target: string, options: WriteOptions = {}): Promise<number> {
    return this.#write(target, 'arrow', options);
  }

  /** The query and a reminder that it has not run. */
  toString(): string {
    return `${this.toSQL()}\n-- lazy: call .show() or .collect()`;
  }

  // Not for people to call: these stay out of the declarations.
  static {
    const hide = (key: symbol, value: (this: FrameResults<unknown>) => unknown): void => {
      Object.defineProperty(FrameResults.prototype, key, { value, configurable: true, writable: true });
    };
    // Makes `console.log(df)` print the query.
    hide(Symbol.for('nodejs.util.inspect.custom'), function () {
      return this.toString();
    });
    // What Jupyter, Deno's kernel and the like show for a frame: its first rows.
    hide(Symbol.for('Jupyter.display'), async function () {
      const result = await this.executor.collect(limited(this.query, DISPLAYED_ROWS + 1), {});
      return { 'text/plain': textTable(result, DISPLAYED_ROWS), 'text/html': htmlTable(result, DISPLAYED_ROWS) };
    });
  }

  /** Runs a query and reads its rows, in slices: they may be many. */
  async #run<R>(
    query: Query,
    options: CollectOptions = {},
    read: (batch: ResultBatch, options: CollectOptions) => Pieces<R>,
  ): Promise<R> {
    checkValueForms(options);
    const rows = await this.executor.collect(query, options);
    return runPieces(read(rows, { ...this.executor.values, ...options }), new Slices(), () =>
      throwIfCancelled(options.signal),
    );
  }

  #write(target: string, format: FileFormat, options: WriteOptions): Promise<number> {
    return this.executor.write(this.query, target, format, options);
  }
}

function limited(input: Query, rows: number): Query {
  return { kind: 'limit', input, count: integer(rows) };
}
