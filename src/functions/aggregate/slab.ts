import type { Arena } from '../../memory/arena.ts';
import type { AggregateContext } from '../function.ts';

/** The slabs of heaps; those of an earlier epoch of a heap are gone. */
const slabs = new WeakMap<Arena, { readonly epoch: number; readonly address: number }>();

const SLAB_BYTES = 8192;

/** The slab that kernels take bytes of a heap from: {at u32, end u32, needed u32, unused u32}, without any at first. */
export function slabOf({ heap }: AggregateContext): number {
  const known = slabs.get(heap);
  if (known?.epoch === heap.epoch) return known.address;
  const address = heap.allocZeroed(16);
  slabs.set(heap, { epoch: heap.epoch, address });
  return address;
}

/** Gives a slab as many bytes as it needed, or more. */
export function refillSlab({ heap, memory }: AggregateContext, slab: number): void {
  const bytes = Math.max(memory.u32[(slab >>> 2) + 2]!, SLAB_BYTES);
  const start = heap.alloc(bytes);
  memory.u32.set([start, start + bytes, 0], slab >>> 2);
}
