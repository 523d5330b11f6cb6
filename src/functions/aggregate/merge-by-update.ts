import { allRows } from '../../batch/batch.ts';
import type { Vector } from '../../batch/vector.ts';
import { selectValid, validityOf } from '../../kernels/vectors.ts';
import type { DataType } from '../../types/data-type.ts';
import type { AggregateContext, AggregateOverload, MergeCall, UpdateCall } from '../function.ts';
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
 * States that begin with a value of their argument's type, and are merged by updating with that: it is also what they
 * hand on, NULL when there is none.
 * @param seenAt where the state's u64 lies that is 0 when it holds no value
 */
export function stateByUpdate(
  seenAt: (type: DataType) => number,
  update: AggregateOverload['update'],
): Pick<AggregateOverload, 'update' | 'merge' | 'partial'> {
  const valuesOf = (ctx: AggregateContext, states: StateList, [type]: readonly DataType[]): Vector =>
    stateValues(ctx, states, type!, seenAt(type!));
  return {
    update,
    merge: (ctx, call) => {
      mergeInChunks(call, (sources, target) => {
        const values = valuesOf(ctx, sources, call.argTypes);
        update(ctx, { ...target, args: [values], rows: selectValid(ctx, values.validity, allRows(sources.count)) });
      });
    },
    partial: {
      types: ([type]) => [type!],
      columns: (ctx, call) => [valuesOf(ctx, call, call.argTypes)],
      fold: (ctx, call) => {
        const rows = selectValid(ctx, validityOf(ctx, call.args[0]!, call.rows), call.rows);
        if (rows.selected > 0) update(ctx, { ...call, rows });
      },
    },
  };
}
