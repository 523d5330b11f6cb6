import type { Rows } from '../../../batch/batch.ts';
import type { Pieces } from '../../../common/pieces.ts';
import type { AggregateContext } from '../../../functions/function.ts';
import type { Arena } from '../../../memory/arena.ts';
import type { Owner } from '../../../memory/linear-memory.ts';
import type { BatchExprs } from '../batch-exprs.ts';
import type { RowBlocks } from '../rows/row-blocks.ts';
import type { AggregateCall } from './aggregate-calls.ts';
import { DistinctCollector, type DistinctInput, distinctInput, foldDistinct } from './distinct-input.ts';
import type { MergedRows } from './group-table.ts';
import { foldOrdered, OrderedCollector, type OrderedInput, orderedInput } from './ordered-input.ts';

/** Arguments that are collected first and folded when all are there: distinct ones, or in an order. */
export type CollectedInput = DistinctInput | OrderedInput;

/** Collects the arguments of one partition. */
export type Collector = {
  /** Rows with the address of their group's row at the input's `groupOffset`. */
  readonly rows: RowBlocks;
  /** Of rows, texts, and what leads to them. */
  readonly bytes: number;
  /** @param states u32 addresses of the groups' rows by position, or a single one with `mask` 0 */
  readonly add: (rows: Rows, states: number, mask: 0 | -1) => void;
  /** No more rows come. */
  readonly seal: () => void;
};

/** What the calls that can't be folded at once need; calls with the same distinct arguments share. */
export function collectedInputs(calls: readonly AggregateCall[]): CollectedInput[] {
  const distinct = new Map<string, AggregateCall[]>();
  const inputs: CollectedInput[] = [];
  for (const call of calls) {
    if (!call.isCollected) continue;
    const { args, filter } = call.aggregate;
    if (!call.isDistinct) {
      inputs.push(orderedInput(call));
      continue;
    }
    const text = JSON.stringify([args, filter ?? null, call.overload.skipsNulls]);
    distinct.set(text, [...(distinct.get(text) ?? []), call]);
  }
  return [...[...distinct.values()].map(distinctInput), ...inputs];
}

export function collectorOf(
  ctx: AggregateContext & { readonly owner: Owner },
  exprs: BatchExprs,
  input: CollectedInput,
): Collector {
  return input.kind === 'distinct' ? new DistinctCollector(ctx, exprs, input) : new OrderedCollector(ctx, exprs, input);
}

/**
 * Folds what partitions have collected into the groups' states; resets `ctx.arena`.
 * @param lists addresses of the collected rows
 * @param forward offset in a group's row of the address of the row that stands for it; 0 when each stands for itself
 * @param work takes what lives as long as the fold
 */
export function foldCollected(
  ctx: AggregateContext & { readonly owner: Owner },
  input: CollectedInput,
  lists: readonly MergedRows[],
  forward: number,
  work: Arena,
  batchRows: number,
): Pieces {
  return input.kind === 'distinct'
    ? foldDistinct(ctx, input, lists, forward, work, batchRows)
    : foldOrdered(ctx, input, lists, forward, batchRows);
}
