import { allRows, type Rows } from '../../batch/batch.ts';
import { valueReader } from '../../batch/read.ts';
import { Vector } from '../../batch/vector.ts';
import { RayexecError } from '../../common/errors.ts';
import { valueKind } from '../../kernels/value-kind.ts';
import { combineValidity, flatten, gather, selectValid, validityOf } from '../../kernels/vectors.ts';
import { type DataType, INT64, list } from '../../types/data-type.ts';
import { physicalType, widthOf } from '../../types/physical.ts';
import type { AggregateContext, AggregateOverload, MergeCall, ResultCall, UpdateCall } from '../function.ts';
import { maskOf } from '../operand.ts';
import { collectedValidity, elementsOf } from './collected.ts';
import { refillSlab, slabOf } from './slab.ts';
import { allValid } from './state-values.ts';

/** Bytes of a state of the kernels in assembly/top.ts, of one of its entries, and where it has its limit (in u32s). */
const STATE = { bytes: 24, entry: 40, limit: 3 } as const;

/** At most as many rows a state keeps, as in DuckDB. */
const MOST_ROWS = 1_000_000n;

/** Rows with keys, of which states keep the best; without `values`, the keys themselves are kept. */
type Keyed = { readonly keys: Vector; readonly values: Vector | undefined; readonly limits: Vector };

/** Types of what states keep; `value` is absent where the keys are kept themselves. All of them are flat. */
type Kept = { readonly key: DataType; readonly value: DataType | undefined };

/** What reads an aggregate's arguments and types for states that keep its best rows. */
export type TopRows = {
  /** How messages call it. */
  readonly name: string;
  readonly isMax: 0 | 1;
  /** Whether rows count whose key or value is NULL: those without a key come last. */
  readonly takesNulls: boolean;
  readonly keyed: (ctx: AggregateContext, call: UpdateCall) => Keyed;
  readonly kept: (argTypes: readonly DataType[]) => Kept;
  /** The result from what each state kept, the best first: lists {offset u32, length u32}, one for each state. */
  readonly result: (ctx: AggregateContext, call: ResultCall, top: Top) => Vector;
};

export type Top = {
  readonly lists: number;
  readonly keys: Vector;
  readonly values: Vector | undefined;
};

/** States that keep the rows with the greatest or smallest keys, the first among equals. */
export function topStates(
  rows: TopRows,
): Pick<AggregateOverload, 'stateBytes' | 'update' | 'merge' | 'partial' | 'result'> {
  return {
    stateBytes: () => STATE.bytes,
    update: (ctx, call) => {
      const keyed = rows.keyed(ctx, call);
      update(rows, ctx, rows.takesNulls ? call : { ...call, rows: completeRows(ctx, call, keyed) }, keyed);
    },
    merge: (ctx, call) => merge(rows, ctx, call),
    partial: {
      types: argTypes => {
        const { key, value } = rows.kept(argTypes);
        return value === undefined ? [list(key), INT64] : [list(key), INT64, list(value)];
      },
      columns: (ctx, call) => {
        const { lists, keys, values } = topOf(rows, ctx, call);
        const validity = collectedValidity(ctx, lists, call.count);
        const listed = (v: Vector): Vector => Vector.flat(list(v.type), call.count, lists, validity, [v]);
        const columns = [listed(keys), limitsOf(ctx, call)];
        return values === undefined ? columns : [...columns, listed(values)];
      },
      fold: (ctx, call) => {
        const [keys, limits, values] = call.args;
        const valid = selectValid(ctx, validityOf(ctx, keys!, call.rows), call.rows);
        if (valid.selected === 0) return;
        const elements = (lists: Vector): Vector =>
          flatten(ctx, lists.children[0]!, allRows(lists.children[0]!.length));
        const [allKeys, allValues] = [elements(keys!), values && elements(values)];
        for (const { elements: taken, rows: owners, states, count } of elementsOf(ctx, keys!, {
          ...call,
          rows: valid,
        })) {
          const picked: Keyed = {
            keys: gather(ctx, allKeys, taken, count),
            values: allValues && gather(ctx, allValues, taken, count),
            limits: gather(ctx, limits!, owners, count),
          };
          update(rows, ctx, { ...call, rows: allRows(count), states, statesMask: -1 }, picked);
        }
      },
    },
    result: (ctx, call) => rows.result(ctx, call, topOf(rows, ctx, call)),
  };
}

/** The third argument as BIGINT limits. @throws RayexecError `invalid-argument` for NULL, and outside of 1 … 999999 */
export function checkedLimits(name: string, ctx: AggregateContext, limits: Vector, { rows }: UpdateCall): Vector {
  const read = valueReader(ctx.memory, limits);
  const selected = limits.form === 'constant' ? Math.min(rows.selected, 1) : rows.selected;
  for (let j = 0; j < selected; j++) {
    const n = read(rows.selection === 0 ? j : ctx.memory.u16[(rows.selection >>> 1) + j]!) as bigint | null;
    if (n !== null && n > 0n && n < MOST_ROWS) continue;
    throw new RayexecError(
      'invalid-argument',
      `the n of ${name} lies between 1 and ${MOST_ROWS - 1n}, it can't be ${n ?? 'NULL'}`,
    );
  }
  return limits;
}

function completeRows(ctx: AggregateContext, { rows }: UpdateCall, { keys, values }: Keyed): Rows {
  const validity = combineValidity(ctx, values === undefined ? [keys] : [keys, values], rows);
  return selectValid(ctx, validity, rows);
}

function update({ name, isMax }: TopRows, ctx: AggregateContext, call: UpdateCall, keyed: Keyed): void {
  const { rows, states, statesMask, offset } = call;
  const { keys, values, limits } = keyed;
  const key = [valueKind(keys.physical), keys.data, maskOf(keys), keys.validity] as const;
  const value =
    values === undefined
      ? ([0, 0, 0, 0] as const)
      : ([valueKind(values.physical), values.data, maskOf(values), values.validity] as const);
  const list = [limits.data, maskOf(limits), states, statesMask, offset, rows.selection, rows.selected] as const;
  const slab = slabOf(ctx);
  const entry = ctx.arena.alloc(STATE.entry);
  for (let done = 0; done < rows.selected; ) {
    done = same(name, ctx.kernels.top_update(isMax, ...key, ...value, ...list, done, slab, entry));
    if (done < rows.selected) refillSlab(ctx, slab);
  }
}

function merge({ name, isMax, kept }: TopRows, ctx: AggregateContext, call: MergeCall): void {
  const { targets, sources, count, offset, argTypes } = call;
  const kind = valueKind(physicalType(kept(argTypes).key));
  const slab = slabOf(ctx);
  const entry = ctx.arena.alloc(STATE.entry);
  const progress = ctx.arena.allocZeroed(8);
  for (let done = 0; done < count; ) {
    done = same(name, ctx.kernels.top_merge(isMax, kind, targets, sources, count, offset, done, progress, slab, entry));
    if (done < count) refillSlab(ctx, slab);
  }
}

function same(name: string, done: number): number {
  if (done >= 0) return done;
  throw new RayexecError('invalid-argument', `the n of ${name} must be the same in all rows of a group`);
}

function topOf({ isMax, kept }: TopRows, ctx: AggregateContext, call: ResultCall): Top {
  const { kernels, arena } = ctx;
  const { states, offset, count, argTypes } = call;
  const { key, value } = kept(argTypes);
  const total = kernels.top_total(states, offset, count);
  const lists = arena.alloc(count * 8);
  const column = (type: DataType): Vector =>
    Vector.flat(type, total, arena.alloc(total * widthOf(physicalType(type))), allValid(ctx, total));
  const keys = column(key);
  const values = value && column(value);
  const kinds = [valueKind(keys.physical), values === undefined ? 0 : valueKind(values.physical)] as const;
  const out = [lists, keys.data, keys.validity, values?.data ?? 0, values?.validity ?? 0] as const;
  kernels.top_values(isMax, ...kinds, states, offset, count, ...out, arena.alloc(STATE.entry));
  return { lists, keys, values };
}

/** The limit of each state; 0 for those without rows. */
function limitsOf({ memory, arena }: AggregateContext, { states, offset, count }: ResultCall): Vector {
  const data = arena.alloc(count * 8);
  for (let k = 0; k < count; k++) {
    const state = memory.u32[(states >>> 2) + k]! + offset;
    memory.u64[(data >>> 3) + k] = BigInt(memory.u32[(state >>> 2) + STATE.limit]!);
  }
  return Vector.flat(INT64, count, data, 0);
}
