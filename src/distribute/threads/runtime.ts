import { throwIfCancelled } from '../../common/cancellation.ts';
import type { RayexecError } from '../../common/errors.ts';
import { runPieces, Slices } from '../../common/slices.ts';
import { cancel, contextsOf } from '../../execute/open-context.ts';
import type { Pipeline, Pipelines } from '../../execute/pipeline.ts';
import type { SharedState } from '../../execute/query-memory.ts';
import type { Machine, RunOptions, Runtime } from '../../execute/runtime.ts';
import { Arena } from '../../memory/arena.ts';
import { operatorOf } from '../../operators/index.ts';
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
      for (const pipeline of cut.pipelines) {
        await this.#runPipeline(query, pipeline, cut, shared, options);
        if (deaths[0] !== undefined) throw deaths[0];
      }
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

  async #runPipeline(
    query: number,
    pipeline: Pipeline,
    cut: Pipelines,
    shared: SharedState,
    options: RunOptions,
  ): Promise<void> {
    const { sink } = pipeline;
    const sinkClones = cut.sinkClones[sink.id]!;
    const { batchRows } = options;
    const profiled = options.profile !== undefined;
    const running = Array.from({ length: pipeline.partitions }, (_, partition) =>
      this.#pool.ask(partition, { kind: 'run', query, pipeline, partition, sinkClones, shared, batchRows, profiled }),
    );
    await allSettledOrThrow(running, () => cancel(this.machine, shared));
    if (!pipeline.lastOfSink) return;
    const role = operatorOf(sink.node).sink;
    if (role?.seal !== undefined) {
      const arena = new Arena(this.machine.memory, shared.owner);
      const contexts = contextsOf(this.machine, shared, arena, { batchRows });
      const sealing = role.seal(sink.node, contexts(sink, 0, sinkClones));
      if (sealing !== undefined) await runPieces(sealing, new Slices(), () => throwIfCancelled(options.signal));
      arena.release();
    }
    if (role?.complete === undefined) return;
    const completing = this.#workers().map(w => this.#pool.ask(w, { kind: 'complete', query, sink: sink.id, shared }));
    await allSettledOrThrow(completing, () => cancel(this.machine, shared));
  }

  #workers(): readonly number[] {
    return Array.from({ length: this.#pool.size }, (_, i) => i);
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
