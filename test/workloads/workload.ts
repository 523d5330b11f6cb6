import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Queries over tables that lie as Parquet files in a folder. */
export type Workload = {
  readonly name: string;
  readonly folder: string;
  readonly tables: readonly string[];
  readonly queries: readonly WorkloadQuery[];
  /** Answers are as large as the tables: engines keep them as tables (or frames) of their own, nobody fetches rows. */
  readonly keepsAnswers?: boolean | undefined;
};

/** A query's name says which one of its suite it is: `01`, `4.2`. */
export type WorkloadQuery = { readonly name: string; readonly sql: string };

/** Where installed peers and generated data lie. */
export const benchFolder: string = join(import.meta.dirname, '../../.bench');

/** The path of a table's file. */
export function tableFile(folder: string, table: string): string {
  return join(folder, `${table}.parquet`);
}

/** The statement that gives a table's file its name, in SQL that all engines read. */
export function createTable({ folder }: Workload, table: string, kind: 'TABLE' | 'VIEW'): string {
  return `CREATE ${kind} ${table} AS SELECT * FROM read_parquet('${tableFile(folder, table)}')`;
}

/** The SQL files of a folder in the order of their names, without a semicolon at the end. */
export function readQueries(folder: string): readonly WorkloadQuery[] {
  return sqlNames(folder).map(name => ({
    name,
    sql: readFileSync(join(folder, `${name}.sql`), 'utf8')
      .trim()
      .replace(/;$/, ''),
  }));
}

/** The names of a folder's SQL files, without their ending. */
export function sqlNames(folder: string): readonly string[] {
  return existsSync(folder)
    ? readdirSync(folder)
        .filter(f => f.endsWith('.sql'))
        .map(f => f.slice(0, -'.sql'.length))
        .sort()
    : [];
}
