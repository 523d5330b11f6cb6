import { allRows, type Batch, batchOf, type Rows } from '../batch/batch.ts';
import { Vector } from '../batch/vector.ts';
import type { Span } from '../common/errors.ts';
import { ExprEvaluator } from '../functions/evaluate.ts';
import { bitmapBytes, constantVector, gather, validityOf } from '../kernels/vectors.ts';
import type { PhysicalExpr } from '../plan/expr.ts';
import { explainExpr } from '../plan/physical-expr.ts';
import type { OpenContext } from '../protocol/context.ts';
import type { Operator, Sink, Source, Transform } from '../protocol/operator.ts';
import { EXHAUSTED, hasMore, NEED_MORE, ready, type Step } from '../protocol/step.ts';
import { BOOLEAN, type DataType } from '../types/data-type.ts';
import type { JoinType } from '../types/join-type.ts';
import { BatchParts } from './lib/batch-parts.ts';
import { constantAt } from './lib/constant-at.ts';
import { manyRows } from './lib/joins/many-rows.ts';
import { KeptBatches, keptPieces, type Share } from './lib/kept-batches.ts';

/** About five milliseconds of tests. */
const PAIRS_AT_ONCE = 2 ** 18;

/**
 * A join that looks at every pair: input 1 is stored, input 0 streams past it. For joins without equal keys.
 * Output: left columns, then right columns (mark: then the mark; semi, anti: left columns only).
 */
export type NestedLoopJoinNode = {
  readonly kind: 'nested-loop-join';
  readonly joinType: JoinType;
  /** Over the left columns, then the right columns; absent: every pair matches. */
  readonly predicate?: PhysicalExpr | undefined;
  readonly leftTypes: readonly DataType[];
  readonly rightTypes: readonly DataType[];
  /** For `single`: where the subquery is written. */
  readonly span?: Span | undefined;
};

/** The shared struct, by address offset: stored batches, the flags of their rows that had a match. */
const PARTS = 0;
const MATCHED = 4;
const SHARED_BYTES = 8;

/** A stored batch, and where its rows' flags are; 0 when no flags are kept. */
type StoredBatch = { readonly batch: Batch; readonly matched: number };

const emitsRight = ({ joinType }: NestedLoopJoinNode): boolean => joinType === 'right' || joinType === 'full';

/** Reads the stored batches, again and again: those in files for each left batch, which costs less than looking at all pairs. */
class StoredReader {
  current: StoredBatch | undefined;
  readonly #ctx: OpenContext;
  readonly #kept: KeptBatches;

  constructor(ctx: OpenContext, { rightTypes }: NestedLoopJoinNode, share?: Share) {
    this.#ctx = ctx;
    this.#kept = new KeptBatches(ctx, rightTypes, keptPieces(ctx, ctx.shared + PARTS).flat(), share);
  }

  get isEmpty(): boolean {
    return this.#kept.isEmpty;
  }

  get rows(): number {
    return this.#kept.rows;
  }

  /** Makes the first batch the current one. */
  restart(): void {
    this.#kept.restart();
    this.next();
  }

  /** Makes the next batch the current one; undefined after the last. */
  next(): void {
    const { memory, shared } = this.#ctx;
    const batch = this.#kept.next();
    const flags = memory.u32[(shared + MATCHED) >>> 2]!;
    this.current = batch && { batch, matched: flags === 0 ? 0 : flags + this.#kept.position };
  }

  close(): void {
    this.#kept.close();
  }
}

const sink: Sink<NestedLoopJoinNode, BatchParts> = {
  open: (_, ctx) => new BatchParts(ctx, ctx.shared + PARTS),
  push: (state, batch) => state.push(batch),
  finish(state) {
    state.finish();
    return undefined;
  },
  seal(node, ctx) {
    if (!emitsRight(node)) return;
    const stored = new StoredReader(ctx, node);
    const { rows } = stored;
    stored.close();
    const flags = ctx.memory.allocate(rows + 16, ctx.owner);
    ctx.kernels.row_clear(flags, rows);
    ctx.memory.u32[(ctx.shared + MATCHED) >>> 2] = flags;
  },
};

/** A left batch on its way past the stored batches. */
type Walk = {
  readonly left: Batch;
  /** Rows for which pairs are still looked for. */
  rows: Rows;
  /** Flags by position: had a match; had a pair for which the predicate was NULL. */
  readonly matched: number;
  readonly unknown: number;
  /** Of the current stored batch. */
  step: number;
};

class LoopTransform {
  readonly #node: NestedLoopJoinNode;
  readonly #ctx: OpenContext;
  readonly #stored: StoredReader;
  readonly #predicate: ExprEvaluator | undefined;
  #walk: Walk | undefined;

  constructor(node: NestedLoopJoinNode, ctx: OpenContext) {
    this.#node = node;
    this.#ctx = ctx;
    this.#stored = new StoredReader(ctx, node);
    this.#predicate = node.predicate === undefined ? undefined : new ExprEvaluator(node.predicate, ctx);
  }

  /** Whether no left row can give a row. */
  get isEmpty(): boolean {
    const { joinType } = this.#node;
    return this.#stored.isEmpty && (joinType === 'inner' || joinType === 'right' || joinType === 'semi');
  }

  push(left: Batch): Step {
    // The same push again, after a rest.
    if (this.#walk !== undefined) return this.resume();
    const { arena } = this.#ctx;
    const { count, selection, selected } = left;
    this.#walk = {
      left,
      rows: { count, selection, selected },
      matched: arena.allocZeroed(count),
      unknown: arena.allocZeroed(count),
      step: 0,
    };
    this.#stored.restart();
    return this.resume();
  }

  resume(): Step {
    const walk = this.#walk!;
    for (let tested = 0; ; ) {
      // Pairs that give no row must not hold up the thread's other work.
      if (tested >= PAIRS_AT_ONCE) return { status: 'pending', wake: Promise.resolve() };
      const stored = this.#stored.current;
      if (stored === undefined || walk.rows.selected === 0 || this.#ctx.cancelled()) return this.#finish(walk);
      const { rows } = walk;
      const room = Math.floor(this.#ctx.batchRows / rows.selected);
      if (room > 1 && stored.batch.count <= this.#ctx.batchRows / 2) {
        const left = stored.batch.count - walk.step;
        if (left <= 0) {
          this.#advance(walk);
          continue;
        }
        const mark = this.#ctx.arena.mark();
        tested += rows.selected * room;
        const joined = this.#byPairs(walk, stored, walk.step, Math.min(room, left));
        walk.step += room;
        if (joined !== undefined) return hasMore(joined);
        this.#ctx.arena.rewind(mark);
        continue;
      }
      // The shorter side goes row by row, as constants beside the other's columns.
      const goesByRight = stored.batch.count <= rows.selected;
      const steps = goesByRight ? stored.batch.count : rows.selected;
      if (walk.step >= steps) {
        this.#advance(walk);
        continue;
      }
      tested += goesByRight ? rows.selected : stored.batch.count;
      const mark = this.#ctx.arena.mark();
      const joined = goesByRight ? this.#byRight(walk, stored, walk.step) : this.#byLeft(walk, stored, walk.step);
      walk.step++;
      if (joined !== undefined) return hasMore(joined);
      this.#ctx.arena.rewind(mark);
    }
  }

  close(): void {
    this.#stored.close();
    this.#predicate?.close();
  }

  /** All pairs with some stored rows at once, as copies: where both sides are short. */
  #byPairs(
    { left, rows, matched, unknown }: Walk,
    { batch, matched: flags }: StoredBatch,
    first: number,
    k: number,
  ): Batch | undefined {
    const { kernels, arena } = this.#ctx;
    const n = rows.selected * k;
    const positions = arena.alloc(n * 2);
    const indexes = arena.alloc(n * 4);
    const others = arena.alloc(n * 4);
    kernels.loop_pairs(rows.selection, rows.selected, first, k, positions, indexes, others);
    const columns = [
      ...left.columns.map(c => gather(this.#ctx, c, indexes, n)),
      ...batch.columns.map(c => gather(this.#ctx, c, others, n)),
    ];
    const kept = this.#test(columns, allRows(n), nulls =>
      kernels.flag_set_at(positions, nulls.selection, nulls.selected, unknown),
    );
    if (kept.selected === 0) return undefined;
    const again = kernels.flag_set_at(positions, kept.selection, kept.selected, matched);
    if (again !== 0) this.#refuseSecond();
    if (flags !== 0) kernels.flag_set_indexed(others, kept.selection, kept.selected, flags);
    return this.#emitsPairs ? batchOf(kept, columns, left.split) : undefined;
  }

  #byRight(
    { left, rows, matched, unknown }: Walk,
    { batch, matched: flags }: StoredBatch,
    j: number,
  ): Batch | undefined {
    const right = batch.columns.map(c => constantAt(this.#ctx, c, j, rows.count));
    const columns = [...left.columns, ...right];
    const kept = this.#test(columns, rows, nulls =>
      this.#ctx.kernels.flag_set(nulls.selection, nulls.selected, unknown),
    );
    if (kept.selected === 0) return undefined;
    const again = this.#ctx.kernels.flag_set(kept.selection, kept.selected, matched);
    if (again !== 0) this.#refuseSecond();
    if (flags !== 0) this.#ctx.memory.u8[flags + j] = 1;
    return this.#emitsPairs ? batchOf(kept, columns, left.split) : undefined;
  }

  #byLeft(
    { left, rows, matched, unknown }: Walk,
    { batch, matched: flags }: StoredBatch,
    j: number,
  ): Batch | undefined {
    const { memory, kernels } = this.#ctx;
    const position = rows.selection === 0 ? j : memory.u16[(rows.selection >>> 1) + j]!;
    const columns = [...left.columns.map(c => constantAt(this.#ctx, c, position, batch.count)), ...batch.columns];
    const kept = this.#test(columns, allRows(batch.count), () => {
      memory.u8[unknown + position] = 1;
    });
    if (kept.selected === 0) return undefined;
    if (memory.u8[matched + position] !== 0 || kept.selected > 1) this.#refuseSecond();
    memory.u8[matched + position] = 1;
    if (flags !== 0) kernels.flag_set(kept.selection, kept.selected, flags);
    return this.#emitsPairs ? batchOf(kept, columns, left.split) : undefined;
  }

  /** The rows for which the predicate is true; a mark join is told those for which it is NULL. */
  #test(columns: readonly Vector[], rows: Rows, onUnknown: (nulls: Rows) => void): Rows {
    if (this.#predicate === undefined) return rows;
    if (this.#node.joinType === 'mark') {
      const { kernels, arena } = this.#ctx;
      const validity = validityOf(this.#ctx, this.#predicate.evaluate(columns, rows), rows);
      if (validity !== 0) {
        const selection = arena.alloc((rows.selected + 1) * 2);
        const selected = kernels.select_null(validity, rows.selection, rows.selected, selection);
        if (selected > 0) onUnknown({ count: rows.count, selection, selected });
      }
    }
    return this.#predicate.select(columns, rows);
  }

  /** Goes on to the next stored batch. Where one match says all, rows that have one are done. */
  #advance(walk: Walk): void {
    this.#stored.next();
    walk.step = 0;
    const { joinType } = this.#node;
    if (joinType !== 'semi' && joinType !== 'anti' && joinType !== 'mark') return;
    walk.rows = this.#flagged(walk, walk.rows, 0);
  }

  #flagged({ matched }: Walk, rows: Rows, wanted: 0 | 1): Rows {
    const { kernels, arena } = this.#ctx;
    const selection = arena.alloc((rows.selected + 1) * 2);
    const selected = kernels.flag_select(matched, wanted, rows.selection, rows.selected, selection);
    return { count: rows.count, selection, selected };
  }

  #finish(walk: Walk): Step {
    this.#walk = undefined;
    const { left } = walk;
    const { joinType, rightTypes } = this.#node;
    if (joinType === 'inner' || joinType === 'right') return NEED_MORE;
    if (joinType === 'mark') return ready({ ...left, columns: [...left.columns, this.#mark(walk)] });
    const rows = this.#flagged(walk, left, joinType === 'semi' ? 1 : 0);
    if (rows.selected === 0) return NEED_MORE;
    const nulls = this.#emitsPairs
      ? rightTypes.map(type => constantVector(this.#ctx, { type, value: null }, left.count))
      : [];
    return ready(batchOf(rows, [...left.columns, ...nulls], left.split));
  }

  #mark({ left, matched, unknown }: Walk): Vector {
    const { arena, kernels, memory } = this.#ctx;
    const validity = arena.alloc(bitmapBytes(left.count));
    for (let i = 0; i < left.count; i++) if (memory.u8[matched + i] !== 0) memory.u8[unknown + i] = 0;
    kernels.flag_unset_bits(unknown, left.count, validity);
    return Vector.flat(BOOLEAN, left.count, matched, validity);
  }

  #refuseSecond(): void {
    if (this.#node.joinType !== 'single') return;
    throw manyRows(this.#node.span);
  }

  get #emitsPairs(): boolean {
    const { joinType } = this.#node;
    return joinType !== 'semi' && joinType !== 'anti' && joinType !== 'mark';
  }
}

const transform: Transform<NestedLoopJoinNode, LoopTransform> = {
  open: (node, ctx) => new LoopTransform(node, ctx),
  push: (state, batch) => (state.isEmpty ? EXHAUSTED : state.push(batch)),
  isHeavy: true,
  resume: state => state.resume(),
  close: state => state.close(),
};

type SourceState = {
  readonly node: NestedLoopJoinNode;
  readonly ctx: OpenContext;
  readonly stored: StoredReader;
};

/** Hands on the stored rows that had no match. */
const source: Source<NestedLoopJoinNode, SourceState> = {
  open(node, ctx) {
    const share = { first: ctx.partition, step: ctx.partitions };
    return { node, ctx, stored: new StoredReader(ctx, node, share) };
  },
  pull({ node, ctx, stored }) {
    const { kernels, arena } = ctx;
    for (;;) {
      stored.next();
      if (stored.current === undefined || ctx.cancelled()) return EXHAUSTED;
      const { batch, matched } = stored.current;
      const selection = arena.alloc((batch.count + 1) * 2);
      const selected = kernels.flag_select(matched, 0, 0, batch.count, selection);
      if (selected === 0) continue;
      const nulls = node.leftTypes.map(type => constantVector(ctx, { type, value: null }, batch.count));
      return ready({ count: batch.count, selection, selected, columns: [...nulls, ...batch.columns], split: 0 });
    }
  },
  close: ({ stored }) => stored.close(),
};

export const nestedLoopJoin: Operator<NestedLoopJoinNode> = {
  kind: 'nested-loop-join',
  sink,
  transform,
  source,
  emitsAfterProbe: emitsRight,
  sharedBytes: () => SHARED_BYTES,
  explain(node) {
    const lines: [string, string][] = [['type', node.joinType]];
    if (node.predicate !== undefined) lines.push(['condition', explainExpr(node.predicate)]);
    return lines;
  },
};
