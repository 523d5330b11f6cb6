import { allRows } from '../../batch/batch.ts';
import { Vector } from '../../batch/vector.ts';
import { selectValid } from '../../kernels/vectors.ts';
import type { DataType } from '../../types/data-type.ts';
import type { AggregateContext, MergeCall, UpdateCall } from '../function.ts';
import { stateValues } from './state-values.ts';

/** Rows of one update: selections are u16. */
const CHUNK = 32_768;

/**
 * Merges states that begin with a value of their argument's kind by updating the targets with the sources' values.
 * @param seenAt where the state's u64 lies that is 0 when it holds no value
 */
export function mergeByUpdate(
  ctx: AggregateContext,
  call: MergeCall,
  type: DataType,
  seenAt: number,
  update: (ctx: AggregateContext, call: UpdateCall) => void,
): void {
  for (let from = 0; from < call.count; from += CHUNK) {
    const count = Math.min(CHUNK, call.count - from);
    const { offset } = call;
    const values = stateValues(ctx, { states: call.sources + from * 4, offset, count }, type, seenAt);
    const rows = selectValid(ctx, values.validity, allRows(count));
    const args = [Vector.flat(type, count, values.data)];
    update(ctx, { args, rows, states: call.targets + from * 4, statesMask: -1, offset, type: call.type });
  }
}
