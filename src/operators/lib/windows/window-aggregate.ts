import type { WindowFrameRows } from '../../../functions/function.ts';
import type { FrameOf, InputRef, PhysicalWindowCall } from '../../../plan/expr.ts';
import type { OpenContext } from '../../../protocol/context.ts';
import { ExpandedAggregate } from './window-expanded.ts';
import { type FoldedCall, foldedCall } from './window-fold.ts';
import type { WindowLayout } from './window-layout.ts';
import { PartitionAggregate } from './window-partition.ts';
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
  if (folded.call.isCollected || folded.call.overload.mergeConsumes === true)
    return new ExpandedAggregate(ctx, folded, frame);
  return new TreeAggregate(ctx, folded, frame);
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
