import { allRows, type Batch, type Rows } from '../../../batch/batch.ts';
import { Vector } from '../../../batch/vector.ts';
import type { Pieces } from '../../../common/pieces.ts';
import type { AggregateContext } from '../../../functions/function.ts';
import { Arena } from '../../../memory/arena.ts';
import type { OpenContext } from '../../../protocol/context.ts';
import type { Step } from '../../../protocol/step.ts';
import { UINT32 } from '../../../types/data-type.ts';
import { BatchExprs } from '../batch-exprs.ts';
import { radixList, radixLists } from '../rows/radix-lists.ts';
import { PART_HEADER, type Part, partsOf, partWord, publishPart, setPartWord } from '../shared-parts.ts';
import { Backlog } from '../spill/backlog.ts';
import { NO_FILE, putFiles } from '../spill/row-format.ts';
import { isEnough, MOST_LEVELS } from '../spill/spill-partitions.ts';
import { AggregateUpdater } from './aggregate-calls.ts';
import { type Collector, collectorOf, foldCollected } from './collected-input.ts';
import { canMergeDirectly } from './direct-merge.ts';
import { GroupFiles } from './group-files.ts';
import { keyColumn, originalColumns } from './group-keys.ts';
import {
  arraysOf,
  filesWord,
  GROUP_PART,
  GROUP_SHARED,
  type GroupShape,
  groupShape,
  type HashAggregateNode,
  isSpilled,
  MERGE_BITS,
  SMALL,
} from './group-shape.ts';
import { GroupTable } from './group-table.ts';
import { PartialFolder } from './partial-states.ts';

/** Whether a sink takes rows to aggregate, key fields and states, or keys and states of the groups by all keys. */
type GroupInput = 'rows' | 'states' | 'finest';

/** What a clone has of its groups; given back as one when memory is short. */
class Gathered {
  readonly ctx: AggregateContext & OpenContext;
  readonly exprs: BatchExprs;
  readonly keys: readonly number[];
  readonly updater: AggregateUpdater | PartialFolder;
  readonly collectors: readonly Collector[];
  readonly table: GroupTable;

  constructor(node: HashAggregateNode, shape: GroupShape, outer: OpenContext, input: GroupInput) {
    const owner = outer.memory.newOwner(outer.owner);
    const ctx = { ...outer, owner, heap: new Arena(outer.memory, owner) };
    this.ctx = ctx;
    this.exprs = new BatchExprs(ctx);
    this.keys = node.keys.map(k => this.exprs.add(k));
    const { calls, keyTypes, fieldTypes } = shape;
    this.updater =
      input === 'rows'
        ? new AggregateUpdater(ctx, this.exprs, calls)
        : new PartialFolder(ctx, this.exprs, calls, input === 'finest' ? keyTypes.length : fieldTypes.length);
    this.collectors = shape.collected.map(d => collectorOf(ctx, this.exprs, d));
    this.table = new GroupTable(ctx, shape.layout);
  }

  get bytes(): number {
    return this.collectors.reduce((sum, c) => sum + c.bytes, this.table.bytes + this.ctx.heap.bytes);
  }

  release(): void {
    this.exprs.close();
    this.ctx.memory.freeOwner(this.ctx.owner);
  }
}

/** Aggregates one clone's rows, and what its groups need to be merged with those of other clones. */
export class GroupSink {
  readonly #ctx: OpenContext;
  readonly #shape: GroupShape;
  readonly #node: HashAggregateNode;
  readonly #input: GroupInput;
  /** What outlives the gathered groups. */
  readonly #heap: Arena;
  /** The grouping set's number as a key. */
  readonly #setNumbers: readonly number[];
  readonly #level: number;
  readonly #backlog = new Backlog();
  #gathered: Gathered;
  #files: GroupFiles | undefined;
  #part: Part = 0;

  /** @param level how often the rows have been dealt out to files before */
  constructor(node: HashAggregateNode, ctx: OpenContext, input?: GroupInput, level = 0) {
    this.#ctx = ctx;
    this.#node = node;
    this.#input = input ?? inputOf(node);
    this.#level = level;
    this.#shape = groupShape(node);
    this.#heap = new Arena(ctx.memory, ctx.owner);
    this.#gathered = new Gathered(node, this.#shape, ctx, this.#input);
    this.#setNumbers = (node.groupingSets ?? []).map((_, i) => {
      const address = this.#heap.alloc(4);
      ctx.memory.u32[address >>> 2] = i;
      return address;
    });
  }

  /** Moves the groups to files when memory is short; `pending` while that takes. */
  makeRoom(): Step | undefined {
    if (this.#backlog.isEmpty && this.#isPressing) this.#backlog.begin(this.#spill());
    return this.#backlog.step();
  }

  get #isPressing(): boolean {
    const { table, bytes } = this.#gathered;
    if (table.rows.count === 0 || this.#level >= MOST_LEVELS) return false;
    return this.#ctx.spill.isPressing(bytes, table.growth) && !isEnough(this.#ctx, this.#level, table.rows.count);
  }

  *#spill(): Pieces {
    const { memory, shared } = this.#ctx;
    Atomics.store(memory.u32, (shared + GROUP_SHARED.isSpilled) >>> 2, 1);
    this.#files ??= new GroupFiles(this.#ctx, this.#shape, this.#level);
    const { ctx, table, collectors } = this.#gathered;
    yield* this.#files.append(ctx, table, collectors);
    this.#gathered.release();
    this.#gathered = new Gathered(this.#node, this.#shape, this.#ctx, this.#input);
  }

  push(batch: Batch): void {
    const { ctx, exprs, keys: indexes } = this.#gathered;
    exprs.start(batch.columns);
    const rows: Rows = { count: batch.count, selection: batch.selection, selected: batch.selected };
    const keys = indexes.map(k => exprs.vector(k, rows));
    const fields = keys.map(k => keyColumn(ctx, k, rows));
    const { groupingSets: sets } = this.#node;
    if (sets === undefined) this.#fold(fields, keys, rows);
    else if (this.#input === 'states') this.#fold([...fields, batch.columns[keys.length]!], keys, rows);
    else for (const [i, set] of sets.entries()) this.#foldSet(i, set, fields, keys, rows);
  }

  /** Takes key fields and values of a collected input, at their positions (see `collectedPositions`). */
  pushCollected(input: number, columns: readonly Vector[], count: number): void {
    const { ctx, exprs, keys: indexes, collectors } = this.#gathered;
    const rows = allRows(count);
    exprs.start(columns);
    const keys = indexes.map(k => exprs.vector(k, rows));
    const fields = keys.map(k => keyColumn(ctx, k, rows));
    if (this.#node.groupingSets !== undefined) fields.push(columns[keys.length]!);
    collectors[input]!.add(rows, this.#find(fields, keys, rows), -1);
  }

  /** A set without keys has a row even when there is no input. */
  #addEmptySets(): void {
    if (this.#input === 'states') return;
    for (const [i, set] of (this.#node.groupingSets ?? []).entries()) {
      if (set.length > 0) continue;
      const none = this.#shape.keyTypes.map(() => undefined);
      this.#find([...none, this.#setNumber(i, 1)], none, allRows(1));
    }
  }

  /** Publishes the clone's groups: no more rows come. */
  finish(): void {
    const { memory, shared, partition, partitions } = this.#ctx;
    this.#addEmptySets();
    const { table, collectors } = this.#gathered;
    const tables = [table, ...collectors];
    const isMerged = partitions > 1 && collectors.length === 0 && table.rows.count > SMALL / partitions;
    const array = isMerged ? table.handOnArray() : 0;
    for (const t of tables) t.seal();
    const words = [...tables.flatMap(t => [t.rows.first, t.rows.count, 0]), array, 0];
    this.#part = this.#heap.alloc(4 * (PART_HEADER + words.length));
    publishPart(memory, shared + GROUP_SHARED.parts, this.#part, partition, words);
  }

  /**
   * Sorts the clone's rows into the radix partitions that `sealGroups` decided on, if they are to be merged so; when
   * groups are in files, moves the others there too.
   */
  *complete(): Pieces {
    const { memory, shared, batchRows } = this.#ctx;
    if (isSpilled(this.#ctx)) {
      yield* this.#spill();
      const files = this.#files!.finish().flatMap(stream => stream.map(f => f ?? NO_FILE));
      setPartWord(memory, this.#part, filesWord(this.#shape), putFiles(this.#heap, files));
      return;
    }
    const { ctx, table, collectors } = this.#gathered;
    const heap = this.#heap;
    if (memory.u32[(shared + GROUP_SHARED.isDirect) >>> 2] !== 0) return;
    const isAlone = partsOf(memory, shared + GROUP_SHARED.parts).length === 1;
    const bits = isAlone ? 0 : memory.u32[(shared + GROUP_SHARED.radixBits) >>> 2]!;
    if (!isAlone) {
      setPartWord(memory, this.#part, GROUP_PART.bounds, (yield* radixLists(ctx, heap, table.rows, 0, bits)).bounds);
    }
    for (const [i, collector] of collectors.entries()) {
      const input = this.#shape.collected[i]!;
      const lists = yield* radixLists(ctx, heap, collector.rows, input.groupOffset, bits);
      if (!isAlone) setPartWord(memory, this.#part, GROUP_PART.words * (i + 1) + GROUP_PART.bounds, lists.bounds);
      else yield* foldCollected(ctx, input, [radixList(memory, lists.bounds, 0)], 0, heap, batchRows);
    }
  }

  close(): void {
    this.#gathered.exprs.close();
  }

  #find(fields: readonly (Vector | undefined)[], keys: readonly (Vector | undefined)[], rows: Rows): number {
    return this.#gathered.table.find(fields, originalColumns(this.#shape.keyTypes, keys), rows);
  }

  #fold(fields: readonly (Vector | undefined)[], keys: readonly (Vector | undefined)[], rows: Rows): void {
    const states = this.#find(fields, keys, rows);
    const { updater, collectors } = this.#gathered;
    updater.update(rows, states, -1);
    // States come without what was collected.
    if (this.#input === 'rows') for (const c of collectors) c.add(rows, states, -1);
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

function inputOf({ mode }: HashAggregateNode): GroupInput {
  if (mode === 'regroup') return 'finest';
  return mode === 'final' ? 'states' : 'rows';
}

/** Decides how the clones' groups are merged, once all clones have finished. */
export function sealGroups(node: HashAggregateNode, { memory, shared }: OpenContext): void {
  const parts = partsOf(memory, shared + GROUP_SHARED.parts);
  const groups = parts.reduce((sum, p) => sum + partWord(memory, p, GROUP_PART.rows), 0);
  const arrays = arraysOf(memory, parts, groupShape(node));
  memory.u32[(shared + GROUP_SHARED.radixBits) >>> 2] = groups <= SMALL ? 0 : MERGE_BITS;
  memory.u32[(shared + GROUP_SHARED.isDirect) >>> 2] =
    !isSpilled({ memory, shared }) && groups > SMALL && canMergeDirectly(memory, arrays, groups) ? 1 : 0;
}
