// duckdb-wasm as a peer, blocking in this process: reads {"sql"} as JSON lines, answers {"wall", "cpu", "rows"}.
// Argument: the folder whose node_modules has @duckdb/duckdb-wasm.
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

const folder = process.argv[2];
const require = createRequire(join(folder, 'package.json'));
const duckdb = require('@duckdb/duckdb-wasm/blocking');
const dist = join(folder, 'node_modules/@duckdb/duckdb-wasm/dist');
const bundles = {
  mvp: { mainModule: join(dist, 'duckdb-mvp.wasm'), mainWorker: '' },
  eh: { mainModule: join(dist, 'duckdb-eh.wasm'), mainWorker: '' },
};
const db = await duckdb.createDuckDB(bundles, new duckdb.VoidLogger(), duckdb.NODE_RUNTIME);
await db.instantiate();
const connection = db.connect();

for await (const line of createInterface({ input: process.stdin })) {
  const { sql } = JSON.parse(line);
  let answer;
  try {
    const used = process.cpuUsage();
    const wall = performance.now();
    const rows = connection.query(sql).numRows;
    const { user, system } = process.cpuUsage(used);
    answer = { wall: (performance.now() - wall) / 1000, cpu: (user + system) / 1e6, rows };
  } catch (error) {
    answer = { error: String(error) };
  }
  console.log(JSON.stringify(answer));
}
