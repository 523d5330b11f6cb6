import { batchOf } from '../batch/batch.ts';
import type { OpenContext } from '../protocol/context.ts';
import { LITTLE_ROWS, type Operator, type Sink, type Source } from '../protocol/operator.ts';
import { EXHAUSTED, ready } from '../protocol/step.ts';
import type { DataType } from '../types/data-type.ts';
import { BatchParts } from './lib/batch-parts.ts';
import { KeptBatches, keptPieces, keptRows } from './lib/kept-batches.ts';

/** Keeps all rows of its input, to be read in several places of the plan by `materialized-scan`. */
export type MaterializeNode = { readonly kind: 'materialize' };

const sink: Sink<MaterializeNode, BatchParts> = {
  open: (_, ctx) => new BatchParts(ctx, ctx.shared),
  push: (state, batch) => state.push(batch),
  finish(state) {
    state.finish();
    return undefined;
  },
};

export const materialize: Operator<MaterializeNode> = {
  kind: 'materialize',
  sink,
  sharedBytes: () => 8,
  explain: () => [],
};

/** Reads what a `materialize` node kept: `ctx.shared` is that node's struct. Clones read every n-th batch. */
export type MaterializedScanNode = {
  readonly kind: 'materialized-scan';
  /** Names the kept rows in the plan. */
  readonly shared: number;
  /** Of all columns that were kept. */
  readonly types: readonly DataType[];
  /** Columns handed on; default: all. */
  readonly columns?: readonly number[] | undefined;
};

type ScanState = { readonly node: MaterializedScanNode; readonly ctx: OpenContext; readonly kept: KeptBatches };

const source: Source<MaterializedScanNode, ScanState> = {
  open(node, ctx) {
    const share = { first: ctx.partition, step: ctx.partitions };
    return { node, ctx, kept: new KeptBatches(ctx, node.types, keptPieces(ctx, ctx.shared).flat(), share) };
  },
  pull({ node, ctx, kept }) {
    const batch = ctx.cancelled() ? undefined : kept.next();
    if (batch === undefined) return EXHAUSTED;
    return ready(
      node.columns === undefined
        ? batch
        : batchOf(
            batch,
            node.columns.map(c => batch.columns[c]!),
            batch.split,
          ),
    );
  },
  close: ({ kept }) => kept.close(),
  extent: (_, { memory, shared }) => (keptRows(memory, shared, LITTLE_ROWS) <= LITTLE_ROWS ? 'little' : 'much'),
};

export const materializedScan: Operator<MaterializedScanNode> = {
  kind: 'materialized-scan',
  source,
  explain: node => [['shared', String(node.shared)]],
};
