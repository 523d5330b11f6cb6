import type { LinearMemory } from './linear-memory.ts';
import type { PageCache } from './page-cache.ts';

/** Bytes in front of each cached page: four words of the cache (file, offset, its upper bits and slab, next entry), the rest are the reader's. */
export const ENTRY_BYTES = 64;

const ALIGNMENT = 64;
/** The file of the entries that name files. */
const NAMES = 0;

/**
 * What one reader, on one thread, sees of the page cache. It holds on to each entry that it found or reserved until it
 * lets go of it. An entry's bytes begin with `ENTRY_BYTES`, of which the last 48 are the reader's to describe the page.
 */
export class CachedPages {
  readonly #memory: LinearMemory;
  readonly #cache: PageCache;
  /** Its place among the cache's readers. */
  readonly #reader: number;
  /** How many entries of each slab it holds on to. */
  readonly #held = new Map<number, number>();

  constructor(memory: LinearMemory, cache: PageCache, reader: number) {
    this.#memory = memory;
    this.#cache = cache;
    this.#reader = reader;
  }

  /** The number of a file of that name, which must tell its version too; 0 when it can have none. */
  file(name: string): number {
    const bytes = new TextEncoder().encode(name);
    const offset = hashOf(bytes);
    const known = this.find(NAMES, offset);
    if (known !== 0) {
      const { u8, u32 } = this.#memory;
      const at = known + ENTRY_BYTES;
      const [length, file] = [u32[(known >>> 2) + 4]!, u32[(known >>> 2) + 5]!];
      const isSame = length === bytes.length && bytes.every((byte, i) => byte === u8[at + i]);
      this.letGo(known);
      return isSame ? file : 0;
    }
    const entry = this.reserve(bytes.length);
    if (entry === 0) return 0;
    this.#cache.lock();
    const file = this.#cache.newFile();
    this.#cache.unlock();
    const { u8, u32 } = this.#memory;
    u8.set(bytes, entry + ENTRY_BYTES);
    u32[(entry >>> 2) + 4] = bytes.length;
    u32[(entry >>> 2) + 5] = file;
    this.publish(NAMES, offset, entry);
    this.letGo(entry);
    return file;
  }

  /** The entry of the page that begins at an offset; 0 when it is not cached. */
  find(file: number, offset: number): number {
    return this.#cache.find(file, offset, this.#hold, this.#letGo);
  }

  /** An entry with room for so many bytes, of arbitrary content, that nobody finds before it is published; 0 when there is no room. */
  reserve(bytes: number): number {
    const whole = (ENTRY_BYTES + bytes + ALIGNMENT - 1) & -ALIGNMENT;
    this.#cache.lock();
    try {
      const entry = this.#cache.reserve(whole);
      if (entry !== 0) this.#hold(this.#cache.slabOf(entry));
      return entry;
    } finally {
      this.#cache.unlock();
    }
  }

  /** Lets others find an entry, whose bytes change no more. */
  publish(file: number, offset: number, entry: number): void {
    this.#cache.lock();
    try {
      this.#cache.publish(file, offset, entry);
    } finally {
      this.#cache.unlock();
    }
  }

  /** Once for each time that the entry was found or reserved. */
  letGo(entry: number): void {
    this.#letGo(this.#cache.slabOf(entry));
  }

  close(): void {
    this.#held.clear();
    this.#cache.closeReader(this.#reader);
  }

  readonly #hold = (slab: number): void => {
    this.#held.set(slab, (this.#held.get(slab) ?? 0) + 1);
    this.#cache.hold(this.#reader, slab);
  };

  readonly #letGo = (slab: number): void => {
    const left = this.#held.get(slab)! - 1;
    if (left > 0) this.#held.set(slab, left);
    else {
      this.#held.delete(slab);
      this.#cache.letGo(this.#reader, slab);
    }
  };
}

/** 48 bits, from two hashes of FNV's kind. */
function hashOf(bytes: Uint8Array): number {
  let [a, b] = [0x811c9dc5, 0x1000193];
  for (const byte of bytes) {
    a = Math.imul(a ^ byte, 0x01000193);
    b = Math.imul(b ^ byte, 0x5bd1e995) ^ (b >>> 13);
  }
  return (a >>> 0) + (b & 0xffff) * 2 ** 32;
}
