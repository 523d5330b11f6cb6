// Writing and reading files against peers, engines taking turns:
//   npm run bench:files -- --scale 1 --threads 1,2 --runs 5 [--only parquet,csv,ndjson] [--json file]
// Writes lineitem as Parquet (Snappy) from a table in memory, against DuckDB; counts and sums lineitem as CSV, against
// polars and DuckDB, and as NDJSON, against DuckDB. Prints a table for each, and adds what came out to
// .bench/history.jsonl, and to --json as a list.
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { connect } from '../../dist/index.js';
import { suites } from '../workloads/suites.ts';
import { tableFile, type Workload } from '../workloads/workload.ts';
import type { Entry } from './history.ts';
import { openEngine } from './open-engine.ts';
import { report } from './report.ts';
import { runRounds } from './run-rounds.ts';

const { values: args } = parseArgs({
  options: {
    scale: { type: 'string', default: '1' },
    threads: { type: 'string', default: '1,2' },
    runs: { type: 'string', default: '5' },
    only: { type: 'string', default: 'parquet,csv,ndjson' },
    json: { type: 'string' },
  },
});

/** What is measured of a format: statements by name, each in the words of the engine. */
type Task = {
  readonly isInMemory: boolean;
  readonly peers: readonly string[];
  readonly statements: Readonly<Record<string, (engine: string) => string>>;
};

const tpch = await suites['tpch']!(Number(args.scale));
const workload: Workload = { ...tpch, tables: ['lineitem'] };
const { folder } = workload;
const csv = join(folder, 'lineitem.csv');
const ndjson = join(folder, 'lineitem.ndjson');

/** Counting, and sums of what is parsed to numbers and dates; polars wants names that differ. */
const reading = (call: string): Task['statements'] => ({
  count: () => `SELECT count(*) FROM ${call}`,
  sum: () => `SELECT count(*), sum(l_extendedprice), sum(l_quantity), max(l_shipdate) AS last FROM ${call}`,
});

const tasks: Readonly<Record<string, Task>> = {
  parquet: {
    isInMemory: true,
    peers: ['duckdb'],
    statements: {
      write: engine =>
        `COPY lineitem TO '${join(folder, `written-${engine}.parquet`)}' (FORMAT parquet, COMPRESSION snappy)`,
    },
  },
  csv: { isInMemory: false, peers: ['polars', 'duckdb'], statements: reading(`read_csv('${csv}')`) },
  ndjson: { isInMemory: false, peers: ['duckdb'], statements: reading(`read_ndjson('${ndjson}')`) },
};

await makeFiles();
const runs = Number(args.runs);
const entries: Entry[] = [];
for (const threads of args.threads.split(',').map(Number))
  for (const format of args.only.split(',')) entries.push(...(await measure(format, tasks[format]!, threads)));
if (args.json !== undefined) writeFileSync(args.json, `${JSON.stringify(entries, undefined, 2)}\n`);

/** The text files, written once by this engine. */
async function makeFiles(): Promise<void> {
  const db = connect();
  const source = `(SELECT * FROM read_parquet('${tableFile(folder, 'lineitem')}'))`;
  if (!existsSync(csv)) await db.execute(`COPY ${source} TO '${csv}' (FORMAT csv, HEADER)`);
  if (!existsSync(ndjson)) await db.execute(`COPY ${source} TO '${ndjson}' (FORMAT json)`);
  await db.close();
}

async function measure(
  format: string,
  { isInMemory, peers, statements }: Task,
  threads: number,
): Promise<readonly Entry[]> {
  const names = ['rayexec', ...peers];
  const engines = await Promise.all(names.map(name => openEngine(name, workload, { threads, memory: isInMemory })));
  const figures = [];
  for (const [query, statement] of Object.entries(statements)) {
    const best = await runRounds(
      engines,
      engine => statement(engine.name),
      runs,
      threads === 1,
      (engine, error) => console.error(`${format} ${query} ${engine.name}: ${error.message.split('\n')[0]}`),
    );
    figures.push({ query, best: new Map([...best].map(([engine, run]) => [engine.name, run])) });
  }
  for (const engine of engines) await engine.close();
  const title = { suite: `files-${format}`, scale: args.scale, memory: isInMemory, limit: undefined, threads, runs };
  return report({ ...title, over: format }, peers, figures);
}
