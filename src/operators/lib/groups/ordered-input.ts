import type { Rows } from '../../../batch/batch.ts';
import { allRows } from '../../../batch/batch.ts';
import { Vector } from '../../../batch/vector.ts';
import type { Pieces } from '../../../common/pieces.ts';
import type { AggregateContext } from '../../../functions/function.ts';
import { Arena } from '../../../memory/arena.ts';
import type { Owner } from '../../../memory/linear-memory.ts';
import { typeOf } from '../../../plan/expr.ts';
import { type DataType, UINT32 } from '../../../types/data-type.ts';
import type { BatchExprs } from '../batch-exprs.ts';
import { denseRows, gatherField } from '../rows/gather-rows.ts';
import { keepTexts, packRows } from '../rows/pack-rows.ts';
import { RowBlocks } from '../rows/row-blocks.ts';
import { payloadArea, type RowArea } from '../rows/row-layout.ts';
import { sliceRows } from '../slice-rows.ts';
import type { AggregateCall } from './aggregate-calls.ts';
import type { Collector } from './collected-input.ts';
import type { MergedRows } from './group-table.ts';
import { OrderedFold } from './ordered-fold.ts';

/** Unused bytes at a row's start: offset 0 would name the row itself, see `radixLists`. */
const ROW_HEAD = 8;

/** An aggregate whose rows must come in the order of its ORDER BY. */
export type OrderedInput = {
  readonly kind: 'ordered';
  readonly calls: readonly [AggregateCall];
  /** The group's row address, the arguments, the values to order by. */
  readonly area: RowArea;
  readonly groupOffset: number;
};

export function orderedInput(call: AggregateCall): OrderedInput {
  const keyTypes: readonly DataType[] = call.aggregate.orderBy!.map(k => typeOf(k.expr));
  const area = payloadArea([UINT32, ...call.argTypes, ...keyTypes], ROW_HEAD);
  return { kind: 'ordered', calls: [call], area, groupOffset: area.fields[0]!.offset };
}

/** Collects the rows of such an aggregate, in one partition. */
export class OrderedCollector implements Collector {
  readonly rows: RowBlocks;
  readonly #ctx: AggregateContext;
  readonly #heap: Arena;
  readonly #exprs: BatchExprs;
  readonly #args: readonly number[];
  readonly #keys: readonly number[];
  readonly #filter: number;
  readonly #input: OrderedInput;

  constructor(ctx: AggregateContext & { readonly owner: Owner }, exprs: BatchExprs, input: OrderedInput) {
    const { args, filter, orderBy } = input.calls[0].aggregate;
    this.#ctx = ctx;
    this.#input = input;
    this.#exprs = exprs;
    this.#args = args.map(a => exprs.add(a));
    this.#keys = orderBy!.map(k => exprs.add(k.expr));
    this.#filter = filter === undefined ? -1 : exprs.add(filter);
    this.rows = new RowBlocks(ctx.memory, ctx.owner, ROW_HEAD + input.area.bytes);
    this.#heap = new Arena(ctx.memory, ctx.owner);
  }

  get bytes(): number {
    return this.rows.bytes + this.#heap.bytes;
  }

  add(rows: Rows, states: number, mask: 0 | -1): void {
    const among = this.#filter < 0 ? rows : this.#exprs.select(this.#filter, rows);
    const chosen = this.#input.calls[0].overload.skipsNulls ? this.#exprs.valid(this.#args, among) : among;
    const group = mask === 0 ? Vector.constant(UINT32, rows.count, states) : Vector.flat(UINT32, rows.count, states);
    const values = [
      ...this.#args.map(e => this.#exprs.vector(e, among)),
      ...this.#keys.map(e => this.#exprs.vector(e, chosen)),
    ];
    const rowBytes = this.rows.rowBytes;
    for (let from = 0; from < chosen.selected; ) {
      this.rows.reserve();
      const n = Math.min(this.rows.space, chosen.selected - from);
      const target = { address: this.rows.next, rowBytes };
      this.#ctx.kernels.row_clear(target.address, n * rowBytes);
      packRows(
        this.#ctx,
        this.#input.area,
        [group, ...values],
        sliceRows(this.#ctx, chosen, from, n),
        target,
        this.#heap,
      );
      keepTexts(this.#ctx, this.#input.area, target, n, this.#heap);
      this.rows.advance(n);
      from += n;
    }
  }

  seal(): void {}
}

/** Folds the rows of all partitions in order. See `foldCollected`. */
export function* foldOrdered(
  ctx: AggregateContext & { readonly owner: Owner },
  input: OrderedInput,
  lists: readonly MergedRows[],
  forward: number,
  batchRows: number,
): Pieces {
  const [call] = input.calls;
  const width = 1 + call.argTypes.length;
  const keys = call.aggregate.orderBy!.map((key, i) => {
    const type = input.area.fields[width + i]!.type;
    return { ...key, expr: { kind: 'input', index: width + i, type } as const };
  });
  const fold = new OrderedFold(ctx, call, keys);
  for (const list of lists) {
    if (forward !== 0) ctx.kernels.group_follow(list.address, list.count, input.groupOffset, forward);
    for (let from = 0; from < list.count; from += batchRows) {
      const n = Math.min(batchRows, list.count - from);
      ctx.arena.reset();
      const addresses = denseRows(list.address + 4 * from, n);
      const [groups, ...values] = input.area.fields.map(f => gatherField(ctx, f, addresses));
      fold.add(groups!, values, allRows(n));
      yield;
    }
  }
  yield* fold.fold(batchRows);
}
