import { Worker } from 'node:worker_threads';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type CachedPages, ENTRY_BYTES } from '../../src/memory/cached-pages.ts';
import { BLOCK_BYTES } from '../../src/memory/layout.ts';
import { LinearMemory } from '../../src/memory/linear-memory.ts';

const MIB = 2 ** 20;
const LIMIT = 16 * MIB;
/** The table, the slabs and the readers. */
const DIRECTORY_BYTES = 2 * BLOCK_BYTES;

function cacheOf(limit = LIMIT, memoryLimit = 256 * MIB): LinearMemory {
  const memory = LinearMemory.create({ limit: memoryLimit });
  memory.pages.setLimit(limit);
  return memory;
}

/** Publishes a page of so many bytes, each of which is `fill`; false when there is no room. */
function put(memory: LinearMemory, pages: CachedPages, file: number, offset: number, bytes: number, fill: number) {
  const entry = pages.reserve(bytes);
  if (entry === 0) return false;
  memory.u8.fill(fill, entry + ENTRY_BYTES, entry + ENTRY_BYTES + bytes);
  pages.publish(file, offset, entry);
  pages.letGo(entry);
  return true;
}

describe('the page cache', () => {
  it('finds what was published last, and keeps what readers hold on to', () => {
    const key = fc.record({ file: fc.integer({ min: 1, max: 3 }), page: fc.integer({ min: 0, max: 40 }) });
    const size = fc.oneof(
      fc.constant(0),
      fc.integer({ min: 1, max: 5000 }),
      fc.integer({ min: 100_000, max: 2 * MIB }),
    );
    const step = fc.oneof(
      { weight: 4, arbitrary: fc.record({ kind: fc.constant('put' as const), key, size, reader: fc.nat(2) }) },
      {
        weight: 6,
        arbitrary: fc.record({ kind: fc.constant('find' as const), key, reader: fc.nat(2), keep: fc.boolean() }),
      },
      { weight: 2, arbitrary: fc.record({ kind: fc.constant('let go' as const), which: fc.nat(20) }) },
      {
        weight: 1,
        arbitrary: fc.record({ kind: fc.constant('evict' as const), blocks: fc.integer({ min: 1, max: 300 }) }),
      },
      { weight: 1, arbitrary: fc.record({ kind: fc.constant('close' as const), reader: fc.nat(2) }) },
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 120 }), steps => {
        const memory = cacheOf();
        // Another thread's view of the same memory.
        const views = [memory, LinearMemory.attach(memory.memory), memory];
        const readers = views.map(view => view.pages.open(memory.newOwner())!);
        const held: { entry: number; reader: number; size: number; fill: number }[] = [];
        const last = new Map<string, { size: number; fill: number }>();
        let fills = 0;
        const check = (entry: number, bytes: number, fill: number): void => {
          const all = memory.u8.subarray(entry + ENTRY_BYTES, entry + ENTRY_BYTES + bytes);
          expect([all[0], all[bytes >> 1], all[bytes - 1]]).toEqual(
            bytes === 0 ? [undefined, undefined, undefined] : [fill, fill, fill],
          );
        };
        for (const s of steps) {
          if (s.kind === 'put') {
            const fill = (fills = (fills + 1) % 256);
            const offset = s.key.page * 2 ** 31;
            if (put(views[s.reader]!, readers[s.reader]!, s.key.file, offset, s.size, fill))
              last.set(`${s.key.file}.${offset}`, { size: s.size, fill });
          } else if (s.kind === 'find') {
            const offset = s.key.page * 2 ** 31;
            const entry = readers[s.reader]!.find(s.key.file, offset);
            if (entry === 0) continue;
            const { size: bytes, fill } = last.get(`${s.key.file}.${offset}`)!;
            check(entry, bytes, fill);
            if (s.keep) held.push({ entry, reader: s.reader, size: bytes, fill });
            else readers[s.reader]!.letGo(entry);
          } else if (s.kind === 'let go' && held.length > 0) {
            const [one] = held.splice(s.which % held.length, 1);
            readers[one!.reader]!.letGo(one!.entry);
          } else if (s.kind === 'evict') memory.pages.evict(s.blocks);
          else if (s.kind === 'close') {
            readers[s.reader]!.close();
            for (let i = held.length - 1; i >= 0; i--) if (held[i]!.reader === s.reader) held.splice(i, 1);
            readers[s.reader] = views[s.reader]!.pages.open(memory.newOwner())!;
          }
          for (const { entry, size: bytes, fill } of held) check(entry, bytes, fill);
          expect(memory.pages.bytes).toBeLessThanOrEqual(LIMIT + DIRECTORY_BYTES);
          expect(memory.bytesInUse).toBe(0);
        }
        for (const reader of readers) reader.close();
        memory.pages.evict(2 ** 16);
        expect(memory.pages.bytes).toBe(DIRECTORY_BYTES);
        const reader = memory.pages.open(memory.newOwner())!;
        for (const name of last.keys()) {
          const [file, offset] = name.split('.').map(Number);
          expect(reader.find(file!, offset!)).toBe(0);
        }
      }),
      { numRuns: 150 },
    );
  });

  it('is off below 16 MiB', () => {
    const memory = cacheOf(15 * MIB);
    expect(memory.pages.open(memory.newOwner())).toBeUndefined();
    expect(memory.pages.bytes).toBe(0);
  });

  it('makes room for allocations', () => {
    const memory = cacheOf(LIMIT, 32 * MIB);
    const pages = memory.pages.open(memory.newOwner())!;
    for (let i = 0; put(memory, pages, 1, i, 60_000, i); i++);
    expect(memory.pages.bytes).toBeGreaterThan(15 * MIB);
    const owner = memory.newOwner();
    for (let i = 0; i < 31; i++) memory.allocate(MIB, owner);
    expect(memory.bytesInUse).toBe(31 * MIB);
    expect(() => memory.allocate(MIB, owner)).toThrow(
      'out of memory: 1.0 MiB more were asked for, 31.0 MiB of 32.0 MiB are in use',
    );
  });

  it('lets the memory grow beyond its limit no sooner than nothing is cached', () => {
    const memory = cacheOf(LIMIT, 64 * MIB);
    const pages = memory.pages.open(memory.newOwner())!;
    // Pages and other blocks by turns: what is free in the end lies in pieces.
    const owners = Array.from({ length: 120 }, (_, i) => {
      put(memory, pages, 1, i, 200_000, i);
      const owner = memory.newOwner();
      memory.allocate(3 * BLOCK_BYTES, owner);
      return owner;
    });
    pages.close();
    owners.forEach((owner, i) => {
      if (i % 2 === 0) memory.freeOwner(owner);
    });
    const owner = memory.newOwner();
    const piece = 10 * BLOCK_BYTES;
    for (let i = 0; i < 60; i++) expect(memory.allocate(piece, owner) + piece).toBeLessThanOrEqual(65 * MIB);
    expect(memory.pages.bytes).toBeLessThan(15 * MIB);
    // No piece is large enough.
    const rest = memory.limit - memory.bytesInUse - DIRECTORY_BYTES;
    expect(memory.allocate(rest, owner) + rest).toBeGreaterThan(65 * MIB);
    expect(memory.pages.bytes).toBe(DIRECTORY_BYTES);
  });

  it('lets go of what a freed owner held on to, and those below it', () => {
    const memory = cacheOf();
    const query = memory.newOwner();
    const pages = memory.pages.open(query)!;
    const below = memory.pages.open(memory.newOwner(query))!;
    put(memory, pages, 1, 0, MIB, 7);
    put(memory, pages, 1, 1, MIB, 7);
    pages.find(1, 0);
    below.find(1, 1);
    expect(memory.pages.evict(64)).toBe(false);
    memory.freeOwner(query);
    expect(memory.pages.evict(64)).toBe(true);
    expect(memory.pages.bytes).toBe(DIRECTORY_BYTES);
  });

  it('replaces only what the last 16 queries did not use', () => {
    const memory = cacheOf();
    const first = memory.pages.open(memory.newOwner())!;
    let count = 0;
    while (put(memory, first, 1, count, 200_000, 1)) count++;
    first.close();
    const hadRoom: boolean[] = [];
    for (let query = 1; query <= 20; query++) {
      const reader = memory.pages.open(memory.newOwner())!;
      const used = reader.find(1, 0);
      expect(used).not.toBe(0);
      reader.letGo(used);
      hadRoom.push(put(memory, reader, 2, query, 200_000, 1));
      reader.close();
    }
    expect(hadRoom).toEqual(Array.from({ length: 20 }, (_, i) => i >= 15));
    const reader = memory.pages.open(memory.newOwner())!;
    const there = Array.from({ length: count }, (_, page) => reader.find(1, page) !== 0);
    expect(there.filter(isThere => isThere)).toHaveLength(count - 5);
    expect(there[0]).toBe(true);
  });

  it('knows files by name', () => {
    const memory = cacheOf();
    const [a, b] = [memory.pages.open(1)!, LinearMemory.attach(memory.memory).pages.open(2)!];
    const names = Array.from({ length: 100 }, (_, i) => `/data/part-${i}.parquet\n${i * 7},99`);
    const numbers = names.map(name => a.file(name));
    expect(new Set(numbers).size).toBe(100);
    expect(numbers).not.toContain(0);
    expect(names.map(name => b.file(name))).toEqual(numbers);
  });

  it('has no place for more readers than it can count', () => {
    const memory = cacheOf();
    const readers = Array.from({ length: 257 }, () => memory.pages.open(memory.newOwner()));
    expect(readers.filter(r => r === undefined)).toHaveLength(1);
    readers[3]!.close();
    expect(memory.pages.open(memory.newOwner())).toBeDefined();
  });

  it('hands out no page that another thread has dropped', async () => {
    const memory = cacheOf();
    const url = new URL('./page-cache-thread.ts', import.meta.url).href;
    const program = `import('tsx/esm/api').then(({ register }) => (register(), import('${url}')))`;
    const threads = [1, 2, 3].map(seed => {
      const workerData = { memory: memory.memory, seed, milliseconds: 1500 };
      return new Worker(program, { eval: true, workerData });
    });
    const counts = await Promise.all(
      threads.map(
        thread =>
          new Promise<Record<string, number>>((resolve, reject) => {
            thread.once('message', resolve);
            thread.once('error', reject);
          }),
      ),
    );
    for (const { found, published, evicted, wrong } of counts) {
      expect(found).toBeGreaterThan(100);
      expect(published).toBeGreaterThan(10);
      expect(evicted).toBeGreaterThan(0);
      expect(wrong).toBe(0);
    }
    memory.pages.evict(2 ** 16);
    expect(memory.pages.bytes).toBe(DIRECTORY_BYTES);
  });
});
