// Standard workloads against peers, in one run:
//   npm run bench:workloads -- --suite tpcds --scale 1 --threads 1,2 --runs 5 [--peers duckdb,duckdb-node,duckdb-wasm,polars,datafusion,glaredb] [--memory] [--queries 01,06]
//     [--memory-limit 2GiB] [--no-page-cache] [--json file]
//   npm run bench:tpch is the same with --suite tpch; --sf is another word for --scale.
// Suites: tpch, tpcds, ssb, clickbench, h2o-groupby, h2o-join. Engines take turns, query by query; each query's figure is
// the best of the runs. With several peers there is also a comparison with the best of them at each query.
// --memory: tables in memory instead of Parquet files. --memory-limit: for this engine and DuckDB, who then use files.
// --no-page-cache: every run of a query decompresses its pages anew, as the first one does.
// Prints each query's seconds as they come, then a table per suite and number of threads, and adds what came out to .bench/history.jsonl, and to --json as a list.
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { suites } from '../workloads/suites.ts';
import type { Workload } from '../workloads/workload.ts';
import type { Entry } from './history.ts';
import { openEngine } from './open-engine.ts';
import { type Figures, report, withBestPeer } from './report.ts';
import { runRounds } from './run-rounds.ts';

const { values: args } = parseArgs({
  options: {
    suite: { type: 'string', default: 'tpcds,ssb,clickbench' },
    scale: { type: 'string', default: '1' },
    sf: { type: 'string' },
    threads: { type: 'string', default: '1,2' },
    peers: { type: 'string', default: 'duckdb' },
    queries: { type: 'string', default: '' },
    runs: { type: 'string', default: '5' },
    memory: { type: 'boolean', default: false },
    'memory-limit': { type: 'string' },
    'no-page-cache': { type: 'boolean', default: false },
    json: { type: 'string' },
  },
});
const peers = args.peers.split(',').filter(Boolean);
const runs = Number(args.runs);
const scale = args.sf ?? args.scale;
const limit = args['memory-limit'];
const pageCache = args['no-page-cache'] ? ('off' as const) : undefined;
const entries: Entry[] = [];

for (const name of args.suite.split(',')) {
  const make = suites[name];
  if (make === undefined) throw new Error(`no suite ${name}: there are ${Object.keys(suites).join(', ')}`);
  const workload = await make(Number(scale));
  for (const threads of args.threads.split(',').map(Number)) {
    const figures = await measure(workload, threads);
    entries.push(
      ...report({ suite: name, scale, memory: args.memory, limit, pageCache, threads, runs }, peers, figures),
    );
  }
}
if (args.json !== undefined) writeFileSync(args.json, `${JSON.stringify(entries, undefined, 2)}\n`);
console.log(`peak RSS of this process: ${(process.resourceUsage().maxRSS / 1024).toFixed(0)} MiB`);

async function measure(workload: Workload, threads: number): Promise<readonly Figures[]> {
  const setup = { threads, memory: args.memory, limit, pageCache };
  const engines = await Promise.all(['rayexec', ...peers].map(name => openEngine(name, workload, setup)));
  const wanted = args.queries === '' ? undefined : args.queries.split(',').map(q => q.padStart(2, '0'));
  const figures: Figures[] = [];
  for (const { name, sql } of workload.queries) {
    if (wanted !== undefined && !wanted.includes(name)) continue;
    const best = await runRounds(engines, sql, runs, threads === 1, (engine, error) =>
      console.error(`${name} ${engine.name}: ${error.message.split('\n')[0]}`),
    );
    const seconds = [...best].map(
      ([engine, { wall, leastCpu }]) => `${engine.name} ${wall.toFixed(3)} (CPU ${leastCpu.toFixed(3)})`,
    );
    console.error(`${name}: ${seconds.join(', ')}`);
    figures.push(withBestPeer({ query: name, best: new Map([...best].map(([engine, run]) => [engine.name, run])) }));
  }
  for (const engine of engines) await engine.close();
  return figures;
}
