import { type Answer, type BatchEngine, duckdb, type Engine, type Request } from '../support/answering-engines.ts';
import { ENUM_SQL } from './types.ts';

/** DuckDB with what queries need before any table is made; it starts again after errors that it does not survive. */
export class Peer {
  readonly #engine: BatchEngine;

  constructor(python: string) {
    this.#engine = duckdb(python);
  }

  /** Must run before anything else. */
  async prepare(): Promise<void> {
    for (const statement of SETUP) await this.#engine.run(statement);
  }

  get engine(): Engine {
    return this.#engine;
  }

  /** Makes tables, then answers requests in order. */
  async answers(tables: readonly string[], requests: readonly Request[]): Promise<readonly Answer[]> {
    const load = tables.map(sql => ({ sql, query: false }));
    const answers: Answer[] = [];
    while (answers.length < requests.length) {
      if (answers.length > 0) await this.prepare();
      const some = await this.#engine.batch([...load, ...requests.slice(answers.length)]);
      const failed = some.slice(0, load.length).find(a => a.error !== undefined);
      if (failed !== undefined) throw new Error(`DuckDB can't make the tables: ${failed.error}`);
      answers.push(...some.slice(load.length));
    }
    return answers;
  }

  close(): Promise<void> {
    return this.#engine.close();
  }
}

const SETUP = ["SET timezone = 'UTC'", "SET lambda_syntax = 'ENABLE_SINGLE_ARROW'", ENUM_SQL];
