// npm run slt -- <suite folders> [runner options]: runs sqllogictest suites with this project's adapter.
// The runner is the runner.mjs found in the folders' parents.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';

const args = process.argv.slice(2);
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
const { status } = spawnSync(process.execPath, [join(at, 'runner.mjs'), '--engine', adapter, ...args], {
  stdio: 'inherit',
});
process.exit(status ?? 1);
