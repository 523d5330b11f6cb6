import { allRows, type Batch, batchOf, type Rows } from '../batch/batch.ts';
import { Vector } from '../batch/vector.ts';
import type { Pieces } from '../common/pieces.ts';
import { Arena } from '../memory/arena.ts';
import { explainFrame } from '../plan/explain-frame.ts';
import type { PhysicalExpr, PhysicalSortKey, PhysicalWindowCall } from '../plan/expr.ts';
import { explainExpr } from '../plan/physical-expr.ts';
import type { OpenContext } from '../protocol/context.ts';
import type { Operator, Sink, Source } from '../protocol/operator.ts';
import { EXHAUSTED, NEED_MORE, ready, type Step } from '../protocol/step.ts';
import { type DataType, UINT32 } from '../types/data-type.ts';
import { BatchExprs } from './lib/batch-exprs.ts';
import { explainAggregate, explainSortKey } from './lib/explain-nodes.ts';
import { SortKeyEncoder } from './lib/sorts/sort-keys.ts';
import { gatherPayload, type SortRows } from './lib/sorts/sort-rows.ts';
import { PartitionLimit } from './lib/windows/partition-limit.ts';
import { spilledUnits } from './lib/windows/spilled-units.ts';
import { WindowFrames } from './lib/windows/window-frames.ts';
import { type WindowLayout, windowLayout } from './lib/windows/window-layout.ts';
import { WindowParts, WindowRuns } from './lib/windows/window-parts.ts';
import { WindowPlacing } from './lib/windows/window-placing.ts';
import { WindowUnit } from './lib/windows/window-unit.ts';
import { type WindowValues, windowValues } from './lib/windows/window-values.ts';

/**
 * The input's columns at `columns`, then the values of functions over windows of the same partitions and order. Each
 * clone sorts its rows; then clones claim partitions and compute.
 */
export type WindowNode = {
  readonly kind: 'window';
  readonly partitionBy: readonly PhysicalExpr[];
  readonly orderBy: readonly PhysicalSortKey[];
  readonly functions: readonly PhysicalWindowCall[];
  readonly columns: readonly number[];
  /** Of the input. */
  readonly types: readonly DataType[];
  /** Rows of a partition before which so many others come may be left out. */
  readonly limit?: number;
};

/** The node's struct: the list of the clones' parts, and how many lists of rows were claimed. */
const CLAIMED = 4;
const SHARED_BYTES = 8;

class WindowSink {
  readonly #ctx: OpenContext;
  readonly #layout: WindowLayout;
  readonly #rows: readonly SortRows[];
  readonly #parts: WindowParts;
  readonly #exprs: BatchExprs;
  readonly #encoder: SortKeyEncoder;
  readonly #values: readonly number[];
  readonly #limit: PartitionLimit | undefined;

  constructor(node: WindowNode, ctx: OpenContext) {
    this.#ctx = ctx;
    this.#layout = windowLayout(node);
    this.#parts = new WindowParts(ctx, this.#layout);
    this.#rows = this.#parts.rows;
    this.#exprs = new BatchExprs(ctx);
    this.#encoder = new SortKeyEncoder(ctx, this.#exprs, this.#layout.rows.key);
    this.#values = this.#layout.exprs.map(e => this.#exprs.add(e));
    const { limit, partitionBy, orderBy } = node;
    if (limit !== undefined) this.#limit = new PartitionLimit(ctx, this.#exprs, limit, partitionBy, orderBy);
  }

  /** Moves rows to files when memory is short; the first rows of partitions, which only save work, are forgotten then. */
  makeRoom(): Step | undefined {
    if (!this.#ctx.spill.isForced && this.#parts.isPressing) this.#limit?.close();
    return this.#parts.makeRoom();
  }

  push({ columns, count, selection, selected, split }: Batch): void {
    const all: Rows = { count, selection, selected };
    const number = this.#ctx.arena.alloc(4);
    this.#ctx.memory.u32[number >>> 2] = split;
    this.#exprs.start([...columns, Vector.constant(UINT32, count, number)]);
    const rows = this.#limit?.select(all) ?? all;
    if (rows.selected === 0) return;
    const keys = this.#encoder.encode(rows, this.#layout.partitionKeys);
    const values = this.#values.map(i => this.#exprs.vector(i, rows));
    if (this.#layout.lengthAt >= 0) values.push(Vector.flat(UINT32, count, keys.headLengths));
    if (this.#rows.length === 1) this.#rows[0]!.append(keys, values, rows);
    else this.#parts.spread(keys, values, rows);
  }

  finish(): Pieces {
    this.#limit?.close();
    return this.#parts.publish();
  }

  complete(): Pieces {
    return this.#parts.sort();
  }

  close(): void {
    this.#limit?.close();
    this.#exprs.close();
  }
}

const sink: Sink<WindowNode, WindowSink> = {
  open: (node, ctx) => new WindowSink(node, ctx),
  push(state, batch) {
    const busy = state.makeRoom();
    if (busy !== undefined) return busy;
    if (batch.selected > 0) state.push(batch);
    return NEED_MORE;
  },
  finish: state => state.finish(),
  complete: state => state.complete(),
  close: state => state.close(),
};

/** Whole partitions are taken together until there are so many rows. */
const UNIT_ROWS = 16_384;
/** Rows handed on at a time at most. */
const OUTPUT_ROWS = 2048;

class WindowSource {
  readonly #ctx: OpenContext;
  readonly #node: WindowNode;
  readonly #layout: WindowLayout;
  readonly #runs: WindowRuns;
  readonly #unitArena: Arena;
  readonly #frames: WindowFrames;
  readonly #values: readonly WindowValues[];
  readonly #steps: Generator<Step, void>;

  constructor(node: WindowNode, ctx: OpenContext) {
    this.#ctx = ctx;
    this.#node = node;
    this.#layout = windowLayout(node);
    this.#runs = new WindowRuns(ctx, this.#layout, ctx.shared + CLAIMED);
    this.#unitArena = new Arena(ctx.memory, ctx.owner);
    this.#frames = new WindowFrames(ctx, this.#layout);
    this.#values = node.functions.map(f => windowValues(ctx, this.#frames, f, node.orderBy.length > 0));
    this.#steps = this.#run();
  }

  pull(): Step {
    if (this.#ctx.cancelled()) return EXHAUSTED;
    const { value, done } = this.#steps.next();
    return done === true ? EXHAUSTED : value!;
  }

  close(): void {
    for (const v of this.#values) v.close?.();
    this.#frames.close();
    this.#runs.close();
    this.#unitArena.release();
  }

  /** The output's batches; NEED_MORE in between, where there is more to do than a turn should take. */
  *#run(): Generator<Step, void> {
    const { memory, kernels } = this.#ctx;
    for (let run = this.#runs.next(); run !== undefined; run = this.#runs.next()) {
      if (run.kind === 'files') {
        for (const unit of spilledUnits(this.#ctx, this.#layout, run.merge, UNIT_ROWS)) {
          if (unit === undefined) yield NEED_MORE;
          else yield* this.#compute(unit);
        }
        continue;
      }
      for (const _ of run.marking) yield NEED_MORE;
      const { rows, marks, count } = run;
      for (let from = 0; from < count; ) {
        const end = kernels.window_next_partition(marks, Math.min(count, from + UNIT_ROWS), count) >>> 0;
        this.#unitArena.reset();
        const ctx = { memory, kernels, arena: this.#unitArena };
        const unit = new WindowUnit(ctx, this.#layout, rows + 4 * from, marks + from, end - from);
        yield* this.#compute(unit);
        from = end;
      }
    }
  }

  *#compute(unit: WindowUnit): Generator<Step, void> {
    this.#frames.start(unit);
    for (const v of this.#values) for (const _ of v.prepare(unit)) yield NEED_MORE;
    const placing = new WindowPlacing(unit);
    const most = Math.min(
      OUTPUT_ROWS,
      this.#ctx.batchRows,
      ...this.#values.map(v => v.mostRows?.(unit) ?? Number.POSITIVE_INFINITY),
    );
    for (let from = 0; from < unit.count; from += most) {
      const count = Math.min(most, unit.count - from);
      const places = placing.next(this.#ctx, from, count);
      this.#frames.next(places);
      const payload = {
        ...this.#layout.rows.payload,
        fields: this.#layout.rows.payload.fields.slice(0, this.#node.columns.length),
      };
      const columns = gatherPayload(this.#ctx, payload, unit.rows + 4 * from, count);
      for (const v of this.#values) columns.push(v.evaluate(places));
      yield ready(batchOf(allRows(count), columns, 0));
    }
  }
}

const source: Source<WindowNode, WindowSource> = {
  open: (node, ctx) => new WindowSource(node, ctx),
  pull: state => state.pull(),
  close: state => state.close(),
  partitions: node => (node.partitionBy.length === 0 ? 1 : undefined),
};

function explainCall(call: PhysicalWindowCall): string {
  const isBare = call.args.length === 0 && call.fn !== 'count' && call.orderBy === undefined;
  const text = isBare ? `${call.fn}()` : explainAggregate(call);
  const frame = explainFrame(call.frame, e => explainExpr(e));
  return `${text}${call.ignoreNulls ? ' ignore nulls' : ''}${frame === '' ? '' : ` ${frame}`}`;
}

export const window: Operator<WindowNode> = {
  kind: 'window',
  sink,
  source,
  sharedBytes: () => SHARED_BYTES,
  explain({ partitionBy, orderBy, functions, limit }) {
    const lines: [string, string][] = [];
    if (partitionBy.length > 0) lines.push(['partition by', partitionBy.map(e => explainExpr(e)).join(', ')]);
    if (orderBy.length > 0) lines.push(['order by', orderBy.map(explainSortKey).join(', ')]);
    if (limit !== undefined) lines.push(['limit', `${limit} of each partition`]);
    return [...lines, ['functions', functions.map(explainCall).join(', ')]];
  },
};
