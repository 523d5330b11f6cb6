import { cancellation } from '../../execute/cancellation.ts';
import { cancel, contextsOf } from '../../execute/open-context.ts';
import { cutPipelines, type Pipeline, type Pipelines } from '../../execute/pipeline.ts';
import { allocateShared, type SharedState } from '../../execute/query-memory.ts';
import { COLLECT_ID, collectedRowsOf, collectNode } from '../../execute/result.ts';
import type { Machine, QueryRows, RunOptions, Runtime } from '../../execute/runtime.ts';
import { Arena } from '../../memory/arena.ts';
import { operatorOf } from '../../operators/index.ts';
import type { PhysicalPlan } from '../../operators/physical-plan.ts';
import type { WorkerPool } from './worker-pool.ts';

/**
 * Runs plans on a pool of worker threads over the shared memory: partition p of every pipeline runs on worker p, so
 * that a sink's clone is found again where it was opened. This thread only coordinates.
 */
export class ThreadRuntime implements Runtime {
  readonly partitions: number;
  readonly #machine: Machine;
  readonly #pool: WorkerPool;
  #nextQuery = 0;

  constructor(machine: Machine, pool: WorkerPool) {
    this.#machine = machine;
    this.#pool = pool;
    this.partitions = pool.size;
  }

  async run(plan: PhysicalPlan, options: RunOptions = {}): Promise<QueryRows> {
    const { memory } = this.#machine;
    const cut = cutPipelines(plan, { id: COLLECT_ID, node: collectNode(plan, options) }, this.partitions);
    const owner = memory.newOwner();
    const query = this.#nextQuery++;
    this.#pool.enter();
    let failed = true;
    try {
      if (options.signal?.aborted) throw cancellation(options.signal);
      const shared = allocateShared(memory, owner, cut);
      await this.#runAll(query, cut, shared, options);
      failed = false;
      return collectedRowsOf(memory, plan, cut, shared);
    } catch (error) {
      throw options.signal?.aborted ? cancellation(options.signal) : error;
    } finally {
      this.#pool.leave();
      if (failed) {
        memory.freeOwner(owner);
        if (options.resultOwner !== undefined) memory.freeOwner(options.resultOwner);
      }
    }
  }

  async #runAll(query: number, cut: Pipelines, shared: SharedState, options: RunOptions): Promise<void> {
    const stop = (): void => cancel(this.#machine, shared);
    options.signal?.addEventListener('abort', stop, { once: true });
    try {
      for (const pipeline of cut.pipelines) await this.#runPipeline(query, pipeline, cut, shared, options);
    } finally {
      options.signal?.removeEventListener('abort', stop);
      const profiles = await Promise.all(this.#workers().map(w => this.#pool.ask(w, { kind: 'close', query })));
      for (const p of profiles) options.profile?.add(p ?? []);
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
    await allSettledOrThrow(running, () => cancel(this.#machine, shared));
    if (!pipeline.lastOfSink) return;
    const role = operatorOf(sink.node).sink;
    if (role?.finish !== undefined) await this.#askAll({ kind: 'finish', query, sink: sink.id });
    if (role?.seal !== undefined) {
      const arena = new Arena(this.#machine.memory, shared.owner);
      const contexts = contextsOf(this.#machine, shared, arena, batchRows);
      role.seal(sink.node, contexts(sink, 0, sinkClones));
      arena.release();
    }
    if (role?.complete !== undefined) await this.#askAll({ kind: 'complete', query, sink: sink.id });
  }

  #askAll(body: {
    readonly kind: 'finish' | 'complete';
    readonly query: number;
    readonly sink: number;
  }): Promise<unknown> {
    return allSettledOrThrow(this.#workers().map(w => this.#pool.ask(w, body)));
  }

  #workers(): readonly number[] {
    return Array.from({ length: this.#pool.size }, (_, i) => i);
  }
}

/** Waits for all, so that nothing still works on memory that is to be freed; then throws the first error that is no echo of a cancellation. */
async function allSettledOrThrow(promises: readonly Promise<unknown>[], onError?: () => void): Promise<void> {
  const errors: unknown[] = [];
  await Promise.all(
    promises.map(p =>
      p.catch((error: unknown) => {
        errors.push(error);
        onError?.();
      }),
    ),
  );
  if (errors.length > 0) throw errors.find(e => (e as { code?: string }).code !== 'cancelled') ?? errors[0];
}
