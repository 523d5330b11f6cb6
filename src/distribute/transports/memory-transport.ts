import { RayexecError } from '../../common/errors.ts';
import type { Block, ReceiveRequest } from '../../protocol/exchange-port.ts';
import { type Attempt, sendersOf, type Transport } from '../transport.ts';

/** Blocks by receiver. */
type Sent = Map<number, Uint8Array[]>;

/** Keeps the blocks in this process, until it is dropped. */
export class MemoryTransport implements Transport {
  readonly #open = new Map<string, Sent>();
  readonly #committed = new Map<string, Sent>();

  send(from: Attempt, receiver: number, bytes: Uint8Array): void {
    const sent = this.#sentBy(from);
    const blocks = sent.get(receiver);
    if (blocks === undefined) sent.set(receiver, [bytes]);
    else blocks.push(bytes);
  }

  drained(): undefined {
    return undefined;
  }

  async commit(from: Attempt): Promise<void> {
    const task = `${from.stage}.${from.task}`;
    if (!this.#committed.has(task)) this.#committed.set(task, this.#sentBy(from));
    this.#open.delete(`${task}.${from.attempt}`);
  }

  async *read(request: ReceiveRequest, task: number): AsyncGenerator<Block, void, undefined> {
    const { senders, receiver } = sendersOf(request, task);
    for (const sender of senders) {
      const sent = this.#committed.get(`${request.stage}.${sender}`);
      if (sent === undefined)
        throw new RayexecError('io', `what task ${sender} of stage ${request.stage} sent is missing`);
      for (const bytes of sent.get(receiver) ?? []) yield { sender, bytes };
    }
  }

  #sentBy({ stage, task, attempt }: Attempt): Sent {
    const key = `${stage}.${task}.${attempt}`;
    const known = this.#open.get(key);
    if (known !== undefined) return known;
    const sent: Sent = new Map();
    this.#open.set(key, sent);
    return sent;
  }
}
