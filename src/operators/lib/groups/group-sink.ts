import { allRows, type Batch, type Rows } from '../../../batch/batch.ts';
import { Vector } from '../../../batch/vector.ts';
import type { Pieces } from '../../../common/pieces.ts';
import type { AggregateContext } from '../../../functions/function.ts';
import { Arena } from '../../../memory/arena.ts';
import type { OpenContext } from '../../../protocol/context.ts';
import { UINT32 } from '../../../types/data-type.ts';
import { BatchExprs } from '../batch-exprs.ts';
import { radixList, radixLists } from '../rows/radix-lists.ts';
import { PART_HEADER, type Part, partsOf, partWord, publishPart, setPartWord } from '../shared-parts.ts';
import { AggregateUpdater } from './aggregate-calls.ts';
import { type Collector, collectorOf, foldCollected } from './collected-input.ts';
import { canMergeDirectly } from './direct-merge.ts';
import { keyColumn, originalColumns } from './group-keys.ts';
import {
  arraysOf,
  GROUP_PART,
  GROUP_SHARED,
  type GroupShape,
  groupShape,
  type HashAggregateNode,
  MERGE_BITS,
  SMALL,
} from './group-shape.ts';
import { GroupTable } from './group-table.ts';
import { PartialFolder } from './partial-states.ts';
/** Aggregates one clone's rows, and what its groups need to be merged with those of other clones. */
export class GroupSink {
  readonly ctx: AggregateContext & OpenContext;
  readonly shape: GroupShape;
  readonly table: GroupTable;
  readonly collectors: readonly Collector[];
  #part: Part = 0;
  readonly #node: HashAggregateNode;
  readonly #exprs: BatchExprs;
  readonly #keys: readonly number[];
  readonly #updater: AggregateUpdater | PartialFolder;
  /** The grouping set's number as a key. */
  readonly #setNumbers: readonly number[];

  constructor(node: HashAggregateNode, ctx: OpenContext) {
    this.ctx = { ...ctx, heap: new Arena(ctx.memory, ctx.owner) };
    this.#node = node;
    this.shape = groupShape(node);
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
  #addEmptySets(): void {
    if (this.#node.mode === 'final') return;
    for (const [i, set] of (this.#node.groupingSets ?? []).entries()) {
      if (set.length > 0) continue;
      const none = this.shape.keyTypes.map(() => undefined);
      this.table.find([...none, this.#setNumber(i, 1)], originalColumns(this.shape.keyTypes, none), allRows(1));
    }
  }

  /** Publishes the clone's groups: no more rows come. */
  finish(): void {
    const { ctx, table, collectors } = this;
    this.#addEmptySets();
    const tables = [table, ...collectors];
    const isMerged = ctx.partitions > 1 && collectors.length === 0 && table.rows.count > SMALL / ctx.partitions;
    const array = isMerged ? table.handOnArray() : 0;
    for (const t of tables) t.seal();
    const words = [...tables.flatMap(t => [t.rows.first, t.rows.count, 0]), array];
    this.#part = ctx.heap.alloc(4 * (PART_HEADER + words.length));
    publishPart(ctx.memory, ctx.shared + GROUP_SHARED.parts, this.#part, ctx.partition, words);
  }

  /** Sorts the clone's rows into the radix partitions that `sealGroups` decided on, if they are to be merged so. */
  *complete(): Pieces {
    const { ctx, shape, table, collectors } = this;
    const { memory, heap } = ctx;
    if (memory.u32[(ctx.shared + GROUP_SHARED.isDirect) >>> 2] !== 0) return;
    const isAlone = partsOf(memory, ctx.shared + GROUP_SHARED.parts).length === 1;
    const bits = isAlone ? 0 : memory.u32[(ctx.shared + GROUP_SHARED.radixBits) >>> 2]!;
    if (!isAlone) {
      setPartWord(memory, this.#part, GROUP_PART.bounds, (yield* radixLists(ctx, heap, table.rows, 0, bits)).bounds);
    }
    for (const [i, collector] of collectors.entries()) {
      const input = shape.collected[i]!;
      const lists = yield* radixLists(ctx, heap, collector.rows, input.groupOffset, bits);
      if (!isAlone) setPartWord(memory, this.#part, GROUP_PART.words * (i + 1) + GROUP_PART.bounds, lists.bounds);
      else yield* foldCollected(ctx, input, [radixList(memory, lists.bounds, 0)], 0, heap, ctx.batchRows);
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

/** Decides how the clones' groups are merged, once all clones have finished. */
export function sealGroups(node: HashAggregateNode, { memory, shared }: OpenContext): void {
  const parts = partsOf(memory, shared + GROUP_SHARED.parts);
  const groups = parts.reduce((sum, p) => sum + partWord(memory, p, GROUP_PART.rows), 0);
  const arrays = arraysOf(memory, parts, groupShape(node));
  memory.u32[(shared + GROUP_SHARED.radixBits) >>> 2] = groups <= SMALL ? 0 : MERGE_BITS;
  memory.u32[(shared + GROUP_SHARED.isDirect) >>> 2] =
    groups > SMALL && canMergeDirectly(memory, arrays, groups) ? 1 : 0;
}
