import { allRows, type Rows } from '../../../batch/batch.ts';
import type { Vector } from '../../../batch/vector.ts';
import type { AggregateContext, AggregateOverload, UpdateCall } from '../../../functions/function.ts';
import { builtinFunctions } from '../../../functions/registry.ts';
import { constantVector } from '../../../kernels/vectors.ts';
import type { PhysicalAggregate } from '../../../plan/expr.ts';
import { typeOf } from '../../../plan/expr.ts';
import type { DataType } from '../../../types/data-type.ts';
import type { BatchExprs } from '../batch-exprs.ts';

/** An aggregate of a node with its code, and the place of its state in a row. */
export type AggregateCall = {
  readonly aggregate: PhysicalAggregate;
  readonly overload: AggregateOverload;
  readonly argTypes: readonly DataType[];
  /** Of the state, from the row's start. */
  readonly offset: number;
  /** DISTINCT, where it makes a difference. */
  readonly isDistinct: boolean;
  /** Distinct, or in an order that matters: rows are collected first, see `CollectedInput`. */
  readonly isCollected: boolean;
  /** The state is an earlier call's, which keeps it (sum and avg of the same values). */
  readonly isShared: boolean;
};

/** Finds the aggregates' code and lays out their states from `offset` on. */
export function aggregateCalls(
  aggregates: readonly PhysicalAggregate[],
  offset: number,
): { readonly calls: readonly AggregateCall[]; readonly end: number } {
  let end = offset;
  const states = new Map<string, number>();
  const calls = aggregates.map((aggregate): AggregateCall => {
    const overload = builtinFunctions.aggregateOverload(aggregate.fn, aggregate.overload);
    const argTypes = aggregate.args.map(typeOf);
    const isDistinct = aggregate.distinct && overload.ignoresDistinct !== true;
    const isOrdered = overload.ordered === true && (aggregate.orderBy?.length ?? 0) > 0;
    const isCollected = isDistinct || isOrdered;
    const state = isCollected ? undefined : stateName(aggregate, overload);
    const known = state === undefined ? undefined : states.get(state);
    const at = known ?? end;
    if (known === undefined) end += overload.stateBytes(argTypes, aggregate.type);
    if (state !== undefined) states.set(state, at);
    return { aggregate, overload, argTypes, offset: at, isDistinct, isCollected, isShared: known !== undefined };
  });
  return { calls, end };
}

/** Equal for calls that keep the same state; undefined when only the call itself can read it. */
function stateName({ args, filter }: PhysicalAggregate, { stateKind }: AggregateOverload): string | undefined {
  return stateKind === undefined ? undefined : JSON.stringify([stateKind, args, filter]);
}

/** Folds batches into states. One partition's. */
export class AggregateUpdater {
  readonly #ctx: AggregateContext;
  readonly #exprs: BatchExprs;
  readonly #calls: readonly {
    readonly call: AggregateCall;
    readonly args: readonly number[];
    readonly filter: number;
  }[];

  constructor(ctx: AggregateContext, exprs: BatchExprs, calls: readonly AggregateCall[]) {
    this.#ctx = ctx;
    this.#exprs = exprs;
    this.#calls = calls
      .filter(c => !c.isCollected && !c.isShared)
      .map(call => ({
        call,
        args: call.aggregate.args.map(a => exprs.add(a)),
        filter: call.aggregate.filter === undefined ? -1 : exprs.add(call.aggregate.filter),
      }));
  }

  /**
   * Folds the batch that `exprs` was started with.
   * @param states u32 addresses of the rows with the states, by position; a single one with `mask` 0
   */
  update(rows: Rows, states: number, mask: 0 | -1): void {
    const together = new Map<NonNullable<AggregateOverload['updateTogether']>, UpdateCall[]>();
    for (const { call, args, filter } of this.#calls) {
      const among = filter < 0 ? rows : this.#exprs.select(filter, rows);
      if (among.selected === 0) continue;
      const chosen = call.overload.skipsNulls ? this.#exprs.valid(args, among) : among;
      if (chosen.selected === 0) continue;
      // Of all rows among which valid ones were chosen: that much is computed already.
      const values = args.map(a => this.#exprs.plain(a, among));
      const { overload } = call;
      const update = updateOf(call, values, chosen, states, mask);
      if (overload.updateTogether === undefined) overload.update(this.#ctx, update);
      else together.set(overload.updateTogether, [...(together.get(overload.updateTogether) ?? []), update]);
    }
    for (const [updateTogether, updates] of together) updateTogether(this.#ctx, updates);
  }
}

const updateOf = (
  { offset, aggregate }: AggregateCall,
  args: readonly Vector[],
  rows: Rows,
  states: number,
  statesMask: 0 | -1,
): UpdateCall => ({ args, rows, states, statesMask, offset, type: aggregate.type });

/**
 * Folds `count` rows that were collected. Arguments that are constants become constants again: some aggregates insist.
 * @param groups u32 addresses of the rows with the states
 */
export function updateCollected(
  ctx: AggregateContext,
  call: AggregateCall,
  args: readonly Vector[],
  groups: number,
  count: number,
): void {
  const values = call.aggregate.args.map((expr, i) =>
    expr.kind === 'literal' ? constantVector(ctx, expr.value, count) : args[i]!,
  );
  call.overload.update(ctx, updateOf(call, values, allRows(count), groups, -1));
}

/** Folds the states of `count` source rows into those of target rows (u32 addresses), for all aggregates that have any. */
export function mergeStates(
  ctx: AggregateContext,
  calls: readonly AggregateCall[],
  targets: number,
  sources: number,
  count: number,
): void {
  for (const { overload, offset, argTypes, aggregate, isCollected, isShared } of calls) {
    if (isCollected || isShared) continue;
    overload.merge(ctx, { targets, sources, count, offset, argTypes, type: aggregate.type });
  }
}

/** The aggregates' values of `count` rows (u32 addresses). */
export function resultsOf(
  ctx: AggregateContext,
  calls: readonly AggregateCall[],
  states: number,
  count: number,
): Vector[] {
  return calls.map(({ overload, offset, argTypes, aggregate }) =>
    overload.result(ctx, { states, count, offset, argTypes, type: aggregate.type }),
  );
}
