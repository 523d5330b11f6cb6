// TPC-H against peers, in one run: npm run bench:tpch -- --sf 1 --threads 1,2 --peers duckdb,duckdb-wasm,polars [--memory] [--queries 1,6] [--runs 5]
// Engines take turns, query by query; each query's figure is the best of the runs. A run at one thread whose CPU time
// is less than 95 % of its wall time was disturbed and is repeated. Prints a table, writes .bench/tpch.json.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { connect } from '../../dist/index.js';
import { tpchFile, tpchTables, writeTpch } from '../support/tpch-files.ts';
import { tpchQueries } from '../support/tpch-queries.ts';
import { ChildEngine, type Engine, type Run } from './peer.ts';

const { values: args } = parseArgs({
  options: {
    sf: { type: 'string', default: '1' },
    threads: { type: 'string', default: '1,2' },
    peers: { type: 'string', default: 'duckdb' },
    queries: { type: 'string', default: '' },
    runs: { type: 'string', default: '5' },
    memory: { type: 'boolean', default: false },
  },
});
const bench = join(import.meta.dirname, '../../.bench');
const folder = join(bench, `tpch-${args.sf}`);
const wanted = args.queries === '' ? tpchQueries.map(q => q.number) : args.queries.split(',').map(Number);
const queries = tpchQueries.filter(q => wanted.includes(q.number));
type Figure = {
  query: number;
  engine: string;
  threads: number;
  wall: number;
  cpu: number;
  rows: number;
  disturbed: number;
};
const figures: Figure[] = [];

await makeData();
for (const threads of args.threads.split(',').map(Number)) await measure(threads);
report();

/** The eight tables as Parquet files, by the package's own generator. */
async function makeData(): Promise<void> {
  const db = connect({ threads: 0 });
  await writeTpch(db, Number(args.sf), folder, 122_880);
  await db.close();
}

async function measure(threads: number): Promise<void> {
  const engines = [
    await ours(threads),
    ...(await Promise.all(
      args.peers
        .split(',')
        .filter(Boolean)
        .map(p => peer(p, threads)),
    )),
  ];
  for (const q of queries) {
    const best = new Map<Engine, Run>();
    const failed = new Set<Engine>();
    let disturbed = 0;
    for (let round = 0; round <= Number(args.runs); round++) {
      for (const engine of engines) {
        if (failed.has(engine)) continue;
        try {
          let run = await engine.run(q.sql);
          for (let retry = 0; retry < 3 && threads === 1 && run.cpu < 0.95 * run.wall && run.wall > 0.01; retry++) {
            disturbed++;
            run = await engine.run(q.sql);
          }
          // The first round warms up files, code and caches.
          if (round > 0 && run.wall < (best.get(engine)?.wall ?? Infinity)) best.set(engine, run);
        } catch (error) {
          failed.add(engine);
          console.error(`Q${q.number} ${engine.name}: ${(error as Error).message.split('\n')[0]}`);
        }
      }
    }
    for (const [engine, run] of best)
      figures.push({ query: q.number, engine: engine.name, threads, ...run, disturbed });
  }
  for (const e of engines) await e.close();
}

async function ours(threads: number): Promise<Engine> {
  const db = connect({ threads: threads === 1 ? 0 : threads });
  for (const t of tpchTables) {
    const from = `read_parquet('${tpchFile(folder, t)}')`;
    await db.execute(
      args.memory ? `CREATE TABLE ${t} AS SELECT * FROM ${from}` : `CREATE VIEW ${t} AS SELECT * FROM ${from}`,
    );
  }
  return {
    name: 'rayexec',
    run: async sql => {
      const used = process.cpuUsage();
      const start = performance.now();
      const result = await db.execute(sql);
      const rows = result.rows().length;
      const wall = (performance.now() - start) / 1000;
      const { user, system } = process.cpuUsage(used);
      return { wall, cpu: (user + system) / 1e6, rows };
    },
    close: () => db.close(),
  };
}

async function peer(name: string, threads: number): Promise<Engine> {
  const python = join(bench, 'python/bin/python');
  const script = (file: string): string => join(import.meta.dirname, 'peers', file);
  if (name === 'polars') return new ChildEngine(name, python, [script('polars_peer.py'), String(threads), folder]);
  if (name === 'duckdb-wasm') {
    const engine = new ChildEngine(name, 'node', [script('duckdb-wasm-peer.mjs'), join(bench, 'node')]);
    for (const table of tpchTables) await engine.ask({ load: { table, path: await arrowFile(table) } });
    return engine;
  }
  const engine = new ChildEngine(name, python, [script('duckdb_peer.py'), String(threads)]);
  const kind = args.memory ? 'TABLE' : 'VIEW';
  for (const t of tpchTables) {
    await engine.run(`CREATE ${kind} ${t} AS SELECT * FROM read_parquet('${tpchFile(folder, t)}')`);
  }
  return engine;
}

/** A table as an Arrow file, for peers that read no Parquet. */
async function arrowFile(table: string): Promise<string> {
  const path = join(folder, `${table}.arrow`);
  if (existsSync(path)) return path;
  const db = connect({ threads: 0 });
  await db.execute(`COPY (SELECT * FROM read_parquet('${tpchFile(folder, table)}')) TO '${path}' (FORMAT arrow)`);
  await db.close();
  return path;
}

function report(): void {
  const engines = [...new Set(figures.map(f => f.engine))].filter(e => e !== 'rayexec');
  for (const threads of new Set(figures.map(f => f.threads))) {
    console.log(
      `\nTPC-H scale ${args.sf}, ${args.memory ? 'tables in memory' : 'Parquet'}, ${threads} thread(s); seconds, best of ${args.runs}; ratio = rayexec / peer`,
    );
    console.log(
      ['query', 'rayexec', 'cpu/wall', ...engines.flatMap(e => [e, 'ratio'])].map(c => c.padStart(12)).join(''),
    );
    const ratios = new Map<string, number[]>();
    for (const q of queries) {
      const at = (engine: string) =>
        figures.find(f => f.query === q.number && f.engine === engine && f.threads === threads);
      const own = at('rayexec');
      const cells = [
        `Q${q.number}`,
        own?.wall.toFixed(4) ?? 'failed',
        own === undefined ? '' : (own.cpu / own.wall).toFixed(2),
      ];
      for (const e of engines) {
        const other = at(e);
        const ratio = own === undefined || other === undefined ? undefined : own.wall / other.wall;
        if (ratio !== undefined) ratios.set(e, [...(ratios.get(e) ?? []), ratio]);
        cells.push(other?.wall.toFixed(4) ?? 'failed', ratio?.toFixed(2) ?? '');
      }
      console.log(cells.map(c => c.padStart(12)).join(''));
    }
    for (const [e, all] of ratios) {
      const geomean = Math.exp(all.reduce((s, r) => s + Math.log(r), 0) / all.length);
      console.log(
        `geomean against ${e}: ${geomean.toFixed(3)} over ${all.length} queries, worst ${Math.max(...all).toFixed(2)}`,
      );
    }
  }
  console.log(`peak RSS of this process: ${(process.resourceUsage().maxRSS / 1024).toFixed(0)} MiB`);
  const file = join(bench, 'tpch.json');
  const history = existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as unknown[]) : [];
  writeFileSync(
    file,
    JSON.stringify([...history, { at: new Date().toISOString(), sf: args.sf, memory: args.memory, figures }], null, 1),
  );
}
