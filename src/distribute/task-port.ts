import type { ArrowLibrary } from '../batch/to-arrow.ts';
import type { Block, BlockReader, ExchangePort, ReceiveRequest } from '../protocol/exchange-port.ts';
import type { Attempt, Transport } from './transport.ts';

/** The exchange of one attempt at a task, over a transport. */
export class TaskPort implements ExchangePort {
  readonly arrow: ArrowLibrary;
  readonly #transport: Transport;
  readonly #attempt: Attempt;

  constructor(arrow: ArrowLibrary, transport: Transport, attempt: Attempt) {
    this.arrow = arrow;
    this.#transport = transport;
    this.#attempt = attempt;
  }

  send(receiver: number, bytes: Uint8Array): void {
    this.#transport.send(this.#attempt, receiver, bytes);
  }

  drained(): Promise<void> | undefined {
    return this.#transport.drained(this.#attempt);
  }

  receive(request: ReceiveRequest): BlockReader {
    return new SenderReader(this.#transport, request, this.#attempt.task);
  }
}

/** Reads the senders' blocks one sender after the other. */
class SenderReader implements BlockReader {
  readonly #blocks: AsyncIterator<Block, void, undefined>;
  #next: Block | undefined;
  #isAtEnd = false;

  constructor(transport: Transport, request: ReceiveRequest, task: number) {
    this.#blocks = blocksOf(transport, request, task);
  }

  next(): Block | Promise<void> | undefined {
    const block = this.#next;
    this.#next = undefined;
    if (block !== undefined || this.#isAtEnd) return block;
    return this.#fetch();
  }

  close(): void {
    this.#isAtEnd = true;
  }

  async #fetch(): Promise<void> {
    const { done, value } = await this.#blocks.next();
    if (done === true) this.#isAtEnd = true;
    else this.#next = value;
  }
}

async function* blocksOf(
  transport: Transport,
  { stage, senders, part }: ReceiveRequest,
  task: number,
): AsyncGenerator<Block, void, undefined> {
  const receiver = part === 'own' ? task : 0;
  for (let sender = 0; sender < senders; sender++) {
    if (part === 'same' && sender !== task) continue;
    for await (const bytes of transport.read(stage, sender, receiver)) yield { sender, bytes };
  }
}
