import { spawn } from 'node:child_process';
import { createReadStream, existsSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { extname, join } from 'node:path';
import { chromium } from './install.mjs';

const TYPES = {
  '.js': 'text/javascript',
  '.mjs': 'text/javascript',
  '.html': 'text/html',
  '.wasm': 'application/wasm',
  '.css': 'text/css',
};

/**
 * Opens a page of a folder in a headless Chromium. @param headers of all that is served
 * @returns what the page posts to /result
 */
export async function inChromium(folder, path, { headers = {}, timeout = 180_000 } = {}) {
  const profile = mkdtempSync(join(tmpdir(), 'rayexec-chromium-'));
  let result = () => undefined;
  const posted = new Promise(resolve => {
    result = resolve;
  });
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url, 'http://localhost');
    for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
    if (request.method === 'POST') {
      const parts = [];
      request.on('data', part => parts.push(part));
      request.on('end', () => {
        result(Buffer.concat(parts).toString());
        response.end();
      });
      return;
    }
    const file = join(folder, pathname);
    if (!existsSync(file) || !statSync(file).isFile()) {
      response.writeHead(404).end();
      return;
    }
    const { size } = statSync(file);
    response.setHeader('content-type', TYPES[extname(file)] ?? 'application/octet-stream');
    response.setHeader('accept-ranges', 'bytes');
    const range = /^bytes=(\d+)-(\d*)$/.exec(request.headers.range ?? '');
    const start = range === null ? 0 : Number(range[1]);
    const end = range === null || range[2] === '' ? size - 1 : Math.min(size - 1, Number(range[2]));
    if (range !== null) response.setHeader('content-range', `bytes ${start}-${end}/${size}`);
    response.setHeader('content-length', end - start + 1);
    response.writeHead(range === null ? 200 : 206);
    if (request.method === 'HEAD') response.end();
    else createReadStream(file, { start, end }).pipe(response);
  });
  await new Promise(resolve => server.listen(0, '127.0.0.1', resolve));
  const url = `http://localhost:${server.address().port}${path}`;
  const flags = [
    '--headless=new',
    '--no-sandbox',
    '--disable-gpu',
    '--disable-dev-shm-usage',
    '--no-first-run',
    '--enable-logging=stderr',
    `--user-data-dir=${profile}`,
  ];
  const browser = spawn(chromium(), [...flags, url], { stdio: ['ignore', 'ignore', 'pipe'] });
  let log = '';
  browser.stderr.on('data', data => {
    log += data;
  });
  const ended = new Promise(resolve => browser.on('exit', resolve));
  let timer;
  const late = new Promise(resolve => {
    timer = setTimeout(
      () =>
        resolve(
          `FAILED the page posted nothing\n${log
            .split('\n')
            .filter(l => l.includes('CONSOLE'))
            .join('\n')}`,
        ),
      timeout,
    );
  });
  try {
    return await Promise.race([posted, late]);
  } finally {
    clearTimeout(timer);
    browser.kill('SIGKILL');
    await ended;
    server.closeAllConnections();
    server.close();
    // Its helpers outlive it a little, and still write there.
    rmSync(profile, { recursive: true, force: true, maxRetries: 20 });
  }
}

/** What makes a page cross-origin isolated, so that its threads may share memory. */
export const ISOLATED = { 'cross-origin-opener-policy': 'same-origin', 'cross-origin-embedder-policy': 'require-corp' };
