import type { Batch, Rows } from '../batch/batch.ts';
import type { OpenContext } from '../protocol/context.ts';
import type { Operator, Sink, Source } from '../protocol/operator.ts';
import { EXHAUSTED, NEED_MORE, ready, type Step } from '../protocol/step.ts';
import type { DataType } from '../types/data-type.ts';
import { BatchParts, recordsOfParts } from './lib/batch-parts.ts';
import { sliceRows } from './lib/slice-rows.ts';
import { readRecord } from './lib/stored-batches.ts';

/**
 * `count` rows after the first `offset`, in source order: by the splits that batches come from. A clone gets its splits
 * in rising order, so the first offset + count rows of each are all that can be needed.
 */
export type LimitNode = {
  readonly kind: 'limit';
  readonly count?: number | undefined;
  readonly offset: number;
  readonly types: readonly DataType[];
};

type SinkState = { readonly node: LimitNode; readonly ctx: OpenContext; readonly kept: BatchParts };

const sink: Sink<LimitNode, SinkState> = {
  open: (node, ctx) => ({ node, ctx, kept: new BatchParts(ctx, ctx.shared) }),
  push({ node, ctx, kept }, batch): Step {
    const wanted = node.offset + (node.count ?? Number.POSITIVE_INFINITY) - kept.rows;
    if (wanted <= 0) return EXHAUSTED;
    kept.push(batch.selected <= wanted ? batch : { ...batch, ...sliceRows(ctx, batch, 0, wanted) });
    return batch.selected >= wanted ? EXHAUSTED : NEED_MORE;
  },
  finish(state) {
    state.kept.finish();
    return undefined;
  },
};

type SourceState = {
  readonly node: LimitNode;
  readonly ctx: OpenContext;
  /** In source order. */
  readonly batches: readonly Batch[];
  next: number;
  toSkip: number;
  toGive: number;
};

const source: Source<LimitNode, SourceState> = {
  open(node, ctx) {
    const { memory, shared } = ctx;
    // Sorting is stable: batches of one split are of one clone and keep its order.
    const batches = recordsOfParts(memory, shared)
      .map(r => readRecord(memory, node.types, r))
      .sort((a, b) => a.split - b.split);
    return { node, ctx, batches, next: 0, toSkip: node.offset, toGive: node.count ?? Number.POSITIVE_INFINITY };
  },
  pull(state) {
    for (;;) {
      const batch = state.batches[state.next];
      if (batch === undefined || state.toGive <= 0) return EXHAUSTED;
      state.next++;
      const from = Math.min(state.toSkip, batch.count);
      state.toSkip -= from;
      const count = Math.min(batch.count - from, state.toGive);
      if (count === 0) continue;
      state.toGive -= count;
      const rows: Rows = count === batch.count ? batch : sliceRows(state.ctx, batch, from, count);
      return ready({ ...batch, ...rows });
    }
  },
  partitions: () => 1,
};

export const limit: Operator<LimitNode> = {
  kind: 'limit',
  sink,
  source,
  sharedBytes: () => 8,
  explain({ count, offset }) {
    const lines: [string, string][] = [];
    if (count !== undefined) lines.push(['count', String(count)]);
    if (offset > 0) lines.push(['offset', String(offset)]);
    return lines;
  },
};
