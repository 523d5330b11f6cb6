import { allRows, type Batch, type Rows } from '../batch/batch.ts';
import { asConstant } from '../batch/builder.ts';
import type { Vector } from '../batch/vector.ts';
import { finishPieces } from '../common/pieces.ts';
import { Arena } from '../memory/arena.ts';
import type { PhysicalSortKey } from '../plan/expr.ts';
import type { OpenContext } from '../protocol/context.ts';
import type { Operator, RuntimeFilterId, Source } from '../protocol/operator.ts';
import { EXHAUSTED, ready } from '../protocol/step.ts';
import type { DataType } from '../types/data-type.ts';
import { BatchExprs } from './lib/batch-exprs.ts';
import { explainSortKey } from './lib/explain-nodes.ts';
import { boundedKey, moveBound } from './lib/filters/moving-bound.ts';
import { denseRows, gatherField } from './lib/rows/gather-rows.ts';
import { rowsUpTo } from './lib/sorts/sort-bound.ts';
import { SortKeyEncoder } from './lib/sorts/sort-keys.ts';
import { copyRows, gatherPayload, type SortRowLayout, SortRows, sortRowLayout } from './lib/sorts/sort-rows.ts';
import { type SortingRows, sortSink } from './lib/sorts/sort-sink.ts';
import { mergeRuns, SortedPart } from './lib/sorts/sorted-parts.ts';
import { keyBits, newKeyBits, prefixPlan, type RunMerge, sortRun } from './lib/sorts/sorted-run.ts';

/** The `count` first rows in the order of the keys, after the first `offset`. */
export type TopKNode = {
  readonly kind: 'top-k';
  readonly keys: readonly PhysicalSortKey[];
  readonly count: number;
  readonly offset: number;
  readonly types: readonly DataType[];
  /** The filter by which scans learn what the first key is not to lie beyond. */
  readonly bound?: RuntimeFilterId | undefined;
};

/** Rows gathered beyond those that are wanted, before the superfluous ones are dropped whatever that costs. */
const SLACK = 8192;
/** The first bound is worth having early. */
const FIRST_SLACK = 64;
/** A new bound is found when it costs little beside the rows that led to it: so many for each one gathered, and at all. */
const SEEN_PER_GATHERED = 16;
const LEAST_SEEN = 4096;

/** Keeps a clone's first rows: once there are enough, only rows before the last of them are taken. */
class TopKSink implements SortingRows {
  readonly spills = false;
  rows: SortRows;
  readonly part: SortedPart;
  readonly #ctx: OpenContext;
  readonly #node: TopKNode;
  readonly #wanted: number;
  readonly #layout: SortRowLayout;
  readonly #exprs: BatchExprs;
  readonly #encoder: SortKeyEncoder;
  readonly #firstKey: number;
  /** The last row that can be in the result, 0 = any can; and its first key, as a constant, when rows hold it. */
  #bound = 0;
  #boundKey: Vector | undefined;
  readonly #boundArena: Arena;
  /** Where scans learn of the bound, 0 = there are none. */
  readonly #slot: number;
  /** Positions of batches since the last bound. */
  #seen = 0;

  constructor(node: TopKNode, ctx: OpenContext) {
    this.#node = node;
    this.#ctx = ctx;
    this.#wanted = node.count + node.offset;
    this.#slot = node.bound === undefined ? 0 : ctx.filterSlot(node.bound);
    this.#layout = sortRowLayout(node.keys, node.types);
    this.rows = new SortRows(ctx, this.#layout);
    this.part = new SortedPart(ctx);
    this.#exprs = new BatchExprs(ctx);
    this.#encoder = new SortKeyEncoder(ctx, this.#exprs, this.#layout.key);
    this.#firstKey = this.#exprs.add(node.keys[0]!.expr);
    this.#boundArena = new Arena(ctx.memory, ctx.owner);
  }

  push({ columns, count, selection, selected }: Batch): void {
    const { kernels, arena } = this.#ctx;
    let rows: Rows = { count, selection, selected };
    this.#exprs.start(columns);
    this.#seen += count;
    if (this.#boundKey !== undefined) {
      rows = rowsUpTo(this.#ctx, this.#node.keys[0]!, this.#exprs, this.#firstKey, this.#boundKey, rows);
    }
    if (rows.selected === 0) return;
    const keys = this.#encoder.encode(rows);
    if (this.#bound === 0) {
      this.rows.append(keys, columns, rows);
    } else {
      const picked = arena.alloc((rows.selected + 1) * 2);
      const n = kernels.sort_before(keys.address, this.#layout.key.fixedBytes, keys.count, this.#bound, picked);
      if (n > 0) this.rows.append(keys, columns, rows, picked, n);
    }
    if (this.#isPruningWorthIt) this.#prune();
  }

  get #isPruningWorthIt(): boolean {
    const { count } = this.rows.blocks;
    if (count >= 2 * this.#wanted + SLACK) return true;
    // Only scans gain by a bound that comes sooner.
    if (this.#slot === 0) return false;
    if (this.#bound === 0) return count >= 2 * this.#wanted + FIRST_SLACK;
    const gathered = count - this.#wanted;
    return gathered > this.#wanted / 4 && this.#seen >= Math.max(LEAST_SEEN, SEEN_PER_GATHERED * gathered);
  }

  close(): void {
    this.#exprs.close();
    this.#boundArena.release();
  }

  /** Copies the rows that are still wanted to new blocks, so that the others' texts go too. */
  #prune(): void {
    this.#seen = 0;
    const { key, payload } = this.#layout;
    const work = new Arena(this.#ctx.memory, this.#ctx.owner);
    const masks = newKeyBits(work, key);
    finishPieces(keyBits(this.#ctx, key, this.rows.blocks.first, this.rows.blocks.rowBytes, masks));
    const plan = prefixPlan(this.#ctx.memory, key, [masks]);
    const run = finishPieces(sortRun(this.#ctx, key, this.rows.blocks, plan, work));
    const kept = new SortRows(this.#ctx, this.#layout);
    this.#bound = copyRows(this.#ctx, this.#layout, run.rows, this.#wanted, kept);
    this.rows.release();
    this.rows = kept;
    work.release();
    const { expr } = this.#node.keys[0]!;
    if (expr.kind !== 'input' || this.#bound === 0) return;
    this.#boundArena.reset();
    const pointer = this.#boundArena.alloc(4);
    this.#ctx.memory.u32[pointer >>> 2] = this.#bound;
    const context = { ...this.#ctx, arena: this.#boundArena };
    this.#boundKey = asConstant(gatherField(context, payload.fields[expr.index]!, denseRows(pointer, 1)), 1);
    this.#publish(this.#boundKey);
  }

  /** Tells the scans that are still to hand on rows. */
  #publish(value: Vector): void {
    const { memory } = this.#ctx;
    if (this.#slot === 0 || value.isNullConstant(memory)) return;
    moveBound(memory, this.#slot, boundedKey(this.#node.keys[0]!)!.keeps, value);
  }
}

const sink = sortSink<TopKNode>((node, ctx) => new TopKSink(node, ctx));

type SourceState = {
  readonly ctx: OpenContext;
  readonly layout: SortRowLayout;
  readonly merge: RunMerge;
  toSkip: number;
  toGive: number;
};

const source: Source<TopKNode, SourceState> = {
  open(node, ctx) {
    const layout = sortRowLayout(node.keys, node.types);
    return { ctx, layout, merge: mergeRuns(ctx, layout), toSkip: node.offset, toGive: node.count };
  },
  pull(state) {
    const { ctx, layout, merge } = state;
    while (state.toSkip > 0) {
      const { count } = merge.next(Math.min(ctx.batchRows, state.toSkip), ctx.arena);
      if (count === 0) return EXHAUSTED;
      state.toSkip -= count;
    }
    const { rows, count } = merge.next(Math.min(ctx.batchRows, state.toGive), ctx.arena);
    if (count === 0) return EXHAUSTED;
    state.toGive -= count;
    return ready({ ...allRows(count), columns: gatherPayload(ctx, layout.payload, rows, count), split: 0 });
  },
  partitions: () => 1,
};

export const topK: Operator<TopKNode> = {
  kind: 'top-k',
  sink,
  source,
  sharedBytes: () => 8,
  makesFilters: ({ bound }) => (bound === undefined ? [] : [bound]),
  explain({ keys, count, offset, bound }) {
    const lines: [string, string][] = [
      ['keys', keys.map(explainSortKey).join(', ')],
      ['count', String(count)],
    ];
    if (offset > 0) lines.push(['offset', String(offset)]);
    if (bound !== undefined) lines.push(['moves the bound', String(bound)]);
    return lines;
  },
};
