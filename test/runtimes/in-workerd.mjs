import { spawn } from 'node:child_process';
import { copyFileSync, readdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { build } from 'esbuild';

/** Bundles workerd-program.js of a project, with the files of a site, and asks workerd for its answer. */
export async function inWorkerd(workerd, project, site) {
  const folder = join(project, 'workerd');
  await build({
    entryPoints: { main: 'workerd-program.js' },
    absWorkingDir: project,
    outdir: folder,
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'browser',
    conditions: ['workerd', 'browser'],
    external: ['./kernels.wasm', './names.parquet'],
    logLevel: 'error',
  });
  copyFileSync(join(project, 'node_modules/rayexec/dist/kernels.wasm'), join(folder, 'kernels.wasm'));
  copyFileSync(join(site, 'names.parquet'), join(folder, 'names.parquet'));
  const port = await freePort();
  const modules = readdirSync(folder)
    .filter(f => f.endsWith('.js') && f !== 'main.js')
    .map(f => `(name = "${f}", esModule = embed "${f}")`);
  const config = `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [(name = "main", worker = .main)],
  sockets = [(name = "http", address = "127.0.0.1:${port}", http = (), service = "main")]
);
const main :Workerd.Worker = (
  modules = [(name = "main.js", esModule = embed "main.js"), ${modules.join(', ')},
    (name = "kernels.wasm", wasm = embed "kernels.wasm"), (name = "names.parquet", data = embed "names.parquet")],
  compatibilityDate = "2025-09-01"
);
`;
  writeFileSync(join(folder, 'config.capnp'), config);
  const child = spawn(workerd, ['serve', 'config.capnp'], { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] });
  let log = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', data => {
      log += data;
    });
  const ended = new Promise(resolve => child.on('exit', resolve));
  try {
    for (let attempt = 0; attempt < 100 && child.exitCode === null; attempt++) {
      await new Promise(resolve => setTimeout(resolve, 100));
      const answer = await fetch(`http://127.0.0.1:${port}/`, { signal: AbortSignal.timeout(120_000) }).catch(e => e);
      if (answer instanceof Response) return answer.ok ? await answer.text() : `FAILED ${answer.status}\n${log}`;
      if (answer.name === 'TimeoutError') return `FAILED no answer\n${log}`;
    }
    return `FAILED workerd did not start\n${log}`;
  } finally {
    child.kill('SIGKILL');
    await ended;
  }
}

const freePort = () =>
  new Promise(resolve => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
