import { allRows, type Rows } from '../../batch/batch.ts';
import type { Vector } from '../../batch/vector.ts';
import { Vector as V } from '../../batch/vector.ts';
import type { AggregateContext } from '../../functions/function.ts';
import type { Arena } from '../../memory/arena.ts';
import type { Owner } from '../../memory/linear-memory.ts';
import { type DataType, UINT32 } from '../../types/data-type.ts';
import { type AggregateCall, updateStates } from './aggregate-calls.ts';
import type { BatchExprs } from './batch-exprs.ts';
import { denseRows, gatherField } from './gather-rows.ts';
import { type GroupLayout, GroupMerge, GroupTable, type MergedRows } from './group-table.ts';
import { isExactKey, keyArea, payloadArea } from './row-layout.ts';

/** Aggregates over the same distinct arguments of the same rows: `count(distinct x), sum(distinct x)`. */
export type DistinctInput = {
  readonly calls: readonly AggregateCall[];
  readonly argTypes: readonly DataType[];
  /** Key: the group's row address, then the arguments. */
  readonly layout: GroupLayout;
};

/** Offset of the group's row address: fields go by width and it is not the widest, so it is looked up. */
export const groupOffset = (input: DistinctInput): number => input.layout.key.fields[0]!.offset;

/** The aggregates with DISTINCT, by what they see. */
export function distinctInputs(calls: readonly AggregateCall[]): DistinctInput[] {
  const byText = new Map<string, AggregateCall[]>();
  for (const call of calls) {
    if (!call.isCollected) continue;
    const { args, filter } = call.aggregate;
    const text = JSON.stringify([args, filter ?? null, call.overload.skipsNulls]);
    byText.set(text, [...(byText.get(text) ?? []), call]);
  }
  return [...byText.values()].map(same => {
    const argTypes = same[0]!.argTypes;
    const key = keyArea([UINT32, ...argTypes], 8);
    const originals = payloadArea(
      argTypes.filter(t => !isExactKey(t)),
      8 + key.bytes,
    );
    return { calls: same, argTypes, layout: { key, originals, rowBytes: 8 + key.bytes + originals.bytes } };
  });
}

/** Collects the distinct arguments of each group, in one partition. */
export class DistinctCollector {
  readonly table: GroupTable;
  readonly #exprs: BatchExprs;
  readonly #args: readonly number[];
  readonly #filter: number;
  readonly #input: DistinctInput;

  constructor(ctx: AggregateContext & { readonly owner: Owner }, exprs: BatchExprs, input: DistinctInput) {
    const { args, filter } = input.calls[0]!.aggregate;
    this.#input = input;
    this.#exprs = exprs;
    this.#args = args.map(a => exprs.add(a));
    this.#filter = filter === undefined ? -1 : exprs.add(filter);
    this.table = new GroupTable(ctx, input.layout);
  }

  /** @param states u32 addresses of the groups' rows by position, or a single one with `mask` 0 */
  add(rows: Rows, states: number, mask: 0 | -1): void {
    let chosen = this.#filter < 0 ? rows : this.#exprs.select(this.#filter, rows);
    if (this.#input.calls[0]!.overload.skipsNulls) chosen = this.#exprs.valid(this.#args, chosen);
    if (chosen.selected === 0) return;
    const group = mask === 0 ? V.constant(UINT32, rows.count, states) : V.flat(UINT32, rows.count, states);
    const args = this.#args.map(a => this.#exprs.vector(a, chosen));
    this.table.find([group, ...args], inexact(args), chosen);
  }
}

const inexact = (args: readonly Vector[]): Vector[] => args.filter(a => !isExactKey(a.type));

/**
 * Merges the collected arguments of all partitions and folds them into the groups' states.
 * @param lists addresses of the collected rows
 * @param forward offset in a group's row of the address of the row that stands for it; 0 when each stands for itself
 */
export function foldDistinct(
  ctx: AggregateContext & { readonly owner: Owner },
  input: DistinctInput,
  lists: readonly MergedRows[],
  forward: number,
  work: Arena,
  batchRows: number,
): void {
  const { kernels } = ctx;
  const { key } = input.layout;
  let rows: readonly MergedRows[] = lists;
  if (forward !== 0) {
    for (const l of lists) kernels.group_follow(l.address, l.count, groupOffset(input), forward);
    for (const l of lists) kernels.group_hash(l.address, l.count, key.texts, key.bytes >>> 3);
    rows = [new GroupMerge(ctx, key, 0).run(lists, work, () => {})];
  }
  for (const list of rows) {
    for (let from = 0; from < list.count; from += batchRows) {
      const n = Math.min(batchRows, list.count - from);
      const addresses = denseRows(list.address + 4 * from, n);
      ctx.arena.reset();
      const groups = gatherField(ctx, key.fields[0]!, addresses);
      let original = 0;
      const args = input.argTypes.map((type, i) => {
        const field = isExactKey(type) ? key.fields[i + 1]! : input.layout.originals.fields[original++]!;
        return gatherField(ctx, field, addresses);
      });
      for (const call of input.calls) updateStates(ctx, call, args, allRows(n), groups.data, -1);
    }
  }
}
