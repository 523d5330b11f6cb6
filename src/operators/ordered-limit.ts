import type { OpenContext } from '../protocol/context.ts';
import type { Operator, Sink, Source } from '../protocol/operator.ts';
import { EXHAUSTED, type Step } from '../protocol/step.ts';
import type { DataType } from '../types/data-type.ts';
import { BatchParts } from './lib/batch-parts.ts';
import { sliceRows } from './lib/slice-rows.ts';
import { KeptRows } from './lib/sorts/kept-rows.ts';

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
    const step = kept.push(batch.selected <= wanted ? batch : { ...batch, ...sliceRows(ctx, batch, 0, wanted) });
    return step.status === 'need-more' && batch.selected >= wanted ? EXHAUSTED : step;
  },
  finish(state) {
    state.kept.finish();
    return undefined;
  },
};

const source: Source<LimitNode, KeptRows> = {
  open: (node, ctx) => new KeptRows(ctx, node.types, { offset: node.offset, count: node.count }),
  pull: rows => rows.pull(),
  close: rows => rows.close(),
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
