// The 22 queries of TPC-H on a cluster of two raylets, row for row against this process:
//   npm run test:ray:scale -- [--scale 0.1,1] [--shuffle store,files] [--partitions 2,8] [--queries 5,18]
//     [--broadcast-rows 1000]
// Takes its files from .bench/tpch-<scale>, and makes those that are missing. Prints a table of seconds, one run each, with
// `≠` where rows differ; ends with 1 if any do.
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { type Any, connect, type Database } from '../../dist/index.js';
import type { ResultSet } from '../../frontends/dataframe/result.ts';
import { sameCell } from '../support/csv.ts';
import { cellsOf } from '../support/result-cells.ts';
import { tpchFile, tpchTables, writeTpch } from '../support/tpch-files.ts';
import { tpchQueries } from '../support/tpch-queries.ts';
import { python, TwoRaylets } from './cluster.ts';

const { values: args } = parseArgs({
  options: {
    scale: { type: 'string', default: '0.1,1' },
    shuffle: { type: 'string', default: 'store,files' },
    partitions: { type: 'string', default: '2,8' },
    queries: { type: 'string', default: '' },
    // Few enough that all tables but the smallest are shuffled.
    'broadcast-rows': { type: 'string', default: '1000' },
  },
});
const list = (text: string): readonly string[] => text.split(',').filter(Boolean);
const wanted = list(args.queries).map(Number);
const queries = tpchQueries.filter(q => wanted.length === 0 || wanted.includes(q.number));

async function open(folder: string, options: Parameters<typeof connect>[0]): Promise<Database<Any>> {
  const db = connect({ threads: 0, ...options }) as Database<Any>;
  for (const table of tpchTables) {
    await db.execute(`CREATE VIEW ${table} AS SELECT * FROM read_parquet('${tpchFile(folder, table)}')`);
  }
  return db;
}

/** A query's rows, and its seconds. */
async function answer(db: Database<Any>, sql: string): Promise<{ rows: readonly string[][]; seconds: number }> {
  const start = performance.now();
  const { raw } = await db.execute(sql);
  const seconds = (performance.now() - start) / 1000;
  return { rows: cellsOf(raw as unknown as ResultSet), seconds };
}

const isSame = (a: readonly string[][], b: readonly string[][]): boolean =>
  a.length === b.length && a.every((row, r) => row.every((cell, c) => sameCell(cell, b[r]![c]!)));

async function compare(scale: number, address: string): Promise<number> {
  const folder = join(import.meta.dirname, `../../.bench/tpch-${scale}`);
  const writing = connect({ threads: 0 });
  await writeTpch(writing, scale, folder, 122_880);
  await writing.close();
  const here = await open(folder, {});
  // One client for all settings: each has workers of its own, and a CPU has room for one worker that waits.
  const there = await open(folder, { ray: { python, address } });
  await there.execute(`SET broadcast_rows = ${args['broadcast-rows']}`);
  const settings = list(args.partitions).flatMap(n => list(args.shuffle).map(shuffle => [n, shuffle] as const));
  console.log(`\nTPC-H at scale ${scale} on two raylets of one CPU each; seconds of one run`);
  console.log(line(['query', 'one process', ...settings.map(([n, shuffle]) => `${shuffle} × ${n}`), 'rows']));
  let differences = 0;
  for (const { number, sql } of queries) {
    const expected = await answer(here, sql);
    const cells = [`Q${number}`, expected.seconds.toFixed(2)];
    for (const [partitions, shuffle] of settings) {
      await there.execute(`SET partitions = ${partitions}; SET shuffle = ${shuffle}`);
      const { rows, seconds } = await answer(there, sql);
      const same = isSame(rows, expected.rows);
      if (!same) differences++;
      cells.push(`${seconds.toFixed(2)} ${same ? '=' : '≠'}`);
    }
    console.log(line([...cells, String(expected.rows.length)]));
  }
  await here.close();
  await there.close();
  return differences;
}

const line = (cells: readonly string[]): string => cells.map(c => c.padStart(14)).join('');

const cluster = await TwoRaylets.start({ storeBytes: 2 ** 30 });
let differences = 0;
try {
  for (const scale of list(args.scale)) differences += await compare(Number(scale), cluster.address);
} finally {
  await cluster.close();
}
console.log(differences === 0 ? '\nall rows are equal' : `\n${differences} answers differ`);
process.exitCode = differences === 0 ? 0 : 1;
