import { throwIfCancelled } from '../../common/cancellation.ts';
import type { RayexecError } from '../../common/errors.ts';
import { runPieces, Slices } from '../../common/slices.ts';
import { LastingStates } from '../../execute/lasting-states.ts';
import { narrowPipeline } from '../../execute/narrow-pipeline.ts';
import { cancel, contextsOf } from '../../execute/open-context.ts';
import type { Pipeline, Pipelines } from '../../execute/pipeline.ts';
import type { SharedState } from '../../execute/query-memory.ts';
import { runSchedule } from '../../execute/run-schedule.ts';
import type { Machine, RunOptions, Runtime } from '../../execute/runtime.ts';
import { Arena } from '../../memory/arena.ts';
import type { Owner } from '../../memory/linear-memory.ts';
import { operatorOf } from '../../operators/index.ts';
import type { Reply, RequestBody } from './messages.ts';
import type { WorkerPool } from './worker-pool.ts';
import { WorkerQueries } from './worker-queries.ts';

/**
 * Runs plans on a pool of worker threads over the shared memory: partition p of every pipeline runs on thread p, so
 * that a sink's clone is found again where it was opened. Thread 0 is this one where it takes part: small pipelines,
 * which have one partition, then need no message. Else it only coordinates.
 */
export class ThreadRuntime implements Runtime {
  readonly machine: Machine;
  readonly partitions: number;
  readonly #pool: WorkerPool;
  /** This thread's part of the queries, if it takes part. */
  readonly #own: WorkerQueries | undefined;

  /** @param takesPart whether this thread runs partition 0, in slices that leave its other work its turns */
  constructor(machine: Machine, pool: WorkerPool, takesPart: boolean) {
    this.machine = machine;
    this.#pool = pool;
    this.#own = takesPart ? new WorkerQueries(machine) : undefined;
    this.partitions = this.#ownThreads + pool.size;
  }

  get #ownThreads(): number {
    return this.#own === undefined ? 0 : 1;
  }

  /** Threads that may have a part of a query. */
  get #living(): readonly number[] {
    const workers = this.#pool.living.map(w => w + this.#ownThreads);
    return this.#own === undefined ? workers : [0, ...workers];
  }

  #askThread(thread: number, body: RequestBody): Promise<Reply['profile']> {
    if (this.#own === undefined || thread > 0) return this.#pool.ask(thread - this.#ownThreads, body);
    return this.#own.perform(body).finally(() => this.#pool.takeAnswers());
  }

  /** Asks threads, in rising order; this one begins when the others have been told. */
  #askThreads(threads: readonly number[], body: (thread: number) => RequestBody): readonly Promise<Reply['profile']>[] {
    return threads.toReversed().map(t => this.#askThread(t, body(t)));
  }

  async run(cut: Pipelines, shared: SharedState, options: RunOptions): Promise<void> {
    // The owner of the query's memory is a number that no other query has.
    const query = shared.owner;
    const deaths: RayexecError[] = [];
    const leave = this.#pool.enter(error => {
      // Also one that has nothing to do just now has clones of the query's sinks.
      deaths.push(error);
      cancel(this.machine, shared);
    });
    const threads = new Map<number, number>();
    /** Threads that have had a part of the query. */
    let used = 0;
    const slices = new Slices();
    try {
      const runPipeline = async (pipeline: Pipeline, at: SharedState): Promise<void> => {
        // Many short pipelines on this thread, as a recursion has, would keep its other work from its turns.
        if (slices.isOver) await slices.next();
        throwIfCancelled(options.signal);
        const narrow = narrowPipeline(pipeline, this.machine.memory, at);
        used = Math.max(used, narrow.partitions);
        await this.#runPipeline(query, narrow, at, threads, options);
        if (deaths[0] !== undefined) throw deaths[0];
      };
      const endRound = async (sinks: readonly number[], owner: Owner): Promise<void> => {
        const count = Math.max(0, ...sinks.map(sink => threads.get(sink) ?? 0));
        for (const sink of sinks) threads.delete(sink);
        const asked = this.#living.filter(t => t < count);
        await this.#ask(asked, { kind: 'end-round', query, sinks, owner }, shared);
      };
      await runSchedule({ machine: this.machine, runPipeline, endRound }, cut.schedule, shared);
    } catch (error) {
      throw deaths[0] ?? error;
    } finally {
      try {
        const closing = this.#askThreads(
          this.#living.filter(t => t < used),
          () => ({ kind: 'close', query }),
        );
        for (const p of await Promise.all(closing)) options.profile?.add(p ?? []);
      } finally {
        leave();
      }
    }
  }

  /** @param threads by sink, on how many threads its clones are */
  async #runPipeline(
    query: number,
    pipeline: Pipeline,
    shared: SharedState,
    threads: Map<number, number>,
    options: RunOptions,
  ): Promise<void> {
    const { sink } = pipeline;
    threads.set(sink.id, Math.max(threads.get(sink.id) ?? 0, pipeline.partitions));
    const { partitions } = this;
    const { batchRows, functions } = options;
    const profiled = options.profile !== undefined;
    const common = { kind: 'run', query, pipeline, partitions, shared, batchRows, profiled, functions } as const;
    const running = this.#askThreads(upTo(pipeline.partitions), partition => ({ ...common, partition }));
    await allSettledOrThrow(running, () => cancel(this.machine, shared));
    if (!pipeline.lastOfSink) return;
    const role = operatorOf(sink.node).sink;
    if (role?.seal !== undefined) {
      const arena = new Arena(this.machine.memory, shared.owner);
      const contexts = contextsOf(this.machine, shared, arena, new LastingStates(0, partitions), { batchRows });
      const sealing = role.seal(sink.node, contexts(sink, 0, pipeline.sinkClones));
      if (sealing !== undefined) await runPieces(sealing, new Slices(), () => throwIfCancelled(options.signal));
      arena.release();
    }
    if (role?.complete === undefined) return;
    // Partition p of a pipeline runs on thread p.
    await this.#ask(upTo(threads.get(sink.id)!), { kind: 'complete', query, sink: sink.id, shared }, shared);
  }

  #ask(
    threads: readonly number[],
    body: Extract<RequestBody, { kind: 'complete' | 'end-round' }>,
    shared: SharedState,
  ): Promise<void> {
    return allSettledOrThrow(
      this.#askThreads(threads, () => body),
      () => cancel(this.machine, shared),
    );
  }
}

/** The numbers from 0 to `count` - 1. */
const upTo = (count: number): readonly number[] => Array.from({ length: count }, (_, i) => i);

/** Waits for all, so that nothing still works on memory that is to be freed; then throws the first error that is no echo of a cancellation. */
async function allSettledOrThrow(promises: readonly Promise<unknown>[], onError: () => void): Promise<void> {
  const errors: unknown[] = [];
  await Promise.all(
    promises.map(p =>
      p.catch((error: unknown) => {
        errors.push(error);
        onError();
      }),
    ),
  );
  if (errors.length > 0) throw errors.find(e => (e as { code?: string }).code !== 'cancelled') ?? errors[0];
}
