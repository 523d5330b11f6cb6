import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { connect } from '../../dist/index.js';
import { tpchTables, writeTpch } from '../support/tpch-files.ts';
import { tpchQueries } from '../support/tpch-queries.ts';
import { benchFolder, readQueries, sqlNames, type Workload } from './workload.ts';
import { writeTable } from './write-table.ts';

/** The suites by name, each a function that makes its data, unless they are there, at a scale. */
export const suites: Readonly<Record<string, (scale: number) => Promise<Workload>>> = {
  tpch,
  tpcds,
  ssb,
  clickbench,
  'h2o-groupby': scale => h2o('groupby', ['x1'], scale),
  'h2o-join': scale => h2o('join', ['x', 'small', 'medium', 'big'], scale),
};

/** TPC-H: eight tables by the package's own generator, the 22 queries. */
async function tpch(scale: number): Promise<Workload> {
  const folder = join(benchFolder, `tpch-${scale}`);
  const db = connect({ threads: 0 });
  await writeTpch(db, scale, folder, 122_880);
  await db.close();
  const queries = tpchQueries.map(q => ({ name: String(q.number).padStart(2, '0'), sql: q.sql }));
  return { name: 'tpch', folder, tables: tpchTables, queries };
}

/** TPC-DS: 24 tables and the 99 queries, both by DuckDB's extension in an environment of its own. */
async function tpcds(scale: number): Promise<Workload> {
  const folder = join(benchFolder, `tpcds-${scale}`);
  if (!existsSync(folder)) {
    const part = `${folder}-part-${process.pid}`;
    mkdirSync(part, { recursive: true });
    try {
      const python = join(benchFolder, 'tpcds-python/bin/python');
      execFileSync(python, [join(import.meta.dirname, 'tpcds/generate.py'), String(scale), part], { stdio: 'inherit' });
      renameSync(part, folder);
    } finally {
      rmSync(part, { recursive: true, force: true });
    }
  }
  const tables = readdirSync(folder)
    .filter(f => f.endsWith('.parquet'))
    .map(f => f.slice(0, -'.parquet'.length));
  return { name: 'tpcds', folder, tables, queries: readQueries(join(folder, 'queries')) };
}

/** The star schema benchmark: five tables made of TPC-H's, 13 queries. */
async function ssb(scale: number): Promise<Workload> {
  const folder = join(benchFolder, `ssb-${scale}`);
  const sources = join(import.meta.dirname, 'ssb/tables');
  const tables = sqlNames(sources);
  for (const table of tables)
    await writeTable(folder, table, readFileSync(join(sources, `${table}.sql`), 'utf8'), { scale });
  return { name: 'ssb', folder, tables, queries: readQueries(join(import.meta.dirname, 'ssb/queries')) };
}

/** ClickBench: one wide table, 43 queries. Scale 1 is a million rows, a hundredth of the original's. */
async function clickbench(scale: number): Promise<Workload> {
  const folder = join(benchFolder, `clickbench-${scale}`);
  const source = readFileSync(join(import.meta.dirname, 'clickbench/hits.sql'), 'utf8');
  await writeTable(folder, 'hits', source, { rows: Math.round(scale * 1_000_000) });
  const queries = readQueries(join(import.meta.dirname, 'clickbench/queries'));
  return { name: 'clickbench', folder, tables: ['hits'], queries };
}

/** h2o.ai's benchmark of data frames: ten groupings of one table, five joins. Scale 1 is a million rows. */
async function h2o(part: 'groupby' | 'join', tables: readonly string[], scale: number): Promise<Workload> {
  const folder = join(benchFolder, `h2o-${scale}`);
  const sources = join(import.meta.dirname, 'h2o');
  for (const table of tables) {
    const source = readFileSync(join(sources, `tables/${table}.sql`), 'utf8');
    await writeTable(folder, table, source, { rows: Math.round(scale * 1_000_000) });
  }
  return { name: `h2o-${part}`, folder, tables, queries: readQueries(join(sources, part)), keepsAnswers: true };
}
