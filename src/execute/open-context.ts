import { BATCH_ROWS } from '../batch/batch.ts';
import type { Arena } from '../memory/arena.ts';
import { SpillStore } from '../memory/spill-store.ts';
import type { ContextOf } from './driver.ts';
import type { LastingStates } from './lasting-states.ts';
import type { SharedState } from './query-memory.ts';
import type { Machine, RunOptions } from './runtime.ts';

/** Makes the contexts of one partition's clones: they share its batch arena. */
export function contextsOf(
  machine: Machine,
  shared: SharedState,
  arena: Arena,
  states: LastingStates,
  { batchRows = BATCH_ROWS, exchange }: Pick<RunOptions, 'batchRows' | 'exchange'> = {},
): ContextOf {
  const { memory, kernels, platform } = machine;
  return (placed, clone, clones) => ({
    memory,
    kernels,
    platform,
    spill: new SpillStore(memory, platform, shared.spill),
    owner: shared.owner,
    arena,
    partition: clone,
    partitions: clones,
    batchRows,
    exchange,
    shared: shared.structs[placed.id] ?? 0,
    filterSlot: id => shared.filters[id] ?? 0,
    lasting: states.of(shared.owners[placed.id] ?? shared.owner),
    cancelled: () => isCancelled(machine, shared),
  });
}

/** Whether the query's cancel word is set. */
export function isCancelled({ memory }: Machine, { cancelWord }: SharedState): boolean {
  return Atomics.load(memory.i32, cancelWord >>> 2) !== 0;
}

/** Makes every thread of the query stop at its next batch. */
export function cancel({ memory }: Machine, { cancelWord }: SharedState): void {
  Atomics.store(memory.i32, cancelWord >>> 2, 1);
}
