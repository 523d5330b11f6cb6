import type { PageBuffer } from './page-buffers.ts';
import type { ReadEnvironment } from './read-environment.ts';

/** A buffer that grows and keeps its content. */
export class GrowingBuffer {
  readonly #env: Pick<ReadEnvironment, 'buffers' | 'kernels'>;
  #buffer: PageBuffer | undefined;
  bytes = 0;

  constructor(env: Pick<ReadEnvironment, 'buffers' | 'kernels'>) {
    this.#env = env;
  }

  get address(): number {
    return this.#buffer?.address ?? 0;
  }

  /** Empties it and keeps its memory. */
  clear(): void {
    this.bytes = 0;
  }

  /** Room for `more` bytes behind the others; returns its address. Earlier addresses become invalid. */
  grow(more: number): number {
    const { buffers, kernels } = this.#env;
    if (this.#buffer === undefined || this.bytes + more > this.#buffer.bytes) {
      const larger = buffers.take(Math.max(4096, 2 * (this.bytes + more)));
      if (this.#buffer !== undefined) {
        kernels.move_bytes(larger.address, this.#buffer.address, this.bytes);
        buffers.give(this.#buffer);
      }
      this.#buffer = larger;
    }
    this.bytes += more;
    return this.#buffer.address + this.bytes - more;
  }
}
