import { RayexecError } from '../../src/common/errors.ts';
import type { ValueOptions } from '../../src/types/value-options.ts';
import type { Engine } from './engine.ts';
import { Provided } from './provided.ts';

/**
 * What databases and frames have of an engine whose code, most of the package's, is loaded with the first query. What
 * waits for nothing (frames, rows handed over, SQL texts) does without.
 */
export class Connection {
  readonly provided: Provided;
  /** How rows hold values where a call does not say. */
  readonly values: ValueOptions | undefined;
  readonly #open: (provided: Provided) => Promise<Engine>;
  #opening: Promise<Engine> | undefined;
  #opened: Engine | undefined;
  #isClosed = false;

  constructor(
    open: (provided: Provided) => Promise<Engine>,
    provided: Provided = new Provided(),
    values?: ValueOptions,
  ) {
    this.#open = open;
    this.values = values;
    this.provided = provided;
  }

  /** A connection to an engine that is loaded. */
  static to(engine: Engine, values?: ValueOptions): Connection {
    const connection = new Connection(async () => engine, engine.session.store.provided, values);
    connection.#opened = engine;
    return connection;
  }

  /** The engine if it is loaded. */
  get opened(): Engine | undefined {
    return this.#opened;
  }

  /** @throws RayexecError `closed` */
  async engine(): Promise<Engine> {
    if (this.#opened !== undefined) return this.#opened;
    if (this.#isClosed) throw new RayexecError('closed', 'the database is closed');
    this.#opening ??= this.#open(this.provided);
    try {
      this.#opened = await this.#opening;
      return this.#opened;
    } catch (error) {
      // Code that could not be fetched is asked for again.
      this.#opening = undefined;
      throw error;
    }
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    this.provided.close();
    const engine = this.#opened ?? (await this.#opening?.catch(() => undefined));
    await engine?.session.host.close();
  }
}
