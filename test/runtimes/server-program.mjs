// Run in Node, Deno and Bun, in a folder that has rayexec: node server-program.mjs <threads>
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as library from 'rayexec';
import { SMOKE_CSV, smoke } from './smoke.js';

const folder = mkdtempSync(join(tmpdir(), 'rayexec-smoke-'));
try {
  const csv = join(folder, 'rain.csv');
  writeFileSync(csv, SMOKE_CSV);
  const options = { threads: Number(process.argv[2]) };
  const lines = await smoke(library, { options, csv, parquet: join(folder, 'names.parquet'), writes: true });
  console.log(lines.join('\n'));
} finally {
  rmSync(folder, { recursive: true, force: true });
}
