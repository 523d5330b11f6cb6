import { allRows, batchOf } from '../../../batch/batch.ts';
import { Vector } from '../../../batch/vector.ts';
import type { Pieces } from '../../../common/pieces.ts';
import type { AggregateContext } from '../../../functions/function.ts';
import { Arena } from '../../../memory/arena.ts';
import type { OpenContext } from '../../../protocol/context.ts';
import { EXHAUSTED, NEED_MORE, ready, type Step } from '../../../protocol/step.ts';
import { INT64 } from '../../../types/data-type.ts';
import { denseRows, gatherField } from '../rows/gather-rows.ts';
import { radixList } from '../rows/radix-lists.ts';
import { type RowSpan, rowSpans } from '../rows/row-blocks.ts';
import { claim, type Part, partsOf, partWord } from '../shared-parts.ts';
import { SPILL_PARTITIONS } from '../spill/spill-partitions.ts';
import { mergeStates, resultsOf } from './aggregate-calls.ts';
import { foldCollected } from './collected-input.ts';
import { DirectMerge } from './direct-merge.ts';
import { gatherKeys } from './group-keys.ts';
import {
  arraysOf,
  GROUP_PART,
  GROUP_SHARED,
  type GroupShape,
  groupShape,
  type HashAggregateNode,
  isSpilled,
  MERGE_BITS,
} from './group-shape.ts';
import { GroupMerge, type MergedRows } from './group-table.ts';
import { partialColumns } from './partial-states.ts';
import { spilledGroups } from './spilled-groups.ts';
/** Hands on the groups; when several clones made them, what each clone claims is merged first. */
export class GroupSource {
  readonly #node: HashAggregateNode;
  readonly #ctx: AggregateContext & OpenContext;
  readonly #shape: GroupShape;
  readonly #parts: readonly Part[];
  /** With one part nothing is merged: clones claim its blocks. */
  readonly #spans: readonly RowSpan[];
  readonly #lists: number;
  readonly #direct: DirectMerge | undefined;
  /** Merged rows of the claimed radix partition. */
  readonly #merged: Arena;
  /** The claimed partition of the clones' files, if groups are there. */
  #spilled: Generator<Step, void, undefined> | undefined;
  readonly #isSpilled: boolean;
  readonly #level: number;
  #merging: Pieces<MergedRows> | undefined;
  #current: { readonly address: number; readonly count: number; readonly isSpan: boolean } | undefined;
  #position = 0;

  /** @param level how often the rows have been dealt out to files before */
  constructor(node: HashAggregateNode, ctx: OpenContext, level = 0) {
    this.#node = node;
    this.#level = level;
    this.#isSpilled = isSpilled(ctx);
    this.#ctx = { ...ctx, heap: new Arena(ctx.memory, ctx.owner) };
    this.#shape = groupShape(node);
    this.#merged = new Arena(ctx.memory, ctx.owner);
    this.#parts = partsOf(ctx.memory, ctx.shared + GROUP_SHARED.parts);
    const isAlone = this.#parts.length === 1;
    const { memory, shared } = ctx;
    if (memory.u32[(shared + GROUP_SHARED.isDirect) >>> 2] !== 0) {
      this.#direct = new DirectMerge(this.#ctx, arraysOf(memory, this.#parts, this.#shape), 2 ** MERGE_BITS);
    }
    if (this.#isSpilled) {
      this.#spans = [];
      this.#lists = SPILL_PARTITIONS;
      return;
    }
    this.#spans = isAlone ? [...rowSpans(ctx.memory, partWord(ctx.memory, this.#parts[0]!, GROUP_PART.chain))] : [];
    this.#lists = isAlone ? this.#spans.length : 2 ** ctx.memory.u32[(ctx.shared + GROUP_SHARED.radixBits) >>> 2]!;
  }

  pull(): Step {
    if (this.#isSpilled) return this.#pullSpilled();
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
      const next = claim(this.#ctx.memory, this.#ctx.shared + GROUP_SHARED.nextClaim);
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
    return ready(batchOf(allRows(n), this.#columns(rows, n), 0));
  }

  #pullSpilled(): Step {
    const { memory, shared, cancelled } = this.#ctx;
    for (;;) {
      if (cancelled()) return EXHAUSTED;
      const step = this.#spilled?.next();
      if (step !== undefined && step.done !== true) return step.value;
      const next = claim(memory, shared + GROUP_SHARED.nextClaim);
      if (next >= this.#lists) return EXHAUSTED;
      const open = (node: HashAggregateNode, ctx: OpenContext, level: number): GroupSource =>
        new GroupSource(node, ctx, level);
      const level = this.#level + 1;
      this.#spilled = spilledGroups(this.#node, this.#shape, this.#ctx, this.#parts, next, level, open);
    }
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
      radixList(memory, partWord(memory, part, GROUP_PART.words * table + GROUP_PART.bounds), list);
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
