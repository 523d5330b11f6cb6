import { allRows, type Rows } from '../../../batch/batch.ts';
import { Vector } from '../../../batch/vector.ts';
import type { Pieces } from '../../../common/pieces.ts';
import type { AggregateContext } from '../../../functions/function.ts';
import type { Arena } from '../../../memory/arena.ts';
import type { Owner } from '../../../memory/linear-memory.ts';
import { type DataType, UINT32 } from '../../../types/data-type.ts';
import type { BatchExprs } from '../batch-exprs.ts';
import { denseRows } from '../rows/gather-rows.ts';
import type { RowBlocks } from '../rows/row-blocks.ts';
import { type AggregateCall, updateCollected } from './aggregate-calls.ts';
import type { Collector } from './collected-input.ts';
import { gatherKeys, keyColumn, keyLayout, originalColumns } from './group-keys.ts';
import { type GroupLayout, GroupMerge, GroupTable, type MergedRows } from './group-table.ts';
import { OrderedFold } from './ordered-fold.ts';

/** Aggregates over the same distinct arguments of the same rows: `count(distinct x), sum(distinct x)`. */
export type DistinctInput = {
  readonly kind: 'distinct';
  readonly calls: readonly AggregateCall[];
  /** The group's row address, then the arguments: what the key is made of. */
  readonly types: readonly DataType[];
  readonly layout: GroupLayout;
  readonly groupOffset: number;
};

export function distinctInput(calls: readonly AggregateCall[]): DistinctInput {
  const types = [UINT32, ...calls[0]!.argTypes];
  const layout = keyLayout(types, () => 0);
  return { kind: 'distinct', calls, types, layout, groupOffset: layout.key.fields[0]!.offset };
}

/** Collects the distinct arguments of each group, in one partition. */
export class DistinctCollector implements Collector {
  readonly #ctx: AggregateContext;
  readonly #table: GroupTable;
  readonly #exprs: BatchExprs;
  readonly #args: readonly number[];
  readonly #filter: number;
  readonly #input: DistinctInput;

  constructor(ctx: AggregateContext & { readonly owner: Owner }, exprs: BatchExprs, input: DistinctInput) {
    const { args, filter } = input.calls[0]!.aggregate;
    this.#ctx = ctx;
    this.#input = input;
    this.#exprs = exprs;
    this.#args = args.map(a => exprs.add(a));
    this.#filter = filter === undefined ? -1 : exprs.add(filter);
    this.#table = new GroupTable(ctx, input.layout);
  }

  get rows(): RowBlocks {
    return this.#table.rows;
  }

  get bytes(): number {
    return this.#table.bytes;
  }

  add(rows: Rows, states: number, mask: 0 | -1): void {
    const among = this.#filter < 0 ? rows : this.#exprs.select(this.#filter, rows);
    const chosen = this.#input.calls[0]!.overload.skipsNulls ? this.#exprs.valid(this.#args, among) : among;
    if (chosen.selected === 0) return;
    const group = mask === 0 ? Vector.constant(UINT32, rows.count, states) : Vector.flat(UINT32, rows.count, states);
    const columns = [group, ...this.#args.map(a => this.#exprs.vector(a, among))];
    const fields = columns.map(c => keyColumn(this.#ctx, c, chosen));
    this.#table.find(fields, originalColumns(this.#input.types, columns), chosen);
  }

  seal(): void {
    this.#table.seal();
  }
}

/** Folds collected rows, made distinct over all partitions, into the groups' states. See `foldCollected`. */
export function* foldDistinct(
  ctx: AggregateContext & { readonly owner: Owner },
  input: DistinctInput,
  lists: readonly MergedRows[],
  forward: number,
  work: Arena,
  batchRows: number,
): Pieces {
  const { kernels } = ctx;
  const { key } = input.layout;
  let rows: readonly MergedRows[] = lists;
  if (forward !== 0) {
    // The same arguments may have come to several partitions, for rows that stand for one group now.
    for (const l of lists) kernels.group_follow(l.address, l.count, input.groupOffset, forward);
    for (const l of lists) kernels.group_hash(l.address, l.count, key.texts, key.bytes >>> 3);
    rows = [yield* new GroupMerge(ctx, key, 0).run(lists, work, () => {})];
  }
  const sorted = new Map(input.calls.filter(hasOrder).map(call => [call, OrderedFold.ofDistinct(ctx, call)]));
  for (const list of rows) {
    for (let from = 0; from < list.count; from += batchRows) {
      const n = Math.min(batchRows, list.count - from);
      ctx.arena.reset();
      const addresses = denseRows(list.address + 4 * from, n);
      const [groups, ...args] = gatherKeys(ctx, input.layout, input.types, addresses);
      for (const call of input.calls) {
        const order = sorted.get(call);
        if (order !== undefined) order.add(groups!, args, allRows(n));
        else updateCollected(ctx, call, args, groups!.data, n);
      }
      yield;
    }
  }
  for (const order of sorted.values()) yield* order.fold(batchRows);
}

const hasOrder = ({ overload, aggregate }: AggregateCall): boolean =>
  overload.ordered === true && (aggregate.orderBy?.length ?? 0) > 0;
