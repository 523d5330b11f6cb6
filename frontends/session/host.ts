import { invariant, RayexecError } from '../../src/common/errors.ts';
import type { Cluster } from '../../src/distribute/cluster.ts';
import { ThreadRuntime } from '../../src/distribute/threads/runtime.ts';
import { WorkerPool } from '../../src/distribute/threads/worker-pool.ts';
import { InlineRuntime } from '../../src/execute/inline.ts';
import type { Machine, Runtime } from '../../src/execute/runtime.ts';
import { compileKernels, loadKernels } from '../../src/kernels/kernels.ts';
import { LinearMemory } from '../../src/memory/linear-memory.ts';
import type { PhysicalPlan } from '../../src/operators/physical-plan.ts';
import type { Platform } from '../../src/platform/platform.ts';
import { PAGE_CACHE_PART, type Settings } from './settings.ts';

export type HostOptions = {
  /** The kernels, compiled; absent: those of the package are compiled when first needed. */
  readonly wasm?: WebAssembly.Module | Promise<WebAssembly.Module> | undefined;
  /** Starts the cluster that queries run on; absent: they run here. */
  readonly startCluster?: (() => Promise<Cluster>) | undefined;
};

/** The memory, kernels and threads of a database; made when first needed. */
export class Host {
  readonly platform: Platform;
  #limit: number;
  #cacheLimit: number;
  readonly #workerUrl: URL | undefined;
  readonly #wasm: HostOptions['wasm'];
  #starting: Promise<Machine> | undefined;
  #machine: Machine | undefined;
  #module: WebAssembly.Module | undefined;
  readonly #pools = new Map<number, WorkerPool>();
  readonly #startCluster: (() => Promise<Cluster>) | undefined;
  #cluster: Promise<Cluster> | undefined;
  /** Memories of tasks, apart from the database's. */
  readonly #taskMachines: Machine[] = [];
  readonly #closing = new AbortController();
  /** Folders for temporary files that hold nothing of killed processes any more. */
  readonly #cleared = new Set<string>();

  constructor(
    platform: Platform,
    memoryLimit: number,
    workerUrl: URL | undefined,
    { wasm, startCluster }: HostOptions = {},
  ) {
    this.#wasm = wasm;
    this.#startCluster = startCluster;
    this.platform = platform;
    this.#limit = memoryLimit;
    this.#cacheLimit = memoryLimit * PAGE_CACHE_PART;
    this.#workerUrl = workerUrl;
  }

  /** The machine that `machine()` has started: for planning, which waits for nothing. */
  get readyMachine(): Machine {
    invariant(this.#machine !== undefined, 'the machine has not been started');
    return this.#machine;
  }

  /** Bytes that may be allocated from now on, what is allocated stays; and bytes of files' pages that are kept. */
  setLimits({ memory_limit, page_cache_limit }: Pick<Settings, 'memory_limit' | 'page_cache_limit'>): void {
    this.#limit = memory_limit;
    this.#cacheLimit = page_cache_limit;
    for (const machine of [this.#machine, ...this.#taskMachines]) machine?.memory.setLimit(memory_limit);
    this.#machine?.memory.pages.setLimit(page_cache_limit);
  }

  /** Fires when the database is closed. */
  get closed(): AbortSignal {
    return this.#closing.signal;
  }

  /** @throws RayexecError `closed` */
  async machine(): Promise<Machine> {
    if (this.closed.aborted) throw this.closed.reason;
    this.#starting ??= this.#start();
    return this.#starting;
  }

  /** Where a plan runs: inline when it is small or threads are off. */
  async runtime(plan: PhysicalPlan, settings: Settings): Promise<Runtime> {
    const machine = await this.machine();
    if (settings.threads === 0 || rowsRead(plan) < settings.inline_rows)
      return new InlineRuntime(machine, settings.partitions);
    const { callerTakesPart } = this.platform;
    const workers = settings.threads - (callerTakesPart ? 1 : 0);
    return new ThreadRuntime(machine, this.#pool(machine, workers), callerTakesPart);
  }

  /** The cluster that queries run on, if there is one; started when first needed. @throws RayexecError `io` */
  async cluster(): Promise<Cluster | undefined> {
    if (this.closed.aborted) throw this.closed.reason;
    this.#cluster ??= this.#startCluster?.();
    try {
      return await this.#cluster;
    } catch (error) {
      // What kept it from starting may be put right.
      this.#cluster = undefined;
      throw error;
    }
  }

  /** A machine for tasks of a stage: with a memory of its own, one of a few that take turns. */
  async taskMachine(task: number): Promise<Machine> {
    await this.machine();
    const index = task % TASK_MACHINES;
    this.#taskMachines[index] ??= this.#newMachine();
    return this.#taskMachines[index];
  }

  /** Ends what runs, and gives back memory and threads at once; resolves when a cluster has ended too. */
  async close(): Promise<void> {
    const cluster = this.#cluster;
    this.#cluster = undefined;
    this.#closing.abort(new RayexecError('closed', 'the database is closed'));
    for (const pool of this.#pools.values()) pool.close();
    this.#pools.clear();
    this.#taskMachines.length = 0;
    this.#machine = undefined;
    this.#starting = undefined;
    await cluster?.then(
      started => started.close(),
      () => undefined,
    );
  }

  async #start(): Promise<Machine> {
    this.#module = await (this.#wasm ?? compileKernels(this.platform.kernels?.()));
    this.#machine = this.#newMachine();
    this.#machine.memory.pages.setLimit(this.#cacheLimit);
    this.removeOrphans();
    return this.#machine;
  }

  /** Removes, once, what processes that were killed have left in a folder for temporary files; by default the usual one. */
  removeOrphans(folder?: string): void {
    const { temporary } = this.platform;
    const parent = folder ?? temporary?.defaultParent;
    if (parent === undefined || this.#cleared.has(parent)) return;
    this.#cleared.add(parent);
    temporary?.removeOrphans(parent);
  }

  #newMachine(): Machine {
    const memory = LinearMemory.create({ limit: this.#limit });
    return { memory, kernels: loadKernels(memory, this.#module!), platform: this.platform };
  }

  #pool({ memory }: Machine, size: number): WorkerPool {
    const known = this.#pools.get(size);
    if (known !== undefined) return known;
    const start = { memory: memory.memory, module: this.#module! };
    const pool = new WorkerPool(size, this.platform.startWorker, this.#workerUrl, start);
    this.#pools.set(size, pool);
    return pool;
  }
}

/** Address space for a memory is reserved when it is made. */
const TASK_MACHINES = 8;

/** Rows that the plan's scans are expected to read. */
function rowsRead(plan: PhysicalPlan): number {
  const own = plan.node.kind === 'scan' ? (plan.node.source.statistics.rows ?? Number.POSITIVE_INFINITY) : 0;
  return plan.inputs.reduce((sum, input) => sum + rowsRead(input), own);
}
