import { CachedPages } from './cached-pages.ts';
import { BLOCK_BYTES, CACHE_OWNER, LAYOUT } from './layout.ts';
import type { LinearMemory, Owner } from './linear-memory.ts';

/** Words of the cache's struct in linear memory. */
const BASE = LAYOUT.pageCache >> 2;
const LOCK = BASE;
/** Blocks that the cache may have; 0: it is off. */
const LIMIT = BASE + 1;
/** Where the directory lies, as a word; 0 before the first use. */
const DIRECTORY = BASE + 2;
/** Slots of the table less one; the table has a power of two of them. */
const MASK = BASE + 3;
const ENTRIES = BASE + 4;
/** The slab that is being filled, counted from 1; 0: none. Where its next entry goes, and where it ends. */
const OPEN_SLAB = BASE + 5;
const NEXT = BASE + 6;
const END = BASE + 7;
/** Counts queries that read pages; the owner that was counted last. */
const CLOCK = BASE + 8;
const LAST_OWNER = BASE + 9;
const NEXT_FILE = BASE + 10;
/** Odd while the table changes; another number after each change. */
const VERSION = BASE + 11;
/** How often a reader looks without the lock. */
const TRIES = 3;

const MAX_SLABS = 2048;
/** {address, blocks, its first entry, when it was used last} */
const SLAB_WORDS = 4;
const MAX_READERS = 256;
/** {owner, a bit for each slab that the reader holds on to} */
const READER_WORDS = 1 + MAX_SLABS / 32;
/** Slabs become this part of the cache, within bounds: what is in use holds on to whole slabs. */
const SLABS = 256;
const LEAST_SLAB_BLOCKS = 4;
const MOST_SLAB_BLOCKS = 16;
/** An entry for so many bytes is room enough in the table. */
const BYTES_PER_ENTRY = 8192;
/** Smaller caches would hold little more than what is in use. */
const LEAST_BYTES = 16 << 20;
/** Larger ones would leave too little of the 4 GiB. */
const MOST_BYTES = 1 << 30;
/** What so many queries have not used makes room for what is read now; anything younger stays. */
const IDLE_QUERIES = 16;
/** At the end of a slab, so that its end is less than 2^32. */
const UNUSED = 64;
/** The largest page that is cached, as a part of the cache. */
const LARGEST = 8;

/**
 * Keeps pages of files, decompressed, for later queries: in the linear memory, for all threads. What is kept makes room
 * whenever an allocation needs it. Pages are found by file and offset and lie in slabs, which go as a whole.
 *
 * A slab that nobody used for a while makes room for what is read now. Otherwise nothing is replaced: when more is read
 * than there is room for, again and again, a part of it that stays is worth more than the newest, which goes before it
 * is read again (as LRU would have it).
 *
 * Who reads holds on to slabs with bits of its own (`CachedPages`), which go with its query, however that ends. A spin
 * lock guards all changes; it is held for microseconds. Who finds a page needs no lock when nothing changed meanwhile (as
 * with Linux's seqlocks): first its bit is set, then the version looked at again; who frees slabs does it the other way round.
 */
export class PageCache {
  readonly #memory: LinearMemory;

  constructor(memory: LinearMemory) {
    this.#memory = memory;
  }

  /** Sets how many bytes may be cached; 0 turns the cache off. */
  setLimit(bytes: number): void {
    const wanted = bytes < LEAST_BYTES ? 0 : Math.min(bytes, MOST_BYTES, this.#memory.limit / 2);
    this.#memory.u32[LIMIT] = Math.floor(wanted / BLOCK_BYTES);
    const over = this.#blocks - Math.floor(wanted / BLOCK_BYTES);
    if (over > 0) this.evict(over);
  }

  /** Bytes that the cache has taken. */
  get bytes(): number {
    return this.#blocks * BLOCK_BYTES;
  }

  /** A reader's way to the cache, until it is closed or its owner freed; undefined when the cache is off, or too many read. */
  open(owner: Owner): CachedPages | undefined {
    const { u32 } = this.#memory;
    if (u32[LIMIT] === 0) return undefined;
    this.lock();
    try {
      if (u32[DIRECTORY] === 0 && !this.#makeDirectory()) return undefined;
      const { u32: words } = this.#memory;
      if (words[LAST_OWNER] !== owner) words[CLOCK]!++;
      words[LAST_OWNER] = owner;
      for (let i = 0, at = this.#readers; i < MAX_READERS; i++, at += READER_WORDS) {
        if (words[at] !== 0) continue;
        words[at] = owner;
        return new CachedPages(this.#memory, this, at);
      }
      return undefined;
    } finally {
      this.unlock();
    }
  }

  /** Lets go of what readers of some owners hold on to; they run no more. */
  forget(isOwner: (owner: Owner) => boolean): void {
    const { u32 } = this.#memory;
    if (u32[DIRECTORY] === 0) return;
    for (let i = 0, at = this.#readers; i < MAX_READERS; i++, at += READER_WORDS) {
      if (u32[at] !== 0 && isOwner(u32[at]!)) this.closeReader(at);
    }
  }

  closeReader(reader: number): void {
    const { u32 } = this.#memory;
    u32.fill(0, reader + 1, reader + READER_WORDS);
    Atomics.store(u32, reader, 0);
  }

  /** Drops pages that were not used for longest, about as many blocks as are wanted. False when nothing could go. */
  evict(blocks: number): boolean {
    if (this.#memory.u32[DIRECTORY] === 0) return false;
    this.lock();
    try {
      return this.#evict(blocks, 0) > 0;
    } finally {
      this.unlock();
    }
  }

  /** Takes the lock for calls of the methods below. */
  lock(): void {
    const { i32 } = this.#memory;
    while (Atomics.compareExchange(i32, LOCK, 0, 1) !== 0);
  }

  unlock(): void {
    Atomics.store(this.#memory.i32, LOCK, 0);
  }

  newFile(): number {
    return ++this.#memory.u32[NEXT_FILE]!;
  }

  /** The entry of a page, or 0. @param hold takes hold of the entry's slab, and tells how to let go of it at once */
  find(file: number, offset: number, hold: (slab: number) => void, letGo: (slab: number) => void): number {
    const { u32 } = this.#memory;
    for (let tries = 0; tries < TRIES; tries++) {
      const version = Atomics.load(u32, VERSION);
      if (version % 2 === 1) continue;
      const entry = this.#lookUp(file, offset);
      if (entry === 0) {
        if (Atomics.load(u32, VERSION) === version) return 0;
        continue;
      }
      const slab = this.slabOf(entry);
      // What is read of a table that changes may be anything.
      if (slab >= MAX_SLABS) continue;
      hold(slab);
      if (Atomics.load(u32, VERSION) === version) return entry;
      letGo(slab);
    }
    this.lock();
    try {
      const entry = this.#lookUp(file, offset);
      if (entry !== 0) hold(this.slabOf(entry));
      return entry;
    } finally {
      this.unlock();
    }
  }

  /** Room for an entry that `publish` shows to others; 0 when there is none. */
  reserve(bytes: number): number {
    const { u32 } = this.#memory;
    if (4 * u32[ENTRIES]! >= 3 * (u32[MASK]! + 1)) return 0;
    if (u32[NEXT]! + bytes > u32[END]! && !this.#openSlab(bytes)) return 0;
    const words = this.#memory.u32;
    const entry = words[NEXT]!;
    words[NEXT] = entry + bytes;
    words[(entry >>> 2) + 2] = (words[OPEN_SLAB]! - 1) << 16;
    return entry;
  }

  /** Makes an entry the one that is found; one that was found before goes with its slab. */
  publish(file: number, offset: number, entry: number): void {
    const { u32 } = this.#memory;
    const [low, high] = [offset % 2 ** 32, Math.floor(offset / 2 ** 32)];
    const word = entry >>> 2;
    const slab = this.#slabs + this.slabOf(entry) * SLAB_WORDS;
    u32[word] = file;
    u32[word + 1] = low;
    u32[word + 2]! |= high;
    u32[word + 3] = u32[slab + 2]!;
    u32[slab + 2] = entry;
    const slot = this.#slotOf(file, low, high);
    if (u32[slot] === 0) u32[ENTRIES]!++;
    Atomics.add(u32, VERSION, 1);
    u32[slot] = entry;
    Atomics.add(u32, VERSION, 1);
  }

  slabOf(entry: number): number {
    return this.#memory.u32[(entry >>> 2) + 2]! >>> 16;
  }

  /** Notes that a slab is of use now, and that a reader holds on to it. Only the reader itself changes its bits. */
  hold(reader: number, slab: number): void {
    const { u32 } = this.#memory;
    u32[this.#slabs + slab * SLAB_WORDS + 3] = u32[CLOCK]!;
    const word = reader + 1 + (slab >>> 5);
    Atomics.store(u32, word, u32[word]! | (1 << (slab & 31)));
  }

  letGo(reader: number, slab: number): void {
    const { u32 } = this.#memory;
    const word = reader + 1 + (slab >>> 5);
    Atomics.store(u32, word, u32[word]! & ~(1 << (slab & 31)));
  }

  get #blocks(): number {
    return this.#memory.u32[LAYOUT.cachedBlocks >> 2]!;
  }

  /** Words of the directory: the table of entries by file and offset, then slabs, then readers. */
  get #table(): number {
    return this.#memory.u32[DIRECTORY]!;
  }
  get #slabs(): number {
    const { u32 } = this.#memory;
    return u32[DIRECTORY]! + u32[MASK]! + 1;
  }
  get #readers(): number {
    return this.#slabs + MAX_SLABS * SLAB_WORDS;
  }

  #makeDirectory(): boolean {
    const limit = this.#memory.u32[LIMIT]! * BLOCK_BYTES;
    const slots = 2 ** Math.ceil(Math.log2(limit / BYTES_PER_ENTRY));
    const bytes = 4 * (slots + MAX_SLABS * SLAB_WORDS + MAX_READERS * READER_WORDS);
    const address = this.#memory.tryAllocate(bytes, CACHE_OWNER);
    if (address === 0) return false;
    const { u32, f64 } = this.#memory;
    f64.fill(0, address >>> 3, (address + bytes + 7) >>> 3);
    u32[MASK] = slots - 1;
    u32[DIRECTORY] = address >>> 2;
    return true;
  }

  #lookUp(file: number, offset: number): number {
    return this.#memory.u32[this.#slotOf(file, offset % 2 ** 32, Math.floor(offset / 2 ** 32))]!;
  }

  /** The word of the table that has the page's entry, or will have it. */
  #slotOf(file: number, low: number, high: number): number {
    const { u32 } = this.#memory;
    const [table, mask] = [this.#table, u32[MASK]!];
    for (let i = hash(file, low, high) & mask; ; i = (i + 1) & mask) {
      const word = u32[table + i]! >>> 2;
      if (word === 0) return table + i;
      if (u32[word] === file && u32[word + 1] === low && (u32[word + 2]! & 0xffff) === high) return table + i;
    }
  }

  /** Begins a slab with room for an entry of so many bytes. */
  #openSlab(bytes: number): boolean {
    const { u32 } = this.#memory;
    const limit = u32[LIMIT]!;
    const usual = Math.min(MOST_SLAB_BLOCKS, Math.max(LEAST_SLAB_BLOCKS, Math.floor(limit / SLABS)));
    const blocks = Math.max(usual, Math.ceil((bytes + UNUSED) / BLOCK_BYTES));
    if (blocks * LARGEST > limit) return false;
    const over = this.#blocks + blocks - limit;
    if (over > 0 && this.#evict(over, IDLE_QUERIES) < over) return false;
    const slabs = this.#slabs;
    let index = 0;
    while (index < MAX_SLABS && u32[slabs + index * SLAB_WORDS] !== 0) index++;
    if (index === MAX_SLABS) return false;
    const address = this.#memory.tryAllocate(blocks * BLOCK_BYTES, CACHE_OWNER);
    if (address === 0) return false;
    const words = this.#memory.u32;
    words.set([address, blocks, 0, words[CLOCK]!], slabs + index * SLAB_WORDS);
    words[OPEN_SLAB] = index + 1;
    words[NEXT] = address;
    words[END] = address + blocks * BLOCK_BYTES - UNUSED;
    return true;
  }

  /** Frees slabs that nobody holds on to, those first that were not used for longest. @param idle for so many queries at least */
  #evict(blocks: number, idle: number): number {
    const { u32 } = this.#memory;
    Atomics.add(u32, VERSION, 1);
    try {
      return this.#freeSlabs(blocks, idle);
    } finally {
      Atomics.add(this.#memory.u32, VERSION, 1);
    }
  }

  #freeSlabs(blocks: number, idle: number): number {
    const { u32 } = this.#memory;
    const held = this.#heldSlabs();
    const slabs = this.#slabs;
    const clock = u32[CLOCK]!;
    const age = (index: number): number => (clock - u32[slabs + index * SLAB_WORDS + 3]!) >>> 0;
    const candidates: number[] = [];
    for (let i = 0; i < MAX_SLABS; i++) {
      if (u32[slabs + i * SLAB_WORDS] === 0 || (held[i >>> 5]! & (1 << (i & 31))) !== 0) continue;
      if (age(i) >= idle) candidates.push(i);
    }
    candidates.sort((a, b) => age(b) - age(a));
    let freed = 0;
    for (const index of candidates) {
      if (freed >= blocks) break;
      freed += this.#freeSlab(index);
    }
    return freed;
  }

  #heldSlabs(): Uint32Array {
    const { u32 } = this.#memory;
    const held = new Uint32Array(MAX_SLABS / 32);
    for (let i = 0, at = this.#readers; i < MAX_READERS; i++, at += READER_WORDS) {
      if (u32[at] === 0) continue;
      for (let word = 0; word < held.length; word++) held[word]! |= Atomics.load(u32, at + 1 + word);
    }
    return held;
  }

  #freeSlab(index: number): number {
    const { u32 } = this.#memory;
    const slab = this.#slabs + index * SLAB_WORDS;
    for (let entry = u32[slab + 2]!; entry !== 0; entry = u32[(entry >>> 2) + 3]!) this.#removeEntry(entry);
    if (u32[OPEN_SLAB] === index + 1) u32.fill(0, OPEN_SLAB, END + 1);
    this.#memory.free(u32[slab]!);
    u32[slab] = 0;
    return u32[slab + 1]!;
  }

  /** Takes an entry out of the table, unless another one is found in its place. */
  #removeEntry(entry: number): void {
    const { u32 } = this.#memory;
    const [table, mask] = [this.#table, u32[MASK]!];
    const key = (at: number): number => hash(u32[at >>> 2]!, u32[(at >>> 2) + 1]!, u32[(at >>> 2) + 2]! & 0xffff);
    let hole = key(entry) & mask;
    for (; u32[table + hole] !== entry; hole = (hole + 1) & mask) if (u32[table + hole] === 0) return;
    u32[ENTRIES]!--;
    // Those behind it move up, unless they are where they belong (Knuth, volume 3, algorithm R).
    for (let i = (hole + 1) & mask; u32[table + i] !== 0; i = (i + 1) & mask) {
      const wanted = key(u32[table + i]!) & mask;
      if (((i - wanted) & mask) < ((i - hole) & mask)) continue;
      u32[table + hole] = u32[table + i]!;
      hole = i;
    }
    u32[table + hole] = 0;
  }
}

function hash(file: number, low: number, high: number): number {
  const mixed = Math.imul(file, 0x9e3779b1) ^ Math.imul(low, 0x85ebca6b) ^ Math.imul(high, 0xc2b2ae35);
  return Math.imul(mixed ^ (mixed >>> 15), 0x2c1b3c6d) >>> 8;
}
