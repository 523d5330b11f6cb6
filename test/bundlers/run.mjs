// The packed package as people put it into their programs: npm run test:bundlers [-- <name> …]
// Installs what it needs below .runtimes/. Ends with 1 when something fails.
import { execFile, execFileSync, spawn } from 'node:child_process';
import { copyFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { createServer } from 'node:net';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { gzipSync } from 'node:zlib';
import { ISOLATED, inChromium } from '../runtimes/in-chromium.mjs';
import { installTools, put, root } from '../runtimes/install.mjs';
import { SMOKE_CSV } from '../runtimes/smoke.js';

const exec = promisify(execFile);
const names = process.argv.slice(2);
const { dependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
const home = installTools('bundlers', {
  esbuild: '0.27',
  jest: '30',
  next: '16.4.6',
  react: '19',
  'react-dom': '19',
  vite: '8.3.8',
  webpack: '5',
  'webpack-cli': '6',
  ...dependencies,
});
const apps = join(home, 'apps');
rmSync(apps, { recursive: true, force: true });
unpack();
const require = createRequire(join(home, 'package.json'));
const page = resolve(import.meta.dirname, '../runtimes');

/** dist/ as npm packs it, in the place where npm would install it. */
function unpack() {
  const packed = execFileSync('npm', ['pack', '--ignore-scripts', '--json', '--pack-destination', home], {
    cwd: root,
    encoding: 'utf8',
  });
  const folder = join(home, 'node_modules/rayexec');
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  execFileSync('tar', ['-xzf', join(home, JSON.parse(packed)[0].filename), '-C', folder, '--strip-components=1']);
}

function app(name, files) {
  const folder = join(apps, name);
  put(
    join(folder, 'package.json'),
    JSON.stringify({ private: true, type: files['main.cjs'] || files['main.test.js'] ? 'commonjs' : 'module' }),
  );
  for (const [path, text] of Object.entries(files)) put(join(folder, path), text);
  return folder;
}

const node = async (folder, ...args) =>
  (await exec(process.execPath, args, { cwd: folder, timeout: 300_000 })).stdout.trim();
const tool = (folder, name, path, ...args) => node(folder, join(home, 'node_modules', name, path), ...args);

/** README's first program, as a module and as what is required, and what it says that it prints. */
const readme = readFileSync(join(root, 'README.md'), 'utf8');
const blocks = [...readme.matchAll(/^```(\w*)\n(.*?)^```$/gms)];
const FIRST = blocks.find(([, language]) => language === 'ts')[2];
const PRINTED = blocks.find(([, language]) => language === '')[2].trimEnd();
const [, IMPORTED, BODY] = /^import (.*?) from 'rayexec';\n(.*)$/s.exec(FIRST);
const REQUIRED = `const ${IMPORTED} = require('rayexec');\n(async () => {\n${BODY}\n})();`;

const expectPrinted = text => {
  if (text !== PRINTED) throw new Error(`printed ${text}`);
};

/** Pages are the smoke stories with what they read; @returns what failed. */
async function pageFolder(folder, headers, path = '/index.html') {
  writeFileSync(join(folder, 'rain.csv'), SMOKE_CSV);
  const { connect } = await import(pathToFileURL(join(home, 'node_modules/rayexec/dist/index.js')).href);
  const db = connect();
  await db.sql(`SELECT range AS id, 'n' || range AS name FROM range(5000)`).writeParquet(join(folder, 'names.parquet'));
  await db.close();
  const lines = (await inChromium(folder, path, { headers })).split('\n');
  const failed = lines.filter(l => l.startsWith('FAILED'));
  if (failed.length > 0) throw new Error(failed.join('\n'));
  return `${lines.filter(l => l.startsWith('ok')).length} stories ok, ${lines[0]}`;
}

function pageApp(name, html) {
  const folder = app(name, { 'index.html': html });
  for (const file of ['page-program.js', 'smoke.js']) copyFileSync(join(page, file), join(folder, file));
  return folder;
}

const HTML = '<!doctype html><meta charset="utf-8"><script type="module" src="./page-program.js"></script>';

const projects = {
  ESM: async () => expectPrinted(await node(app('esm', { 'main.js': FIRST }), 'main.js')),
  CJS: async () => {
    expectPrinted(await node(app('cjs', { 'main.cjs': REQUIRED }), 'main.cjs'));
  },
  Jest: async () => {
    const test = `const { connect } = require('rayexec');
test.each([0, 2])('with %i threads', async threads => {
  const db = connect({ threads });
  await db.execute('SET inline_rows = 0');
  expect(await db.sql('SELECT count(*) AS n FROM tpch_orders(0.01)').one()).toEqual({ n: 15000 });
  await db.close();
}, 60_000);`;
    await tool(app('jest', { 'main.test.js': test }), 'jest', 'bin/jest.js', '--ci');
  },
  'esbuild, Node': async () => {
    const folder = app('esbuild-node', { 'main.js': FIRST });
    const { build } = require('esbuild');
    const result = await build({
      absWorkingDir: folder,
      entryPoints: ['main.js'],
      bundle: true,
      minify: true,
      platform: 'node',
      format: 'esm',
      target: 'es2022',
      splitting: true,
      outdir: 'out',
      write: true,
      external: ['apache-arrow', 'parquet-wasm'],
      outExtension: { '.js': '.mjs' },
    });
    if (result.errors.length > 0) throw new Error(result.errors[0].text);
    expectPrinted(await node(folder, 'out/main.mjs'));
  },
  'esbuild, Node, required': async () => {
    // One file, without those that are beside the package's own.
    const folder = app('esbuild-required', { 'main.cjs': REQUIRED });
    await require('esbuild').build({
      absWorkingDir: folder,
      entryPoints: ['main.cjs'],
      bundle: true,
      minify: true,
      platform: 'node',
      format: 'cjs',
      outdir: 'out',
      external: ['apache-arrow', 'parquet-wasm'],
      outExtension: { '.js': '.cjs' },
      logLevel: 'error',
    });
    expectPrinted(await node(folder, 'out/main.cjs'));
  },
  'esbuild, size of { connect }': async () => {
    const folder = app('esbuild-size', { 'main.js': `export { connect } from 'rayexec';` });
    const { build } = require('esbuild');
    const { outputFiles, metafile } = await build({
      absWorkingDir: folder,
      entryPoints: ['main.js'],
      bundle: true,
      minify: true,
      platform: 'browser',
      format: 'esm',
      splitting: true,
      outdir: 'out',
      write: false,
      metafile: true,
    });
    const size = path => gzipSync(outputFiles.find(f => f.path === join(folder, path)).contents, { level: 9 }).length;
    const first = new Set();
    const load = path => {
      if (first.has(path)) return;
      first.add(path);
      for (const i of metafile.outputs[path].imports) if (i.kind === 'import-statement') load(i.path);
    };
    load('out/main.js');
    const sum = paths => [...paths].reduce((total, path) => total + size(path), 0);
    const lazy = Object.keys(metafile.outputs).filter(path => !first.has(path));
    const shown = lazy
      .map(path => [path.replace(/^out\//, '').replace(/-[A-Z0-9]{8}\.js$/, ''), size(path)])
      .sort((a, b) => b[1] - a[1]);
    if (sum(first) > 150_000) throw new Error(`${sum(first)} bytes`);
    return `${(sum(first) / 1000).toFixed(1)} kB gzip at once; later, when needed: ${shown
      .filter(([, n]) => n > 2000)
      .map(([name, n]) => `${name} ${(n / 1000).toFixed(1)}`)
      .join(', ')}`;
  },
  Vite: async () => {
    const folder = pageApp('vite', HTML);
    // The worker is a module with lazy parts, which Vite's workers are only when told.
    put(join(folder, 'vite.config.js'), `export default { worker: { format: 'es' } };`);
    await tool(folder, 'vite', 'bin/vite.js', 'build', '--target', 'es2022', '--logLevel', 'error');
    return pageFolder(join(folder, 'dist'), ISOLATED);
  },
  webpack: async () => {
    const folder = pageApp('webpack', HTML.replace('./page-program.js', './main.js'));
    await tool(
      folder,
      'webpack-cli',
      'bin/cli.js',
      '--mode',
      'production',
      '--entry',
      './page-program.js',
      '--output-path',
      join(folder, 'dist'),
      '--no-performance',
    );
    copyFileSync(join(folder, 'index.html'), join(folder, 'dist/index.html'));
    return pageFolder(join(folder, 'dist'), ISOLATED);
  },
  Next: async () => {
    const folder = app('next', {
      'next.config.mjs': `export default { serverExternalPackages: ['rayexec'], outputFileTracingRoot: ${JSON.stringify(home)}, turbopack: { root: ${JSON.stringify(home)} } };`,
      'app/layout.js': 'export default function Layout({ children }) { return <html><body>{children}</body></html>; }',
      'app/page.js': 'export default function Page() { return <p>rayexec</p>; }',
      'app/orders/route.js': `import { connect } from 'rayexec';
const db = connect({ threads: 2 });
export const dynamic = 'force-dynamic';
export async function GET(request) {
  await db.execute('SET inline_rows = 0');
  return Response.json(await db.sql('SELECT count(*) AS n FROM tpch_orders(0.01)').one({ signal: request.signal }));
}`,
    });
    await tool(folder, 'next', 'dist/bin/next', 'build');
    const port = await freePort();
    const child = spawn(
      process.execPath,
      [join(home, 'node_modules/next/dist/bin/next'), 'start', '-p', String(port), '-H', '127.0.0.1'],
      { cwd: folder, stdio: 'ignore' },
    );
    const ended = new Promise(done => child.on('exit', done));
    try {
      for (let attempt = 0; attempt < 200 && child.exitCode === null; attempt++) {
        await new Promise(done => setTimeout(done, 200));
        const answer = await fetch(`http://127.0.0.1:${port}/orders`).catch(() => undefined);
        if (answer === undefined) continue;
        const text = await answer.text();
        if (text !== '{"n":15000}') throw new Error(`${answer.status}: ${text.slice(0, 500)}`);
        return undefined;
      }
      throw new Error('next start does not answer');
    } finally {
      child.kill('SIGTERM');
      await ended;
    }
  },
};

const freePort = () =>
  new Promise(done => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => done(port));
    });
  });

let failures = 0;
for (const [name, run] of Object.entries(projects)) {
  if (names.length > 0 && !names.some(n => name.toLowerCase().startsWith(n.toLowerCase()))) continue;
  const started = performance.now();
  try {
    const note = await run();
    console.log(
      `${name}: ok, ${((performance.now() - started) / 1000).toFixed(1)} s${note === undefined ? '' : `; ${note}`}`,
    );
  } catch (error) {
    failures++;
    console.log(`${name}: FAILED ${error.stdout ?? ''}${error.stderr ?? ''}${error.stack ?? error}`);
  }
}
process.exitCode = failures > 0 ? 1 : 0;
