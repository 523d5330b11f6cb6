import type { EvalContext } from '../function.ts';

const encoder = new TextEncoder();

/** Writes a text to the batch arena, and its ref to `ref`. */
export function storeText({ memory, arena }: EvalContext, ref: number, text: string): void {
  const bytes = encoder.encode(text);
  const address = arena.alloc(bytes.length);
  memory.u8.set(bytes, address);
  memory.u32[ref >>> 2] = address;
  memory.u32[(ref >>> 2) + 1] = bytes.length;
}
