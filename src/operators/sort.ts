import type { Batch, Rows } from '../batch/batch.ts';
import type { PhysicalSortKey } from '../plan/expr.ts';
import type { OpenContext } from '../protocol/context.ts';
import type { Operator } from '../protocol/operator.ts';
import type { DataType } from '../types/data-type.ts';
import { BatchExprs } from './lib/batch-exprs.ts';
import { explainSortKey } from './lib/explain-nodes.ts';
import { SortKeyEncoder } from './lib/sorts/sort-keys.ts';
import { SortRows, sortRowLayout } from './lib/sorts/sort-rows.ts';
import { type SortingRows, sortSink } from './lib/sorts/sort-sink.ts';
import { SortedPart } from './lib/sorts/sorted-parts.ts';
import { sortedSource } from './lib/sorts/sorted-source.ts';

/** All rows in the order of the keys: each clone sorts its own, one clone merges and hands on. */
export type SortNode = {
  readonly kind: 'sort';
  readonly keys: readonly PhysicalSortKey[];
  readonly types: readonly DataType[];
};

class SortSink implements SortingRows {
  readonly spills = true;
  readonly rows: SortRows;
  readonly part: SortedPart;
  readonly #exprs: BatchExprs;
  readonly #encoder: SortKeyEncoder;

  constructor(node: SortNode, ctx: OpenContext) {
    const layout = sortRowLayout(node.keys, node.types);
    this.rows = new SortRows(ctx, layout);
    this.part = new SortedPart(ctx);
    this.#exprs = new BatchExprs(ctx);
    this.#encoder = new SortKeyEncoder(ctx, this.#exprs, layout.key);
  }

  push({ columns, count, selection, selected }: Batch): void {
    const rows: Rows = { count, selection, selected };
    this.#exprs.start(columns);
    this.rows.append(this.#encoder.encode(rows), columns, rows);
  }

  close(): void {
    this.#exprs.close();
  }
}

const sink = sortSink<SortNode>((node, ctx) => new SortSink(node, ctx));

export const sort: Operator<SortNode> = {
  kind: 'sort',
  sink,
  source: sortedSource,
  sharedBytes: () => 8,
  explain: node => [['keys', node.keys.map(explainSortKey).join(', ')]],
};
