import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { browserPlatform } from '../../src/platform/browser.ts';
import { nodePlatform as platform } from '../../src/platform/node.ts';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const text = (data: Uint8Array): string => new TextDecoder().decode(data);

let dir: string;
beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), 'rayexec-platform-'));
  for (const path of ['a/x1.csv', 'a/x2.csv', 'a/deep/er/x3.csv', 'a/.hidden/x4.csv', 'b/[x].csv', 'b/y.txt']) {
    mkdirSync(join(dir, path, '..'), { recursive: true });
    writeFileSync(join(dir, path), `content of ${path}`);
  }
  symlinkSync(join(dir, 'a'), join(dir, 'a/deep/loop'));
});
afterAll(() => rmSync(dir, { recursive: true }));

describe('files of Node', () => {
  it('reads ranges into a view, also of shared memory', async () => {
    const source = await platform.open(join(dir, 'a/x1.csv'));
    const memory = new WebAssembly.Memory({ initial: 1, maximum: 1, shared: true });
    const target = new Uint8Array(memory.buffer, 16, 4);
    expect(source.read(11, target)).toBeUndefined();
    expect(text(target.slice())).toBe('a/x1');
    expect(source.size).toBe(19);
    source.close();
    source.close();
  });

  it.skipIf(availableParallelism() === 1)('reads aside, to the end even when it is closed meanwhile', async () => {
    const source = await platform.open(join(dir, 'a/x1.csv'));
    const target = new Uint8Array(4);
    const reading = source.readAside!(11, target);
    source.close();
    await reading;
    expect(text(target)).toBe('a/x1');
    const other = await platform.open(join(dir, 'a/x1.csv'));
    await expect(other.readAside!(10, new Uint8Array(20))).rejects.toThrow(/ends at byte 19, 11 bytes too early/);
    other.close();
  });

  it('tells what is wrong with a path', async () => {
    await expect(platform.open(join(dir, 'a/x1.cvs'))).rejects.toThrow(
      /there is no file .*\nhint: did you mean 'x1.csv'/,
    );
    await expect(platform.open(join(dir, 'a'))).rejects.toThrow(/is a directory/);
    const source = await platform.open(join(dir, 'a/x1.csv'));
    expect(() => source.read(10, new Uint8Array(20))).toThrow(/ends at byte 19, 11 bytes too early/);
    source.close();
  });

  const globs: [string, string[]][] = [
    ['a/*.csv', ['a/x1.csv', 'a/x2.csv']],
    ['a/x[!1].csv', ['a/x2.csv']],
    ['*/?1.csv', ['a/x1.csv']],
    ['**/*.csv', ['a/deep/er/x3.csv', 'a/x1.csv', 'a/x2.csv', 'b/[x].csv']],
    ['a/**', ['a/deep/er/x3.csv', 'a/x1.csv', 'a/x2.csv']],
    ['b/[x].csv', ['b/[x].csv']],
    ['a/x1.csv', ['a/x1.csv']],
    ['a/none.csv', []],
    ['a/deep', ['a/deep']],
  ];
  it.each(globs)('globs %s', async (pattern, expected) => {
    expect(await platform.glob(join(dir, pattern))).toEqual(expected.map(p => join(dir, p)));
  });

  it('writes under the final name only when closed', async () => {
    const path = join(dir, 'out.bin');
    const sink = await platform.create(path);
    await sink.write(bytes('one '));
    expect(existsSync(path)).toBe(false);
    await sink.write(bytes('two'));
    await sink.close();
    expect(readFileSync(path, 'utf8')).toBe('one two');
    const aborted = await platform.create(path);
    await aborted.write(bytes('three'));
    await aborted.abort();
    expect(readFileSync(path, 'utf8')).toBe('one two');
    expect(readdirSync(dir).sort()).toEqual(['a', 'b', 'out.bin']);
    await expect(platform.create(join(dir, 'none/out'))).rejects.toThrow(/can't be written/);
  });

  it.each([platform, browserPlatform()])('inflates, within a limit ($name)', async p => {
    const plain = bytes('hello '.repeat(1000));
    expect(text(await p.inflate('gzip', gzipSync(plain)))).toBe(text(plain));
    expect(text(await p.inflate('zlib', deflateSync(plain), 6000))).toBe(text(plain));
    expect(text(await p.inflate('raw', deflateRawSync(plain)))).toBe(text(plain));
    if (p.name === 'node') expect(text(await p.inflate('brotli', brotliCompressSync(plain)))).toBe(text(plain));
    await expect((async () => p.inflate('gzip', gzipSync(plain), 5999))()).rejects.toThrow(/damaged gzip data/);
    await expect((async () => p.inflate('gzip', bytes('nonsense')))()).rejects.toThrow(/damaged gzip data/);
  });
});

describe('files of web servers', () => {
  let server: Server;
  let base: string;
  let failures = 0;
  const content = bytes('0123456789'.repeat(100));
  beforeAll(async () => {
    server = createServer((request, response) => {
      if (request.url === '/none') return void response.writeHead(404).end();
      if (request.url === '/flaky' && failures-- > 0) return void response.writeHead(503).end();
      const range = /bytes=(\d+)-(\d+)/.exec(request.headers.range ?? '');
      if (range === null || request.url === '/whole') return void response.writeHead(200).end(content);
      const [from, to] = [Number(range[1]), Number(range[2])];
      response.writeHead(206, { 'content-range': `bytes ${from}-${to}/${content.length}` });
      response.end(content.subarray(from, to + 1));
    });
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
    base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterAll(() => server.close());

  it.each(['/ranges', '/whole'])('reads ranges of %s', async path => {
    const source = await platform.open(base + path);
    expect(source.size).toBe(1000);
    const target = new Uint8Array(5);
    await source.read(997 - 5, target);
    expect(text(target)).toBe('23456');
    await expect(source.read(998, target)).rejects.toThrow(/ends at byte 1000/);
  });

  it('tries again when the server is busy, and gives up with a reason', async () => {
    failures = 2;
    const source = await platform.open(`${base}/flaky`);
    expect(source.size).toBe(1000);
    await expect(platform.open(`${base}/none`)).rejects.toThrow(/there is no file/);
    await expect(platform.glob(`${base}/*.csv`)).rejects.toThrow(/glob/);
    expect(await platform.glob(`${base}/ranges?x=1`)).toEqual([`${base}/ranges?x=1`]);
  });
});
