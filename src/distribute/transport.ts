/** One attempt at a task of a stage. */
export type Attempt = { readonly stage: number; readonly task: number; readonly attempt: number };

/**
 * Carries blocks of rows between the tasks of a query. A task may be tried several times, one after another or at once:
 * what an attempt has sent counts once it is committed, and the first committed attempt is what all readers see.
 */
export type Transport = {
  /** Takes a block for a task of the stages that read; the bytes are not changed afterwards. */
  send(from: Attempt, receiver: number, bytes: Uint8Array): void;
  /** Undefined when more may be sent now; else resolves when it may. @throws RayexecError `io` */
  drained(from: Attempt): Promise<void> | undefined;
  /** All has been sent. @throws RayexecError `io` when what was sent is lost */
  commit(from: Attempt): Promise<void>;
  /** What a task sent to a receiver, in order; can be read several times. @throws RayexecError `io` */
  read(stage: number, task: number, receiver: number): AsyncIterable<Uint8Array>;
};
