import type { Batch } from '../batch/batch.ts';
import type { Kernels } from '../kernels/kernels.ts';
import type { LinearMemory, Owner } from '../memory/linear-memory.ts';
import type { PhysicalPlan } from '../operators/physical-plan.ts';
import type { Platform } from '../platform/platform.ts';
import type { Profile } from './profile.ts';

/** What physical plans run on: one thread's view of the memory, and its kernels. */
export type Machine = { readonly memory: LinearMemory; readonly kernels: Kernels; readonly platform: Platform };

export type RunOptions = {
  /** Clones of each pipeline; default: what the runtime has. */
  readonly partitions?: number | undefined;
  /** Positions of a batch at most; default 2,048. */
  readonly batchRows?: number | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly profile?: Profile | undefined;
  /** Who owns the result's rows, when they are to outlive the query. */
  readonly resultOwner?: Owner | undefined;
};

/** The rows of a finished query, in linear memory until released. */
export type QueryRows = {
  readonly rowCount: number;
  /** In order; views that are valid until `release`. */
  readonly batches: readonly Batch[];
  /** Frees all that the query took (not the rows, if another owner has them). */
  readonly release: () => void;
};

/** A place where physical plans run. */
export type Runtime = {
  readonly partitions: number;
  /** @throws RayexecError what the query ran into; `cancelled` or `timeout` when the signal fired. Nothing stays allocated. */
  readonly run: (plan: PhysicalPlan, options?: RunOptions) => Promise<QueryRows>;
};
