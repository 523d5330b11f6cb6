import { allRows } from '../../../batch/batch.ts';
import type { Pieces } from '../../../common/pieces.ts';
import type { PhysicalSortKey } from '../../../plan/expr.ts';
import type { OpenContext } from '../../../protocol/context.ts';
import type { Source } from '../../../protocol/operator.ts';
import { EXHAUSTED, NEED_MORE, ready } from '../../../protocol/step.ts';
import type { DataType } from '../../../types/data-type.ts';
import { gatherPayload, type SortRowLayout, sortRowLayout } from './sort-rows.ts';
import { mergeParts } from './sorted-parts.ts';
import type { RunMerge } from './sorted-run.ts';
import type { SpilledMerge } from './spilled-merge.ts';

type SortedNode = { readonly keys: readonly PhysicalSortKey[]; readonly types: readonly DataType[] };

type SourceState = {
  readonly ctx: OpenContext;
  readonly layout: SortRowLayout;
  readonly merge: RunMerge | SpilledMerge;
  readonly preparing: Pieces;
};

/** Hands on the sorted parts of a node's clones as one. */
export const sortedSource: Source<SortedNode, SourceState> = {
  open(node, ctx) {
    const layout = sortRowLayout(node.keys, node.types);
    const merge = mergeParts(ctx, layout);
    return { ctx, layout, merge, preparing: merge.prepare() };
  },
  pull({ ctx, layout, merge, preparing }) {
    if (ctx.cancelled()) return EXHAUSTED;
    if (preparing.next().done !== true) return NEED_MORE;
    const { rows, count } = merge.next(ctx.batchRows, ctx.arena);
    if (count === 0) return EXHAUSTED;
    return ready({ ...allRows(count), columns: gatherPayload(ctx, layout.payload, rows, count), split: 0 });
  },
  close: ({ merge }) => merge.close(),
  partitions: () => 1,
};
