import type { WindowFrameRows } from '../../../functions/function.ts';
import type { FrameBoundOf, FrameOf, InputRef, PhysicalWindowCall } from '../../../plan/expr.ts';
import type { OpenContext } from '../../../protocol/context.ts';
import { BestValues } from './window-best.ts';
import { CountedAggregate } from './window-counted.ts';
import { DistinctAggregate } from './window-distinct.ts';
import { ExpandedAggregate } from './window-expanded.ts';
import { type FoldedCall, foldedCall } from './window-fold.ts';
import type { WindowLayout } from './window-layout.ts';
import { ModeAggregate } from './window-mode.ts';
import { PartitionAggregate } from './window-partition.ts';
import { RankedAggregate } from './window-ranked.ts';
import { RunningAggregate } from './window-running.ts';
import { TreeAggregate } from './window-tree.ts';
import type { WindowValues } from './window-values.ts';

/** Chooses how to compute an aggregate over frames. */
export function windowAggregate(
  ctx: OpenContext,
  _layout: WindowLayout,
  frame: () => WindowFrameRows,
  call: PhysicalWindowCall,
  isOrdered: boolean,
): WindowValues {
  const folded = foldedCall(call);
  const { starts, ends } = reachOf(call.frame, isOrdered);
  if (starts && ends) return new PartitionAggregate(ctx, folded);
  if (starts && runs(folded)) return new RunningAggregate(ctx, folded, frame, false);
  if (ends && runs(folded) && !folded.call.isCollected) return new RunningAggregate(ctx, folded, frame, true);
  const { aggregate, isCollected, isDistinct, overload } = folded.call;
  if (overload.overFrames?.kind === 'ranked') return new RankedAggregate(ctx, folded, frame, overload.overFrames.run);
  if (overload.overFrames?.kind === 'most-frequent') return new ModeAggregate(ctx, folded, frame);
  const most = mostOf(folded);
  if (overload.overFrames?.kind === 'counted' && most !== undefined && isCollected === isDistinct)
    return new CountedAggregate(ctx, folded, frame, overload.overFrames.what, most);
  if (overload.overFrames?.kind === 'best' && most !== undefined && isDistinct && aggregate.orderBy === undefined)
    return new BestValues(ctx, folded, frame, overload.overFrames, most);
  if (isDistinct && runs(folded)) return new DistinctAggregate(ctx, folded, frame, longestOf(call.frame));
  if (isCollected || overload.mergeConsumes === true) return new ExpandedAggregate(ctx, folded, frame);
  return new TreeAggregate(ctx, folded, frame);
}

/** How many values are asked for by the last of several arguments; undefined when that is no constant between 1 and a million. */
function mostOf({ call }: FoldedCall): number | undefined {
  const { args } = call.aggregate;
  const most = args.length > 1 ? args.at(-1) : undefined;
  const value = most === undefined ? 1 : most.kind === 'literal' ? Number(most.value.value) : 0;
  return value >= 1 && value < 1e6 ? value : undefined;
}

/** How many rows such frames have at most. */
function longestOf({ unit, start, end }: FrameOf<InputRef>): number {
  const [from, to] = [distanceOf(start), distanceOf(end)];
  return unit !== 'rows' || from === undefined || to === undefined ? Number.POSITIVE_INFINITY : to - from + 1;
}

/** How many rows after its row a frame of ROWS starts or ends; undefined when it depends. */
function distanceOf(bound: FrameBoundOf<InputRef>): number | undefined {
  if (bound.kind === 'current-row') return 0;
  if (!('offset' in bound) || bound.offset.kind !== 'literal') return undefined;
  const distance = Number(bound.offset.value.value);
  return bound.kind === 'preceding' ? -distance : distance;
}

/** Whether running values can be made; DISTINCT then takes each value where it comes first. */
function runs({ call }: FoldedCall): boolean {
  const { overload, argTypes, isCollected, isDistinct } = call;
  return overload.mergesInPlace?.(argTypes) === true && isCollected === isDistinct;
}

/** Whether frames always start where their partition starts, and end where it ends. */
function reachOf(
  { unit, start, end, exclude }: FrameOf<InputRef>,
  isOrdered: boolean,
): { readonly starts: boolean; readonly ends: boolean } {
  if (exclude !== undefined) return { starts: false, ends: false };
  // Without an order all rows are peers.
  const current = !isOrdered && unit !== 'rows';
  return {
    starts: start.kind === 'unbounded-preceding' || (current && start.kind === 'current-row'),
    ends: end.kind === 'unbounded-following' || (current && end.kind === 'current-row'),
  };
}
