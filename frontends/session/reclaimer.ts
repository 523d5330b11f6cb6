/**
 * Frees what running queries may still read only when they are through: each query enters with an epoch, and what is
 * retired waits for the queries that had entered before.
 */
export class Reclaimer {
  #epoch = 0;
  readonly #active = new Map<number, number>();
  #retired: { readonly epoch: number; readonly free: () => void }[] = [];

  /** A query starts; the returned function ends it. */
  enter(): () => void {
    const epoch = this.#epoch;
    this.#active.set(epoch, (this.#active.get(epoch) ?? 0) + 1);
    return () => {
      const left = this.#active.get(epoch)! - 1;
      if (left === 0) this.#active.delete(epoch);
      else this.#active.set(epoch, left);
      this.#sweep();
    };
  }

  /** Calls `free` once no query of before runs any more. */
  retire(free: () => void): void {
    this.#retired.push({ epoch: this.#epoch++, free });
    this.#sweep();
  }

  #sweep(): void {
    const oldest = Math.min(...this.#active.keys());
    const free = this.#retired.filter(r => r.epoch < oldest);
    this.#retired = this.#retired.filter(r => r.epoch >= oldest);
    for (const r of free) r.free();
  }
}
