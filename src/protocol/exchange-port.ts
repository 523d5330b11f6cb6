import type { ArrowLibrary } from '../batch/to-arrow.ts';

/** What one task hands on, and what it was handed: rows as Arrow IPC streams. */
export type ExchangePort = {
  readonly arrow: ArrowLibrary;
  /** Puts a block for a receiver; the bytes are not changed afterwards. */
  send(receiver: number, bytes: Uint8Array): void;
  /** Undefined when more may be sent now; else resolves when it may. @throws RayexecError when what was put is lost */
  drained(): Promise<void> | undefined;
  /** Opens what the senders of a stage have put for this task; it can be opened several times. */
  receive(from: ReceiveRequest): BlockReader;
};

export type ReceiveRequest = {
  readonly stage: number;
  /** Tasks of that stage. */
  readonly senders: number;
  /** `own`: from each sender what it put for this task's number; `first`: for receiver 0; `same`: only from the sender of this task's number, for receiver 0. */
  readonly part: 'own' | 'first' | 'same';
};

/** Blocks by senders, in the order of their numbers, and of each in the order in which it put them. */
export type BlockReader = {
  /** The next block; undefined at the end; a promise when one must be waited for first. */
  next(): Block | Promise<void> | undefined;
  close(): void;
};

export type Block = { readonly sender: number; readonly bytes: Uint8Array };
