import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Arena } from '../../src/memory/arena.ts';
import { BLOCK_BYTES } from '../../src/memory/layout.ts';
import { LinearMemory } from '../../src/memory/linear-memory.ts';

describe('LinearMemory', () => {
  test('allocations do not overlap, and all bytes come back', () => {
    const step = fc.oneof(
      fc.record({ kind: fc.constant('allocate' as const), bytes: fc.integer({ min: 1, max: 5 * BLOCK_BYTES }) }),
      fc.record({ kind: fc.constant('free' as const), pick: fc.nat() }),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), steps => {
        const memory = LinearMemory.create();
        const owner = memory.newOwner();
        const live: { address: number; end: number }[] = [];
        for (const s of steps) {
          if (s.kind === 'allocate') {
            const address = memory.allocate(s.bytes, owner);
            const end = address + s.bytes;
            expect(live.every(l => end <= l.address || address >= l.end)).toBe(true);
            memory.u8.fill(1, address, end);
            live.push({ address, end });
          } else if (live.length > 0) {
            memory.free(live.splice(s.pick % live.length, 1)[0]!.address);
          }
        }
        const blocks = live.reduce((sum, l) => sum + Math.ceil((l.end - l.address) / BLOCK_BYTES), 0);
        expect(memory.bytesInUse).toBe(blocks * BLOCK_BYTES);
        memory.freeOwner(owner);
        expect(memory.bytesInUse).toBe(0);
      }),
      { numRuns: 100 },
    );
  });

  test('frees what one owner holds and nothing else', () => {
    const memory = LinearMemory.create();
    const [a, b] = [memory.newOwner(), memory.newOwner()];
    memory.allocate(3 * BLOCK_BYTES, a);
    memory.allocate(2 * BLOCK_BYTES, b);
    memory.allocate(1, a);
    memory.freeOwner(a);
    expect(memory.bytesInUse).toBe(2 * BLOCK_BYTES);
  });

  test('refuses what is beyond its limit, and stays usable', () => {
    const memory = LinearMemory.create({ limit: 10 * BLOCK_BYTES });
    const owner = memory.newOwner();
    expect(() => memory.allocate(11 * BLOCK_BYTES, owner)).toThrow(/out of memory: 0.7 MiB more were asked for/);
    expect(memory.bytesInUse).toBe(0);
    memory.allocate(10 * BLOCK_BYTES, owner);
    expect(() => memory.allocate(1, owner)).toThrow(/out of memory/);
  });

  test('an address that was not allocated cannot be freed', () => {
    const memory = LinearMemory.create();
    const address = memory.allocate(1, memory.newOwner());
    memory.free(address);
    expect(() => memory.free(address)).toThrow(/freed twice/);
  });
});

describe('Arena', () => {
  test('keeps its chunks through resets, and gives them back when released', () => {
    const memory = LinearMemory.create();
    const arena = new Arena(memory, memory.newOwner());
    const first = arena.alloc(100);
    for (let i = 0; i < 1000; i++) arena.alloc(10_000);
    const used = memory.bytesInUse;
    arena.reset();
    expect(arena.alloc(100)).toBe(first);
    for (let i = 0; i < 1000; i++) arena.alloc(10_000);
    expect(memory.bytesInUse).toBe(used);
    arena.release();
    expect(memory.bytesInUse).toBe(0);
  });

  test('pieces are aligned and have room for reads behind them', () => {
    const memory = LinearMemory.create();
    const arena = new Arena(memory, memory.newOwner());
    fc.assert(
      fc.property(fc.nat(100_000), bytes => {
        const a = arena.alloc(bytes);
        const b = arena.alloc(1);
        expect(a % 16).toBe(0);
        expect(b < a || b >= a + bytes + 16).toBe(true);
      }),
    );
  });
});
