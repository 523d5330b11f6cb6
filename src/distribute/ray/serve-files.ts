import { createHash, timingSafeEqual } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { encodeFrame } from './frames.ts';
import { ShuffleFiles, type StoredBlock } from './shuffle-files.ts';

/** Asks for the blocks of a receiver in files, whose names begin with their query's. */
export type BlocksRequest = {
  readonly stage: number;
  readonly receiver: number;
  readonly files: readonly (readonly [sender: number, file: string])[];
};

const LARGEST_REQUEST = 16 * 2 ** 20;
/** Bytes of frames that are written at once. */
const TOGETHER_BYTES = 64 * 2 ** 10;

/** Serves a folder's shuffle files over HTTP to whoever has the token: the blocks of each file, or `lost`; `end` at last. */
export async function serveFiles(folder: string, host: string, token: string): Promise<Server> {
  const files = new ShuffleFiles(folder);
  const server = createServer((request, response) => {
    answer(files, token, request, response).catch(() => response.destroy());
  });
  server.listen(0, host);
  await once(server, 'listening');
  return server;
}

export const portOf = (server: Server): number => (server.address() as AddressInfo).port;

async function answer(
  files: ShuffleFiles,
  token: string,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  if (!isSame(request.headers.authorization ?? '', `Bearer ${token}`)) return refuse(response, 401);
  if (request.method !== 'POST' || request.url !== '/blocks') return refuse(response, 404);
  const asked = await readRequest(request);
  if (asked === undefined) return refuse(response, 400);
  const { stage, receiver } = asked;
  const output = new FrameOutput(response);
  const add = (sender: number, { bytes, checksum }: StoredBlock): void =>
    output.add(encodeFrame('block', [stage, sender, receiver], bytes, checksum));
  for (const [sender, name] of asked.files) {
    try {
      // What is known is not waited for: many senders have next to nothing for a receiver.
      const known = files.known(name, receiver);
      for (const block of known ?? []) add(sender, block);
      if (known === undefined) {
        for await (const block of files.blocks(name, receiver)) {
          add(sender, block);
          await output.drained();
        }
      }
      const waiting = output.drained();
      if (waiting !== undefined) await waiting;
    } catch {
      if (response.destroyed) return;
      output.add(encodeFrame('lost', [stage, sender, receiver]));
    }
  }
  output.add(encodeFrame('end', [stage, 0, receiver]));
  output.end();
}

/** Small frames are written together. */
class FrameOutput {
  readonly #response: ServerResponse;
  #waiting: Uint8Array[] = [];
  #bytes = 0;

  constructor(response: ServerResponse) {
    this.#response = response;
  }

  add(parts: readonly Uint8Array[]): void {
    for (const part of parts) {
      this.#waiting.push(part);
      this.#bytes += part.length;
    }
  }

  /** Undefined when more may be added now. @throws Error when the reader is gone */
  drained(): Promise<void> | undefined {
    return this.#bytes < TOGETHER_BYTES ? undefined : this.#write();
  }

  end(): void {
    this.#response.end(this.#taken());
  }

  async #write(): Promise<void> {
    const response = this.#response;
    if (response.destroyed) throw new Error('the reader is gone');
    if (!response.write(this.#taken())) await Promise.race([once(response, 'drain'), once(response, 'close')]);
  }

  #taken(): Uint8Array {
    const bytes = Buffer.concat(this.#waiting, this.#bytes);
    this.#waiting = [];
    this.#bytes = 0;
    return bytes;
  }
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
