import { allRows, type Batch } from '../batch/batch.ts';
import { Vector } from '../batch/vector.ts';
import { ExprEvaluator } from '../functions/evaluate.ts';
import { bitmapBytes, flatten, gather } from '../kernels/vectors.ts';
import type { PhysicalExpr } from '../plan/expr.ts';
import { explainExpr } from '../plan/physical-expr.ts';
import type { OpenContext } from '../protocol/context.ts';
import type { Operator, Transform } from '../protocol/operator.ts';
import { hasMore, NEED_MORE, ready, type Step } from '../protocol/step.ts';
import { INT64 } from '../types/data-type.ts';

/**
 * Hands on each row once for every element of its longest list: the columns `keeps`, then the elements of the lists
 * `emits` (NULL where a list is shorter), then the element's number from 1 where `ordinality` asks for it.
 */
export type UnnestNode = {
  readonly kind: 'unnest';
  /** Lists or arrays. */
  readonly lists: readonly PhysicalExpr[];
  /** Input columns, by position. */
  readonly keeps: readonly number[];
  /** Of `lists`, by position; the others only count for the number of rows. */
  readonly emits: readonly number[];
  /** A row without elements is handed on once, with NULLs for elements and number. */
  readonly keepsEmpty: boolean;
  readonly ordinality: boolean;
};

type UnnestState = {
  readonly node: UnnestNode;
  readonly ctx: OpenContext;
  readonly evaluators: readonly ExprEvaluator[];
  input: Batch | undefined;
  lists: readonly Vector[];
  /** u32 for each row: the length of its longest list. */
  lengths: number;
  /** u32 {row, element}: where the next output row comes from. */
  cursor: number;
};

const transform: Transform<UnnestNode, UnnestState> = {
  open: (node, ctx) => ({
    node,
    ctx,
    evaluators: node.lists.map(e => new ExprEvaluator(e, ctx)),
    input: undefined,
    lists: [],
    lengths: 0,
    cursor: 0,
  }),
  push(state, batch) {
    const { ctx, evaluators } = state;
    state.input = batch;
    state.lists = evaluators.map(e => {
      const list = e.evaluate(batch.columns, batch);
      return list.form === 'dictionary' ? flatten(ctx, list, batch) : list;
    });
    state.lengths = ctx.arena.allocZeroed(batch.selected * 4);
    state.cursor = ctx.arena.allocZeroed(8);
    for (const list of state.lists)
      ctx.kernels.list_lengths(list.data, maskOf(list), list.validity, batch.selection, batch.selected, state.lengths);
    return emit(state);
  },
  resume: emit,
  close(state) {
    for (const e of state.evaluators) e.close();
  },
};

const maskOf = (list: Vector): number => (list.form === 'constant' ? 0 : -1);

/** Fills one batch with elements of the input's lists. */
function emit(state: UnnestState): Step {
  const { node, ctx, lengths, cursor } = state;
  const { arena, kernels, batchRows, memory } = ctx;
  const input = state.input!;
  const rows = arena.alloc(batchRows * 4);
  const elements = arena.alloc(batchRows * 4);
  const count = kernels.unnest_rows(
    lengths,
    input.selection,
    input.selected,
    node.keepsEmpty,
    cursor,
    batchRows,
    rows,
    elements,
  );
  if (count === 0) return NEED_MORE;
  const kept = node.keeps.map(c => gather(ctx, input.columns[c]!, rows, count));
  const emitted = node.emits.map(l => elementsOf(ctx, state.lists[l]!, rows, elements, count));
  const numbers = node.ordinality ? [ordinals(ctx, elements, count)] : [];
  const batch = { ...allRows(count), columns: [...kept, ...emitted, ...numbers], split: input.split };
  return memory.u32[cursor >>> 2]! < input.selected ? hasMore(batch) : ready(batch);
}

function elementsOf(ctx: OpenContext, list: Vector, rows: number, elements: number, count: number): Vector {
  const indexes = ctx.arena.alloc(count * 4);
  ctx.kernels.list_elements(list.data, maskOf(list), list.validity, rows, elements, count, indexes);
  return gather(ctx, list.children[0]!, indexes, count);
}

function ordinals({ arena, kernels }: OpenContext, elements: number, count: number): Vector {
  const data = arena.alloc(count * 8);
  const validity = arena.alloc(bitmapBytes(count));
  const nulls = kernels.element_ordinals(elements, count, data, validity);
  return Vector.flat(INT64, count, data, nulls === 0 ? 0 : validity);
}

export const unnest: Operator<UnnestNode> = {
  kind: 'unnest',
  transform,
  explain: node => [
    ['lists', node.lists.map(e => explainExpr(e)).join(', ')],
    ...(node.keepsEmpty ? [['empty lists', 'NULL'] as const] : []),
    ...(node.ordinality ? [['ordinality', 'yes'] as const] : []),
  ],
};
