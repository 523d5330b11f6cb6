import type { Block, ReceiveRequest } from '../protocol/exchange-port.ts';

/** One attempt at a task of a stage. */
export type Attempt = { readonly stage: number; readonly task: number; readonly attempt: number };

/**
 * Takes blocks of rows from the tasks of a query. A task may be tried several times, one after another or at once: what an
 * attempt has sent counts once it is committed, and the first committed attempt is what all readers see.
 */
export type BlockWriter = {
  /** Takes a block for a task of the stages that read; the bytes are not changed afterwards. */
  send(from: Attempt, receiver: number, bytes: Uint8Array): void;
  /** Undefined when more may be sent now; else resolves when it may. @throws RayexecError `io` */
  drained(from: Attempt): Promise<void> | undefined;
  /** All has been sent. @throws RayexecError `io` when what was sent is lost */
  commit(from: Attempt): Promise<void>;
};

export type BlockSource = {
  /**
   * What the senders of a stage sent to a task, by senders in rising order and of each in its order; can be read several
   * times. @throws RayexecError `io`
   */
  read(request: ReceiveRequest, task: number): AsyncIterable<Block>;
};

/** Carries blocks between the tasks of a query. */
export type Transport = BlockWriter & BlockSource;

/** The tasks that a request reads, and as which receiver. */
export function sendersOf({ senders, part }: ReceiveRequest, task: number): { senders: number[]; receiver: number } {
  const all = Array.from({ length: senders }, (_, sender) => sender);
  return { senders: part === 'same' ? all.filter(s => s === task) : all, receiver: part === 'own' ? task : 0 };
}
