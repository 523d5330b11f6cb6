import type { AggregateContext, UpdateCall } from '../function.ts';
import { oneArgument } from './operand.ts';

/** Which text a state keeps: the smallest, the greatest, the first, the last. */
export const KEEP = { min: 0, max: 1, first: 2, last: 3 } as const;

/** Bytes of a state that keeps a text: see the kernels in assembly/keep.ts. */
export const KEEP_REF_BYTES = 24;

/** Folds rows of texts into states that keep one, as an own copy in the heap. */
export function updateKeptRef(rule: number, ctx: AggregateContext, call: UpdateCall): void {
  const { kernels, arena, heap } = ctx;
  const dirty = arena.alloc(call.rows.selected * 4);
  const count = kernels.keep_ref(rule, ...oneArgument(call), dirty);
  if (count === 0) return;
  const bytes = kernels.keep_ref_bytes(dirty, count);
  kernels.keep_ref_copy(dirty, count, bytes === 0 ? 0 : heap.alloc(bytes));
}
