import { randomBytes } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import type { Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { FileSource, FileWriter } from '../../../src/distribute/ray/file-exchange.ts';
import { portOf, serveFiles } from '../../../src/distribute/ray/serve-files.ts';

let query = '';
const folder = mkdtempSync(join(tmpdir(), 'rayexec-files-'));
const path = (sender: number): string => join(folder, query, `3.${sender}.0.1`);

let server: Server;
let url: string;
beforeAll(async () => {
  server = await serveFiles(folder, '127.0.0.1', 'secret');
  url = `http://127.0.0.1:${portOf(server)}`;
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
  rmSync(folder, { recursive: true, force: true });
});

const block = (sender: number, receiver: number, i: number): Uint8Array =>
  new Uint8Array(1000 * (receiver + 1)).fill(16 * sender + 4 * receiver + i);

/** Files are never changed but by damage: each time there is another query. */
async function writeFiles(): Promise<void> {
  query = randomBytes(16).toString('hex');
  for (const sender of [0, 1, 2]) {
    const writer = new FileWriter({ folder, query, name: `3.${sender}.0.1` });
    const attempt = { stage: 3, task: sender, attempt: 0 };
    for (const i of [0, 1]) for (const receiver of [0, 1]) writer.send(attempt, receiver, block(sender, receiver, i));
    await writer.commit();
  }
}

async function blocksOf(
  task: number,
  part: 'own' | 'first' | 'same' = 'own',
  token = 'secret',
  servers = [url, url, url],
) {
  const files = servers.map((s, sender) => [s, `${query}/3.${sender}.0.1`] as const);
  const blocks: { sender: number; bytes: Uint8Array }[] = [];
  for await (const b of new FileSource({ token, files }).read({ stage: 3, senders: 3, part }, task)) blocks.push(b);
  return blocks.map(({ sender, bytes }) => ({ sender, bytes: Uint8Array.from(bytes) }));
}

test('each receiver reads its blocks, by senders and in their order', async () => {
  await writeFiles();
  for (const receiver of [0, 1]) {
    const expected = [0, 1, 2].flatMap(sender => [0, 1].map(i => ({ sender, bytes: block(sender, receiver, i) })));
    expect(await blocksOf(receiver)).toEqual(expected);
  }
  expect((await blocksOf(1, 'same')).map(b => b.sender)).toEqual([1, 1]);
  expect(await blocksOf(5)).toEqual([]);
  expect(readdirSync(join(folder, query)).sort()).toEqual(['3.0.0.1', '3.1.0.1', '3.2.0.1']);
});

describe('what is lost is told by the senders that must run again', () => {
  test.each([
    ['cut off', () => truncateSync(path(1), 500)],
    ['cut off in its index', () => truncateSync(path(1), readFileSync(path(1)).length - 3)],
    ['gone', () => rmSync(path(1))],
    [
      'changed in a block',
      () => {
        const bytes = readFileSync(path(1));
        bytes[10]! ^= 1;
        writeFileSync(path(1), bytes);
      },
    ],
    [
      'changed in its index',
      () => {
        const bytes = readFileSync(path(1));
        bytes[bytes.length - 20]! ^= 1;
        writeFileSync(path(1), bytes);
      },
    ],
  ])('a file that is %s', async (_, damage) => {
    await writeFiles();
    damage();
    await expect(blocksOf(0)).rejects.toMatchObject({ stage: 3, senders: [1] });
  });

  test('a server that is gone, or lets nobody in', async () => {
    await writeFiles();
    await expect(blocksOf(0, 'own', 'wrong')).rejects.toMatchObject({ senders: [0, 1, 2] });
    const gone = 'http://127.0.0.1:1';
    await expect(blocksOf(0, 'own', 'secret', [url, gone, gone])).rejects.toMatchObject({ senders: [1, 2] });
  });
});

test.each([
  ['no token', {}, '/blocks', '{}', 401],
  ['another path', { authorization: 'Bearer secret' }, '/', '{}', 404],
  ['no JSON', { authorization: 'Bearer secret' }, '/blocks', '{', 400],
  ['no files', { authorization: 'Bearer secret' }, '/blocks', '{"stage":1,"receiver":0}', 400],
  [
    'a name that leads out',
    { authorization: 'Bearer secret' },
    '/blocks',
    '{"stage":1,"receiver":0,"files":[[0,"../x"]]}',
    400,
  ],
])('the server refuses: %s', async (_, headers, at, body, status) => {
  const response = await fetch(`${url}${at}`, { method: 'POST', headers: headers as Record<string, string>, body });
  expect(response.status).toBe(status);
});
