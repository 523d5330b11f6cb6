import type { CachedPages } from '../../memory/cached-pages.ts';
import { BLOCK_BYTES } from '../../memory/layout.ts';
import type { LinearMemory, Owner } from '../../memory/linear-memory.ts';

/** A piece of linear memory on loan from `PageBuffers`; with an `entry` it is a page of the cache, which others read too. */
export type PageBuffer = { readonly address: number; readonly bytes: number; readonly entry?: number | undefined };

/** Bytes behind each buffer that kernels may read and write. */
export const SLACK = 64;
/** Idle buffers up to this size are kept between splits. */
const KEEP_BYTES = 4 << 20;

/** Lends buffers for pages and takes them back, so that reading page after page allocates nothing. */
export class PageBuffers {
  /** Where pages are kept for later queries; undefined when they are not. */
  readonly cached: CachedPages | undefined;
  readonly #memory: LinearMemory;
  readonly #owner: Owner;
  readonly #all = new Set<PageBuffer>();
  #idle: PageBuffer[] = [];

  constructor(memory: LinearMemory, owner: Owner, cached?: CachedPages) {
    this.cached = cached;
    this.#memory = memory;
    this.#owner = owner;
  }

  /** A buffer of at least `bytes`, with `SLACK` behind them; its content is arbitrary. @throws RayexecError `memory` */
  take(bytes: number): PageBuffer {
    let best = -1;
    for (let i = 0; i < this.#idle.length; i++) {
      const size = this.#idle[i]!.bytes;
      if (size >= bytes && (best < 0 || size < this.#idle[best]!.bytes)) best = i;
    }
    if (best >= 0) return this.#idle.splice(best, 1)[0]!;
    // Rounded up generously: pages of a column differ a little in size.
    const whole = Math.ceil((bytes * 1.125 + SLACK) / BLOCK_BYTES) * BLOCK_BYTES;
    const buffer = { address: this.#memory.allocate(whole, this.#owner), bytes: whole - SLACK };
    this.#all.add(buffer);
    return buffer;
  }

  give(buffer: PageBuffer): void {
    if (buffer.entry !== undefined) this.cached!.letGo(buffer.entry);
    else this.#idle.push(buffer);
  }

  /** Frees idle buffers of unusual size. */
  trim(): void {
    const kept = this.#idle.filter(b => b.bytes <= KEEP_BYTES);
    for (const buffer of this.#idle) if (buffer.bytes > KEEP_BYTES) this.#free(buffer);
    this.#idle = kept;
  }

  /** Frees all buffers, also those on loan. */
  close(): void {
    for (const buffer of this.#all) this.#memory.free(buffer.address);
    this.#all.clear();
    this.#idle = [];
    this.cached?.close();
  }

  #free(buffer: PageBuffer): void {
    this.#memory.free(buffer.address);
    this.#all.delete(buffer);
  }
}
