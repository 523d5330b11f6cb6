import type { Rows } from '../../../batch/batch.ts';
import type { Vector } from '../../../batch/vector.ts';
import { invariant } from '../../../common/errors.ts';
import type { AggregateContext } from '../../../functions/function.ts';
import type { PhysicalAggregate } from '../../../plan/expr.ts';
import type { DataType } from '../../../types/data-type.ts';
import type { BatchExprs } from '../batch-exprs.ts';
import { type AggregateCall, aggregateCalls } from './aggregate-calls.ts';

/**
 * What an aggregation takes and gives.
 * - `single`: rows to results.
 * - `partial`: rows to states, as columns. No aggregate may be distinct or ordered: their rows must meet first.
 * - `final`: such columns to results. Keys are its first columns; of the aggregates' arguments only the types count.
 * - `regroup`: the states of groups by all keys, without the number of a grouping set, to results of the grouping sets.
 */
export type AggregateMode = 'single' | 'partial' | 'final' | 'regroup';

/** Types of the columns that hold the states of aggregates, in order. */
export function partialTypes(aggregates: readonly PhysicalAggregate[]): DataType[] {
  const { calls } = aggregateCalls(aggregates, 0);
  invariant(!calls.some(c => c.isCollected), 'distinct and ordered aggregates have no partial states');
  return stateTypes(calls);
}

/** The same for calls; those whose rows are collected have none. */
export function stateTypes(calls: readonly AggregateCall[]): DataType[] {
  return travelling(calls).flatMap(c => c.overload.partial.types(c.argTypes));
}

/** The states of `count` rows (u32 addresses) as columns. */
export function partialColumns(
  ctx: AggregateContext,
  calls: readonly AggregateCall[],
  states: number,
  count: number,
): Vector[] {
  return travelling(calls).flatMap(({ overload, offset, argTypes, aggregate }) =>
    overload.partial.columns(ctx, { states, count, offset, argTypes, type: aggregate.type }),
  );
}

/** Folds batches of partial states into states. One partition's. */
export class PartialFolder {
  readonly #ctx: AggregateContext;
  readonly #exprs: BatchExprs;
  readonly #calls: readonly { readonly call: AggregateCall; readonly columns: readonly number[] }[];

  /** @param first position of the first column of states */
  constructor(ctx: AggregateContext, exprs: BatchExprs, calls: readonly AggregateCall[], first: number) {
    this.#ctx = ctx;
    this.#exprs = exprs;
    let next = first;
    this.#calls = travelling(calls).map(call => {
      const types = call.overload.partial.types(call.argTypes);
      return { call, columns: types.map(type => exprs.add({ kind: 'input', index: next++, type })) };
    });
  }

  /**
   * Folds the batch that `exprs` was started with.
   * @param states u32 addresses of the rows with the states, by position; a single one with `mask` 0
   */
  update(rows: Rows, states: number, mask: 0 | -1): void {
    for (const { call, columns } of this.#calls) {
      const { overload, offset, argTypes, aggregate } = call;
      const args = columns.map(c => this.#exprs.plain(c, rows));
      overload.partial.fold(this.#ctx, {
        args,
        rows,
        states,
        statesMask: mask,
        offset,
        argTypes,
        type: aggregate.type,
      });
    }
  }
}

/** The calls whose states travel: others read theirs, or have none yet. */
function travelling(calls: readonly AggregateCall[]): readonly AggregateCall[] {
  return calls.filter(c => !c.isShared && !c.isCollected);
}
