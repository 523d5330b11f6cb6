import { once } from 'node:events';
import type { Writable } from 'node:stream';
import { invariant } from '../../common/errors.ts';
import type { Block, ReceiveRequest } from '../../protocol/exchange-port.ts';
import { type Attempt, type BlockSource, type BlockWriter, sendersOf } from '../transport.ts';
import { encodeFrame, type Frame } from './frames.ts';
import { LostBlocks } from './lost-blocks.ts';

/** Hands blocks to the parent process, which puts them into Ray's object store. */
export class PipeWriter implements BlockWriter {
  readonly #output: Writable;

  constructor(output: Writable) {
    this.#output = output;
  }

  send(_: Attempt, receiver: number, bytes: Uint8Array): void {
    for (const part of encodeFrame('block', [receiver, 0, 0], bytes)) this.#output.write(part);
  }

  drained(): Promise<void> | undefined {
    return this.#output.writableNeedDrain ? once(this.#output, 'drain').then(() => undefined) : undefined;
  }

  async commit(): Promise<void> {}
}

/** Asks the parent process for what others have put into the object store. */
export class PipeSource implements BlockSource {
  readonly #frames: AsyncIterator<Frame, void, undefined>;
  readonly #output: Writable;
  /** The answer that is being read: one at a time. */
  #asked: Promise<unknown> = Promise.resolve();

  constructor(frames: AsyncIterator<Frame, void, undefined>, output: Writable) {
    this.#frames = frames;
    this.#output = output;
  }

  async *read(request: ReceiveRequest, task: number): AsyncGenerator<Block, void, undefined> {
    const { senders, receiver } = sendersOf(request, task);
    const ask = (sender: number): Promise<readonly Uint8Array[]> => {
      const answer = this.#asked.then(() => this.#ask(request.stage, sender, receiver));
      this.#asked = answer.catch(() => undefined);
      return answer;
    };
    let next = senders.length > 0 ? ask(senders[0]!) : undefined;
    for (const [i, sender] of senders.entries()) {
      const blocks = await next!;
      // The parent fetches what comes next while this is worked on.
      next = i + 1 < senders.length ? ask(senders[i + 1]!) : undefined;
      for (const bytes of blocks) yield { sender, bytes };
    }
  }

  /** Resolves when nothing is being read: what comes next on the input is not a part of an answer. */
  async settled(): Promise<void> {
    await this.#asked;
  }

  /** All blocks of a sender are taken at once: while it writes, the parent reads nothing. */
  async #ask(stage: number, sender: number, receiver: number): Promise<readonly Uint8Array[]> {
    for (const part of encodeFrame('read', [stage, sender, receiver])) this.#output.write(part);
    const blocks: Uint8Array[] = [];
    let isIntact = true;
    for (;;) {
      const { done, value } = await this.#frames.next();
      invariant(done !== true, 'the parent process has ended');
      if (value.kind === 'end') break;
      invariant(value.kind === 'block', 'only blocks are asked for');
      isIntact &&= value.isIntact;
      blocks.push(value.bytes);
    }
    if (!isIntact) throw new LostBlocks(stage, [sender]);
    return blocks;
  }
}
