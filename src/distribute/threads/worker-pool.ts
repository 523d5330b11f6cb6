import { RayexecError } from '../../common/errors.ts';
import type { NodeProfile } from '../../execute/profile.ts';
import type { StartWorker, WorkerHandle } from '../../platform/worker-host.ts';
import type { Reply, RequestBody, WorkerStart } from './messages.ts';
import { withinMoments } from './within-moments.ts';

type Pending = {
  readonly resolve: (profile: readonly NodeProfile[] | undefined) => void;
  readonly reject: (error: unknown) => void;
};
type Member = { readonly handle: WorkerHandle; readonly pending: Map<number, Pending> };

/**
 * Worker threads that are started at first use and kept warm. They keep the process alive only while a query uses
 * them. One that dies takes its part of all running queries along, which fail; it is replaced by the next request.
 */
export class WorkerPool {
  readonly size: number;
  readonly #start: () => WorkerHandle;
  readonly #members: (Member | undefined)[];
  readonly #users = new Set<(death: RayexecError) => void>();
  #isClosed = false;
  #nextCall = 0;

  constructor(size: number, startWorker: StartWorker, url: URL | undefined, data: WorkerStart) {
    this.size = size;
    this.#start = () => startWorker(url, data);
    this.#members = Array.from({ length: size }, () => undefined);
  }

  /** Keeps the process alive until the function that is returned is called. @param onDeath told when a worker has died */
  enter(onDeath: (death: RayexecError) => void): () => void {
    if (this.#users.size === 0) for (const m of this.#members) m?.handle.ref();
    this.#users.add(onDeath);
    return () => {
      this.#users.delete(onDeath);
      if (this.#users.size === 0) for (const m of this.#members) m?.handle.unref();
    };
  }

  /** The workers that have been started and live. */
  get living(): readonly number[] {
    return this.#members.flatMap((m, i) => (m === undefined ? [] : [i]));
  }

  /** Asks worker `index`, which is started if need be; rejects with the error that it answers, or when it dies. */
  async ask(index: number, body: RequestBody): Promise<readonly NodeProfile[] | undefined> {
    if (this.#isClosed) throw new RayexecError('closed', 'the database is closed');
    const member = this.#member(index);
    const call = this.#nextCall++;
    return new Promise((resolve, reject) => {
      member.pending.set(call, { resolve, reject });
      member.handle.post({ ...body, call });
    });
  }

  /** Takes answers that come within moments: the caller has nothing else to do. */
  takeAnswers(): void {
    const asked = this.#members.filter(m => m?.handle.poll !== undefined);
    withinMoments(() => {
      for (const m of asked) {
        const reply = m!.pending.size === 0 ? undefined : m!.handle.poll!();
        if (reply !== undefined) settle(m!, reply as Reply);
      }
      return asked.every(m => m!.pending.size === 0) ? true : undefined;
    });
  }

  close(): void {
    this.#isClosed = true;
    for (const m of this.#members) m?.handle.terminate();
    this.#members.fill(undefined);
  }

  #member(index: number): Member {
    const known = this.#members[index];
    if (known !== undefined) return known;
    const member: Member = { handle: this.#start(), pending: new Map() };
    if (this.#users.size > 0) member.handle.ref();
    member.handle.onMessage(message => settle(member, message as Reply));
    member.handle.onExit(reason => {
      if (this.#members[index] === member) this.#members[index] = undefined;
      const error = new RayexecError('internal', `a worker thread died: ${reason?.message ?? 'it was ended'}`, {
        cause: reason,
      });
      for (const p of member.pending.values()) p.reject(error);
      member.pending.clear();
      if (!this.#isClosed) for (const onDeath of [...this.#users]) onDeath(error);
    });
    this.#members[index] = member;
    return member;
  }
}

function settle({ pending }: Member, { call, error, profile }: Reply): void {
  const waiting = pending.get(call);
  pending.delete(call);
  if (error !== undefined) waiting?.reject(RayexecError.fromJSON(error));
  else waiting?.resolve(profile);
}
