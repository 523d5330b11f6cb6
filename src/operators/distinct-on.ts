import { allRows, type Batch, type Rows } from '../batch/batch.ts';
import { Vector } from '../batch/vector.ts';
import type { Pieces } from '../common/pieces.ts';
import { Arena } from '../memory/arena.ts';
import { type PhysicalExpr, type PhysicalSortKey, typeOf } from '../plan/expr.ts';
import { explainExpr } from '../plan/physical-expr.ts';
import type { OpenContext } from '../protocol/context.ts';
import type { Operator, Source } from '../protocol/operator.ts';
import { EXHAUSTED, NEED_MORE, ready, type Step } from '../protocol/step.ts';
import { type DataType, UINT32 } from '../types/data-type.ts';
import { BatchExprs } from './lib/batch-exprs.ts';
import { explainSortKey } from './lib/explain-nodes.ts';
import { keyColumn } from './lib/groups/group-keys.ts';
import { keepTexts, packRows } from './lib/rows/pack-rows.ts';
import { keyArea, type RowArea } from './lib/rows/row-layout.ts';
import { SortKeyEncoder } from './lib/sorts/sort-keys.ts';
import { gatherPayload, type SortRowLayout, SortRows, sortRowLayout } from './lib/sorts/sort-rows.ts';
import { type SortingRows, sortSink } from './lib/sorts/sort-sink.ts';
import { mergeParts, SortedPart } from './lib/sorts/sorted-parts.ts';
import type { RunMerge } from './lib/sorts/sorted-run.ts';
import type { SpilledMerge } from './lib/sorts/spilled-merge.ts';

/**
 * One row per distinct values of `on`: the first by `orderBy`, then by the order of the source. Rows are sorted by `on`
 * first, and handed on in that order.
 */
export type DistinctOnNode = {
  readonly kind: 'distinct-on';
  readonly on: readonly PhysicalExpr[];
  readonly orderBy: readonly PhysicalSortKey[];
  readonly types: readonly DataType[];
};

/** Rows hold the columns, then the values of `on`. */
function layoutOf(node: DistinctOnNode): SortRowLayout {
  const split: PhysicalExpr = { kind: 'input', index: node.types.length, type: UINT32 };
  const rising = (expr: PhysicalExpr): PhysicalSortKey => ({ expr, descending: false, nullsFirst: false });
  const keys = [...node.on.map(rising), ...node.orderBy, rising(split)];
  return sortRowLayout(keys, [...node.types, ...node.on.map(typeOf)]);
}

class DistinctOnSink implements SortingRows {
  readonly spills = true;
  readonly rows: SortRows;
  readonly part: SortedPart;
  readonly #ctx: OpenContext;
  readonly #exprs: BatchExprs;
  readonly #encoder: SortKeyEncoder;
  readonly #on: readonly number[];

  constructor(node: DistinctOnNode, ctx: OpenContext) {
    const layout = layoutOf(node);
    this.#ctx = ctx;
    this.rows = new SortRows(ctx, layout);
    this.part = new SortedPart(ctx);
    this.#exprs = new BatchExprs(ctx);
    this.#encoder = new SortKeyEncoder(ctx, this.#exprs, layout.key);
    this.#on = node.on.map(e => this.#exprs.add(e));
  }

  push({ columns, count, selection, selected, split }: Batch): void {
    const rows: Rows = { count, selection, selected };
    const number = this.#ctx.arena.alloc(4);
    this.#ctx.memory.u32[number >>> 2] = split;
    this.#exprs.start([...columns, Vector.constant(UINT32, count, number)]);
    const on = this.#on.map(i => this.#exprs.vector(i, rows));
    this.rows.append(this.#encoder.encode(rows), [...columns, ...on], rows);
  }

  close(): void {
    this.#exprs.close();
  }
}

const sink = sortSink<DistinctOnNode>((node, ctx) => new DistinctOnSink(node, ctx));

class DistinctOnSource {
  readonly #ctx: OpenContext;
  readonly #layout: SortRowLayout;
  readonly #merge: RunMerge | SpilledMerge;
  readonly #preparing: Pieces;
  readonly #width: number;
  readonly #key: RowArea;
  /** The packed values of `on` of the last row seen, with its texts; 0 before the first. */
  #previous = 0;
  readonly #heap: Arena;

  constructor(node: DistinctOnNode, ctx: OpenContext) {
    this.#ctx = ctx;
    this.#layout = layoutOf(node);
    this.#merge = mergeParts(ctx, this.#layout);
    this.#preparing = this.#merge.prepare();
    this.#width = node.types.length;
    this.#key = keyArea(node.on.map(typeOf), 8);
    this.#heap = new Arena(ctx.memory, ctx.owner);
  }

  pull(): Step {
    const { arena, kernels, batchRows, cancelled } = this.#ctx;
    for (;;) {
      if (cancelled()) return EXHAUSTED;
      if (this.#preparing.next().done !== true) return NEED_MORE;
      const { rows, count } = this.#merge.next(batchRows, arena);
      if (count === 0) return EXHAUSTED;
      const values = gatherPayload(this.#ctx, this.#layout.payload, rows, count);
      const packed = this.#pack(values.slice(this.#width), count);
      const selection = arena.alloc((count + 1) * 2);
      const { texts, bytes } = this.#key;
      const selected = kernels.row_changes(packed, texts, bytes >>> 3, count, this.#previous, selection);
      this.#remember(packed + (count - 1) * (8 + bytes));
      if (selected > 0) return ready({ count, selection, selected, columns: values.slice(0, this.#width), split: 0 });
    }
  }

  close(): void {
    this.#merge.close();
    this.#heap.release();
  }

  #pack(on: readonly Vector[], count: number): number {
    const { arena, kernels } = this.#ctx;
    const stride = 8 + this.#key.bytes;
    const packed = arena.alloc(count * stride);
    kernels.row_clear(packed, count * stride);
    const fields = on.map(c => keyColumn(this.#ctx, c, allRows(count)));
    packRows(this.#ctx, this.#key, fields, allRows(count), { address: packed, rowBytes: stride });
    return packed;
  }

  /** Copies a key out of the batch arena. */
  #remember(key: number): void {
    const bytes = 8 + this.#key.bytes;
    this.#heap.reset();
    this.#previous = this.#heap.alloc(bytes);
    this.#ctx.memory.u8.copyWithin(this.#previous, key, key + bytes);
    keepTexts(this.#ctx, this.#key, { address: this.#previous, rowBytes: bytes }, 1, this.#heap);
  }
}

const source: Source<DistinctOnNode, DistinctOnSource> = {
  open: (node, ctx) => new DistinctOnSource(node, ctx),
  pull: state => state.pull(),
  close: state => state.close(),
  partitions: () => 1,
};

export const distinctOn: Operator<DistinctOnNode> = {
  kind: 'distinct-on',
  sink,
  source,
  sharedBytes: () => 8,
  explain({ on, orderBy }) {
    const lines: [string, string][] = [['on', on.map(e => explainExpr(e)).join(', ')]];
    if (orderBy.length > 0) lines.push(['order', orderBy.map(explainSortKey).join(', ')]);
    return lines;
  },
};
