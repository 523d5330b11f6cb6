import { allRows } from '../../batch/batch.ts';
import { selectValid } from '../../kernels/vectors.ts';
import type { DataType } from '../../types/data-type.ts';
import type { AggregateContext, MergeCall, UpdateCall } from '../function.ts';
import { type StateList, stateValues } from './state-values.ts';

/** Rows of one update: selections are u16. */
const CHUNK = 32_768;

/** Hands the sources on in chunks, each with the update call of its targets, which lacks arguments and rows. */
export function mergeInChunks(
  call: MergeCall,
  merge: (sources: StateList, update: Omit<UpdateCall, 'args' | 'rows'>) => void,
): void {
  const { offset, type } = call;
  for (let from = 0; from < call.count; from += CHUNK) {
    const count = Math.min(CHUNK, call.count - from);
    merge(
      { states: call.sources + from * 4, offset, count },
      { states: call.targets + from * 4, statesMask: -1, offset, type },
    );
  }
}

/**
 * Merges states that begin with a value of their argument's type by updating the targets with the sources' values.
 * @param seenAt where the state's u64 lies that is 0 when it holds no value
 */
export function mergeByUpdate(
  ctx: AggregateContext,
  call: MergeCall,
  type: DataType,
  seenAt: number,
  update: (ctx: AggregateContext, call: UpdateCall) => void,
): void {
  mergeInChunks(call, (sources, target) => {
    const values = stateValues(ctx, sources, type, seenAt);
    update(ctx, { ...target, args: [values], rows: selectValid(ctx, values.validity, allRows(sources.count)) });
  });
}
