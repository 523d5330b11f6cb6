import type { StreamOptions } from './executor.ts';
import type { CollectOptions, FrameResults } from './frame-results.ts';
import { type StandardSchema, validRow } from './standard-schema.ts';

/** The rows of a frame, each checked (and perhaps changed) by a Standard Schema when it is read. */
export class ValidatedFrame<Output> {
  readonly #frame: FrameResults<Record<string, unknown>>;
  readonly #schema: StandardSchema<unknown, Output>;

  constructor(frame: FrameResults<Record<string, unknown>>, schema: StandardSchema<unknown, Output>) {
    this.#frame = frame;
    this.#schema = schema;
  }

  /** All rows. @throws RayexecError `constraint` for the first row that the schema refuses */
  async collect(options?: CollectOptions): Promise<Output[]> {
    const rows = await this.#frame.collect(options);
    return rows.map((row, i) => validRow(this.#schema, row, i));
  }

  /** The first row, or undefined when there is none. */
  async first(options?: CollectOptions): Promise<Output | undefined> {
    const row = await this.#frame.first(options);
    return row === undefined ? undefined : validRow(this.#schema, row, 0);
  }

  /** The only row; rejects with 'invalid-argument' unless there is exactly one. */
  async one(options?: CollectOptions): Promise<Output> {
    return validRow(this.#schema, await this.#frame.one(options), 0);
  }

  /** Lists of rows, as they are computed. */
  async *stream(options?: CollectOptions & StreamOptions): AsyncGenerator<Output[], void, undefined> {
    let start = 0;
    for await (const batch of this.#frame.stream(options)) {
      const rows = batch.rows();
      yield rows.map((row, i) => validRow(this.#schema, row, start + i));
      start += rows.length;
    }
  }
}
