import { Vector } from '../../batch/vector.ts';
import { bitmapBytes } from '../../kernels/vectors.ts';
import type { DataType } from '../../types/data-type.ts';
import { physicalType, widthOf } from '../../types/physical.ts';
import type { AggregateContext, EvalContext, ResultCall } from '../function.ts';

/** States at u32 addresses. */
export type StateList = { readonly states: number; readonly offset: number; readonly count: number };

/**
 * The values that states begin with, as a flat vector in the batch arena; NULL where the u64 at `seenAt` of the state is 0.
 * @param seenAt -1: no value is NULL
 */
export function stateValues(ctx: EvalContext, list: StateList, type: DataType, seenAt: number): Vector {
  const width = widthOf(physicalType(type));
  const data = ctx.arena.alloc(list.count * width);
  const validity = seenAt < 0 ? 0 : allValid(ctx, list.count);
  const nulls = ctx.kernels.state_values(list.states, list.offset, list.count, width, seenAt, data, validity);
  return Vector.flat(type, list.count, data, nulls === 0 ? 0 : validity);
}

/** A bitmap of ones in the batch arena, for a kernel to clear bits in. */
export function allValid(ctx: EvalContext, count: number): number {
  const validity = ctx.arena.alloc(bitmapBytes(count));
  ctx.memory.u8.fill(255, validity, validity + bitmapBytes(count));
  return validity;
}

/** Addresses of the states themselves: for results that JavaScript computes. */
export function stateAddresses({ memory }: AggregateContext, call: ResultCall): number[] {
  const from = call.states >>> 2;
  return Array.from(memory.u32.subarray(from, from + call.count), address => address + call.offset);
}
