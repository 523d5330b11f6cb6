// npm run fuzz -- --seed S --runs N: random queries over random tables, run here and by DuckDB, which must agree.
// Needs Python with duckdb (npm run bench:peers installs it); --python names another one.
import { parseArgs } from 'node:util';
import { parse, printQuery } from '../../frontends/sql/index.ts';
import type { Query } from '../../src/query/query.ts';
import { Coverage } from './coverage.ts';
import { duckdb, type Engine, rayexec } from '../support/answering-engines.ts';
import { Random } from './random.ts';
import { QueryMaker, type RandomQuery } from './random-query.ts';
import { type RandomTable, randomTable, tableSql } from './random-table.ts';
import { type Case, shrink } from './shrink.ts';
import { isFailure, type Verdict, verdictOf } from './verdict.ts';

const { values: args } = parseArgs({
  options: {
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
    runs: { type: 'string', default: '1000' },
    python: { type: 'string', default: '.bench/python/bin/python' },
    /** Stop after so many different failures. */
    failures: { type: 'string', default: '20' },
    /** Print every query before it runs. */
    trace: { type: 'boolean', default: false },
  },
});

/** Queries over the same tables, before there are new ones. */
const QUERIES_PER_DATABASE = 25;
/** Ways to run that must not change results. */
const SETTINGS: readonly (readonly string[])[] = [
  [],
  [],
  ['enable_optimizer = false'],
  ['partitions = 4', 'batch_size = 2'],
  ['batch_size = 3'],
];

const seed = Number(args.seed);
const runs = Number(args.runs);
const coverage = new Coverage();
const verdicts = new Map<Verdict['kind'], number>();
const limits = new Map<string, number>();
const failures = new Map<string, string>();
const peer = duckdb(args.python);
console.log(`seed ${seed}, ${runs} queries`);
for (let done = 0; done < runs && failures.size < Number(args.failures); done += QUERIES_PER_DATABASE)
  await runDatabase(seed * 100_003 + done, Math.min(QUERIES_PER_DATABASE, runs - done));
await peer.close();
report();

/** Random tables, and queries over them; a database's seed alone gives the same again. */
async function runDatabase(databaseSeed: number, queries: number): Promise<void> {
  const random = new Random(databaseSeed);
  const tables = random.several(2, 3, i => randomTable(random, `t${i}`));
  const settings = random.pick(SETTINGS);
  const ours = await rayexec(settings);
  try {
    await load([ours, peer], tables);
    const maker = new QueryMaker(random, tables);
    for (let i = 0; i < queries; i++) {
      const query = maker.query();
      if (args.trace) console.log(query.sql);
      const verdict = await compare(ours, query);
      count(verdicts, verdict.kind);
      if (verdict.kind === 'not-supported' || verdict.kind === 'peer-limit')
        count(limits, `${verdict.kind}: ${verdict.detail.split('\n')[0]!.slice(0, 100)}`);
      if (isFailure(verdict)) await fail(ours, query, tables, verdict, settings, databaseSeed);
      if (i % 5 === 0) await note(ours, query);
    }
  } finally {
    await ours.close();
  }
}

async function load(engines: readonly Engine[], tables: readonly RandomTable[]): Promise<void> {
  for (const sql of tables.flatMap(tableSql)) for (const engine of engines) await engine.run(sql);
}

async function compare(ours: Engine, { sql, ordered }: RandomQuery): Promise<Verdict> {
  return verdictOf(await ours.query(sql), await peer.query(sql), ordered);
}

async function note(ours: Engine, { sql }: RandomQuery): Promise<void> {
  const query = parsed(sql);
  if (query !== undefined) coverage.query(query);
  const plan = await ours.query(`EXPLAIN VERBOSE ${sql}`);
  if (plan.error === undefined) coverage.plan(plan.rows.map(row => row.join('\n')).join('\n'));
}

/** The query as a tree; undefined for what cannot be read. */
function parsed(sql: string): Query | undefined {
  try {
    return parse(sql);
  } catch {
    return undefined;
  }
}

/** Makes a failure small and prints it, unless one like it is known. */
async function fail(
  ours: Engine,
  query: RandomQuery,
  tables: readonly RandomTable[],
  verdict: Verdict,
  settings: readonly string[],
  databaseSeed: number,
): Promise<void> {
  const tree = parsed(query.sql);
  let last = verdict;
  const fails = async (c: Case): Promise<boolean> => {
    // A limit without an order over all columns leaves open which rows come out.
    const sql = printQuery(c.query);
    await load([ours, peer], c.tables);
    const now = await compare(ours, { sql, ordered: query.ordered && c.query.kind === tree?.kind });
    if (now.kind !== verdict.kind || (now.kind !== 'rows' && outline(now) !== outline(verdict))) return false;
    last = now;
    return true;
  };
  const small =
    tree && (await fails({ query: tree, tables })) ? await shrink({ query: tree, tables }, fails) : undefined;
  await load([ours, peer], tables);
  const sql = small === undefined ? query.sql : printQuery(small.query);
  const key = `${verdict.kind} ${last.kind === 'rows' ? sql.replace(/\d+/g, '#') : outline(last)}`;
  if (failures.has(key)) return;
  const used = (small?.tables ?? tables).filter(t => new RegExp(`\\b${t.name}\\b`).test(sql));
  const text = [...used.flatMap(tableSql), sql].map(s => `${s};`).join('\n');
  failures.set(key, text);
  const how = settings.length > 0 ? ` (${settings.join(', ')})` : '';
  console.log(`\n--- ${last.kind}${how}, database ${databaseSeed}\n${text}\n=> ${last.detail}`);
}

/** An error without what differs from query to query. */
function outline({ detail }: Verdict): string {
  return detail
    .split('\n')[0]!
    .replace(/'[^']*'|"[^"]*"|-?\d+/g, '#')
    .slice(0, 60);
}

function count<K>(map: Map<K, number>, key: K): void {
  map.set(key, (map.get(key) ?? 0) + 1);
}

function report(): void {
  console.log(`\n${[...verdicts].map(([kind, n]) => `${kind} ${n}`).join(', ')}; different failures ${failures.size}`);
  for (const [limit, n] of [...limits].sort(([, a], [, b]) => b - a).slice(0, 20)) console.log(`  ${n} × ${limit}`);
  console.log(coverage.report());
  console.log(`again: npm run fuzz -- --seed ${seed} --runs ${runs}`);
  if (failures.size > 0) process.exitCode = 1;
}
