import type { Batch, Rows } from '../../../batch/batch.ts';
import type { Vector } from '../../../batch/vector.ts';
import type { Pieces } from '../../../common/pieces.ts';
import { combineValidity } from '../../../kernels/vectors.ts';
import { Arena } from '../../../memory/arena.ts';
import type { OpenContext } from '../../../protocol/context.ts';
import { BatchExprs } from '../batch-exprs.ts';
import { keyColumn } from '../groups/group-keys.ts';
import { emptyRanges, type KeyRange, widenRange } from '../rows/integer-key.ts';
import { keepTexts, packRows } from '../rows/pack-rows.ts';
import { RowBlocks } from '../rows/row-blocks.ts';
import { PART_HEADER, publishPart } from '../shared-parts.ts';
import { type RangedKey, rangedKeys } from './join-filters.ts';
import { enterRows, JOIN_PART, JOIN_SHARED } from './join-index.ts';
import { emitsBuildRows, type HashJoinNode, type JoinShape, joinShape } from './join-shape.ts';

/** Takes the build side: one partition's rows, and its share of filling the directory. */
export class JoinBuild {
  readonly #node: HashJoinNode;
  readonly #ctx: OpenContext;
  readonly #shape: JoinShape;
  readonly #exprs: BatchExprs;
  readonly #keys: readonly number[];
  readonly #rows: RowBlocks;
  readonly #nullRows: RowBlocks;
  readonly #heap: Arena;
  /** The keys of `#rows` whose ranges are wanted, and these. */
  readonly #ranged: readonly RangedKey[];
  readonly #ranges: readonly KeyRange[];
  /** 0, 1, 2 …: the rows of a batch without selection. */
  #identity = 0;

  constructor(node: HashJoinNode, ctx: OpenContext) {
    this.#node = node;
    this.#ctx = ctx;
    this.#shape = joinShape(node);
    this.#exprs = new BatchExprs(ctx);
    this.#keys = node.buildKeys.map(k => this.#exprs.add(k));
    this.#rows = new RowBlocks(ctx.memory, ctx.owner, this.#shape.rowBytes);
    this.#nullRows = new RowBlocks(ctx.memory, ctx.owner, this.#shape.rowBytes);
    this.#heap = new Arena(ctx.memory, ctx.owner);
    this.#ranged = rangedKeys(node);
    this.#ranges = emptyRanges(this.#heap, this.#ranged.length);
  }

  push(batch: Batch): void {
    this.#exprs.start(batch.columns);
    const all: Rows = { count: batch.count, selection: this.#selectionOf(batch), selected: batch.selected };
    const values = this.#keys.map((k, i) =>
      this.#ranged.some(r => r.key === i) ? this.#exprs.plain(k, all) : this.#exprs.vector(k, all),
    );
    const keys = values.map(k => keyColumn(this.#ctx, k, all));
    const payload = this.#shape.stored.map(c => batch.columns[c]!);
    const strict = values.filter((_, i) => !this.#node.nullsEqual[i]);
    const validity = combineValidity(this.#ctx, strict, all);
    if (validity === 0) {
      this.#appendMatchable(keys, payload, all);
      return;
    }
    const { kernels, arena } = this.#ctx;
    const valid = arena.alloc((all.selected + 1) * 2);
    const selected = kernels.select_valid(validity, all.selection, all.selected, valid);
    this.#appendMatchable(keys, payload, { count: all.count, selection: valid, selected });
    if (!this.#keepsNulls) return;
    const nulls = arena.alloc((all.selected + 1) * 2);
    const count = kernels.select_null(validity, all.selection, all.selected, nulls);
    this.#append(this.#nullRows, keys, payload, { count: all.count, selection: nulls, selected: count });
  }

  finish(): void {
    const { memory, shared, partition } = this.#ctx;
    const part = this.#heap.alloc(4 * (PART_HEADER + JOIN_PART.words));
    const words = [
      this.#rows.first,
      this.#rows.count,
      this.#nullRows.first,
      this.#nullRows.count,
      this.#ranges[0] ?? 0,
    ];
    publishPart(memory, shared + JOIN_SHARED.parts, part, partition, words);
  }

  /** Enters this partition's rows into the index that `sealJoin` made. */
  complete(): Pieces {
    return enterRows(this.#node, this.#shape, this.#ctx, this.#rows.first);
  }

  close(): void {
    this.#exprs.close();
  }

  /** Rows that match nothing still count where they are handed on, or make an answer unknown. */
  get #keepsNulls(): boolean {
    return emitsBuildRows(this.#node) || this.#node.joinType === 'mark';
  }

  #appendMatchable(keys: readonly Vector[], payload: readonly Vector[], rows: Rows): void {
    for (const [i, { key, integer }] of this.#ranged.entries())
      widenRange(this.#ctx.kernels, integer, this.#ranges[i]!, keys[key]!, rows);
    this.#append(this.#rows, keys, payload, rows);
  }

  #append(blocks: RowBlocks, keys: readonly Vector[], payload: readonly Vector[], rows: Rows): void {
    const { kernels } = this.#ctx;
    const { buildKey, payload: area, rowBytes } = this.#shape;
    for (let from = 0; from < rows.selected; ) {
      blocks.reserve();
      const address = blocks.next;
      const selected = Math.min(blocks.space, rows.selected - from);
      const slice: Rows = { count: rows.count, selection: rows.selection + 2 * from, selected };
      const target = { address, rowBytes };
      kernels.row_clear(address, selected * rowBytes);
      packRows(this.#ctx, buildKey, keys, slice, target);
      keepTexts(this.#ctx, buildKey, target, selected, this.#heap);
      packRows(this.#ctx, area, payload, slice, target, this.#heap);
      keepTexts(this.#ctx, area, target, selected, this.#heap);
      blocks.advance(selected);
      from += selected;
    }
  }

  #selectionOf(batch: Batch): number {
    if (batch.selection !== 0) return batch.selection;
    if (this.#identity === 0) {
      this.#identity = this.#heap.alloc(65536 * 2);
      const { u16 } = this.#ctx.memory;
      for (let i = 0; i < 65536; i++) u16[(this.#identity >>> 1) + i] = i;
    }
    return this.#identity;
  }
}
