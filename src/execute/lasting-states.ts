import type { Owner } from '../memory/linear-memory.ts';
import type { Lasting } from '../protocol/context.ts';

/** What one partition of a query keeps over the rounds of its recursions, on the thread that runs it. */
export class LastingStates {
  readonly #partition: number;
  readonly #partitions: number;
  readonly #byOwner = new Map<Owner, Map<number, unknown>>();

  constructor(partition: number, partitions: number) {
    this.#partition = partition;
    this.#partitions = partitions;
  }

  /** What lasts as long as the owner's memory. */
  of(owner: Owner): Lasting {
    const states = this.#byOwner.get(owner) ?? new Map<number, unknown>();
    this.#byOwner.set(owner, states);
    return { owner, states, threadPartition: this.#partition, threadPartitions: this.#partitions };
  }

  /** The owner's memory is about to be freed. */
  drop(owner: Owner): void {
    this.#byOwner.delete(owner);
  }
}
