import type { Batch, Rows } from '../../batch/batch.ts';
import type { Vector } from '../../batch/vector.ts';
import { combineValidity } from '../../kernels/vectors.ts';
import { Arena } from '../../memory/arena.ts';
import type { OpenContext } from '../../protocol/context.ts';
import { BatchExprs } from './batch-exprs.ts';
import { keyColumn } from './group-keys.ts';
import { emitsBuildRows, type HashJoinNode, type JoinShape, joinShape } from './join-shape.ts';
import { keepTexts, packRows } from './pack-rows.ts';
import { RowBlocks, rowSpans } from './row-blocks.ts';
import { PART_HEADER, partsOf, partWord, publishPart } from './shared-parts.ts';

/** The struct that the clones of a join share, by address offset. */
export const JOIN_SHARED = {
  parts: 0,
  directory: 4,
  shift: 8,
  nextClaim: 12,
  rows: 16,
  nullRows: 20,
  bytes: 24,
} as const;

/** Words of a part: chain and number of the rows that can match; of those with a NULL that never equals anything. */
const CHAIN = 0;
const CHAIN_ROWS = 1;
const NULL_CHAIN = 2;
const NULL_ROWS = 3;
const PART_WORDS = 4;

const SMALLEST_BITS = 8;

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
  }

  push(batch: Batch): void {
    this.#exprs.start(batch.columns);
    const all: Rows = { count: batch.count, selection: this.#selectionOf(batch), selected: batch.selected };
    const values = this.#keys.map(k => this.#exprs.vector(k, all));
    const keys = values.map(k => keyColumn(this.#ctx, k, all));
    const payload = this.#shape.stored.map(c => batch.columns[c]!);
    const strict = values.filter((_, i) => !this.#node.nullsEqual[i]);
    const validity = combineValidity(this.#ctx, strict, all);
    if (validity === 0) {
      this.#append(this.#rows, keys, payload, all);
      return;
    }
    const { kernels, arena } = this.#ctx;
    const valid = arena.alloc((all.selected + 1) * 2);
    const selected = kernels.select_valid(validity, all.selection, all.selected, valid);
    this.#append(this.#rows, keys, payload, { count: all.count, selection: valid, selected });
    if (!this.#keepsNulls) return;
    const nulls = arena.alloc((all.selected + 1) * 2);
    const count = kernels.select_null(validity, all.selection, all.selected, nulls);
    this.#append(this.#nullRows, keys, payload, { count: all.count, selection: nulls, selected: count });
  }

  finish(): void {
    const { memory, shared, partition } = this.#ctx;
    const part = this.#heap.alloc(4 * (PART_HEADER + PART_WORDS));
    const words = [this.#rows.first, this.#rows.count, this.#nullRows.first, this.#nullRows.count];
    publishPart(memory, shared + JOIN_SHARED.parts, part, partition, words);
  }

  /** Enters this partition's rows into the directory that `sealJoin` made. */
  complete(): void {
    const { memory, kernels, shared, partitions } = this.#ctx;
    const directory = memory.u32[(shared + JOIN_SHARED.directory) >>> 2]!;
    if (directory === 0) return;
    const shift = memory.u32[(shared + JOIN_SHARED.shift) >>> 2]!;
    const isShared = partitions > 1 ? 1 : 0;
    for (const { address, count } of rowSpans(memory, this.#rows.first)) {
      kernels.join_insert(address, this.#shape.rowBytes, count, directory, shift, isShared);
    }
  }

  close(): void {
    this.#exprs.close();
  }

  /** Rows that match nothing still count where they are handed on, or make an answer unknown. */
  get #keepsNulls(): boolean {
    return emitsBuildRows(this.#node) || this.#node.joinType === 'mark';
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
      kernels.row_hash(address, rowBytes, address + buildKey.offset, buildKey.texts, buildKey.bytes >>> 3, selected);
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

/** Sizes the directory, after all partitions have finished. */
export function sealJoin(ctx: OpenContext): void {
  const { memory, kernels, owner, shared } = ctx;
  const parts = partsOf(memory, shared + JOIN_SHARED.parts);
  const total = (word: number): number => parts.reduce((sum, p) => sum + partWord(memory, p, word), 0);
  const rows = total(CHAIN_ROWS);
  memory.u32[(shared + JOIN_SHARED.rows) >>> 2] = rows;
  memory.u32[(shared + JOIN_SHARED.nullRows) >>> 2] = total(NULL_ROWS);
  if (rows === 0) return;
  const bits = Math.max(SMALLEST_BITS, Math.ceil(Math.log2(rows * 1.5)));
  const bytes = 8 * 2 ** bits;
  const directory = memory.allocate(bytes, owner);
  kernels.row_clear(directory, bytes);
  memory.u32[(shared + JOIN_SHARED.directory) >>> 2] = directory;
  memory.u32[(shared + JOIN_SHARED.shift) >>> 2] = 32 - bits;
}

/** The build rows of all partitions: those that can match, or those with a NULL that can't. */
export function buildSpans(ctx: OpenContext, which: 'rows' | 'null-rows'): { address: number; count: number }[] {
  const parts = partsOf(ctx.memory, ctx.shared + JOIN_SHARED.parts);
  const word = which === 'rows' ? CHAIN : NULL_CHAIN;
  return parts.flatMap(p => [...rowSpans(ctx.memory, partWord(ctx.memory, p, word))]);
}
