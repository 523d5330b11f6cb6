import { Agent, type IncomingMessage, request } from 'node:http';
import type { Block, ReceiveRequest } from '../../protocol/exchange-port.ts';
import { type Attempt, type BlockSource, type BlockWriter, sendersOf } from '../transport.ts';
import { type Frame, readFrames } from './frames.ts';
import { LostBlocks } from './lost-blocks.ts';
import type { BlocksRequest } from './serve-files.ts';
import { ShuffleFileWriter } from './shuffle-file.ts';

/** Where a task's file goes: below the folder of its node's server. */
export type FileOutput = { readonly folder: string; readonly query: string; readonly name: string };

/** Where the files of a stage's tasks are, by their numbers. */
export type FileTable = {
  readonly token: string;
  readonly files: readonly (readonly [server: string, file: string])[];
};

/** Writes what a task sends to a file of its node. */
export class FileWriter implements BlockWriter {
  readonly #writer: ShuffleFileWriter;

  constructor({ folder, query, name }: FileOutput) {
    this.#writer = new ShuffleFileWriter(`${folder}/${query}`, name);
  }

  send(_: Attempt, receiver: number, bytes: Uint8Array): void {
    this.#writer.append(receiver, bytes);
  }

  drained(): Promise<void> | undefined {
    return this.#writer.drained();
  }

  commit(): Promise<void> {
    return this.#writer.finish();
  }

  close(): Promise<void> {
    return this.#writer.close();
  }
}

/** Reads the files of a stage from the servers of the nodes that have them. */
export class FileSource implements BlockSource {
  readonly #table: FileTable;

  constructor(table: FileTable) {
    this.#table = table;
  }

  /** One request for each server; blocks come in the order of the senders. */
  async *read(ask: ReceiveRequest, task: number): AsyncGenerator<Block, void, undefined> {
    const { senders, receiver } = sendersOf(ask, task);
    const streams = new Map<string, FrameStream>();
    try {
      for (const sender of senders) {
        const [server] = this.#table.files[sender]!;
        const stream = streams.get(server) ?? new FrameStream(this.#open(server, ask.stage, senders, receiver));
        streams.set(server, stream);
        for (;;) {
          const frame = stream.next ?? (await stream.advance());
          if (frame === undefined) throw new LostBlocks(ask.stage, [sender]);
          // What comes next is of a later sender.
          if (frame.kind === 'end' || frame.numbers[1] > sender) break;
          if (frame.kind !== 'block' || !frame.isIntact) throw new LostBlocks(ask.stage, [sender]);
          yield { sender, bytes: frame.bytes };
          await stream.advance();
        }
      }
      // A connection whose answer has been read to its end is used again.
      for (const stream of streams.values()) await stream.advance();
    } finally {
      for (const stream of streams.values()) await stream.close();
    }
  }

  /** What some senders' files on one server have for a receiver. */
  async *#open(
    server: string,
    stage: number,
    senders: readonly number[],
    receiver: number,
  ): AsyncGenerator<Frame, void, undefined> {
    const { files, token } = this.#table;
    const there = senders.filter(s => files[s]![0] === server);
    const message = { stage, receiver, files: there.map(s => [s, files[s]![1]] as const) } satisfies BlocksRequest;
    try {
      const response = await post(`${server}/blocks`, token, JSON.stringify(message));
      try {
        if (response.statusCode !== 200) throw new Error(`status ${response.statusCode}`);
        yield* readFrames(response);
      } finally {
        if (!response.complete) response.destroy();
      }
    } catch {
      // Whoever reads again needs all of them.
      throw new LostBlocks(stage, there);
    }
  }
}

/** Frames of which the next can be looked at. */
class FrameStream {
  readonly #frames: AsyncGenerator<Frame, void, undefined>;
  next: Frame | undefined;

  constructor(frames: AsyncGenerator<Frame, void, undefined>) {
    this.#frames = frames;
  }

  /** Looks at the next frame; undefined at the end. */
  async advance(): Promise<Frame | undefined> {
    const { done, value } = await this.#frames.next();
    this.next = done === true ? undefined : value;
    return this.next;
  }

  async close(): Promise<void> {
    await this.#frames.return();
  }
}

const agent = new Agent({ keepAlive: true });

/** @throws Error when the server can't be reached, or says nothing for long */
function post(url: string, token: string, body: string): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const headers = { authorization: `Bearer ${token}`, 'content-length': Buffer.byteLength(body) };
    const asked = request(url, { method: 'POST', agent, headers, timeout: 30_000 }, resolve);
    asked.on('timeout', () => asked.destroy(new Error('the server of shuffle files says nothing')));
    asked.on('error', reject);
    asked.end(body);
  });
}
