// duckdb-wasm as a peer, blocking in this process: reads {"sql"} as JSON lines, answers {"wall", "cpu", "rows"}.
// {"load": {"table", "path"}} makes a table of an Arrow file: its Parquet reader is an extension from the network.
// Argument: the folder whose node_modules has @duckdb/duckdb-wasm.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

const folder = process.argv[2];
const require = createRequire(join(folder, 'package.json'));
const duckdb = require('@duckdb/duckdb-wasm/blocking');
const arrow = require('apache-arrow');
const dist = join(folder, 'node_modules/@duckdb/duckdb-wasm/dist');
const bundles = {
  mvp: { mainModule: join(dist, 'duckdb-mvp.wasm'), mainWorker: '' },
  eh: { mainModule: join(dist, 'duckdb-eh.wasm'), mainWorker: '' },
};
const db = await duckdb.createDuckDB(bundles, new duckdb.VoidLogger(), duckdb.NODE_RUNTIME);
await db.instantiate(() => undefined);
const connection = db.connect();

for await (const line of createInterface({ input: process.stdin })) {
  const { sql, load } = JSON.parse(line);
  let answer;
  try {
    const used = process.cpuUsage();
    const wall = performance.now();
    const rows = load === undefined ? connection.query(sql).numRows : loadArrow(load);
    const { user, system } = process.cpuUsage(used);
    answer = { wall: (performance.now() - wall) / 1000, cpu: (user + system) / 1e6, rows };
  } catch (error) {
    answer = { error: String(error) };
  }
  console.log(JSON.stringify(answer));
}

function loadArrow({ table, path }) {
  let rows = 0;
  for (const batch of arrow.RecordBatchReader.from(readFileSync(path))) {
    const stream = arrow.tableToIPC(new arrow.Table([batch]), 'stream');
    connection.insertArrowFromIPCStream(stream, { name: table, create: rows === 0 });
    rows += batch.numRows;
  }
  return rows;
}
