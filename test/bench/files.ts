// Writing and reading files against peers, engines taking turns:
//   npm run bench:files -- --scale 1 --threads 1,2 --runs 5 [--only parquet,csv,ndjson]
// Writes lineitem as Parquet (Snappy) from a table in memory, against DuckDB; counts and sums lineitem as CSV, against
// polars and DuckDB, and as NDJSON, against DuckDB. Prints the best and the median of the runs in seconds, and the ratio
// of each engine's to ours.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { connect } from '../../dist/index.js';
import { suites } from '../workloads/suites.ts';
import { tableFile, type Workload } from '../workloads/workload.ts';
import type { Engine } from './engine.ts';
import { openEngine } from './open-engine.ts';

const { values: args } = parseArgs({
  options: {
    scale: { type: 'string', default: '1' },
    threads: { type: 'string', default: '1,2' },
    runs: { type: 'string', default: '5' },
    only: { type: 'string', default: 'parquet,csv,ndjson' },
  },
});

/** One measurement: what each engine is to run. */
type Task = {
  readonly group: string;
  readonly name: string;
  readonly isInMemory: boolean;
  readonly sql: Readonly<Record<string, string>>;
};

const tpch = await suites['tpch']!(Number(args.scale));
const workload: Workload = { ...tpch, tables: ['lineitem'] };
const { folder } = workload;
const csv = join(folder, 'lineitem.csv');
const ndjson = join(folder, 'lineitem.ndjson');
const sums = 'count(*), sum(l_extendedprice), sum(l_quantity), max(l_shipdate)';

const tasks: readonly Task[] = [
  {
    group: 'parquet',
    name: 'write Parquet',
    isInMemory: true,
    sql: Object.fromEntries(
      ['rayexec', 'duckdb'].map(name => [
        name,
        `COPY lineitem TO '${join(folder, `written-${name}.parquet`)}' (FORMAT parquet, COMPRESSION snappy)`,
      ]),
    ),
  },
  {
    group: 'csv',
    name: 'count CSV',
    isInMemory: false,
    sql: {
      rayexec: `SELECT count(*) FROM read_csv('${csv}')`,
      duckdb: `SELECT count(*) FROM read_csv('${csv}')`,
      polars: `SELECT count(*) FROM read_csv('${csv}')`,
    },
  },
  {
    group: 'csv',
    name: 'sum CSV',
    isInMemory: false,
    sql: {
      rayexec: `SELECT ${sums} FROM read_csv('${csv}')`,
      duckdb: `SELECT ${sums} FROM read_csv('${csv}')`,
      polars: `SELECT count(*), sum(l_extendedprice), sum(l_quantity), max(l_shipdate) AS last FROM read_csv('${csv}')`,
    },
  },
  ...[`count(*)`, sums].map((columns, i) => ({
    group: 'ndjson',
    name: `${i === 0 ? 'count' : 'sum'} NDJSON`,
    isInMemory: false,
    sql: {
      rayexec: `SELECT ${columns} FROM read_ndjson('${ndjson}')`,
      duckdb: `SELECT ${columns} FROM read_ndjson('${ndjson}')`,
    },
  })),
];

await makeFiles();
const only = args.only.split(',');
for (const threads of args.threads.split(',').map(Number)) {
  for (const isInMemory of [true, false]) {
    const wanted = tasks.filter(t => only.includes(t.group) && t.isInMemory === isInMemory);
    if (wanted.length === 0) continue;
    const names = [...new Set(wanted.flatMap(t => Object.keys(t.sql)))];
    const engines = await Promise.all(names.map(name => openEngine(name, workload, { threads, memory: isInMemory })));
    for (const task of wanted) report(task, threads, await measure(task, engines));
    for (const engine of engines) await engine.close();
  }
}

/** The text files, written once by this engine. */
async function makeFiles(): Promise<void> {
  const db = connect();
  const source = `(SELECT * FROM read_parquet('${tableFile(folder, 'lineitem')}'))`;
  if (!existsSync(csv)) await db.execute(`COPY ${source} TO '${csv}' (FORMAT csv, HEADER)`);
  if (!existsSync(ndjson)) await db.execute(`COPY ${source} TO '${ndjson}' (FORMAT json)`);
  await db.close();
}

/** Seconds of wall time by engine; a first round is not counted. */
async function measure(task: Task, engines: readonly Engine[]): Promise<ReadonlyMap<string, readonly number[]>> {
  const times = new Map<string, number[]>();
  for (let round = 0; round <= Number(args.runs); round++) {
    for (const engine of engines) {
      const sql = task.sql[engine.name];
      if (sql === undefined) continue;
      const { wall } = await engine.run(sql);
      if (round > 0) times.set(engine.name, [...(times.get(engine.name) ?? []), wall]);
    }
  }
  return times;
}

function report(task: Task, threads: number, times: ReadonlyMap<string, readonly number[]>): void {
  const best = (name: string): number => Math.min(...times.get(name)!);
  const median = (name: string): number =>
    times.get(name)!.toSorted((a, b) => a - b)[Math.floor(Number(args.runs) / 2)]!;
  const parts = [...times.keys()].map(name => {
    const ratio = name === 'rayexec' ? '' : `, ours ${(best('rayexec') / best(name)).toFixed(2)} of it`;
    return `${name} ${best(name).toFixed(3)} (median ${median(name).toFixed(3)}${ratio})`;
  });
  console.log(`${task.name}, ${threads} thread${threads === 1 ? '' : 's'}: ${parts.join('; ')}`);
}
