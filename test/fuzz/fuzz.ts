// npm run fuzz -- --seed S --runs N: random queries over random tables, run here and by DuckDB, which must agree.
// Needs Python with duckdb (npm run bench:peers installs it); --python names another one.
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { parse, printQuery } from '../../frontends/sql/index.ts';
import type { Query } from '../../src/query/query.ts';
import { duckdb, type Engine, rayexec } from '../support/answering-engines.ts';
import { isOrdered } from './case-order.ts';
import { Coverage, type Known } from './coverage.ts';
import { type Mode, RULES, randomMode } from './modes.ts';
import { Random } from './random.ts';
import { QueryMaker, type RandomQuery } from './random-query.ts';
import { randomScript } from './random-script.ts';
import { edgeTable, type RandomTable, randomTable, tableSql } from './random-table.ts';
import { type Case, shrink } from './shrink.ts';
import { ENUM_SQL } from './types.ts';
import { isFailure, isMissing, type Verdict, verdictOf } from './verdict.ts';
import { Watchdog } from './watchdog.ts';

const { values: args } = parseArgs({
  options: {
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
    runs: { type: 'string', default: '1000' },
    python: { type: 'string', default: '.bench/python/bin/python' },
    /** Only the tables and queries of this number, which a failure's report names. */
    database: { type: 'string' },
    /** Stop after so many different failures. */
    failures: { type: 'string', default: '20' },
    /** Print failures as they are, without making them small. */
    raw: { type: 'boolean', default: false },
    /** Print every query before it runs. */
    trace: { type: 'boolean', default: false },
    /** Print only counts, not what was covered. */
    brief: { type: 'boolean', default: false },
  },
});

/** Queries over the same tables, before there are new ones. */
const QUERIES_PER_DATABASE = 25;
/** CPU time that a statement over such tables never needs. */
const HANGS_AFTER_SECONDS = 60;

/** Kinds of operators that EXPLAIN does not show, since they only pass rows on. */
const UNSHOWN = ['collect.ts', 'deliver.ts', 'send.ts', 'receive.ts', 'materialize.ts'];
/** One operator a file, mostly of its name; what only tells how pipelines are put together has no file. */
const OPERATORS = [
  ...readdirSync(join(import.meta.dirname, '../../src/operators'))
    .filter(f => f.endsWith('.ts') && f !== 'index.ts' && f !== 'physical-plan.ts' && !UNSHOWN.includes(f))
    .map(f => (f === 'ordered-limit.ts' ? 'limit' : f.slice(0, -3))),
  'union-all',
  'shared',
  'recursive',
];

/** Functions whose answers differ from call to call, or from engine to engine: random, sequences, hashes, sketches. */
const UNDETERMINED = [
  'random',
  'uuid',
  'nextval',
  'currval',
  'hash',
  'approx_count_distinct',
  'approx_quantile',
  'list_approx_count_distinct',
  'mode',
  'list_mode',
]
  .map(name => `'${name}'`)
  .join(', ');

const seed = Number(args.seed);
const runs = Number(args.runs);
const coverage = new Coverage();
const verdicts = new Map<Verdict['kind'], number>();
const reasons = new Map<string, number>();
const failures = new Map<string, string>();
const watchdog = new Watchdog(HANGS_AFTER_SECONDS);
const peer = duckdb(args.python);
await prepare();
console.log(`seed ${seed}, ${runs} queries`);
if (args.database !== undefined) await runDatabase(Number(args.database), QUERIES_PER_DATABASE);
for (
  let done = 0;
  args.database === undefined && done < runs && failures.size < Number(args.failures);
  done += QUERIES_PER_DATABASE
)
  await runDatabase(seed * 100_003 + done, Math.min(QUERIES_PER_DATABASE, runs - done));
const known = await knownNames();
await peer.close();
report();

/** What DuckDB must know, also when it has started again after an error that it does not survive. */
async function prepare(): Promise<void> {
  for (const statement of ["SET timezone = 'UTC'", "SET lambda_syntax = 'ENABLE_SINGLE_ARROW'", ENUM_SQL])
    await peer.run(statement);
}

/** Random tables, and queries over them; a database's seed alone gives the same again. */
async function runDatabase(databaseSeed: number, queries: number): Promise<void> {
  const random = new Random(databaseSeed);
  const tables = random.several(2, 3, i => randomTable(random, `t${i}`));
  const big = random.percent(4) ? { ...tables[0]!, name: 'big', copies: 600 } : undefined;
  const edges = random.several(2, 2, i => edgeTable(random, `e${i}`));
  const mode = randomMode(random);
  const ours = await rayexec(mode.settings, mode.threads);
  const all = [...tables, ...edges, ...(big === undefined ? [] : [big])];
  try {
    await ours.run(ENUM_SQL);
    await load([ours, peer], all);
    const maker = new QueryMaker(random, tables);
    for (let i = 0; i < queries; i++) {
      if (i % 12 === 11) await runScript(ours, randomScript(random, random.pick(tables), tables), mode, databaseSeed);
      const onBig = big !== undefined && random.percent(30);
      const query = random.percent(15)
        ? maker.expressions(random.pick(edges))
        : onBig
          ? new QueryMaker(random, [big], true).query()
          : maker.query();
      if (args.trace) console.log(query.sql);
      const verdict = await judge([ours, peer], query, all);
      count(verdicts, verdict.kind);
      if (verdict.kind !== 'same')
        count(reasons, `${verdict.kind}: ${verdict.detail.split('\n')[0]!.replace(/\d+/g, '#').slice(0, 110)}`);
      if (isFailure(verdict)) await fail(ours, query, all, verdict, mode, databaseSeed);
      await note(ours, query, i % 5 === 0);
    }
  } finally {
    await ours.close();
  }
}

async function load(engines: readonly Engine[], tables: readonly RandomTable[], reversed = false): Promise<void> {
  for (const table of tables)
    for (const sql of tableSql(table, reversed)) for (const engine of engines) await engine.run(sql);
}

async function compare(ours: Engine, { sql, ordered }: RandomQuery): Promise<Verdict> {
  watchdog.start(sql);
  const [theirs, mine] = await Promise.all([peer.query(sql), ours.query(sql)]);
  return verdictOf(mine, theirs, ordered, sql);
}

/** Compares; a difference is none where DuckDB itself answers otherwise after its tables are turned around. */
async function judge(
  [ours, theirs]: readonly [Engine, Engine],
  query: RandomQuery,
  tables: readonly RandomTable[],
): Promise<Verdict> {
  const verdict = await compare(ours, query);
  if (/FATAL|invalidated/.test(verdict.detail)) {
    await prepare();
    await load([theirs], tables);
  }
  if (verdict.kind !== 'rows' || /POSITIONAL/i.test(query.sql)) return verdict;
  const first = await theirs.query(query.sql);
  await load([theirs], tables, true);
  const second = await theirs.query(query.sql);
  await load([theirs], tables);
  return verdictOf(second, first, query.ordered).kind === 'same'
    ? verdict
    : { kind: 'open', detail: 'the query leaves it open' };
}

/** Statements that change a table, and the table after each. */
async function runScript(ours: Engine, statements: readonly string[], mode: Mode, databaseSeed: number): Promise<void> {
  const done: string[] = [];
  for (const statement of statements) {
    watchdog.start(statement);
    done.push(statement);
    if (args.trace) console.log(statement);
    const [theirError, ourError] = await Promise.all([errorOf(peer, statement), errorOf(ours, statement)]);
    if (theirError !== undefined && ourError !== undefined) {
      count(verdicts, 'both-fail');
      count(reasons, `both-fail: ${ourError.split('\n')[0]!.replace(/\d+/g, '#').slice(0, 110)}`);
      // DuckDB takes nothing more in a transaction that has failed.
      if (!statements.includes('BEGIN')) continue;
      return await endTransaction(ours);
    }
    const rows = 'SELECT * FROM m ORDER BY ALL';
    const verdict: Verdict =
      (theirError === undefined) === (ourError === undefined)
        ? verdictOf(await ours.query(rows), await peer.query(rows), true)
        : isMissing(ourError)
          ? { kind: 'not-supported', detail: ourError! }
          : { kind: ourError === undefined ? 'duckdb-error' : 'error', detail: ourError ?? theirError ?? '' };
    count(verdicts, verdict.kind);
    if (verdict.kind === 'same') continue;
    count(reasons, `${verdict.kind}: ${verdict.detail.split('\n')[0]!.replace(/\d+/g, '#').slice(0, 110)}`);
    if (isFailure(verdict)) {
      const text = done.map(s => `${s};`).join('\n');
      const key = verdict.kind === 'rows' ? text.replace(/\d+/g, '#') : outline(verdict);
      remember(`script ${key}`, verdict, text, mode, databaseSeed);
    }
    return await endTransaction(ours);
  }
}

async function endTransaction(ours: Engine): Promise<void> {
  for (const engine of [ours, peer]) await errorOf(engine, 'ROLLBACK');
}

async function errorOf(engine: Engine, statement: string): Promise<string | undefined> {
  try {
    await engine.run(statement);
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}

async function note(ours: Engine, { sql }: RandomQuery, withPlan: boolean): Promise<void> {
  const query = parsed(sql);
  if (query !== undefined) coverage.query(query);
  if (!withPlan) return;
  const plan = await ours.query(`EXPLAIN VERBOSE ${sql}`);
  if (plan.error === undefined) coverage.plan(plan.rows.map(row => row.join('\n')).join('\n'));
  const types = await ours.query(`SELECT column_type FROM (DESCRIBE ${sql})`);
  if (types.error === undefined) coverage.types(types.rows.map(row => row[0] ?? ''));
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
  mode: Mode,
  databaseSeed: number,
): Promise<void> {
  const tree = args.raw ? undefined : parsed(query.sql);
  let last = verdict;
  const fails = async (c: Case): Promise<boolean> => {
    const sql = printQuery(c.query);
    await load([ours, peer], c.tables);
    const now = await judge([ours, peer], { sql, ordered: query.ordered && isOrdered(c.query) }, c.tables);
    if (now.kind !== verdict.kind || (now.kind !== 'rows' && outline(now) !== outline(verdict))) return false;
    last = now;
    return true;
  };
  const used = tables.filter(t => new RegExp(`\\b${t.name}\\b`).test(query.sql));
  const small =
    tree && (await fails({ query: tree, tables: used }))
      ? await shrink({ query: tree, tables: used }, fails)
      : undefined;
  await load([ours, peer], tables);
  const sql = small === undefined ? query.sql : printQuery(small.query);
  const needed = (small?.tables ?? used).filter(t => new RegExp(`\\b${t.name}\\b`).test(sql));
  const text = [...needed.flatMap(t => tableSql(t)), sql].map(s => `${s};`).join('\n');
  const key = last.kind === 'rows' ? sql.replace(/\d+/g, '#') : outline(last);
  remember(`${verdict.kind} ${key}`, last, text, mode, databaseSeed);
}

function remember(key: string, verdict: Verdict, text: string, mode: Mode, databaseSeed: number): void {
  if (failures.has(key)) return;
  failures.set(key, text);
  const settings = [...(mode.threads > 0 ? [`${mode.threads} threads`] : []), ...mode.settings];
  const how = settings.length > 0 ? ` (${settings.join(', ')})` : '';
  console.log(`\n--- ${verdict.kind}${how}, database ${databaseSeed}\n${text}\n=> ${verdict.detail.slice(0, 2000)}`);
}

/** An error without what differs from query to query. */
function outline({ detail }: Verdict): string {
  return detail
    .split('\n')[0]!
    .replace(/'[^']*'|"[^"]*"|-?\d+/g, '#')
    .slice(0, 60);
}

/** All that could be covered, except for what answers differently each time or reads files. */
async function knownNames(): Promise<Known> {
  const ours = await rayexec([]);
  const names = await ours.query(
    `SELECT DISTINCT function_name FROM list_functions() WHERE function_type <> 'table' AND function_name NOT IN (${UNDETERMINED}) ORDER BY 1`,
  );
  await ours.close();
  return {
    operators: OPERATORS,
    rules: RULES,
    functions: names.error === undefined ? names.rows.map(row => row[0]!) : [],
  };
}

function count<K>(map: Map<K, number>, key: K): void {
  map.set(key, (map.get(key) ?? 0) + 1);
}

function report(): void {
  console.log(`\n${[...verdicts].map(([kind, n]) => `${kind} ${n}`).join(', ')}; different failures ${failures.size}`);
  if (!args.brief) {
    for (const [reason, n] of [...reasons].sort(([, a], [, b]) => b - a).slice(0, 40))
      console.log(`  ${n} × ${reason}`);
    console.log(coverage.report(known));
  }
  console.log(`again: npm run fuzz -- --seed ${seed} --runs ${runs}`);
  if (failures.size > 0) process.exitCode = 1;
}
