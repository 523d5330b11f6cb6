import type { Vector } from '../../batch/vector.ts';
import type { EvalContext } from '../function.ts';

/** The text of a constant that is not NULL. */
export function constantText({ memory }: EvalContext, vector: Vector): string {
  const [address, length] = memory.u32.subarray(vector.data >>> 2, (vector.data >>> 2) + 2);
  return new TextDecoder().decode(memory.u8.slice(address!, address! + length!));
}
