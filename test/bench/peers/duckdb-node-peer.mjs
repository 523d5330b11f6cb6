// DuckDB as programs of Node.js use it, by its native addon: reads {"sql"} as JSON lines, answers {"wall", "cpu", "rows"}.
// Arguments: threads, the folder whose node_modules has @duckdb/node-api.
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

const [threads, folder] = process.argv.slice(2);
const { DuckDBInstance } = createRequire(join(folder, 'package.json'))('@duckdb/node-api');
const instance = await DuckDBInstance.create(':memory:', { threads });
const connection = await instance.connect();

for await (const line of createInterface({ input: process.stdin })) {
  const { sql } = JSON.parse(line);
  let answer;
  try {
    const used = process.cpuUsage();
    const wall = performance.now();
    const reader = await connection.runAndReadAll(sql);
    const rows = reader.getRows().length;
    const { user, system } = process.cpuUsage(used);
    answer = { wall: (performance.now() - wall) / 1000, cpu: (user + system) / 1e6, rows };
  } catch (error) {
    answer = { error: String(error) };
  }
  console.log(JSON.stringify(answer));
}
