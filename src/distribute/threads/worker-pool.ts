import { RayexecError } from '../../common/errors.ts';
import type { NodeProfile } from '../../execute/profile.ts';
import type { StartWorker, WorkerHandle } from '../../platform/worker-host.ts';
import type { Reply, RequestBody, WorkerStart } from './messages.ts';

type Pending = {
  readonly resolve: (profile: readonly NodeProfile[] | undefined) => void;
  readonly reject: (error: unknown) => void;
};
type Member = { readonly handle: WorkerHandle; readonly pending: Map<number, Pending> };

/**
 * Worker threads that are started at first use and kept warm. They keep the process alive only while a query uses
 * them. One that dies fails what it was doing, and is replaced by the next request.
 */
export class WorkerPool {
  readonly size: number;
  readonly #start: () => WorkerHandle;
  readonly #members: (Member | undefined)[];
  #users = 0;
  #nextCall = 0;

  constructor(size: number, startWorker: StartWorker, url: URL, data: WorkerStart) {
    this.size = size;
    this.#start = () => startWorker(url, data);
    this.#members = Array.from({ length: size }, () => undefined);
  }

  /** Keeps the process alive until the same number of `leave`s. */
  enter(): void {
    if (this.#users++ === 0) for (const m of this.#members) m?.handle.ref();
  }

  leave(): void {
    if (--this.#users === 0) for (const m of this.#members) m?.handle.unref();
  }

  /** Asks worker `index`; rejects with the error that it answers, or when it dies. */
  ask(index: number, body: RequestBody): Promise<readonly NodeProfile[] | undefined> {
    const member = this.#member(index);
    const call = this.#nextCall++;
    return new Promise((resolve, reject) => {
      member.pending.set(call, { resolve, reject });
      member.handle.post({ ...body, call });
    });
  }

  close(): void {
    for (const m of this.#members) m?.handle.terminate();
    this.#members.fill(undefined);
  }

  #member(index: number): Member {
    const known = this.#members[index];
    if (known !== undefined) return known;
    const member: Member = { handle: this.#start(), pending: new Map() };
    if (this.#users > 0) member.handle.ref();
    member.handle.onMessage(message => {
      const reply = message as Reply;
      const waiting = member.pending.get(reply.call);
      member.pending.delete(reply.call);
      if (reply.error !== undefined) waiting?.reject(RayexecError.fromJSON(reply.error));
      else waiting?.resolve(reply.profile);
    });
    member.handle.onExit(reason => {
      if (this.#members[index] === member) this.#members[index] = undefined;
      const error = new RayexecError('internal', `a worker thread died: ${reason?.message ?? 'it was ended'}`, {
        cause: reason,
      });
      for (const p of member.pending.values()) p.reject(error);
      member.pending.clear();
    });
    this.#members[index] = member;
    return member;
  }
}
