import { allRows, type Batch, type Rows } from '../batch/batch.ts';
import { Vector } from '../batch/vector.ts';
import type { Pieces } from '../common/pieces.ts';
import type { AggregateContext } from '../functions/function.ts';
import { Arena } from '../memory/arena.ts';
import type { LinearMemory } from '../memory/linear-memory.ts';
import type { PhysicalAggregate, PhysicalExpr } from '../plan/expr.ts';
import { typeOf } from '../plan/expr.ts';
import { explainExpr } from '../plan/physical-expr.ts';
import type { OpenContext } from '../protocol/context.ts';
import type { Operator, Sink, Source } from '../protocol/operator.ts';
import { EXHAUSTED, NEED_MORE, ready, type Step } from '../protocol/step.ts';
import { type DataType, INT64, UINT32 } from '../types/data-type.ts';
import { type AggregateCall, AggregateUpdater, aggregateCalls, mergeStates, resultsOf } from './lib/aggregate-calls.ts';
import { BatchExprs } from './lib/batch-exprs.ts';
import {
  type CollectedInput,
  type Collector,
  collectedInputs,
  collectorOf,
  foldCollected,
} from './lib/collected-input.ts';
import { canMergeDirectly, DirectMerge } from './lib/direct-merge.ts';
import { explainAggregate, explainMode } from './lib/explain-nodes.ts';
import { denseRows, gatherField } from './lib/gather-rows.ts';
import { gatherKeys, keyColumn, keyLayout, originalColumns } from './lib/group-keys.ts';
import { type GroupLayout, GroupMerge, GroupTable, type MergedRows } from './lib/group-table.ts';
import { type AggregateMode, PartialFolder, partialColumns } from './lib/partial-states.ts';
import { radixList, radixLists } from './lib/radix-lists.ts';
import { type RowSpan, rowSpans } from './lib/row-blocks.ts';
import { claim, PART_HEADER, type Part, partsOf, partWord, publishPart, setPartWord } from './lib/shared-parts.ts';

/**
 * One row per distinct keys (NULL is a key like any other), with aggregates over the key's rows.
 * Output: keys, aggregates, then the grouping id when asked for. Clones aggregate apart; then they merge by radix
 * partitions of the keys' hashes, each claimed by one clone.
 */
export type HashAggregateNode = {
  readonly kind: 'hash-aggregate';
  readonly keys: readonly PhysicalExpr[];
  /** The keys of each grouping set, as indexes into `keys`; the others are NULL in its rows. Absent: one set of all. */
  readonly groupingSets?: readonly (readonly number[])[] | undefined;
  /** An INT64 whose bit i (from the right, counting keys from the last) tells that a key is not in the row's set. */
  readonly groupingId?: boolean | undefined;
  readonly aggregates: readonly PhysicalAggregate[];
  /**
   * Default: single. What `partial` hands up and `final` takes: keys, the number of the grouping set when there are
   * several, states.
   */
  readonly mode?: AggregateMode | undefined;
};

/** What all roles derive from the node. */
type Shape = {
  readonly keyTypes: readonly DataType[];
  /** Key fields: the keys, then the number of the grouping set when there are several. */
  readonly fieldTypes: readonly DataType[];
  readonly layout: GroupLayout;
  /** Offset of the word that leads to the row that stands for this one after merging; 0 when none is needed. */
  readonly forward: number;
  readonly calls: readonly AggregateCall[];
  readonly collected: readonly CollectedInput[];
};

/** The shared struct, by address offset. */
const PARTS = 0;
const NEXT_CLAIM = 4;
const RADIX_BITS = 8;
/** Whether the clones' arrays are merged instead of their radix partitions. */
const IS_DIRECT = 12;
const SHARED_BYTES = 16;

/**
 * Words of a part: chain of rows, their number, radix bounds; the groups' first, then one such triple per collected
 * input. The last word is the array that leads to the groups (see `DirectMerge`), or 0.
 */
const CHAIN = 0;
const CHAIN_ROWS = 1;
const BOUNDS = 2;
const TABLE_WORDS = 3;

/** Below this many groups one clone merges all; above, as many radix partitions keep a partition's table in the cache. */
const SMALL = 8192;
const MERGE_BITS = 6;

function shapeOf(node: HashAggregateNode): Shape {
  const keyTypes = node.keys.map(typeOf);
  const fieldTypes = node.groupingSets === undefined ? keyTypes : [...keyTypes, UINT32];
  let forward = 0;
  let calls: readonly AggregateCall[] = [];
  const layout = keyLayout(fieldTypes, offset => {
    const needsForward = aggregateCalls(node.aggregates, 0).calls.some(c => c.isCollected);
    if (needsForward) forward = offset;
    const states = aggregateCalls(node.aggregates, needsForward ? offset + 8 : offset);
    calls = states.calls;
    return states.end - offset;
  });
  return { keyTypes, fieldTypes, layout, forward, calls, collected: collectedInputs(calls) };
}

/** The arrays of the clones that have groups; 0 for one that has none. */
function arraysOf(memory: LinearMemory, parts: readonly Part[], { collected }: Shape): number[] {
  const word = TABLE_WORDS * (collected.length + 1);
  return parts.filter(p => partWord(memory, p, CHAIN_ROWS) > 0).map(p => partWord(memory, p, word));
}

class GroupSink {
  readonly ctx: AggregateContext & OpenContext;
  readonly shape: Shape;
  readonly table: GroupTable;
  readonly collectors: readonly Collector[];
  part: Part = 0;
  readonly #node: HashAggregateNode;
  readonly #exprs: BatchExprs;
  readonly #keys: readonly number[];
  readonly #updater: AggregateUpdater | PartialFolder;
  /** The grouping set's number as a key. */
  readonly #setNumbers: readonly number[];

  constructor(node: HashAggregateNode, ctx: OpenContext) {
    this.ctx = { ...ctx, heap: new Arena(ctx.memory, ctx.owner) };
    this.#node = node;
    this.shape = shapeOf(node);
    this.#exprs = new BatchExprs(ctx);
    this.#keys = node.keys.map(k => this.#exprs.add(k));
    const { calls, fieldTypes } = this.shape;
    this.#updater =
      node.mode === 'final'
        ? new PartialFolder(this.ctx, this.#exprs, calls, fieldTypes.length)
        : new AggregateUpdater(this.ctx, this.#exprs, calls);
    this.collectors = this.shape.collected.map(d => collectorOf(this.ctx, this.#exprs, d));
    this.table = new GroupTable(this.ctx, this.shape.layout);
    this.#setNumbers = (node.groupingSets ?? []).map((_, i) => {
      const address = this.ctx.heap.alloc(4);
      ctx.memory.u32[address >>> 2] = i;
      return address;
    });
  }

  push(batch: Batch): void {
    this.#exprs.start(batch.columns);
    const rows: Rows = { count: batch.count, selection: batch.selection, selected: batch.selected };
    const keys = this.#keys.map(k => this.#exprs.vector(k, rows));
    const fields = keys.map(k => keyColumn(this.ctx, k, rows));
    const { groupingSets: sets, mode } = this.#node;
    if (sets === undefined) this.#fold(fields, keys, rows);
    else if (mode === 'final') this.#fold([...fields, batch.columns[keys.length]!], keys, rows);
    else for (const [i, set] of sets.entries()) this.#foldSet(i, set, fields, keys, rows);
  }

  /** A set without keys has a row even when there is no input. */
  addEmptySets(): void {
    if (this.#node.mode === 'final') return;
    for (const [i, set] of (this.#node.groupingSets ?? []).entries()) {
      if (set.length > 0) continue;
      const none = this.shape.keyTypes.map(() => undefined);
      this.table.find([...none, this.#setNumber(i, 1)], originalColumns(this.shape.keyTypes, none), allRows(1));
    }
  }

  close(): void {
    this.#exprs.close();
  }

  #fold(fields: readonly (Vector | undefined)[], keys: readonly (Vector | undefined)[], rows: Rows): void {
    const states = this.table.find(fields, originalColumns(this.shape.keyTypes, keys), rows);
    this.#updater.update(rows, states, -1);
    for (const c of this.collectors) c.add(rows, states, -1);
  }

  #foldSet(
    number: number,
    set: readonly number[],
    fields: readonly Vector[],
    keys: readonly Vector[],
    rows: Rows,
  ): void {
    const inSet = <T>(values: readonly T[]): (T | undefined)[] =>
      values.map((v, i) => (set.includes(i) ? v : undefined));
    this.#fold([...inSet(fields), this.#setNumber(number, rows.count)], inSet(keys), rows);
  }

  #setNumber(number: number, count: number): Vector {
    return Vector.constant(UINT32, count, this.#setNumbers[number]!);
  }
}

const sink: Sink<HashAggregateNode, GroupSink> = {
  open: (node, ctx) => new GroupSink(node, ctx),
  push(state, batch) {
    state.push(batch);
    return NEED_MORE;
  },
  finish(state) {
    const { ctx, table, collectors } = state;
    state.addEmptySets();
    const tables = [table, ...collectors];
    const isMerged = ctx.partitions > 1 && collectors.length === 0 && table.rows.count > SMALL / ctx.partitions;
    const array = isMerged ? table.handOnArray() : 0;
    for (const t of tables) t.seal();
    const words = [...tables.flatMap(t => [t.rows.first, t.rows.count, 0]), array];
    state.part = ctx.heap.alloc(4 * (PART_HEADER + words.length));
    publishPart(ctx.memory, ctx.shared + PARTS, state.part, ctx.partition, words);
    return undefined;
  },
  seal(node, { memory, shared }) {
    const parts = partsOf(memory, shared + PARTS);
    const groups = parts.reduce((sum, p) => sum + partWord(memory, p, CHAIN_ROWS), 0);
    const arrays = arraysOf(memory, parts, shapeOf(node));
    memory.u32[(shared + RADIX_BITS) >>> 2] = groups <= SMALL ? 0 : MERGE_BITS;
    memory.u32[(shared + IS_DIRECT) >>> 2] = groups > SMALL && canMergeDirectly(memory, arrays, groups) ? 1 : 0;
    return undefined;
  },
  *complete(state) {
    const { ctx, shape, table, collectors, part } = state;
    const { memory, heap } = ctx;
    if (memory.u32[(ctx.shared + IS_DIRECT) >>> 2] !== 0) return;
    const isAlone = partsOf(memory, ctx.shared + PARTS).length === 1;
    const bits = isAlone ? 0 : memory.u32[(ctx.shared + RADIX_BITS) >>> 2]!;
    if (!isAlone) setPartWord(memory, part, BOUNDS, (yield* radixLists(ctx, heap, table.rows, 0, bits)).bounds);
    for (const [i, collector] of collectors.entries()) {
      const input = shape.collected[i]!;
      const lists = yield* radixLists(ctx, heap, collector.rows, input.groupOffset, bits);
      if (!isAlone) setPartWord(memory, part, TABLE_WORDS * (i + 1) + BOUNDS, lists.bounds);
      else yield* foldCollected(ctx, input, [radixList(memory, lists.bounds, 0)], 0, heap, ctx.batchRows);
    }
  },
  close: state => state.close(),
};

class GroupSource {
  readonly #node: HashAggregateNode;
  readonly #ctx: AggregateContext & OpenContext;
  readonly #shape: Shape;
  readonly #parts: readonly Part[];
  /** With one part nothing is merged: clones claim its blocks. */
  readonly #spans: readonly RowSpan[];
  readonly #lists: number;
  readonly #direct: DirectMerge | undefined;
  /** Merged rows of the claimed radix partition. */
  readonly #merged: Arena;
  #merging: Pieces<MergedRows> | undefined;
  #current: { readonly address: number; readonly count: number; readonly isSpan: boolean } | undefined;
  #position = 0;

  constructor(node: HashAggregateNode, ctx: OpenContext) {
    this.#node = node;
    this.#ctx = { ...ctx, heap: new Arena(ctx.memory, ctx.owner) };
    this.#shape = shapeOf(node);
    this.#merged = new Arena(ctx.memory, ctx.owner);
    this.#parts = partsOf(ctx.memory, ctx.shared + PARTS);
    const isAlone = this.#parts.length === 1;
    const { memory, shared } = ctx;
    if (memory.u32[(shared + IS_DIRECT) >>> 2] !== 0) {
      this.#direct = new DirectMerge(this.#ctx, arraysOf(memory, this.#parts, this.#shape), 2 ** MERGE_BITS);
    }
    this.#spans = isAlone ? [...rowSpans(ctx.memory, partWord(ctx.memory, this.#parts[0]!, CHAIN))] : [];
    this.#lists = isAlone ? this.#spans.length : 2 ** ctx.memory.u32[(ctx.shared + RADIX_BITS) >>> 2]!;
  }

  pull(): Step {
    while (this.#current === undefined || this.#position >= this.#current.count) {
      if (this.#ctx.cancelled()) return EXHAUSTED;
      if (this.#merging !== undefined) {
        const step = this.#merging.next();
        if (step.done !== true) return NEED_MORE;
        this.#merging = undefined;
        this.#current = { ...step.value, isSpan: false };
        this.#position = 0;
        continue;
      }
      const next = claim(this.#ctx.memory, this.#ctx.shared + NEXT_CLAIM);
      if (next >= this.#lists) return EXHAUSTED;
      const span = this.#spans[next];
      if (span === undefined) {
        this.#merging = this.#merge(next);
        continue;
      }
      this.#current = { ...span, isSpan: true };
      this.#position = 0;
    }
    const { address, count, isSpan } = this.#current;
    const { kernels, arena, batchRows } = this.#ctx;
    const n = Math.min(batchRows, count - this.#position);
    let rows = address + 4 * this.#position;
    if (isSpan) {
      rows = arena.alloc(n * 4);
      const { rowBytes } = this.#shape.layout;
      kernels.row_addresses(address + rowBytes * this.#position, rowBytes, n, rows);
    }
    this.#position += n;
    return ready({ ...allRows(n), columns: this.#columns(rows, n), split: 0 });
  }

  close(): void {
    this.#merged.release();
  }

  /** Makes one row of the rows that clones have for each key of a radix partition, or of a slice of their arrays. */
  *#merge(list: number): Pieces<MergedRows> {
    const { memory } = this.#ctx;
    const { layout, forward, calls, collected } = this.#shape;
    const merge = (targets: number, sources: number, count: number): void =>
      mergeStates(this.#ctx, calls, targets, sources, count);
    this.#merged.reset();
    if (this.#direct !== undefined) return yield* this.#direct.run(list, this.#merged, merge);
    const listOf = (table: number) => (part: Part) =>
      radixList(memory, partWord(memory, part, TABLE_WORDS * table + BOUNDS), list);
    const lists = this.#parts.map(listOf(0));
    const groups = yield* new GroupMerge(this.#ctx, layout.key, forward).run(lists, this.#merged, merge);
    for (const [i, input] of collected.entries()) {
      yield* foldCollected(
        this.#ctx,
        input,
        this.#parts.map(listOf(i + 1)),
        forward,
        this.#merged,
        this.#ctx.batchRows,
      );
    }
    return groups;
  }

  #columns(rows: number, n: number): Vector[] {
    const { keyTypes, fieldTypes, layout, calls } = this.#shape;
    const addresses = denseRows(rows, n);
    if (this.#node.mode === 'partial') {
      return [...gatherKeys(this.#ctx, layout, fieldTypes, addresses), ...partialColumns(this.#ctx, calls, rows, n)];
    }
    const columns = [...gatherKeys(this.#ctx, layout, keyTypes, addresses), ...resultsOf(this.#ctx, calls, rows, n)];
    if (this.#node.groupingId !== true) return columns;
    return [...columns, this.#groupingIds(rows, n)];
  }

  #groupingIds(rows: number, n: number): Vector {
    const { arena, memory, kernels } = this.#ctx;
    const { groupingSets, keys } = this.#node;
    const all = keys.map((_, i) => i);
    const ids = (groupingSets ?? [all]).map(set =>
      all.reduce((id, k) => (set.includes(k) ? id : id | (1n << BigInt(keys.length - 1 - k))), 0n),
    );
    const table = arena.alloc(ids.length * 8);
    memory.i64.set(ids, table >>> 3);
    if (groupingSets === undefined) return Vector.constant(INT64, n, table);
    const numbers = gatherField(this.#ctx, this.#shape.layout.key.fields.at(-1)!, denseRows(rows, n));
    const out = arena.alloc(n * 8);
    kernels.gather_64(table, numbers.data, n, out);
    return Vector.flat(INT64, n, out);
  }
}

const source: Source<HashAggregateNode, GroupSource> = {
  open: (node, ctx) => new GroupSource(node, ctx),
  pull: state => state.pull(),
  close: state => state.close(),
};

export const hashAggregate: Operator<HashAggregateNode> = {
  kind: 'hash-aggregate',
  sink,
  source,
  sharedBytes: () => SHARED_BYTES,
  explain(node) {
    const lines: [string, string][] = [
      ...explainMode(node.mode),
      ['keys', node.keys.map(k => explainExpr(k)).join(', ')],
    ];
    if (node.groupingSets !== undefined) {
      const sets = node.groupingSets.map(set => `(${set.map(i => explainExpr(node.keys[i]!)).join(', ')})`);
      lines.push(['grouping sets', sets.join(', ')]);
    }
    if (node.aggregates.length > 0) lines.push(['aggregates', node.aggregates.map(explainAggregate).join(', ')]);
    return lines;
  },
};
