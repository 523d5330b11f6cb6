// Queries on a Ray cluster of two raylets with one CPU each, in one run:
//   npm run bench:ray -- [--parts queries,shuffle,tasks,pairs] [--scale 1] [--queries 05,18] [--runs 3]
//     [--peers daft,pyspark] [--gib 1] [--sizes 16,64] [--partitions 10,20,32,64]
// - queries: TPC-H against this engine on two threads of this machine, and peers (npm run bench:peers -- daft pyspark), in turn
// - shuffle: GiB through each exchange, from as many tasks to as many tasks as `sizes` say
// - tasks: tasks per second that do nothing
// - pairs: time, and memory of the gateway, for the square of `partitions` pairs of a sender and a receiver that do nothing
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { type Any, connect, type Database } from '../../dist/index.js';
import { markProcesses, processesWith, python, TwoRaylets } from '../ray/cluster.ts';
import { suites } from '../workloads/suites.ts';
import { benchFolder, createTable, type Workload } from '../workloads/workload.ts';
import { ChildEngine, type Engine } from './engine.ts';
import { machineName } from './history.ts';
import { runRounds } from './run-rounds.ts';

const { values: args } = parseArgs({
  options: {
    parts: { type: 'string', default: 'queries,shuffle,tasks,pairs' },
    scale: { type: 'string', default: '1' },
    queries: { type: 'string', default: '' },
    runs: { type: 'string', default: '3' },
    peers: { type: 'string', default: '' },
    gib: { type: 'string', default: '1' },
    sizes: { type: 'string', default: '16,64' },
    partitions: { type: 'string', default: '10,20,32,64' },
  },
});
const list = (text: string): readonly string[] => text.split(',').filter(Boolean);
const line = (cells: readonly string[]): string => cells.map(c => c.padStart(16)).join('');
const runs = Number(args.runs);

async function timed(db: Database<Any>, sql: string): Promise<{ readonly seconds: number; readonly rows: number }> {
  const start = performance.now();
  const rows = (await db.execute(sql)).rows().length;
  return { seconds: (performance.now() - start) / 1000, rows };
}

async function best(db: Database<Any>, sql: string, times = runs): Promise<number> {
  let seconds = Infinity;
  for (let run = 0; run < times; run++) seconds = Math.min(seconds, (await timed(db, sql)).seconds);
  return seconds;
}

async function open(options: object, statements: readonly string[]): Promise<Database<Any>> {
  const db = connect(options) as Database<Any>;
  for (const sql of statements) await db.execute(sql);
  return db;
}

const engineOf = (name: string, db: Database<Any>): Engine => ({
  name,
  run: async sql => {
    const { seconds, rows } = await timed(db, sql);
    return { wall: seconds, cpu: 0, rows };
  },
  close: () => db.close(),
});

/** TPC-H: seconds, best of the runs, and how much longer each takes on the cluster. */
async function queries(ray: object): Promise<void> {
  const workload = await suites['tpch']!(Number(args.scale));
  const views = workload.tables.map(t => createTable(workload, t, 'VIEW'));
  const here = engineOf('two threads', await open({ threads: 2 }, views));
  const there = engineOf('Ray', await open({ threads: 0, ray, partitions: 2 }, views));
  const engines = [here, there, ...list(args.peers).map(name => peer(name, workload))];
  console.log(`\nTPC-H at scale ${args.scale}; seconds, best of ${runs}`);
  console.log(line(['query', ...engines.map(e => e.name), 'Ray − threads']));
  const sums = new Map<Engine, number>();
  const common = new Map<Engine, number>();
  let most = 0;
  for (const { name, sql } of workload.queries) {
    if (args.queries !== '' && !list(args.queries).includes(name)) continue;
    const walls = await runRounds(engines, sql, runs, false, (engine, error) =>
      console.error(`${name} ${engine.name}: ${error.message.split('\n')[0]?.slice(0, 200)}`),
    );
    const [ours, theirs] = [walls.get(here)!.wall, walls.get(there)!.wall];
    most = Math.max(most, theirs - ours);
    for (const [engine, { wall }] of walls) {
      sums.set(engine, (sums.get(engine) ?? 0) + wall);
      common.set(engine, (common.get(engine) ?? 0) + theirs);
    }
    const cells = engines.map(e => walls.get(e)?.wall.toFixed(3) ?? 'failed');
    console.log(line([`Q${name}`, ...cells, (theirs - ours).toFixed(3)]));
  }
  console.log(line(['sum', ...engines.map(e => sums.get(e)?.toFixed(2) ?? '–')]));
  // Of the queries that an engine can run.
  console.log(line(['Ray / it', ...engines.map(e => ((common.get(e) ?? 0) / sums.get(e)!).toFixed(2))]));
  console.log(`at most ${most.toFixed(3)} s more for a query`);
  for (const engine of engines) await engine.close();
}

function peer(name: string, { folder, tables }: Workload): Engine {
  const script = join(import.meta.dirname, `peers/${name}_peer.py`);
  return new ChildEngine(name, join(benchFolder, 'ray-python/bin/python'), [script, '2', folder, ...tables]);
}

/** Rows of four BIGINTs to the tasks of a semi join with next to nothing, which only looks at them. */
async function shuffles(ray: object): Promise<void> {
  const rows = Math.round((Number(args.gib) * 2 ** 30) / 32);
  const sql = `SELECT sum(a) + sum(b) + sum(c) FROM (SELECT x, x + 1 AS a, x + 2 AS b, x + 3 AS c FROM range(${rows}) t(x)) l
    SEMI JOIN (SELECT x FROM range(10) r(x)) s ON l.x = s.x`;
  const db = await open({ threads: 0, ray }, ['SET broadcast_rows = 0']);
  console.log(`\nshuffle of ${args.gib} GiB; seconds and GiB/s, best of ${runs}`);
  console.log(line(['tasks', 'store', '', 'files', '']));
  for (const size of list(args.sizes)) {
    const cells = [`${size} × ${size}`];
    for (const shuffle of ['store', 'files']) {
      await db.execute(`SET partitions = ${size}; SET shuffle = ${shuffle}`);
      const most = Math.max(...(await tasksOf(db, sql)));
      if (most !== Number(size)) throw new Error(`stages of ${most} tasks instead of ${size}`);
      const seconds = await best(db, sql);
      cells.push(seconds.toFixed(2), (Number(args.gib) / seconds).toFixed(2));
    }
    console.log(line(cells));
  }
  await db.close();
}

/** The tasks of each stage that ran for a query: what the optimizer answers by itself would be no measurement. */
async function tasksOf(db: Database<Any>, sql: string): Promise<readonly number[]> {
  const text = String((await db.execute(`EXPLAIN ANALYZE ${sql}`)).raw.column(1)[0]);
  return [...text.matchAll(/^Query Stage #\d+: (\d+) tasks/gm)].map(([, n]) => Number(n));
}

/** Before workers have run some thousand tasks, their code is not compiled. */
const TASK_RUNS = 10;

/** As many tasks as there are partitions, of which hardly any gets a row. */
async function tasks(ray: object): Promise<void> {
  const db = await open({ threads: 0, ray }, []);
  console.log(`\ntasks that do next to nothing; best of ${TASK_RUNS}`);
  console.log(line(['stages', 'seconds', 'tasks/s']));
  const sql = 'SELECT max(n) FROM (SELECT x, count(*) AS n FROM range(10) t(x) GROUP BY x)';
  for (const partitions of [256, 1024]) {
    await db.execute(`SET partitions = ${partitions}; SET shuffle = store`);
    const stages = await tasksOf(db, sql);
    const count = stages.reduce((sum, n) => sum + n, 0);
    if (count < partitions) throw new Error(`only ${count} tasks ran`);
    const seconds = await best(db, sql, TASK_RUNS);
    console.log(line([stages.join(' → '), seconds.toFixed(2), (count / seconds).toFixed(0)]));
  }
  await db.close();
}

/** One task sends to as many as there are partitions, these to as many again, each a few rows. */
const few = (partitions: number): string =>
  `SELECT max(n) FROM (SELECT y, count(*) AS n
    FROM (SELECT x, min(x % 1009) AS y FROM range(${partitions * 10}) t(x) GROUP BY x) GROUP BY y)`;

/** Stages of as many senders as receivers, of hardly any rows. */
async function pairs(ray: object, mark: string): Promise<void> {
  console.log(`\npairs of a sender and a receiver that do next to nothing; best of ${runs}`);
  console.log(line(['stages', 'store s', 'gateway MiB', 'files s', 'gateway MiB']));
  for (const partitions of list(args.partitions)) {
    const cells: string[] = [];
    for (const shuffle of ['store', 'files']) {
      // A gateway of its own: what it had before does not count.
      const db = await open({ threads: 0, ray }, [`SET partitions = ${partitions}; SET shuffle = ${shuffle}`]);
      await db.execute('SELECT max(sin(x)) FROM range(10) t(x)');
      const before = gatewayMiB(mark);
      const sql = few(Number(partitions));
      const seconds = await best(db, sql);
      const memory = gatewayMiB(mark) - before;
      if (cells.length === 0) cells.push((await tasksOf(db, sql)).join(' → '));
      cells.push(seconds.toFixed(2), `+${memory.toFixed(1)}`);
      await db.close();
    }
    console.log(line(cells));
  }
}

/** The most memory that the gateway had. */
function gatewayMiB(mark: string): number {
  const [id] = processesWith(mark, 'gateway.py');
  return Number(/^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${id}/status`, 'utf8'))![1]) / 1024;
}

const mark = markProcesses();
const cluster = await TwoRaylets.start({ storeBytes: 3 * 2 ** 30 });
try {
  console.log(machineName());
  const ray = { python, address: cluster.address };
  for (const part of list(args.parts)) {
    if (part === 'queries') await queries(ray);
    else if (part === 'shuffle') await shuffles(ray);
    else if (part === 'tasks') await tasks(ray);
    else if (part === 'pairs') await pairs(ray, mark);
    else throw new Error(`no part ${part}`);
  }
} finally {
  await cluster.close();
}
