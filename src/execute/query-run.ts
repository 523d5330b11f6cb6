import { cancellation, throwIfCancelled } from '../common/cancellation.ts';
import type { PhysicalNode } from '../operators/index.ts';
import type { CloneRange } from '../operators/lib/clone-range.ts';
import type { PhysicalPlan } from '../operators/physical-plan.ts';
import { cancel } from './open-context.ts';
import { cutPipelines, type Pipelines, pipelinesOf } from './pipeline.ts';
import { allocateShared, type SharedState } from './query-memory.ts';
import type { RunOptions, Runtime } from './runtime.ts';

/** The id of the sink that is put on top of a plan. */
const RESULT_ID = -1;

const PROGRESS_MILLISECONDS = 250;

/** One run of a plan into a sink: its pipelines, the memory that it owns, and how it ends. */
export class QueryRun {
  readonly pipelines: Pipelines;
  readonly shared: SharedState;
  readonly #runtime: Runtime;
  readonly #options: RunOptions;

  constructor(runtime: Runtime, plan: PhysicalPlan, sink: PhysicalNode, options: RunOptions) {
    throwIfCancelled(options.signal);
    const { memory } = runtime.machine;
    const owner = memory.newOwner();
    this.#runtime = runtime;
    this.#options = options;
    try {
      this.pipelines = cutPipelines(plan, { id: RESULT_ID, node: sink }, runtime.partitions);
      this.shared = allocateShared(memory, owner, this.pipelines.schedule);
    } catch (error) {
      memory.freeOwner(owner);
      throw error;
    }
  }

  /** Address of the sink's shared struct. */
  get struct(): number {
    return this.shared.structs[RESULT_ID]!;
  }

  /** The sink's clones, by the pipelines that feed it. */
  get groups(): readonly CloneRange[] {
    const feeders = pipelinesOf(this.pipelines.schedule).filter(p => p.sink.id === RESULT_ID);
    return feeders.map(p => ({ first: p.firstClone, count: p.partitions }));
  }

  /** Runs to the end. The memory stays until `release`, also after a failure. */
  async finish(): Promise<void> {
    const { signal, onProgress } = this.#options;
    const stop = (): void => this.cancel();
    signal?.addEventListener('abort', stop, { once: true });
    const timer = onProgress && setInterval(() => onProgress(this.progress), PROGRESS_MILLISECONDS);
    try {
      await this.#runtime.run(this.pipelines, this.shared, this.#options);
      this.#runtime.machine.memory.refresh();
    } catch (error) {
      throw signal?.aborted ? cancellation(signal) : error;
    } finally {
      clearInterval(timer);
      signal?.removeEventListener('abort', stop);
    }
  }

  /** Which part of all scans' splits has been started. */
  get progress(): number {
    const { u32 } = this.#runtime.machine.memory;
    let [started, all] = [0, 0];
    for (const { source } of pipelinesOf(this.pipelines.schedule)) {
      const struct = this.shared.structs[source.id];
      // The scans in a recursion's rounds start again and again.
      if (source.node.kind !== 'scan' || struct === undefined) continue;
      const splits = source.node.source.splits.length;
      all += splits;
      started += Math.min(splits, u32[struct >>> 2]!);
    }
    return all === 0 ? 0 : started / all;
  }

  /** Makes all threads of the query stop at their next batch. */
  cancel(): void {
    cancel(this.#runtime.machine, this.shared);
  }

  /** Frees all that the query took. */
  release(): void {
    this.#runtime.machine.memory.freeOwner(this.shared.owner);
  }
}
