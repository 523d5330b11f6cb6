import { Arena } from '../../src/memory/arena.ts';

/** What nothing can be mistaken for: an address, a length and a count beyond all memory. */
const GARBAGE = 0xf3;

const { alloc } = Arena.prototype;

// What is allocated holds anything: what lies there before it is written must not be read, as where a list is NULL.
// Memory that was never used before is all zeros, which would hide it. Only of arenas in this thread, made of sources.
Arena.prototype.alloc = function (this: Arena, bytes: number): number {
  const address = alloc.call(this, bytes);
  this.memory.u8.fill(GARBAGE, address, address + bytes);
  return address;
};
