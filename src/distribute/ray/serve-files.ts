import { createHash, timingSafeEqual } from 'node:crypto';
import { once } from 'node:events';
import { renameSync, rmSync } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { encodeFrame, encodeJson } from './frames.ts';
import { readShuffleIndex } from './shuffle-file.ts';

/** Asks for the blocks of a receiver in files, whose names begin with their query's. */
export type BlocksRequest = {
  readonly stage: number;
  readonly receiver: number;
  readonly files: readonly (readonly [sender: number, file: string])[];
};

const LARGEST_REQUEST = 16 * 2 ** 20;

/**
 * Serves a folder's shuffle files over HTTP to whoever has the token. For each file its blocks come, then `end`, or `lost`.
 * @returns when it listens; the folder goes with the process, or when it is asked to end
 */
export async function serveFiles(folder: string, host: string, token: string): Promise<Server> {
  const server = createServer((request, response) => {
    answer(folder, token, request, response).catch(() => response.destroy());
  });
  server.listen(0, host);
  await once(server, 'listening');
  const remove = (): void => {
    // Who still writes finds nothing here, rather than writing what nobody removes.
    const away = `${folder}.gone`;
    try {
      renameSync(folder, away);
    } catch {
      // It has gone already.
    }
    rmSync(away, { recursive: true, force: true });
  };
  process.once('exit', remove);
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => process.exit(0));
  return server;
}

export const portOf = (server: Server): number => (server.address() as AddressInfo).port;

async function answer(
  folder: string,
  token: string,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  if (!isSame(request.headers.authorization ?? '', `Bearer ${token}`)) return refuse(response, 401);
  if (request.method !== 'POST' || request.url !== '/blocks') return refuse(response, 404);
  const asked = await readRequest(request);
  if (asked === undefined) return refuse(response, 400);
  for (const [sender, name] of asked.files) {
    let file: FileHandle | undefined;
    try {
      file = await open(join(folder, name));
      await sendBlocks(file, asked, sender, response);
    } catch {
      if (response.destroyed) return;
      await write(response, encodeJson('lost', [sender], asked.stage));
    } finally {
      await file?.close();
    }
  }
  response.end();
}

async function sendBlocks(
  file: FileHandle,
  { stage, receiver }: BlocksRequest,
  sender: number,
  response: ServerResponse,
): Promise<void> {
  for (const entry of await readShuffleIndex(file)) {
    if (entry.receiver !== receiver) continue;
    const bytes = new Uint8Array(entry.length);
    await file.read(bytes, 0, entry.length, entry.offset);
    await write(response, encodeFrame('block', [stage, sender, receiver], bytes, entry.checksum));
  }
  await write(response, encodeFrame('end', [stage, sender, receiver]));
}

/** The request, if it is one; names lead nowhere but into the folder. */
async function readRequest(request: IncomingMessage): Promise<BlocksRequest | undefined> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > LARGEST_REQUEST) return undefined;
    chunks.push(chunk);
  }
  try {
    const asked = JSON.parse(Buffer.concat(chunks).toString()) as BlocksRequest;
    const isNumber = (n: unknown): boolean => Number.isInteger(n) && (n as number) >= 0 && (n as number) < 2 ** 32;
    const isFile = (f: BlocksRequest['files'][number]): boolean => isNumber(f[0]) && FILE_NAME.test(f[1]);
    return isNumber(asked.stage) && isNumber(asked.receiver) && asked.files.every(isFile) ? asked : undefined;
  } catch {
    return undefined;
  }
}

const FILE_NAME = /^[0-9a-f]{32}\/\d+\.\d+\.\d+\.\d+$/;

/** Compares in a time that tells nothing. */
function isSame(given: string, expected: string): boolean {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(given), digest(expected));
}

function refuse(response: ServerResponse, status: number): void {
  response.writeHead(status).end();
}

/** @throws Error when the reader is gone */
async function write(response: ServerResponse, parts: readonly Uint8Array[]): Promise<void> {
  for (const part of parts) {
    if (response.destroyed) throw new Error('the reader is gone');
    if (!response.write(part)) await Promise.race([once(response, 'drain'), once(response, 'close')]);
  }
}
