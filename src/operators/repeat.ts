import { allRows, type Batch, batchOf } from '../batch/batch.ts';
import { gather } from '../kernels/vectors.ts';
import type { OpenContext } from '../protocol/context.ts';
import type { Operator, Transform } from '../protocol/operator.ts';
import { hasMore, NEED_MORE, ready, type Step } from '../protocol/step.ts';

/**
 * Takes rows with two BIGINT counts l and r at the end and hands each on, without the counts, min(l, r) times
 * (INTERSECT ALL) or max(l − r, 0) times (EXCEPT ALL).
 */
export type RepeatNode = { readonly kind: 'repeat'; readonly times: 'least' | 'difference' };

type RepeatState = {
  readonly node: RepeatNode;
  readonly ctx: OpenContext;
  batch: Batch | undefined;
  row: number;
  done: number;
};

const transform: Transform<RepeatNode, RepeatState> = {
  open: (node, ctx) => ({ node, ctx, batch: undefined, row: 0, done: 0 }),
  push(state, batch) {
    state.batch = batch;
    state.row = 0;
    state.done = 0;
    return emit(state);
  },
  resume: emit,
};

/** Fills one batch with repeated rows of the input. */
function emit(state: RepeatState): Step {
  const { ctx, node } = state;
  const batch = state.batch!;
  const { memory, arena, batchRows } = ctx;
  const indexes = arena.alloc(4 * batchRows);
  const width = batch.columns.length - 2;
  const l = batch.columns[width]!;
  const r = batch.columns[width + 1]!;
  let filled = 0;
  while (state.row < batch.selected && filled < batchRows) {
    const at = batch.selection === 0 ? state.row : memory.u16[(batch.selection >> 1) + state.row]!;
    const left = Number(memory.i64[(l.data >> 3) + at]!);
    const right = Number(memory.i64[(r.data >> 3) + at]!);
    const wanted = node.times === 'least' ? Math.min(left, right) : Math.max(left - right, 0);
    const copies = Math.min(wanted - state.done, batchRows - filled);
    memory.u32.fill(at, (indexes >> 2) + filled, (indexes >> 2) + filled + copies);
    filled += copies;
    state.done += copies;
    if (state.done >= wanted) {
      state.row++;
      state.done = 0;
    }
  }
  if (filled === 0) return NEED_MORE;
  const columns = batch.columns.slice(0, width).map(c => gather(ctx, c, indexes, filled));
  const out = batchOf(allRows(filled), columns, batch.split);
  return state.row < batch.selected ? hasMore(out) : ready(out);
}

export const repeat: Operator<RepeatNode> = { kind: 'repeat', transform, explain: node => [['times', node.times]] };
