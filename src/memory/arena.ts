import { BLOCK_BYTES, PADDING } from './layout.ts';
import type { LinearMemory, Owner } from './linear-memory.ts';

const ALIGNMENT = 16;
const FIRST_CHUNK = 4 * BLOCK_BYTES;
const LARGEST_CHUNK = 64 * BLOCK_BYTES;

/** A place in an arena. */
export type ArenaMark = { readonly chunk: number; readonly next: number; readonly end: number };

/**
 * Bump allocation in chunks of the linear memory, all given back at once. One arena belongs to one thread.
 * A batch arena is `reset` before each source batch; an operator's arena lives until it is `release`d.
 */
export class Arena {
  readonly memory: LinearMemory;
  readonly owner: Owner;
  #chunks: { address: number; end: number }[] = [];
  #current = -1;
  #next = 0;
  #end = 0;
  #epoch = 0;

  constructor(memory: LinearMemory, owner: Owner) {
    this.memory = memory;
    this.owner = owner;
  }

  /** Changes whenever something allocated is forgotten: what was remembered of an earlier epoch may be gone. */
  get epoch(): number {
    return this.#epoch;
  }

  /** `bytes` of arbitrary content, 16-byte aligned, with 16 readable bytes behind them. */
  alloc(bytes: number): number {
    const start = this.#next;
    const next = start + ((bytes + PADDING + ALIGNMENT - 1) & -ALIGNMENT);
    if (next <= this.#end) {
      this.#next = next;
      return start;
    }
    this.#advance(next - start);
    return this.alloc(bytes);
  }

  /** Like `alloc`, filled with zeros. */
  allocZeroed(bytes: number): number {
    const address = this.alloc(bytes);
    // Shared memory is filled element by element: the fewer the better. The padding takes what is more than asked for.
    this.memory.f64.fill(0, address >>> 3, (address + bytes + 7) >>> 3);
    return address;
  }

  /** Forgets everything allocated but keeps the chunks for reuse. */
  reset(): void {
    this.#epoch++;
    this.#current = -1;
    this.#next = 0;
    this.#end = 0;
  }

  /** Where the arena stands; `rewind` to it forgets what was allocated since. */
  mark(): ArenaMark {
    return { chunk: this.#current, next: this.#next, end: this.#end };
  }

  /** Forgets what was allocated after the mark; marks taken since are void. */
  rewind({ chunk, next, end }: ArenaMark): void {
    this.#epoch++;
    this.#current = chunk;
    this.#next = next;
    this.#end = end;
  }

  /** Of all chunks. */
  get bytes(): number {
    return this.#chunks.reduce((sum, c) => sum + c.end - c.address, 0);
  }

  /** Gives all chunks back to the memory. */
  release(): void {
    for (const chunk of this.#chunks) this.memory.free(chunk.address);
    this.#chunks = [];
    this.reset();
  }

  #advance(bytes: number): void {
    // Reuse the next chunk that is large enough; smaller ones before it are skipped until the next reset.
    while (++this.#current < this.#chunks.length) {
      const chunk = this.#chunks[this.#current]!;
      if (chunk.end - chunk.address >= bytes) {
        this.#next = chunk.address;
        this.#end = chunk.end;
        return;
      }
    }
    const grown = Math.min(LARGEST_CHUNK, FIRST_CHUNK << Math.min(8, this.#chunks.length >> 1));
    const size = Math.ceil(Math.max(bytes, grown) / BLOCK_BYTES) * BLOCK_BYTES;
    const address = this.memory.allocate(size, this.owner);
    this.#chunks.push({ address, end: address + size });
    this.#current = this.#chunks.length - 1;
    this.#next = address;
    this.#end = address + size;
  }
}
