import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { ResultSet } from '../../frontends/dataframe/result.ts';
import { connect, type Database, formatRaw, RayexecError } from '../../frontends/index.ts';
import { typeName } from '../../src/types/type-name.ts';

/** What an engine makes of a query: its types and rows as text, or why it does not. */
export type Answer =
  | {
      readonly types: readonly string[];
      readonly rows: readonly (readonly (string | null)[])[];
      readonly error?: undefined;
    }
  | { readonly error: string; readonly code: string };

export type Engine = {
  readonly run: (statement: string) => Promise<void>;
  readonly query: (sql: string) => Promise<Answer>;
  readonly close: () => Promise<void>;
};

/** A statement, or a query whose answer counts. */
export type Request = { readonly sql: string; readonly query: boolean };

/** An engine that takes many requests at once. */
export type BatchEngine = Engine & {
  /** Answers in order, of statements without rows; fewer than requests if the last one ended the engine's database. */
  readonly batch: (requests: readonly Request[]) => Promise<readonly Answer[]>;
};

/** This engine, with settings as `name = value`; worker threads need a build. */
export async function rayexec(settings: readonly string[], threads = 0): Promise<Engine & { readonly db: Database }> {
  const db = connect({ threads });
  for (const setting of settings) await db.execute(`SET ${setting}`);
  return {
    db,
    run: async statement => {
      await db.execute(statement);
    },
    query: sql => answerOf(async () => (await db.execute(sql)).raw),
    close: () => db.close(),
  };
}

/** The types and rows of a result of this engine, or its error. */
export async function answerOf(run: () => Promise<ResultSet>): Promise<Answer> {
  try {
    const { schema, rowCount, column } = await run();
    const columns = schema.map((_, i) => column(i));
    const text = (i: number, row: number): string | null => {
      const value = columns[i]![row] ?? null;
      return value === null ? null : formatRaw(schema[i]!.type, value);
    };
    const rows = Array.from({ length: rowCount }, (_, row) => columns.map((_, i) => text(i, row)));
    return { types: schema.map(c => typeName(c.type)), rows };
  } catch (error) {
    const known = error instanceof RayexecError;
    return { error: known ? error.summary : String((error as Error).stack), code: known ? error.code : 'crash' };
  }
}

/** DuckDB in a long-lived child process. */
export function duckdb(python: string): BatchEngine {
  const child: ChildProcessWithoutNullStreams = spawn(python, [join(import.meta.dirname, 'duckdb_child.py')]);
  child.stderr.pipe(process.stderr);
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const batch = async (requests: readonly Request[]): Promise<readonly Answer[]> => {
    child.stdin.write(`${JSON.stringify(requests)}\n`);
    const line = await lines.next();
    if (line.done === true) throw new Error(`DuckDB has ended at ${requests.map(r => r.sql).join('; ')}`);
    return (JSON.parse(line.value) as DuckDbAnswer[]).map(({ error, types = [], rows = [] }) =>
      error === undefined ? { types, rows } : { error, code: /^\w+/.exec(error)?.[0] ?? '' },
    );
  };
  return {
    batch,
    run: async sql => {
      const [answer] = await batch([{ sql, query: false }]);
      if (answer!.error !== undefined) throw new Error(answer!.error);
    },
    query: async sql => (await batch([{ sql, query: true }]))[0]!,
    close: async () => {
      child.kill();
    },
  };
}

type DuckDbAnswer = { readonly types?: string[]; readonly rows?: (string | null)[][]; readonly error?: string };
