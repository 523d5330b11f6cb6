import type { Batch, Rows } from '../../../batch/batch.ts';
import type { Vector } from '../../../batch/vector.ts';
import type { Pieces } from '../../../common/pieces.ts';
import { combineValidity } from '../../../kernels/vectors.ts';
import { Arena } from '../../../memory/arena.ts';
import type { Owner } from '../../../memory/linear-memory.ts';
import type { OpenContext } from '../../../protocol/context.ts';
import type { Step } from '../../../protocol/step.ts';
import { BatchExprs } from '../batch-exprs.ts';
import { keyColumn } from '../groups/group-keys.ts';
import { emptyRanges, type KeyRange, widenRange } from '../rows/integer-key.ts';
import { keepTexts, packRows } from '../rows/pack-rows.ts';
import { RowBlocks } from '../rows/row-blocks.ts';
import { PART_HEADER, type Part, publishPart, setPartWord } from '../shared-parts.ts';
import { sliceRows } from '../slice-rows.ts';
import { Backlog } from '../spill/backlog.ts';
import { NO_FILE, putFiles } from '../spill/row-format.ts';
import { SpillPartitions } from '../spill/spill-partitions.ts';
import { buildDeal, buildFormat, dealRows, INDEX_BYTES } from './build-files.ts';
import { type RangedKey, rangedKeys } from './join-filters.ts';
import { enterRows, isJoinSpilled, JOIN_PART, JOIN_SHARED } from './join-index.ts';
import { emitsBuildRows, type HashJoinNode, type JoinShape, joinShape } from './join-shape.ts';

/** Rows with their texts; those that may go to files are under an owner of their own, and given back as one. */
type BuildRows = { readonly owner: Owner; readonly blocks: RowBlocks; readonly heap: Arena };

function rowsOf({ memory }: OpenContext, owner: Owner, { rowBytes }: JoinShape): BuildRows {
  return { owner, blocks: new RowBlocks(memory, owner, rowBytes), heap: new Arena(memory, owner) };
}

const newRows = (ctx: OpenContext, shape: JoinShape): BuildRows => rowsOf(ctx, ctx.memory.newOwner(ctx.owner), shape);

/** Takes the build side: one partition's rows, and its share of filling the directory. */
export class JoinBuild {
  readonly #node: HashJoinNode;
  readonly #ctx: OpenContext;
  readonly #shape: JoinShape;
  readonly #exprs: BatchExprs;
  readonly #keys: readonly number[];
  #rows: BuildRows;
  readonly #nullRows: BuildRows;
  readonly #heap: Arena;
  readonly #backlog = new Backlog();
  #partitions: SpillPartitions | undefined;
  #spilled = 0;
  #part: Part = 0;
  /** The keys of `#rows` whose ranges are wanted, and these. */
  readonly #ranged: readonly RangedKey[];
  readonly #ranges: readonly KeyRange[];

  constructor(node: HashJoinNode, ctx: OpenContext) {
    this.#node = node;
    this.#ctx = ctx;
    this.#shape = joinShape(node);
    this.#exprs = new BatchExprs(ctx);
    this.#keys = node.buildKeys.map(k => this.#exprs.add(k));
    this.#rows = newRows(ctx, this.#shape);
    this.#nullRows = rowsOf(ctx, ctx.owner, this.#shape);
    this.#heap = new Arena(ctx.memory, ctx.owner);
    this.#ranged = rangedKeys(node);
    this.#ranges = emptyRanges(this.#heap, this.#ranged.length);
  }

  /** Moves the rows that can match to files when memory is short; `pending` while that takes. */
  makeRoom(): Step | undefined {
    const { blocks, heap } = this.#rows;
    if (this.#backlog.isEmpty && this.#ctx.spill.isPressing(blocks.bytes + heap.bytes, INDEX_BYTES * blocks.count))
      this.#backlog.begin(this.#spill());
    return this.#backlog.step();
  }

  *#spill(): Pieces {
    const { memory, shared } = this.#ctx;
    Atomics.store(memory.u32, (shared + JOIN_SHARED.isSpilled) >>> 2, 1);
    this.#partitions ??= new SpillPartitions(this.#ctx, buildFormat(this.#shape), buildDeal(this.#shape), 0);
    yield* dealRows(this.#ctx, this.#partitions, this.#rows.blocks);
    this.#spilled += this.#rows.blocks.count;
    memory.freeOwner(this.#rows.owner);
    this.#rows = newRows(this.#ctx, this.#shape);
  }

  push(batch: Batch): void {
    this.#exprs.start(batch.columns);
    const all: Rows = { count: batch.count, selection: batch.selection, selected: batch.selected };
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
    this.#part = this.#heap.alloc(4 * (PART_HEADER + JOIN_PART.words));
    const [rows, nulls] = [this.#rows.blocks, this.#nullRows.blocks];
    const words = [rows.first, this.#spilled + rows.count, nulls.first, nulls.count, this.#ranges[0] ?? 0, 0];
    publishPart(memory, shared + JOIN_SHARED.parts, this.#part, partition, words);
  }

  /** Enters this partition's rows into the index that `sealJoin` made; moves them to files if others are there. */
  *complete(): Pieces {
    if (!isJoinSpilled(this.#ctx)) {
      yield* enterRows(this.#node, this.#shape, this.#ctx, this.#rows.blocks.first);
      return;
    }
    const { memory } = this.#ctx;
    yield* this.#spill();
    setPartWord(memory, this.#part, JOIN_PART.chain, 0);
    const files = this.#partitions!.finish().map(f => f ?? NO_FILE);
    setPartWord(memory, this.#part, JOIN_PART.files, putFiles(this.#heap, files));
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

  #append({ blocks, heap }: BuildRows, keys: readonly Vector[], payload: readonly Vector[], rows: Rows): void {
    const { kernels } = this.#ctx;
    const { buildKey, payload: area, rowBytes } = this.#shape;
    for (let from = 0; from < rows.selected; ) {
      blocks.reserve();
      const address = blocks.next;
      const selected = Math.min(blocks.space, rows.selected - from);
      const slice = selected === rows.selected ? rows : sliceRows(this.#ctx, rows, from, selected);
      const target = { address, rowBytes };
      kernels.row_clear(address, selected * rowBytes);
      packRows(this.#ctx, buildKey, keys, slice, target);
      keepTexts(this.#ctx, buildKey, target, selected, heap);
      packRows(this.#ctx, area, payload, slice, target, heap);
      keepTexts(this.#ctx, area, target, selected, heap);
      blocks.advance(selected);
      from += selected;
    }
  }
}
