// The engine against itself, settings taking turns:
//   npm run bench:itself -- [--only threads,limit] [--scale 1] [--runs 5] [--queries 01,06] [--no-page-cache] [--json file]
// threads: TPC-H over Parquet with two threads against one. limit: a sort, a join and a grouping that gather four times
// the memory limit against the same without one, with one thread and with two; what went to files is printed. Prints
// tables like those against peers, adds what came out to .bench/history.jsonl, and to --json as a list.
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { connect } from '../../dist/index.js';
import { suites } from '../workloads/suites.ts';
import { createTable, type Workload } from '../workloads/workload.ts';
import type { Engine } from './engine.ts';
import type { Entry } from './history.ts';
import { openEngine } from './open-engine.ts';
import { type Figures, report } from './report.ts';
import { runRounds } from './run-rounds.ts';

const { values: args } = parseArgs({
  options: {
    only: { type: 'string', default: 'threads,limit' },
    scale: { type: 'string', default: '1' },
    runs: { type: 'string', default: '5' },
    queries: { type: 'string', default: '' },
    'no-page-cache': { type: 'boolean', default: false },
    json: { type: 'string' },
  },
});
const runs = Number(args.runs);
const scale = Number(args.scale);
const workload = await suites['tpch']!(scale);
const wanted = args.queries === '' ? undefined : args.queries.split(',');
const pageCache = args['no-page-cache'] ? ('off' as const) : undefined;
const entries: Entry[] = [];
const only = args.only.split(',');

async function twoThreads(): Promise<readonly Entry[]> {
  const two = await openEngine('rayexec', workload, { threads: 2, memory: false, pageCache });
  const one = {
    ...(await openEngine('rayexec', workload, { threads: 1, memory: false, pageCache })),
    name: 'one thread',
  };
  const figures = await measure([two, one], workload.queries, 2);
  const written = report(
    { suite: 'tpch-threads', scale: args.scale, memory: false, limit: undefined, pageCache, threads: 2, runs },
    ['one thread'],
    figures,
  );
  for (const { geomean } of written) console.log(`two threads are ${(1 / geomean).toFixed(2)} times as fast as one`);
  return written;
}

/** About 600 MiB of rows at scale 1: all of lineitem sorted or joined, a group for each of its rows. */
const GATHERING = [
  {
    name: 'sort',
    sql: `SELECT l_orderkey, l_partkey, l_suppkey, l_extendedprice, l_shipdate, l_comment FROM lineitem
      ORDER BY l_comment, l_orderkey LIMIT 10 OFFSET ${Math.floor(scale * 6_000_000) - 100}`,
  },
  {
    name: 'join',
    sql: `SELECT count(*), sum(a.l_quantity), max(b.l_comment), max(b.l_shipdate), sum(b.l_extendedprice) FROM lineitem a
      LEFT JOIN lineitem b ON a.l_orderkey = b.l_orderkey AND a.l_linenumber = b.l_linenumber`,
  },
  {
    name: 'aggregate',
    sql: `SELECT count(*), max(n), max(s), max(m) FROM (
      SELECT l_orderkey, l_linenumber, count(*) n, sum(l_extendedprice) s, max(l_comment) m, avg(l_discount) d
      FROM lineitem GROUP BY l_orderkey, l_linenumber)`,
  },
];
const LIMIT_MIB = Math.max(16, Math.floor(150 * scale));

if (only.includes('threads')) entries.push(...(await twoThreads()));
if (only.includes('limit')) for (const threads of [1, 2]) entries.push(...(await limited(threads)));
if (args.json !== undefined) writeFileSync(args.json, `${JSON.stringify(entries, undefined, 2)}\n`);

async function limited(threads: number): Promise<readonly Entry[]> {
  const limit = `${LIMIT_MIB}MiB`;
  const lineitem: Workload = { ...workload, tables: ['lineitem'] };
  const own = await openEngine('rayexec', lineitem, { threads, memory: false, limit });
  const free = { ...(await openEngine('rayexec', lineitem, { threads, memory: false })), name: 'unlimited' };
  await showSpilled(lineitem, limit, threads);
  const figures = await measure([own, free], GATHERING, threads);
  return report({ suite: 'limit', scale: args.scale, memory: false, limit, threads, runs }, ['unlimited'], figures);
}

/** Says how much each query moves to files. */
async function showSpilled(lineitem: Workload, limit: string, threads: number): Promise<void> {
  const db = connect({ threads: threads === 1 ? 0 : threads });
  await db.execute(`SET memory_limit = '${limit}'`);
  await db.execute(createTable(lineitem, 'lineitem', 'VIEW'));
  for (const { name, sql } of GATHERING) {
    const plan = (await db.execute(`EXPLAIN ANALYZE ${sql}`)).rows().flat().join('\n');
    const kib = [...plan.matchAll(/([\d.]+) KiB spilled/g)].reduce((sum, [, size]) => sum + Number(size), 0);
    console.log(`${name}, ${threads} thread(s), memory limit ${limit}: ${(kib / 1024).toFixed(0)} MiB go to files`);
  }
  await db.close();
}

async function measure(
  engines: readonly Engine[],
  queries: readonly { readonly name: string; readonly sql: string }[],
  threads: number,
): Promise<readonly Figures[]> {
  const figures: Figures[] = [];
  for (const { name, sql } of queries) {
    if (wanted !== undefined && !wanted.includes(name)) continue;
    const best = await runRounds(engines, sql, runs, threads === 1, (engine, error) =>
      console.error(`${name} ${engine.name}: ${error.message.split('\n')[0]}`),
    );
    figures.push({ query: name, best: new Map([...best].map(([engine, run]) => [engine.name, run])) });
  }
  for (const engine of engines) await engine.close();
  return figures;
}
