import { RayexecError } from '../common/errors.ts';
import { BLOCK_BYTES, CACHE_OWNER, LAYOUT, MAX_BLOCKS } from './layout.ts';
import { PageCache } from './page-cache.ts';

/** Names the user of allocated blocks: a query, a table version. Freed as one by `freeOwner`. */
export type Owner = number;

export type MemoryOptions = {
  /** Bytes that may be allocated at most; more is a `memory` error. */
  readonly limit?: number | undefined;
};

const INITIAL_PAGES = 32;
const SIZE = LAYOUT.sizeBlocks >> 2;
const FIRST_FREE = LAYOUT.firstFree >> 2;
/** Grow by at least this much at a time: each growth makes new views. */
const GROWTH_PAGES = 256;

/**
 * The one linear memory of a database: vectors, hash tables, tables. It is a shared WebAssembly memory also without
 * threads: one build of the kernels then does. Wasm memory never shrinks; it goes when the database goes. Allocation is by blocks of 64 KiB under a spin lock, so that threads can allocate (`attach`);
 * every block has an owner, so that whatever a failed query or a dead thread took can be freed.
 */
export class LinearMemory {
  readonly memory: WebAssembly.Memory;
  /** Pages of files kept for queries to come; what allocations need of its room they get. */
  readonly pages: PageCache;
  #u8!: Uint8Array;
  #i8!: Int8Array;
  #u16!: Uint16Array;
  #i16!: Int16Array;
  #u32!: Uint32Array;
  #i32!: Int32Array;
  #f32!: Float32Array;
  #f64!: Float64Array;
  #i64!: BigInt64Array;
  #u64!: BigUint64Array;
  /** What the word `sizeBlocks` said when the views were taken. */
  #size = 0;

  private constructor(memory: WebAssembly.Memory) {
    this.memory = memory;
    this.pages = new PageCache(this);
    this.#takeViews();
  }

  /** A new memory. Address space is reserved up to 4 GiB, or 2, or 1 where the platform refuses. */
  static create({ limit }: MemoryOptions = {}): LinearMemory {
    for (let maximum = MAX_BLOCKS; ; maximum /= 2) {
      try {
        const memory = new WebAssembly.Memory({ initial: INITIAL_PAGES, maximum, shared: true });
        const created = new LinearMemory(memory);
        created.#u32[SIZE] = INITIAL_PAGES;
        created.u32[LAYOUT.maxBlocks >> 2] = maximum;
        created.u32[LAYOUT.nextBlock >> 2] = LAYOUT.firstBlock;
        created.u32[LAYOUT.nextOwner >> 2] = 1;
        created.setLimit(limit);
        return created;
      } catch (cause) {
        if (maximum <= MAX_BLOCKS / 4) {
          throw new RayexecError('memory', 'no linear memory of 1 GiB can be reserved', { cause });
        }
      }
    }
  }

  /** Another thread's view of the same memory. */
  static attach(memory: WebAssembly.Memory): LinearMemory {
    return new LinearMemory(memory);
  }

  /** Sets how many bytes may be allocated, for all threads; undefined or more than there are: all of them. */
  setLimit(bytes: number | undefined): void {
    const maximum = this.u32[LAYOUT.maxBlocks >> 2]!;
    const blocks = Math.ceil((bytes ?? Number.POSITIVE_INFINITY) / BLOCK_BYTES) + LAYOUT.firstBlock;
    this.u32[LAYOUT.limitBlocks >> 2] = Math.min(maximum, blocks);
  }

  /** Bytes that may be allocated. */
  get limit(): number {
    return (this.#limitBlocks - LAYOUT.firstBlock) * BLOCK_BYTES;
  }

  get #limitBlocks(): number {
    return this.u32[LAYOUT.limitBlocks >> 2]!;
  }

  // Views. They reach as far as the memory that any thread has allocated by now: read them again after each allocation,
  // and before a look at what another thread has made. To ask the memory for its buffer each time would take 100 ns.
  get u8(): Uint8Array {
    if (this.#u32[SIZE] !== this.#size) this.#refresh();
    return this.#u8;
  }
  get i8(): Int8Array {
    if (this.#u32[SIZE] !== this.#size) this.#refresh();
    return this.#i8;
  }
  get u16(): Uint16Array {
    if (this.#u32[SIZE] !== this.#size) this.#refresh();
    return this.#u16;
  }
  get i16(): Int16Array {
    if (this.#u32[SIZE] !== this.#size) this.#refresh();
    return this.#i16;
  }
  get u32(): Uint32Array {
    if (this.#u32[SIZE] !== this.#size) this.#refresh();
    return this.#u32;
  }
  get i32(): Int32Array {
    if (this.#u32[SIZE] !== this.#size) this.#refresh();
    return this.#i32;
  }
  get f32(): Float32Array {
    if (this.#u32[SIZE] !== this.#size) this.#refresh();
    return this.#f32;
  }
  get f64(): Float64Array {
    if (this.#u32[SIZE] !== this.#size) this.#refresh();
    return this.#f64;
  }
  get i64(): BigInt64Array {
    if (this.#u32[SIZE] !== this.#size) this.#refresh();
    return this.#i64;
  }
  get u64(): BigUint64Array {
    if (this.#u32[SIZE] !== this.#size) this.#refresh();
    return this.#u64;
  }

  /** Takes views of a memory that some thread has grown. */
  #refresh(): void {
    const size = this.#u32[SIZE]!;
    // Growing by nothing makes this thread's engine notice what another thread did. It makes all other threads take new
    // buffers: not without need.
    if (this.memory.buffer.byteLength < size * BLOCK_BYTES) this.memory.grow(0);
    this.#takeViews();
    this.#size = size;
  }

  #takeViews(): void {
    const b = this.memory.buffer;
    this.#u8 = new Uint8Array(b);
    this.#i8 = new Int8Array(b);
    this.#u16 = new Uint16Array(b);
    this.#i16 = new Int16Array(b);
    this.#u32 = new Uint32Array(b);
    this.#i32 = new Int32Array(b);
    this.#f32 = new Float32Array(b);
    this.#f64 = new Float64Array(b);
    this.#i64 = new BigInt64Array(b);
    this.#u64 = new BigUint64Array(b);
  }

  /** A fresh owner id, never 0. @param parent with whom it is freed at the latest */
  newOwner(parent?: Owner): Owner {
    const owner = Atomics.add(this.u32, LAYOUT.nextOwner >> 2, 1);
    if (parent === undefined) return owner;
    this.#lock();
    try {
      const { u32 } = this;
      for (let at = LAYOUT.children >> 2, end = at + 2 * LAYOUT.maxChildren; at < end; at += 2) {
        if (u32[at] !== 0) continue;
        u32[at] = owner;
        u32[at + 1] = parent;
        u32[LAYOUT.childCount >> 2]!++;
        return owner;
      }
    } finally {
      this.#unlock();
    }
    throw new RayexecError('memory', `more than ${LAYOUT.maxChildren} parts of queries run at the same time`);
  }

  /** Owners that have a parent: those whose memory can be given back while their queries go on. */
  get childOwners(): number {
    return this.u32[LAYOUT.childCount >> 2]!;
  }

  /**
   * Allocates `bytes` rounded up to whole blocks; contents are arbitrary. Returns the address, a multiple of 64 KiB.
   * @throws RayexecError `memory` when the limit is reached, and nothing is cached that could make room.
   */
  allocate(bytes: number, owner: Owner): number {
    const blocks = blocksOf(bytes);
    for (;;) {
      const address = this.tryAllocate(bytes, owner);
      if (address !== 0) return address;
      if (this.pages.evict(blocks)) continue;
      // What is free lies in pieces that are too small.
      const beyond = this.tryAllocate(bytes, owner, true);
      if (beyond === 0) this.#refuse(blocks);
      return beyond;
    }
  }

  /**
   * Like `allocate`, but returns 0 when the limit is reached; what is cached stays.
   * @param stretches whether the memory may become larger than the limit, if no more than that is in use
   */
  tryAllocate(bytes: number, owner: Owner, stretches = false): number {
    const blocks = blocksOf(bytes);
    this.#lock();
    try {
      const block = this.#take(blocks, stretches);
      if (block === 0) return 0;
      const { u32 } = this;
      u32[(LAYOUT.owners >> 2) + block] = owner;
      u32[(LAYOUT.lengths >> 2) + block] = blocks;
      u32[LAYOUT.usedBlocks >> 2]! += blocks;
      if (owner === CACHE_OWNER) u32[LAYOUT.cachedBlocks >> 2]! += blocks;
      const used = u32[LAYOUT.usedBlocks >> 2]! - u32[LAYOUT.cachedBlocks >> 2]!;
      if (used > u32[LAYOUT.peakBlocks >> 2]!) u32[LAYOUT.peakBlocks >> 2] = used;
      return block * BLOCK_BYTES;
    } finally {
      this.#unlock();
    }
  }

  /** Gives an allocation back; `address` is what `allocate` returned. */
  free(address: number): void {
    this.#lock();
    try {
      this.#release(address / BLOCK_BYTES);
    } finally {
      this.#unlock();
    }
  }

  /** Frees all that an owner, and the owners whose parent it is, still hold. */
  freeOwner(owner: Owner): void {
    this.#lock();
    try {
      const u32 = this.u32;
      const owners = LAYOUT.owners >> 2;
      const end = u32[LAYOUT.nextBlock >> 2]!;
      const family = this.#takeFamily(owner);
      this.pages.forget(of => of === owner || family?.has(of) === true);
      for (let block = LAYOUT.firstBlock; block < end; ) {
        const length = u32[(LAYOUT.lengths >> 2) + block]!;
        const of = u32[owners + block]!;
        if (length > 0 && (of === owner || family?.has(of))) this.#release(block);
        block += Math.max(1, length);
      }
    } finally {
      this.#unlock();
    }
  }

  /** Forgets the parents of an owner and of those below it; them, when there are any. */
  #takeFamily(owner: Owner): Set<Owner> | undefined {
    const { u32 } = this;
    if (u32[LAYOUT.childCount >> 2] === 0) return undefined;
    const family = new Set([owner]);
    for (let before = 0; before < family.size; ) {
      before = family.size;
      let left = u32[LAYOUT.childCount >> 2]!;
      for (let at = LAYOUT.children >> 2; left > 0; at += 2) {
        if (u32[at] === 0) continue;
        left--;
        if (!(family.has(u32[at]!) || family.has(u32[at + 1]!))) continue;
        family.add(u32[at]!);
        u32[at] = 0;
        u32[LAYOUT.childCount >> 2]!--;
      }
    }
    return family;
  }

  /** Bytes allocated now, in whole blocks; without what is cached, which makes room when it is needed. */
  get bytesInUse(): number {
    const { u32 } = this;
    return (u32[LAYOUT.usedBlocks >> 2]! - u32[LAYOUT.cachedBlocks >> 2]!) * BLOCK_BYTES;
  }

  /** The most bytes that were ever allocated at once, without what is cached. */
  get peakBytes(): number {
    return this.u32[LAYOUT.peakBlocks >> 2]! * BLOCK_BYTES;
  }

  /**
   * First fit among freed blocks, else from the end, growing the memory; 0 when there is no room. `nextBlock` is one past
   * the last block ever used.
   */
  #take(blocks: number, stretches: boolean): number {
    const u32 = this.u32;
    const lengths = LAYOUT.lengths >> 2;
    const end = u32[LAYOUT.nextBlock >> 2]!;
    const used = u32[LAYOUT.usedBlocks >> 2]!;
    if (used + blocks + LAYOUT.firstBlock > this.#limitBlocks) return 0;
    // Search only when something was freed, and from there on: tables hold much of the memory's beginning.
    if (end - LAYOUT.firstBlock - used >= blocks) {
      const from = Math.max(LAYOUT.firstBlock, u32[FIRST_FREE]!);
      let run = 0;
      let firstFree = 0;
      for (let block = from; block < end; ) {
        const length = u32[lengths + block]!;
        if (length === 0 && firstFree === 0) firstFree = block;
        run = length === 0 ? run + 1 : 0;
        if (run === blocks) {
          const found = block - blocks + 1;
          u32[FIRST_FREE] = found === firstFree ? block + 1 : firstFree;
          return found;
        }
        block += Math.max(1, length);
      }
      u32[FIRST_FREE] = firstFree;
    }
    if (end + blocks > this.#limitBlocks && !stretches) return 0;
    const needed = end + blocks - u32[SIZE]!;
    if (needed > 0 && !this.#grow(needed)) return 0;
    this.u32[LAYOUT.nextBlock >> 2] = end + blocks;
    return end;
  }

  /** Whether there was room. */
  #grow(needed: number): boolean {
    const size = this.#u32[SIZE]!;
    const wanted = Math.max(needed, Math.min(GROWTH_PAGES, MAX_BLOCKS - size), Math.min(size >> 2, MAX_BLOCKS - size));
    try {
      this.memory.grow(wanted);
    } catch {
      try {
        this.memory.grow(needed);
      } catch {
        return false;
      }
    }
    Atomics.store(this.#u32, SIZE, this.memory.buffer.byteLength / BLOCK_BYTES);
    this.#refresh();
    return true;
  }

  #refuse(blocks: number): never {
    const [wanted, used, limit] = [blocks * BLOCK_BYTES, this.bytesInUse, this.limit].map(mib);
    throw new RayexecError('memory', `out of memory: ${wanted} more were asked for, ${used} of ${limit} are in use`);
  }

  #release(block: number): void {
    const u32 = this.u32;
    const lengths = LAYOUT.lengths >> 2;
    const length = u32[lengths + block]!;
    if (length === 0)
      throw new RayexecError('internal', `address ${block * BLOCK_BYTES} was freed twice or never allocated`);
    u32[lengths + block] = 0;
    if (u32[(LAYOUT.owners >> 2) + block] === CACHE_OWNER) u32[LAYOUT.cachedBlocks >> 2]! -= length;
    u32[(LAYOUT.owners >> 2) + block] = 0;
    u32[LAYOUT.usedBlocks >> 2]! -= length;
    if (block < u32[FIRST_FREE]!) u32[FIRST_FREE] = block;
    if (block + length === u32[LAYOUT.nextBlock >> 2]) {
      u32[LAYOUT.nextBlock >> 2] = block;
    }
  }

  /** A spin lock: it is held for microseconds, and the main thread of a page may not wait. */
  #lock(): void {
    while (Atomics.compareExchange(this.#i32, LAYOUT.lock >> 2, 0, 1) !== 0);
  }

  #unlock(): void {
    Atomics.store(this.#i32, LAYOUT.lock >> 2, 0);
  }
}

const blocksOf = (bytes: number): number => Math.max(1, Math.ceil(bytes / BLOCK_BYTES));
const mib = (bytes: number): string => `${(bytes / (1 << 20)).toFixed(1)} MiB`;
