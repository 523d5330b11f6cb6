import { allRows, type Batch, batchOf, type Rows } from '../batch/batch.ts';
import type { Pieces } from '../common/pieces.ts';
import type { AggregateContext } from '../functions/function.ts';
import { Arena } from '../memory/arena.ts';
import type { PhysicalAggregate } from '../plan/expr.ts';
import type { OpenContext } from '../protocol/context.ts';
import type { Operator, Sink, Source } from '../protocol/operator.ts';
import { EXHAUSTED, NEED_MORE, ready, type Step } from '../protocol/step.ts';
import { BatchExprs } from './lib/batch-exprs.ts';
import { explainAggregate, explainMode } from './lib/explain-nodes.ts';
import {
  type AggregateCall,
  AggregateUpdater,
  aggregateCalls,
  mergeStates,
  resultsOf,
} from './lib/groups/aggregate-calls.ts';
import {
  type CollectedInput,
  type Collector,
  collectedInputs,
  collectorOf,
  foldCollected,
} from './lib/groups/collected-input.ts';
import { type AggregateMode, PartialFolder, partialColumns } from './lib/groups/partial-states.ts';
import { radixList, radixLists } from './lib/rows/radix-lists.ts';
import { PART_HEADER, partsOf, partWord, publishPart } from './lib/shared-parts.ts';

/** Aggregates over all rows: one row, also for no input. */
export type UngroupedAggregateNode = {
  readonly kind: 'ungrouped-aggregate';
  readonly aggregates: readonly PhysicalAggregate[];
  /** Default: single. */
  readonly mode?: AggregateMode | undefined;
};

/** The row with the states is laid out as a group's: a hash that is not used, the row that stands for it, the states. */
const FORWARD = 8;
const STATES = 16;

/** Words of a part: address of the row, then per collected input the bounds of its only radix list. */
const ROW = 0;
const COLLECTED_BOUNDS = 1;

type Shape = {
  readonly calls: readonly AggregateCall[];
  readonly rowBytes: number;
  readonly collected: readonly CollectedInput[];
};

function shapeOf(node: UngroupedAggregateNode): Shape {
  const { calls, end } = aggregateCalls(node.aggregates, STATES);
  return { calls, rowBytes: end, collected: collectedInputs(calls) };
}

class UngroupedSink {
  readonly #ctx: AggregateContext & OpenContext;
  readonly #exprs: BatchExprs;
  readonly #updater: AggregateUpdater | PartialFolder;
  readonly #collectors: readonly Collector[];
  readonly #row: number;
  /** Where the row's address stands, as updates take it. */
  readonly #states: number;

  constructor(node: UngroupedAggregateNode, ctx: OpenContext) {
    const heap = new Arena(ctx.memory, ctx.owner);
    this.#ctx = { ...ctx, heap };
    const { calls, rowBytes, collected } = shapeOf(node);
    this.#exprs = new BatchExprs(ctx);
    this.#updater =
      node.mode === 'final'
        ? new PartialFolder(this.#ctx, this.#exprs, calls, 0)
        : new AggregateUpdater(this.#ctx, this.#exprs, calls);
    this.#collectors = collected.map(d => collectorOf(this.#ctx, this.#exprs, d));
    this.#row = heap.allocZeroed(rowBytes);
    this.#states = heap.alloc(4);
    ctx.memory.u32[this.#states >>> 2] = this.#row;
  }

  push(batch: Batch): void {
    this.#exprs.start(batch.columns);
    const rows: Rows = { count: batch.count, selection: batch.selection, selected: batch.selected };
    this.#updater.update(rows, this.#states, 0);
    for (const c of this.#collectors) c.add(rows, this.#states, 0);
  }

  *finish(): Pieces {
    const { memory, heap, shared, partition } = this.#ctx;
    const bounds: number[] = [];
    for (const collector of this.#collectors) {
      collector.seal();
      bounds.push((yield* radixLists(this.#ctx, heap, collector.rows, 0, 0)).bounds);
    }
    const part = heap.alloc(4 * (PART_HEADER + COLLECTED_BOUNDS + bounds.length));
    publishPart(memory, shared, part, partition, [this.#row, ...bounds]);
  }

  close(): void {
    this.#exprs.close();
  }
}

const sink: Sink<UngroupedAggregateNode, UngroupedSink> = {
  open: (node, ctx) => new UngroupedSink(node, ctx),
  push(state, batch) {
    state.push(batch);
    return NEED_MORE;
  },
  finish: state => state.finish(),
  close: state => state.close(),
};

type SourceState = { readonly result: Pieces<Step>; isDone: boolean };

const source: Source<UngroupedAggregateNode, SourceState> = {
  open: (node, ctx) => ({ result: resultOf(node, ctx), isDone: false }),
  pull(state) {
    if (state.isDone) return EXHAUSTED;
    const step = state.result.next();
    if (step.done !== true) return NEED_MORE;
    state.isDone = true;
    return step.value;
  },
  partitions: () => 1,
};

/** Merges the clones' states and reads the results. */
function* resultOf(node: UngroupedAggregateNode, ctx: OpenContext): Pieces<Step> {
  const { memory, shared, owner, batchRows } = ctx;
  const { calls, collected } = shapeOf(node);
  const heap = new Arena(memory, owner);
  const context = { ...ctx, heap };
  const parts = partsOf(memory, shared);
  const rows = parts.map(p => partWord(memory, p, ROW));
  const target = rows[0]!;
  const pair = heap.alloc(8);
  for (const row of rows) {
    memory.u32[(row + FORWARD) >>> 2] = target;
    if (row === target) continue;
    memory.u32.set([target, row], pair >>> 2);
    mergeStates(context, calls, pair, pair + 4, 1);
  }
  for (const [i, input] of collected.entries()) {
    const lists = parts.map(p => radixList(memory, partWord(memory, p, COLLECTED_BOUNDS + i), 0));
    yield* foldCollected(context, input, lists, parts.length > 1 ? FORWARD : 0, heap, batchRows);
  }
  memory.u32[pair >>> 2] = target;
  const columns = (node.mode === 'partial' ? partialColumns : resultsOf)(context, calls, pair, 1);
  return ready(batchOf(allRows(1), columns, 0));
}

export const ungroupedAggregate: Operator<UngroupedAggregateNode> = {
  kind: 'ungrouped-aggregate',
  sink,
  source,
  sharedBytes: () => 8,
  explain: node => [...explainMode(node.mode), ['aggregates', node.aggregates.map(explainAggregate).join(', ')]],
};
