import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
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

/** This engine, with settings as `name = value`; worker threads need a build. */
export async function rayexec(settings: readonly string[], threads = 0): Promise<Engine & { readonly db: Database }> {
  const db = connect({ threads });
  for (const setting of settings) await db.execute(`SET ${setting}`);
  return {
    db,
    run: async statement => {
      await db.execute(statement);
    },
    query: async sql => {
      try {
        const { raw } = await db.execute(sql);
        const columns = raw.schema.map((_, i) => raw.column(i));
        const text = (i: number, row: number): string | null => {
          const value = columns[i]![row] ?? null;
          return value === null ? null : formatRaw(raw.schema[i]!.type, value);
        };
        const rows = Array.from({ length: raw.rowCount }, (_, row) => columns.map((_, i) => text(i, row)));
        return { types: raw.schema.map(c => typeName(c.type)), rows };
      } catch (error) {
        const known = error instanceof RayexecError;
        return { error: known ? error.summary : String((error as Error).stack), code: known ? error.code : 'crash' };
      }
    },
    close: () => db.close(),
  };
}

/** DuckDB in a long-lived child process. */
export function duckdb(python: string): Engine {
  const child: ChildProcessWithoutNullStreams = spawn(python, [join(import.meta.dirname, 'duckdb_child.py')]);
  child.stderr.pipe(process.stderr);
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const ask = async (sql: string, query: boolean) => {
    child.stdin.write(`${JSON.stringify({ sql, query })}\n`);
    const line = await lines.next();
    if (line.done === true) throw new Error(`DuckDB has ended at ${sql}`);
    return JSON.parse(line.value) as { types: string[]; rows: (string | null)[][]; error?: string };
  };
  return {
    run: async statement => {
      const { error } = await ask(statement, false);
      if (error !== undefined) throw new Error(error);
    },
    query: async sql => {
      const answer = await ask(sql, true);
      return answer.error === undefined
        ? { types: answer.types, rows: answer.rows }
        : { error: answer.error, code: /^\w+/.exec(answer.error)?.[0] ?? '' };
    },
    close: async () => {
      child.kill();
    },
  };
}
