import { allRows } from '../../../batch/batch.ts';
import type { PhysicalSortKey } from '../../../plan/expr.ts';
import type { OpenContext } from '../../../protocol/context.ts';
import type { Source } from '../../../protocol/operator.ts';
import { EXHAUSTED, ready } from '../../../protocol/step.ts';
import type { DataType } from '../../../types/data-type.ts';
import { gatherPayload, type SortRowLayout, sortRowLayout } from './sort-rows.ts';
import { mergeParts } from './sorted-parts.ts';
import type { RunMerge } from './sorted-run.ts';

type SortedNode = { readonly keys: readonly PhysicalSortKey[]; readonly types: readonly DataType[] };

type SourceState = { readonly ctx: OpenContext; readonly layout: SortRowLayout; readonly merge: RunMerge };

/** Hands on the sorted parts of a node's clones as one. */
export const sortedSource: Source<SortedNode, SourceState> = {
  open(node, ctx) {
    const layout = sortRowLayout(node.keys, node.types);
    return { ctx, layout, merge: mergeParts(ctx, layout) };
  },
  pull({ ctx, layout, merge }) {
    if (ctx.cancelled()) return EXHAUSTED;
    const { rows, count } = merge.next(ctx.batchRows, ctx.arena);
    if (count === 0) return EXHAUSTED;
    return ready({ ...allRows(count), columns: gatherPayload(ctx, layout.payload, rows, count), split: 0 });
  },
  partitions: () => 1,
};
