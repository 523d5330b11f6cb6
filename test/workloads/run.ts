// npm run test:workloads -- [--suite tpcds,ssb,clickbench] [--scale 0.1] [--queries 01,02] [--threads 0,2]
// [--memory-limit 2GiB]: every query of standard suites over generated Parquet files, run by this engine inline and with two
// threads and by DuckDB, which must agree; the limit is this engine's.
// Without --scale each suite's data are small. Needs a build, and what `test/bench/install-peers.sh duckdb tpcds` installs.
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { type Answer, duckdb, type Engine, rayexec } from '../support/answering-engines.ts';
import { type Comparison, compareQuery } from './compare-query.ts';
import { suites } from './suites.ts';
import { benchFolder, createTable, type Workload } from './workload.ts';

const { values: args } = parseArgs({
  options: {
    suite: { type: 'string', default: 'tpcds,ssb,clickbench' },
    scale: { type: 'string', default: '' },
    queries: { type: 'string', default: '' },
    threads: { type: 'string', default: '0,2' },
    'memory-limit': { type: 'string' },
  },
});

const SMALL: Readonly<Record<string, number>> = { tpch: 0.01, tpcds: 0.01, ssb: 0.01, clickbench: 0.02 };
const modes = args.threads.split(',').map(n => ({ name: n === '0' ? 'inline' : `${n} threads`, threads: Number(n) }));
const settings = args['memory-limit'] === undefined ? [] : [`memory_limit = '${args['memory-limit']}'`];

const counts = { agree: 0, differ: 0, empty: 0 };
for (const name of args.suite.split(',')) {
  const scale = args.scale === '' ? SMALL[name] : Number(args.scale);
  const make = suites[name];
  if (make === undefined || scale === undefined || !(scale > 0)) throw new Error(`no suite ${name} at ${args.scale}`);
  console.log(`\n${name} at scale ${scale}`);
  await runSuite(await make(scale));
}
console.log(`\n${counts.agree} agree, ${counts.differ} differ (${counts.empty} answers without rows)`);
process.exitCode = counts.differ > 0 || counts.agree === 0 ? 1 : 0;

async function runSuite(workload: Workload): Promise<void> {
  const wanted = args.queries === '' ? undefined : args.queries.split(',');
  const peer = remembering(duckdb(join(benchFolder, 'python/bin/python')));
  const ours = await Promise.all(modes.map(mode => rayexec(settings, mode.threads)));
  try {
    for (const engine of [peer, ...ours])
      for (const table of workload.tables) await engine.run(createTable(workload, table, 'VIEW'));
    const cells = (...texts: readonly string[]): string => texts.map(t => t.padStart(11)).join('');
    console.log(cells('query', 'rows', ...modes.map(m => `${m.name}, s`)));
    for (const { name, sql } of workload.queries) {
      if (wanted !== undefined && !wanted.includes(name)) continue;
      const comparisons: Comparison[] = [];
      for (const engine of ours) comparisons.push(await compareQuery(sql, engine, peer));
      console.log(cells(name, String(comparisons[0]!.rows), ...comparisons.map(c => c.seconds.toFixed(3))));
      for (const [i, comparison] of comparisons.entries()) count(name, modes[i]!.name, comparison);
    }
  } finally {
    for (const engine of [peer, ...ours]) await engine.close();
  }
}

/** Asks an engine each query once. */
function remembering(engine: Engine): Engine {
  const answers = new Map<string, Promise<Answer>>();
  const query = (sql: string): Promise<Answer> => {
    const answer = answers.get(sql) ?? engine.query(sql);
    answers.set(sql, answer);
    return answer;
  };
  return { ...engine, query };
}

function count(query: string, mode: string, { rows, difference }: Comparison): void {
  if (difference === undefined) counts.agree++;
  else counts.differ++;
  if (rows === 0) counts.empty++;
  if (difference !== undefined) console.log(`query ${query}, ${mode}: ${difference}`);
}
