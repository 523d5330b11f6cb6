import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readBundle } from '../../src/distribute/ray/bundle.ts';
import { encodeFrame, encodeJson } from '../../src/distribute/ray/frames.ts';
import { PROTOCOL } from '../../src/distribute/ray/gateway.ts';
import { canRun, markProcesses, needed, processesWith, python, until } from './cluster.ts';

const dist = new URL('../../dist/', import.meta.url);

describe.skipIf(!canRun)(needed, () => {
  const folder = mkdtempSync(join(tmpdir(), 'ray-'));
  const socketPath = join(folder, 'gateway.sock');
  let mark: string;
  let gateway: ReturnType<typeof spawn>;
  let bundle: string;

  beforeAll(async () => {
    mark = markProcesses();
    const { hash, shimFolder, workerFile } = await readBundle(
      new URL('ray-shim/', dist),
      new URL('ray-worker.mjs', dist),
    );
    bundle = hash;
    gateway = spawn(python, [join(shimFolder, 'gateway.py')], {
      stdio: ['pipe', 'pipe', 'inherit'],
      env: {
        ...process.env,
        RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER: '0',
        RAY_USAGE_STATS_ENABLED: '0',
        RAYEXEC_NODE: process.execPath,
        RAYEXEC_WORKER: workerFile,
        RAYEXEC_TOKEN: 'secret',
        RAYEXEC_LISTEN: socketPath,
        RAYEXEC_FOLDER: folder,
        RAYEXEC_ADDRESS: 'local',
        RAYEXEC_PARENT: 'stdin',
      },
    });
    await new Promise(resolve => gateway.stdout!.once('data', resolve));
  });
  afterAll(async () => {
    gateway.stdin!.end();
    await until(() => processesWith(mark, '').length === 0);
    rmSync(folder, { recursive: true, force: true });
  });

  type Answer = { readonly status: number; readonly text: string };

  function ask(
    body: Uint8Array,
    headers: Record<string, string | number> = {},
    [method, path] = ['POST', '/query'],
  ): Promise<Answer> {
    return new Promise((resolve, reject) => {
      const all = { authorization: 'Bearer secret', 'content-length': body.length, ...headers };
      const asked = request({ socketPath, path, method, headers: all, agent: false }, response => {
        let text = '';
        response.on('data', chunk => {
          text += String(chunk);
        });
        response.on('end', () => resolve({ status: response.statusCode!, text }));
      });
      asked.on('error', reject);
      asked.end(body);
    });
  }

  const bytesOf = (plan: unknown): Uint8Array => new Uint8Array(Buffer.concat(encodeJson('run', plan)));
  const empty = () => ({
    protocol: PROTOCOL,
    bundle,
    analyze: false,
    given: [],
    stages: [] as unknown[],
    root: [] as unknown[],
  });
  const stage = { id: 0, tasks: 1, receivers: 2, objects: 2, reads: [], exchange: 'store', text: '{}' };
  const reading = [{ stage: 0, senders: 1, part: 'first' }];

  test('without the token nothing is answered', async () => {
    for (const authorization of ['', 'Bearer wrong', 'secret', 'Bearer secret\u00e9']) {
      expect(await ask(bytesOf(empty()), { authorization })).toMatchObject({ status: 401 });
      for (const path of ['/version', '/lease', '/']) {
        expect(await ask(new Uint8Array(0), { authorization }, ['GET', path])).toMatchObject({ status: 401 });
      }
    }
    expect(await ask(new Uint8Array(0), {}, ['GET', '/version'])).toMatchObject({ status: 200 });
  });

  test('other versions are told', async () => {
    expect(await ask(bytesOf({ ...empty(), protocol: 1 }))).toMatchObject({
      status: 409,
      text: `the client speaks protocol 1, the gateway ${PROTOCOL}`,
    });
    const other = await ask(bytesOf({ ...empty(), bundle: 'f00' }));
    expect(other).toMatchObject({
      status: 409,
      text: expect.stringMatching(/the client is of version 'f00', the cluster runs/),
    });
  });

  test('what is too large is not even read', async () => {
    const answer = await new Promise<number>((resolve, reject) => {
      const headers = { authorization: 'Bearer secret', 'content-length': 2 ** 31 };
      const asked = request({ socketPath, path: '/query', method: 'POST', headers, agent: false }, response => {
        resolve(response.statusCode!);
        asked.destroy();
      });
      asked.on('error', reject);
      asked.write('x');
    });
    expect(answer).toBe(413);
  });

  test.each([
    ['nothing', new Uint8Array(0)],
    ['a header cut off', new Uint8Array(7)],
    ['a frame cut off', encodeFrame('run', [0, 0, 0], new Uint8Array(9))[0]!.subarray(0, 24)],
    ['no JSON', new Uint8Array(Buffer.concat(encodeFrame('run', [0, 0, 0], Buffer.from('{'))))],
    ['deep JSON', new Uint8Array(Buffer.concat(encodeFrame('run', [0, 0, 0], Buffer.from('['.repeat(1e6)))))],
    ['a list', bytesOf([])],
  ])('refused: %s', async (_, body) => {
    expect((await ask(body)).status).toBe(400);
  });

  test.each<[string, () => object]>([
    ['a stage twice', () => ({ ...empty(), stages: [stage, stage] })],
    ['tasks without number', () => ({ ...empty(), stages: [{ ...stage, tasks: true }] })],
    ['too many tasks', () => ({ ...empty(), stages: [{ ...stage, tasks: 1e6 }] })],
    ['a stage that reads itself', () => ({ ...empty(), stages: [{ ...stage, reads: reading }] })],
    ['a last stage that reads nothing that is there', () => ({ ...empty(), root: reading })],
    ['another number of senders', () => ({ ...empty(), stages: [stage], root: [{ ...reading[0], senders: 2 }] })],
    ['an unknown exchange', () => ({ ...empty(), stages: [{ ...stage, exchange: 'mail' }] })],
    ['more objects than receivers', () => ({ ...empty(), stages: [{ ...stage, objects: 3 }] })],
    ['no receivers', () => ({ ...empty(), stages: [{ ...stage, receivers: 0, objects: 0 }] })],
    ['no text', () => ({ ...empty(), stages: [{ ...stage, text: 7 }] })],
  ])('refused: %s', async (_, plan) => {
    expect((await ask(bytesOf(plan()))).status).toBe(400);
  });

  test('a text that is no plan is the error of its task', async () => {
    const texts = [
      '{}',
      '{"stage":1}',
      '{"stage":{"id":0,"plan":{"node":{"kind":"constructor"},"inputs":[]},"tasks":1,"send":{}}}',
    ];
    for (const text of texts) {
      const { status, text: answer } = await ask(bytesOf({ ...empty(), stages: [{ ...stage, text }], root: reading }));
      expect(status).toBe(200);
      expect(answer).toMatch(/"where":\s*"stage 0, task 0 on /);
    }
  });

  test('changed and random requests are refused or answered, and the gateway goes on', async () => {
    const good = bytesOf({ ...empty(), stages: [stage], root: reading });
    const changes = fc.array(fc.tuple(fc.nat(good.length - 1), fc.nat(255)), { minLength: 1, maxLength: 4 });
    const changed = changes.map(all => {
      const bytes = good.slice();
      for (const [at, byte] of all) bytes[at] = byte;
      return bytes;
    });
    const plans = fc.record({ given: fc.jsonValue(), stages: fc.jsonValue(), root: fc.jsonValue() });
    const any = fc.oneof(
      changed,
      fc.uint8Array({ maxLength: 200 }),
      plans.map(p => bytesOf({ ...empty(), ...p })),
    );
    await fc.assert(
      fc.asyncProperty(any, async body => {
        expect([200, 400, 409]).toContain((await ask(body)).status);
      }),
      { numRuns: 150 },
    );
    expect((await ask(bytesOf(empty()))).status).toBe(200);
  });
});
