// npm run fuzz -- --seed S --runs N: random queries over random tables, run here and by DuckDB, which must agree.
// Needs Python with duckdb (npm run bench:peers installs it); --python names another one.
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { parse, printQuery } from '../../frontends/sql/index.ts';
import type { Query } from '../../src/query/query.ts';
import { type Answer, type Engine, rayexec } from '../support/answering-engines.ts';
import '../support/poisoned-arenas.ts';
import { isOrdered } from './case-order.ts';
import { Coverage, type Known } from './coverage.ts';
import { type Mode, RULES, randomMode } from './modes.ts';
import { Peer } from './peer.ts';
import { Random } from './random.ts';
import type { RandomQuery } from './random-query.ts';
import { type RandomTable, tableSql } from './random-table.ts';
import { type Case, shrink } from './shrink.ts';
import { failureKey, sameFailure, Tally } from './tally.ts';
import { answerOf, randomTasks, scriptVerdicts } from './task.ts';
import { ENUM_SQL } from './types.ts';
import { isFailure, type Verdict, verdictOf } from './verdict.ts';
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
    /** A file that gets the counts as a line of JSON. */
    summary: { type: 'string' },
  },
});

/** Queries over the same tables, before there are new ones. */
const QUERIES_PER_DATABASE = 60;
/** Of so many queries, one is also explained, which takes as long as running it. */
const EXPLAINED_OF = 20;
/** CPU time that a statement over such tables never needs. */
const HANGS_AFTER_SECONDS = 60;

/** Kinds of operators that EXPLAIN does not show: they only pass rows on, or stand in stages. */
const UNSHOWN = ['collect.ts', 'deliver.ts', 'send.ts', 'receive.ts', 'materialize.ts', 'recursion.ts', 'merge.ts'];
/** One operator a file, mostly of its name; what only tells how pipelines are put together has no file. */
const OPERATORS = [
  ...readdirSync(join(import.meta.dirname, '../../src/operators'))
    .filter(f => f.endsWith('.ts') && !/^(index|physical-plan|.*-code)\.ts$/.test(f) && !UNSHOWN.includes(f))
    .map(f => (f === 'ordered-limit.ts' ? 'limit' : f.slice(0, -3))),
  'union-all',
  'shared',
  'recursive',
];

/** Functions whose answers differ from call to call, or from engine to engine: random, sequences, hashes, sketches. */
const UNDETERMINED = [
  'random',
  'gen_random_uuid',
  'uuidv7',
  'now',
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
const tally = new Tally();
const watchdog = new Watchdog(HANGS_AFTER_SECONDS);
const peer = new Peer(args.python);
await peer.prepare();
console.log(`seed ${seed}, ${runs} queries`);
if (args.database !== undefined) await runDatabase(Number(args.database), QUERIES_PER_DATABASE);
for (
  let done = 0;
  args.database === undefined && done < runs && tally.failures < Number(args.failures);
  done += QUERIES_PER_DATABASE
)
  await runDatabase(seed * 100_003 + done, Math.min(QUERIES_PER_DATABASE, runs - done));
const known = await knownNames();
await peer.close();
report();

/** Random tables, and queries over them; a database's seed alone gives the same again. */
async function runDatabase(database: number, queries: number): Promise<void> {
  const random = new Random(database);
  const mode = randomMode(random);
  const { tables, tasks } = randomTasks(random, queries);
  // DuckDB computes while this thread does.
  const answering = peer.answers(
    tables.flatMap(t => tableSql(t)),
    tasks.flatMap(t => t.requests),
  );
  const ours = await rayexec(mode.settings, mode.threads);
  try {
    await ours.run(ENUM_SQL);
    await load([ours], tables);
    const mine: (readonly Answer[])[] = [];
    for (const { requests } of tasks) {
      const answers: Answer[] = [];
      for (const request of requests) {
        if (args.trace) console.log(request.sql);
        watchdog.start(request.sql);
        answers.push(await answerOf(ours, request));
      }
      mine.push(answers);
    }
    const theirs = [...(await answering)];
    for (const [i, task] of tasks.entries()) {
      const answers = theirs.splice(0, task.requests.length);
      if (task.kind === 'script') compareScript(task.statements, mine[i]!, answers, tables, mode, database);
      else {
        const { query } = task;
        const verdict = await settled(mine[i]![0]!, answers[0]!, query, tables);
        tally.add('queries', verdict);
        if (isFailure(verdict)) await fail(ours, query, tables, verdict, mode, database);
      }
    }
    for (const [i, task] of tasks.entries())
      if (task.kind === 'query') await note(ours, task.query, i % EXPLAINED_OF === 0);
  } finally {
    await ours.close();
  }
}

async function load(engines: readonly Engine[], tables: readonly RandomTable[], reversed = false): Promise<void> {
  for (const table of tables)
    for (const sql of tableSql(table, reversed)) for (const engine of engines) await engine.run(sql);
}

/**
 * Compares answers. A difference is none where DuckDB itself answers otherwise after its tables are turned around, or
 * without its optimizer.
 */
async function settled(
  ours: Answer,
  theirs: Answer,
  { sql, ordered }: RandomQuery,
  tables: readonly RandomTable[],
): Promise<Verdict> {
  const verdict = verdictOf(ours, theirs, ordered, sql);
  if (!isFailure(verdict)) return verdict;
  const { engine } = peer;
  await engine.run('PRAGMA disable_optimizer');
  const plain = await engine.query(sql);
  await engine.run('PRAGMA enable_optimizer');
  if (['same', 'both-fail'].includes(verdictOf(ours, plain, ordered, sql).kind))
    return { kind: 'peer-bug', detail: "DuckDB's optimizer changes its answer" };
  if (verdict.kind !== 'rows' || /POSITIONAL/i.test(sql)) return verdict;
  const first = await engine.query(sql);
  await load([engine], tables, true);
  const second = await engine.query(sql);
  await load([engine], tables);
  return verdictOf(second, first, ordered).kind === 'same'
    ? verdict
    : { kind: 'open', detail: 'the query leaves it open' };
}

function compareScript(
  statements: readonly string[],
  ours: readonly Answer[],
  theirs: readonly Answer[],
  tables: readonly RandomTable[],
  mode: Mode,
  database: number,
): void {
  for (const { verdict, done } of scriptVerdicts(statements, ours, theirs)) {
    tally.add('statements', verdict);
    if (!isFailure(verdict)) continue;
    const text = done.map(s => `${s};`).join('\n');
    const read = tables.filter(t => isNamed(t, text)).flatMap(t => tableSql(t).map(s => `${s};`));
    tally.fail(`script ${failureKey(verdict, text)}`, verdict, [...read, text].join('\n'), mode, database);
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
  database: number,
): Promise<void> {
  const tree = args.raw ? undefined : parsed(query.sql);
  let last = verdict;
  const fails = async (c: Case): Promise<boolean> => {
    const now = await again(ours, c, query.ordered);
    if (!sameFailure(now, verdict)) return false;
    last = now;
    return true;
  };
  const used = tables.filter(t => isNamed(t, query.sql));
  const small =
    tree && (await fails({ query: tree, tables: used }))
      ? await shrink({ query: tree, tables: used }, fails)
      : undefined;
  await load([ours, peer.engine], tables);
  const sql = small === undefined ? query.sql : printQuery(small.query);
  const needed = (small?.tables ?? used).filter(t => isNamed(t, sql));
  const text = [...needed.flatMap(t => tableSql(t)), sql].map(s => `${s};`).join('\n');
  tally.fail(failureKey(last, sql), last, text, mode, database);
}

/** Runs a case in both engines. */
async function again(ours: Engine, c: Case, ordered: boolean): Promise<Verdict> {
  const query = { sql: printQuery(c.query), ordered: ordered && isOrdered(c.query) };
  watchdog.start(query.sql);
  await load([ours], c.tables);
  const [mine, [theirs]] = await Promise.all([
    ours.query(query.sql),
    peer.answers(
      c.tables.flatMap(t => tableSql(t)),
      [{ sql: query.sql, query: true }],
    ),
  ]);
  return await settled(mine, theirs!, query, c.tables);
}

function isNamed({ name }: RandomTable, sql: string): boolean {
  return new RegExp(`\\b${name}\\b`).test(sql);
}

/** All that could be covered, except for what answers differently each time or reads files. */
async function knownNames(): Promise<Known> {
  const ours = await rayexec([]);
  const answer = await ours.query(
    `SELECT DISTINCT function_name, alias_of FROM duckdb_functions()
     WHERE function_type <> 'table' AND coalesce(alias_of, function_name) NOT IN (${UNDETERMINED}) ORDER BY ALL`,
  );
  await ours.close();
  if (answer.error !== undefined) throw new Error(answer.error);
  const { rows } = answer;
  const own = new Set(rows.flatMap(([name, of]) => (of === null ? [name!] : [])));
  return {
    operators: OPERATORS,
    rules: RULES,
    functions: [...own],
    aliases: new Map(rows.flatMap(([name, of]) => (of === null || own.has(name!) ? [] : [[name!, of!] as const]))),
  };
}

function report(): void {
  console.log(`\n${tally.text()}`);
  if (!args.brief) console.log(`${tally.reasons()}\n${coverage.report(known)}`);
  if (args.summary !== undefined) tally.append(args.summary, { seed, runs });
  console.log(`again: npm run fuzz -- --seed ${seed} --runs ${runs}`);
  if (tally.failures > 0) process.exitCode = 1;
}
