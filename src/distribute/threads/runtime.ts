import { throwIfCancelled } from '../../common/cancellation.ts';
import type { RayexecError } from '../../common/errors.ts';
import { runPieces, Slices } from '../../common/slices.ts';
import { LastingStates } from '../../execute/lasting-states.ts';
import { cancel, contextsOf } from '../../execute/open-context.ts';
import type { Pipeline, Pipelines } from '../../execute/pipeline.ts';
import type { SharedState } from '../../execute/query-memory.ts';
import { runSchedule } from '../../execute/run-schedule.ts';
import type { Machine, RunOptions, Runtime } from '../../execute/runtime.ts';
import { Arena } from '../../memory/arena.ts';
import type { Owner } from '../../memory/linear-memory.ts';
import { operatorOf } from '../../operators/index.ts';
import type { RequestBody } from './messages.ts';
import type { WorkerPool } from './worker-pool.ts';

/**
 * Runs plans on a pool of worker threads over the shared memory: partition p of every pipeline runs on worker p, so
 * that a sink's clone is found again where it was opened. This thread only coordinates.
 */
export class ThreadRuntime implements Runtime {
  readonly machine: Machine;
  readonly partitions: number;
  readonly #pool: WorkerPool;

  constructor(machine: Machine, pool: WorkerPool) {
    this.machine = machine;
    this.partitions = pool.size;
    this.#pool = pool;
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
    try {
      const workers = new Map<number, number>();
      const runPipeline = (pipeline: Pipeline, at: SharedState): Promise<void> =>
        this.#runPipeline(query, pipeline, at, workers, options).then(() => {
          if (deaths[0] !== undefined) throw deaths[0];
        });
      const endRound = async (sinks: readonly number[], owner: Owner): Promise<void> => {
        const count = Math.max(0, ...sinks.map(sink => workers.get(sink) ?? 0));
        for (const sink of sinks) workers.delete(sink);
        const asked = this.#pool.living.filter(w => w < count);
        await this.#ask(asked, { kind: 'end-round', query, sinks, owner }, shared);
      };
      await runSchedule({ machine: this.machine, runPipeline, endRound }, cut.schedule, shared);
    } catch (error) {
      throw deaths[0] ?? error;
    } finally {
      try {
        const closing = this.#pool.living.map(w => this.#pool.ask(w, { kind: 'close', query }));
        for (const p of await Promise.all(closing)) options.profile?.add(p ?? []);
      } finally {
        leave();
      }
    }
  }

  /** @param workers by sink, on how many workers its clones are */
  async #runPipeline(
    query: number,
    pipeline: Pipeline,
    shared: SharedState,
    workers: Map<number, number>,
    options: RunOptions,
  ): Promise<void> {
    const { sink } = pipeline;
    workers.set(sink.id, Math.max(workers.get(sink.id) ?? 0, pipeline.partitions));
    const { partitions } = this;
    const { batchRows, functions } = options;
    const profiled = options.profile !== undefined;
    const common = { kind: 'run', query, pipeline, partitions, shared, batchRows, profiled, functions } as const;
    const running = Array.from({ length: pipeline.partitions }, (_, partition) =>
      this.#pool.ask(partition, { ...common, partition }),
    );
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
    // Partition p of a pipeline runs on worker p.
    const asked = Array.from({ length: workers.get(sink.id)! }, (_, w) => w);
    await this.#ask(asked, { kind: 'complete', query, sink: sink.id, shared }, shared);
  }

  #ask(
    workers: readonly number[],
    body: Extract<RequestBody, { kind: 'complete' | 'end-round' }>,
    shared: SharedState,
  ): Promise<void> {
    return allSettledOrThrow(
      workers.map(w => this.#pool.ask(w, body)),
      () => cancel(this.machine, shared),
    );
  }
}

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
