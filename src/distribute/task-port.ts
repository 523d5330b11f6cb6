import type { ArrowLibrary } from '../batch/to-arrow.ts';
import { invariant } from '../common/errors.ts';
import type { Block, BlockReader, ExchangePort, ReceiveRequest } from '../protocol/exchange-port.ts';
import type { Attempt, BlockSource, BlockWriter } from './transport.ts';

/** The exchange of one attempt at a task, over a transport. */
export class TaskPort implements ExchangePort {
  readonly arrow: ArrowLibrary;
  readonly #source: BlockSource;
  readonly #attempt: Attempt;
  readonly #writer: BlockWriter | undefined;

  /** @param writer of a task that sends */
  constructor(arrow: ArrowLibrary, source: BlockSource, attempt: Attempt, writer?: BlockWriter) {
    this.arrow = arrow;
    this.#source = source;
    this.#attempt = attempt;
    this.#writer = writer;
  }

  send(receiver: number, bytes: Uint8Array): void {
    invariant(this.#writer !== undefined, 'the last stage sends nothing');
    this.#writer.send(this.#attempt, receiver, bytes);
  }

  drained(): Promise<void> | undefined {
    return this.#writer?.drained(this.#attempt);
  }

  receive(request: ReceiveRequest): BlockReader {
    return new SourceReader(this.#source.read(request, this.#attempt.task));
  }
}

/** Reads one block after the other. */
class SourceReader implements BlockReader {
  readonly #blocks: AsyncIterator<Block, void, undefined>;
  #next: Block | undefined;
  #isAtEnd = false;

  constructor(blocks: AsyncIterable<Block>) {
    this.#blocks = blocks[Symbol.asyncIterator]();
  }

  next(): Block | Promise<void> | undefined {
    const block = this.#next;
    this.#next = undefined;
    if (block !== undefined || this.#isAtEnd) return block;
    return this.#fetch();
  }

  /** Lets go of what the source has opened. What it then runs into concerns nobody. */
  close(): void {
    this.#isAtEnd = true;
    this.#blocks.return?.().catch(() => undefined);
  }

  async #fetch(): Promise<void> {
    const { done, value } = await this.#blocks.next();
    if (done === true) this.#isAtEnd = true;
    else this.#next = value;
  }
}
