import { cancellation, throwIfCancelled } from '../common/cancellation.ts';
import { removeSpilled } from '../memory/spill-store.ts';
import { loadOperators, type PhysicalNode } from '../operators/index.ts';
import type { CloneRange } from '../operators/lib/clone-range.ts';
import { nodesOf, type PhysicalPlan } from '../operators/physical-plan.ts';
import { cancel } from './open-context.ts';
import { cutPipelines, type Pipelines, pipelinesOf } from './pipeline.ts';
import { allocateShared, type SharedState, type SpillOptions } from './query-memory.ts';
import type { Machine, RunOptions, Runtime } from './runtime.ts';

/** The id of the sink that is put on top of a plan. */
const RESULT_ID = -1;

const PROGRESS_MILLISECONDS = 250;

/** One run of a plan into a sink: its pipelines, the memory that it owns, and how it ends. */
export class QueryRun {
  readonly pipelines: Pipelines;
  readonly shared: SharedState;
  readonly #runtime: Runtime;
  readonly #options: RunOptions;
  #isReleased = false;

  /** Loads the code that the plan takes, on this thread, and allocates what its operators share. */
  static async open(runtime: Runtime, plan: PhysicalPlan, sink: PhysicalNode, options: RunOptions): Promise<QueryRun> {
    await loadOperators([...nodesOf(plan), sink]);
    return new QueryRun(runtime, plan, sink, options);
  }

  private constructor(runtime: Runtime, plan: PhysicalPlan, sink: PhysicalNode, options: RunOptions) {
    throwIfCancelled(options.signal);
    const { memory } = runtime.machine;
    const owner = memory.newOwner();
    this.#runtime = runtime;
    this.#options = options;
    try {
      this.pipelines = cutPipelines(plan, { id: RESULT_ID, node: sink }, runtime.partitions);
      this.shared = allocateShared(memory, owner, this.pipelines.schedule, spillOptions(runtime.machine, options));
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

  /** Frees all that the query took, and removes its temporary files. */
  release(): void {
    const { memory, platform } = this.#runtime.machine;
    const { spill, owner } = this.shared;
    if (this.#isReleased) return;
    this.#isReleased = true;
    if (spill !== undefined) removeSpilled(memory, platform, spill);
    memory.freeOwner(owner);
  }
}

let runs = 0;

/** A folder that no other run of this process has. */
function spillOptions({ platform }: Machine, { spill = {} }: RunOptions): SpillOptions | undefined {
  const { temporary } = platform;
  if (temporary === undefined) return undefined;
  const { parent = temporary.defaultParent, ...rest } = spill;
  return { ...rest, folder: `${temporary.folderIn(parent)}/${runs++}` };
}
