import type { Platform } from '../../src/platform/platform.ts';
import type { Scalar } from '../../src/types/scalar.ts';
import { type DatabaseSchema, withTablesOf } from './database-schema.ts';
import { executeScript } from './execute-script.ts';
import { Host, type HostOptions } from './host.ts';
import type { Provided } from './provided.ts';
import type { Result } from './result.ts';
import { type QueryOptions, Session } from './session.ts';
import { SessionExecutor } from './session-executor.ts';
import { defaultSettings, type Settings } from './settings.ts';
import { Store } from './store.ts';
import { endTransaction } from './transaction.ts';

export type EngineOptions = HostOptions & {
  readonly platform: Platform;
  readonly threads: number;
  readonly memoryLimit: number | undefined;
  /** Where the worker's module is; absent: where the platform has it. */
  readonly workerUrl: URL | undefined;
  readonly settings?: Partial<Settings> | undefined;
  /** The tables that there are from the start. */
  readonly schema?: DatabaseSchema | undefined;
};

/** All of a database that runs queries. Only `Connection` loads this module, with the first of them. */
export class Engine {
  readonly session: Session;

  constructor(session: Session) {
    this.session = session;
  }

  static open(
    { platform, threads, memoryLimit, workerUrl, settings, schema, ...options }: EngineOptions,
    provided: Provided,
  ): Engine {
    const limit = memoryLimit ?? Math.min(LARGEST_MEMORY, DEFAULT_PART * (platform.memoryBytes() ?? LARGEST_MEMORY));
    const host = new Host(platform, limit, workerUrl, options);
    const store = new Store(provided);
    if (schema !== undefined) store.catalog = withTablesOf(schema, store.catalog);
    return new Engine(new Session(host, { ...defaultSettings(threads, limit), ...settings }, store));
  }

  /** Runs statements; the last one's result. */
  execute(
    text: string,
    parameters: Readonly<Record<string, Scalar>>,
    options: Pick<QueryOptions, 'signal' | 'onProgress'>,
  ): Promise<Result> {
    return executeScript(this.session, text, parameters, options);
  }

  /** What frames run through; `options` go with each query. */
  executor(options: QueryOptions): SessionExecutor {
    return new SessionExecutor(this.session, options);
  }

  /** Runs a function with an engine of one transaction, which ends with it. */
  async transaction<T>(run: (engine: Engine) => Promise<T>): Promise<T> {
    const session = this.session.inTransaction();
    try {
      const result = await run(new Engine(session));
      await endTransaction(session, 'commit');
      return result;
    } finally {
      await endTransaction(session, 'rollback');
    }
  }
}

const LARGEST_MEMORY = 2 ** 32;
/** Of the memory that the process may use. */
const DEFAULT_PART = 0.8;
