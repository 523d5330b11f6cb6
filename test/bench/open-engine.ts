import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect } from '../../dist/index.js';
import { benchFolder, createTable, tableFile, type Workload } from '../workloads/workload.ts';
import { ChildEngine, type Engine } from './engine.ts';

/** How engines run: over the files, or over tables in memory made of them; with how much memory, as `2GiB`. */
export type Setup = {
  readonly threads: number;
  readonly memory: boolean;
  readonly limit?: string | undefined;
  /** This engine's; on if nothing is said. */
  readonly pageCache?: 'off' | undefined;
};

/** Opens an engine by its name with a workload's tables: `rayexec` in this process, a peer in a child process. */
export async function openEngine(name: string, workload: Workload, setup: Setup): Promise<Engine> {
  const statements = workload.tables.map(t => createTable(workload, t, setup.memory ? 'TABLE' : 'VIEW'));
  const limits = setup.limit === undefined ? [] : [`SET memory_limit = '${setup.limit}'`];
  const caches = setup.pageCache === 'off' ? ["SET page_cache_limit = '0'"] : [];
  const frames = [String(setup.threads), workload.folder, setup.memory ? 'memory' : 'files', ...workload.tables];
  switch (name) {
    case 'rayexec':
      return keeping(await rayexec([...limits, ...caches, ...statements], setup.threads), workload);
    case 'duckdb': {
      const engine = new ChildEngine(name, python, [peerScript('duckdb_peer.py'), String(setup.threads)]);
      const folder = `SET temp_directory = '${join(tmpdir(), `duckdb-${process.pid}`)}'`;
      for (const sql of [folder, ...limits, ...statements]) await engine.run(sql);
      return keeping(engine, workload);
    }
    case 'polars':
    case 'datafusion':
    case 'glaredb':
      return keeping(new ChildEngine(name, python, [peerScript(`${name}_peer.py`), ...frames]), workload);
    case 'duckdb-node': {
      const script = peerScript('duckdb-node-peer.mjs');
      const engine = new ChildEngine(name, 'node', [script, String(setup.threads), join(benchFolder, 'node')]);
      for (const sql of [...limits, ...statements]) await engine.run(sql);
      return keeping(engine, workload);
    }
    case 'duckdb-wasm': {
      const engine = new ChildEngine(name, 'node', [peerScript('duckdb-wasm-peer.mjs'), join(benchFolder, 'node')]);
      for (const table of workload.tables) {
        const path = await arrowFile(workload.folder, table);
        await engine.ask({ load: { table, path } });
      }
      return engine;
    }
    default:
      throw new Error(`no engine ${name}: there are duckdb, duckdb-node, duckdb-wasm, polars, datafusion and glaredb`);
  }
}

/** An engine that keeps answers where the workload wants that: as a table in SQL, as frames in Python. */
function keeping(engine: Engine, { keepsAnswers = false }: Workload): Engine {
  if (!keepsAnswers) return engine;
  const { name } = engine;
  const isFrame = engine instanceof ChildEngine && !name.startsWith('duckdb');
  return {
    name,
    run: async sql => {
      if (isFrame) return engine.ask({ sql, keep: true });
      // Not timed: the answer before takes memory that this one may need.
      await engine.run('DROP TABLE IF EXISTS answer');
      return engine.run(`CREATE TABLE answer AS ${sql}`);
    },
    close: () => engine.close(),
  };
}

const python = join(benchFolder, 'python/bin/python');
const peerScript = (file: string): string => join(import.meta.dirname, 'peers', file);

/** This engine; at one thread everything runs on the calling one. */
async function rayexec(statements: readonly string[], threads: number): Promise<Engine> {
  const db = connect({ threads: threads === 1 ? 0 : threads });
  for (const sql of statements) await db.execute(sql);
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

/** A table as an Arrow file, for peers that read no Parquet. */
async function arrowFile(folder: string, table: string): Promise<string> {
  const path = join(folder, `${table}.arrow`);
  if (existsSync(path)) return path;
  const db = connect({ threads: 0 });
  await db.execute(`COPY (SELECT * FROM read_parquet('${tableFile(folder, table)}')) TO '${path}' (FORMAT arrow)`);
  await db.close();
  return path;
}
