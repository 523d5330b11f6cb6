import { assertNever } from '../../../common/errors.ts';
import type { OverFrames, WindowFrameRows } from '../../../functions/function.ts';
import type { FrameBoundOf, FrameOf, InputRef, PhysicalWindowCall } from '../../../plan/expr.ts';
import type { OpenContext } from '../../../protocol/context.ts';
import { BestValues } from './window-best.ts';
import { BinnedAggregate } from './window-binned.ts';
import { CountedAggregate } from './window-counted.ts';
import { DistinctAggregate } from './window-distinct.ts';
import { DistinctList } from './window-distinct-list.ts';
import { ExpandedAggregate } from './window-expanded.ts';
import { type FoldedCall, type FramedCall, foldedCall } from './window-fold.ts';
import { ModeAggregate } from './window-mode.ts';
import { PartitionAggregate } from './window-partition.ts';
import { PickedRow } from './window-picked.ts';
import { RankedAggregate } from './window-ranked.ts';
import { RunningAggregate } from './window-running.ts';
import { TreeAggregate } from './window-tree.ts';
import type { WindowValues } from './window-values.ts';

/** Chooses how to compute an aggregate over frames. */
export function windowAggregate(
  ctx: OpenContext,
  frame: () => WindowFrameRows,
  call: PhysicalWindowCall,
  isOrdered: boolean,
): WindowValues {
  const framed: FramedCall = { ...foldedCall(call), frame };
  const { starts, ends } = reachOf(call.frame, isOrdered);
  if (starts && ends) return new PartitionAggregate(ctx, framed);
  if (starts && runs(framed)) return new RunningAggregate(ctx, framed, false);
  if (ends && runs(framed) && !framed.call.isCollected) return new RunningAggregate(ctx, framed, true);
  const { isCollected, isDistinct, overload } = framed.call;
  const known = overload.overFrames === undefined ? undefined : overFrames(ctx, framed, overload.overFrames);
  if (known !== undefined) return known;
  if (isDistinct && runs(framed)) return new DistinctAggregate(ctx, framed, longestOf(call.frame));
  if (isDistinct) return new DistinctList(ctx, framed);
  if (isCollected || overload.mergeConsumes === true) return new ExpandedAggregate(ctx, framed);
  return new TreeAggregate(ctx, framed);
}

/** The aggregate's own way over frames, where the call is one that it takes. */
function overFrames(ctx: OpenContext, framed: FramedCall, how: OverFrames): WindowValues | undefined {
  const { isCollected, isDistinct } = framed.call;
  switch (how.kind) {
    case 'ranked':
      return new RankedAggregate(ctx, framed, how.run);
    case 'most-frequent':
      return new ModeAggregate(ctx, framed);
    case 'counted': {
      const most = mostOf(framed);
      return most === undefined || isCollected !== isDistinct
        ? undefined
        : new CountedAggregate(ctx, framed, how.what, most);
    }
    case 'best': {
      const most = mostOf(framed);
      return most === undefined || !isCollected ? undefined : new BestValues(ctx, framed, how, most);
    }
    case 'picked':
      return isCollected ? new PickedRow(ctx, framed, how) : undefined;
    case 'binned':
      return isDistinct && framed.call.aggregate.args[1]!.kind === 'literal'
        ? new BinnedAggregate(ctx, framed, how.run)
        : undefined;
    default:
      return assertNever(how);
  }
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
