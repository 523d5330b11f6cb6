import type { Kernels } from '../kernels/kernels.ts';
import type { Arena } from '../memory/arena.ts';
import type { LinearMemory, Owner } from '../memory/linear-memory.ts';
import type { SpillStore } from '../memory/spill-store.ts';
import type { Platform } from '../platform/platform.ts';
import type { ExchangePort } from './exchange-port.ts';
import type { RuntimeFilterId } from './operator.ts';

/** What a thread's partition of a query keeps from one round of a recursion to the next. */
export type Lasting = {
  readonly owner: Owner;
  /** By address of the node's shared struct. */
  readonly states: Map<number, unknown>;
  readonly threadPartition: number;
  readonly threadPartitions: number;
};

/** What an operator's clone is given when it is opened: one partition of one pipeline of one query, on one thread. */
export type OpenContext = {
  readonly memory: LinearMemory;
  readonly kernels: Kernels;
  /**
   * Owner of all that operators allocate: the query, or one round of a recursion; freed as one when that ends, however it
   * ends.
   */
  readonly owner: Owner;
  /** The partition's batch arena: reset before every source batch. */
  readonly arena: Arena;
  readonly platform: Platform;
  /** Tells when memory is to be given back, and takes what it held. */
  readonly spill: SpillStore;
  readonly partition: number;
  /** Clones that run side by side in this pipeline. */
  readonly partitions: number;
  /** Positions of a batch at most. */
  readonly batchRows: number;
  /** Address of the node's shared struct (`Operator.sharedBytes`, zeroed at the start), the same for all its clones and roles. */
  readonly shared: number;
  /**
   * Address of a runtime filter's slot (`operators/lib/filters/filter-slot.ts`), zeroed at the start; 0 when nothing in
   * this memory makes the filter.
   */
  readonly filterSlot: (id: RuntimeFilterId) => number;
  /** Where the rows of other tasks come from and go to; only in a task of a stage. */
  readonly exchange?: ExchangePort | undefined;
  /** What outlives the round of a recursion. */
  readonly lasting: Lasting;
  /** Whether the query was cancelled; long loops of an operator ask once per batch's worth of work. */
  readonly cancelled: () => boolean;
};
