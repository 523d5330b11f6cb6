import type { Batch, Rows } from '../batch/batch.ts';
import type { Pieces } from '../common/pieces.ts';
import type { PhysicalSortKey } from '../plan/expr.ts';
import type { OpenContext } from '../protocol/context.ts';
import type { Operator, Sink } from '../protocol/operator.ts';
import { NEED_MORE } from '../protocol/step.ts';
import type { DataType } from '../types/data-type.ts';
import { BatchExprs } from './lib/batch-exprs.ts';
import { explainSortKey } from './lib/explain-nodes.ts';
import { SortKeyEncoder } from './lib/sorts/sort-keys.ts';
import { type SortRowLayout, SortRows, sortRowLayout } from './lib/sorts/sort-rows.ts';
import { SortedPart } from './lib/sorts/sorted-parts.ts';
import { sortedSource } from './lib/sorts/sorted-source.ts';

/**
 * Rows in the order of the keys, of an input whose splits each have their rows in it already, one split after another.
 * Equal rows keep the order of their splits.
 */
export type MergeNode = {
  readonly kind: 'merge';
  readonly keys: readonly PhysicalSortKey[];
  readonly types: readonly DataType[];
};

class MergeSink {
  readonly #ctx: OpenContext;
  readonly #layout: SortRowLayout;
  readonly #exprs: BatchExprs;
  readonly #encoder: SortKeyEncoder;
  /** The rows of each split. */
  readonly #runs: { readonly rows: SortRows; readonly part: SortedPart }[] = [];
  #split = -1;

  constructor(node: MergeNode, ctx: OpenContext) {
    this.#ctx = ctx;
    this.#layout = sortRowLayout(node.keys, node.types);
    this.#exprs = new BatchExprs(ctx);
    this.#encoder = new SortKeyEncoder(ctx, this.#exprs, this.#layout.key);
  }

  push({ columns, count, selection, selected, split }: Batch): void {
    if (split !== this.#split) {
      this.#split = split;
      const part = new SortedPart({ ...this.#ctx, partition: this.#runs.length });
      this.#runs.push({ rows: new SortRows(this.#ctx, this.#layout), part });
    }
    const rows: Rows = { count, selection, selected };
    this.#exprs.start(columns);
    this.#runs.at(-1)!.rows.append(this.#encoder.encode(rows), columns, rows);
  }

  *finish(): Pieces {
    for (const { rows, part } of this.#runs) yield* part.publish(rows);
  }

  *complete(): Pieces {
    for (const { rows, part } of this.#runs) yield* part.keepOrder(rows);
  }

  close(): void {
    this.#exprs.close();
  }
}

const sink: Sink<MergeNode, MergeSink> = {
  open: (node, ctx) => new MergeSink(node, ctx),
  push(state, batch) {
    state.push(batch);
    return NEED_MORE;
  },
  finish: state => state.finish(),
  complete: state => state.complete(),
  close: state => state.close(),
};

export const merge: Operator<MergeNode> = {
  kind: 'merge',
  sink,
  source: sortedSource,
  sharedBytes: () => 8,
  explain: node => [['keys', node.keys.map(explainSortKey).join(', ')]],
};
