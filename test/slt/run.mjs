// npm run slt -- <suite folders> [runner options] [--table docs/slt.md] [--deviations docs/deviations.md]
// Runs sqllogictest suites with this project's adapter, and writes what came out: rates by folder, deviations by reason.
// The runner is the runner.mjs found in the folders' parents.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { deviationsText } from './deviations.mjs';
import { tableText } from './table.mjs';

const args = process.argv.slice(2);
const table = taken('--table');
const deviations = taken('--deviations');
const folder = args.find(a => existsSync(a));
if (folder === undefined) {
  console.error('usage: npm run slt -- <suite folder> …');
  process.exit(2);
}
let at = resolve(folder);
while (!existsSync(join(at, 'runner.mjs'))) {
  if (dirname(at) === at) {
    console.error(`no runner.mjs in the parents of ${folder}`);
    process.exit(2);
  }
  at = dirname(at);
}
const adapter = join(import.meta.dirname, 'adapter.mjs');
const scratch = mkdtempSync(join(tmpdir(), 'slt-run-'));
const out = args[args.indexOf('--out') + 1] ?? '';
const result = args.includes('--out') ? out : join(scratch, 'result.json');
const own = args.includes('--out') ? [] : ['--out', result];
const depth = args.includes('--depth') ? [] : ['--depth', '3'];
const { status } = spawnSync(
  process.execPath,
  [join(at, 'runner.mjs'), '--engine', adapter, ...own, ...depth, ...args],
  { stdio: 'inherit' },
);
if (status === 0 && (table !== undefined || deviations !== undefined)) {
  const run = JSON.parse(readFileSync(result, 'utf8'));
  if (table !== undefined) writeFileSync(table, tableText(run));
  if (deviations !== undefined) writeFileSync(deviations, deviationsText(run, existing(deviations)));
}
rmSync(scratch, { recursive: true, force: true });
process.exit(status ?? 1);

/** The value of an option that the runner does not know, taken out of the arguments. */
function taken(option) {
  const i = args.indexOf(option);
  return i < 0 ? undefined : args.splice(i, 2)[1];
}

function existing(file) {
  return existsSync(file) ? readFileSync(file, 'utf8') : '';
}
