import { allRows, type Rows } from '../../../batch/batch.ts';
import type { Vector } from '../../../batch/vector.ts';
import type { Pieces } from '../../../common/pieces.ts';
import type { AggregateContext, EvalContext, WindowFrameRows } from '../../../functions/function.ts';
import { combineValidity, constantVector, gather, validityOf } from '../../../kernels/vectors.ts';
import { Arena } from '../../../memory/arena.ts';
import type { Owner } from '../../../memory/linear-memory.ts';
import type {
  LiteralExpr,
  PhysicalAggregate,
  PhysicalExpr,
  PhysicalSortKey,
  PhysicalWindowCall,
} from '../../../plan/expr.ts';
import { typeOf } from '../../../plan/expr.ts';
import { BatchExprs } from '../batch-exprs.ts';
import { type AggregateCall, aggregateCalls } from '../groups/aggregate-calls.ts';
import { type Collector, collectedInputs, collectorOf, foldCollected } from '../groups/collected-input.ts';
import { radixList, radixLists } from '../rows/radix-lists.ts';
import type { RowsAmong } from './window-row-order.ts';
import type { WindowUnit } from './window-unit.ts';

/** Rows folded at a time: a multiple of 16, and selections are u16. */
export const FOLD_ROWS = 4096;
/** In units of more rows than this frames may have so many values that few are evaluated at a time. */
const LARGE_UNIT = 4096;
const FEW_ROWS = 128;

/** How many rows are evaluated at a time at most where each may have a long list. */
export const rowsOfLists = (unit: WindowUnit): number =>
  unit.count > LARGE_UNIT ? FEW_ROWS : Number.POSITIVE_INFINITY;

/** Rows before a state in what the collectors of DISTINCT and ORDER BY take for a group's row. */
const STATE_AT = 0;

/** An aggregate over frames. */
export type FramedCall = FoldedCall & {
  /** The frames of the rows to evaluate next. */
  readonly frame: () => WindowFrameRows;
};

/** An aggregate over windows: its code, and its arguments and sort keys as columns. */
export type FoldedCall = {
  readonly call: AggregateCall;
  /** Bytes of a state. */
  readonly size: number;
  /** What arguments and sort keys read, over the unit's rows: their inputs go by position here. */
  readonly columns: readonly PhysicalExpr[];
  readonly filter: PhysicalExpr | undefined;
};

/** Makes the columns the inputs of the aggregate: `sum(#3 order by #5)` becomes `sum(#0 order by #1)`. */
export function foldedCall({ args, orderBy, filter, ...rest }: PhysicalWindowCall): FoldedCall {
  const columns: PhysicalExpr[] = [];
  const input = (expr: PhysicalExpr): PhysicalExpr => {
    if (expr.kind === 'literal') return expr;
    const text = JSON.stringify(expr);
    const known = columns.findIndex(c => JSON.stringify(c) === text);
    const index = known >= 0 ? known : columns.push(expr) - 1;
    return { kind: 'input', index, type: typeOf(expr) };
  };
  const aggregate: PhysicalAggregate = {
    ...rest,
    args: args.map(input),
    ...(orderBy === undefined ? {} : { orderBy: orderBy.map(k => ({ ...k, expr: input(k.expr) })) }),
  };
  const { calls, end } = aggregateCalls([aggregate], STATE_AT);
  return { call: calls[0]!, size: end, columns, filter };
}

/** The same without DISTINCT and ORDER BY: rows are folded as they come. */
export function allAtOnce<T extends FoldedCall>(folded: T): T {
  return { ...folded, call: { ...folded.call, isCollected: false, isDistinct: false } };
}

export type FoldContext = AggregateContext & { readonly owner: Owner };

/** Folds take what they need in between from `arena`, and their states' parts of varying size from `heap`: both are new. */
export function foldContext({ kernels, memory, owner }: Omit<FoldContext, 'arena' | 'heap'>): FoldContext {
  return { kernels, memory, owner, arena: new Arena(memory, owner), heap: new Arena(memory, owner) };
}

export function releaseFold({ arena, heap }: FoldContext): void {
  arena.release();
  heap.release();
}

/** Addresses (u32) of `count` states of `size` bytes that lie side by side, from the number `from` on; in `ctx.arena`. */
export function stateAddresses(ctx: EvalContext, base: number, size: number, from: number, count: number): number {
  const states = ctx.arena.alloc(count * 4);
  ctx.kernels.window_states(base, size, 0, from, count, states);
  return states;
}

/** Initial states, side by side, and their addresses; in `ctx.arena`. */
export function freshStates(
  ctx: EvalContext,
  { size }: FoldedCall,
  count: number,
): { readonly base: number; readonly states: number } {
  const base = ctx.arena.alloc(count * size);
  ctx.kernels.row_clear(base, count * size);
  return { base, states: stateAddresses(ctx, base, size, 0, count) };
}

/** The values of states. @param heap what the states' parts of varying size are in */
export function resultsOf(ctx: EvalContext, { call }: FoldedCall, heap: Arena, states: number, count: number): Vector {
  const { offset, argTypes, aggregate, overload } = call;
  return overload.result({ ...ctx, heap }, { states, count, offset, argTypes, type: aggregate.type });
}

/**
 * Folds rows of a unit into states: at once, or, for DISTINCT and ORDER BY, when all are known.
 * `ctx.arena` takes what is needed in between and is reset.
 */
export class WindowFold {
  readonly #ctx: FoldContext;
  readonly #folded: FoldedCall;
  readonly #columns: readonly Vector[];
  readonly #included: number;
  readonly #exprs: BatchExprs | undefined;
  readonly #collector: Collector | undefined;

  /** @param included bytes by row, 0 keeps a row out; the address 0 includes all */
  constructor(ctx: FoldContext, folded: FoldedCall, unit: WindowUnit, included: number) {
    this.#ctx = ctx;
    this.#folded = folded;
    this.#columns = folded.columns.map(e => unit.column(e));
    this.#included = included;
    const [input] = collectedInputs([folded.call]);
    if (input === undefined) return;
    this.#exprs = new BatchExprs(ctx);
    this.#collector = collectorOf(ctx, this.#exprs, input);
  }

  /** Folds the included rows of from…from+count, at most FOLD_ROWS. @param states u32 addresses by position */
  range(from: number, count: number, states: number): void {
    const { arena, kernels } = this.#ctx;
    let rows: Rows = allRows(count);
    if (this.#included !== 0) {
      const selection = arena.alloc((count + 1) * 2);
      const selected = kernels.window_select(this.#included, from, count, selection);
      if (selected === 0) return;
      if (selected < count) rows = { count, selection, selected };
    }
    this.#fold(
      this.#columns.map(c => c.slice(from, count)),
      rows,
      states,
    );
  }

  /** Folds rows by number. @param states u32 addresses, one for each */
  picked(rows: number, count: number, states: number): void {
    if (count === 0) return;
    this.#fold(
      this.#columns.map(c => gather(this.#ctx, c, rows, count)),
      allRows(count),
      states,
    );
  }

  /** All rows are there: the states are complete. */
  *finish(heap: Arena): Pieces {
    const collector = this.#collector;
    if (collector === undefined) return;
    collector.seal();
    const { memory } = this.#ctx;
    const lists = yield* radixLists(this.#ctx, heap, collector.rows, 0, 0);
    const [input] = collectedInputs([this.#folded.call]);
    yield* foldCollected(this.#ctx, input!, [radixList(memory, lists.bounds, 0)], 0, heap, FOLD_ROWS);
    collector.rows.release();
    this.#exprs?.close();
  }

  #fold(columns: readonly Vector[], rows: Rows, states: number): void {
    const { call } = this.#folded;
    if (this.#collector !== undefined) {
      this.#exprs!.start(columns);
      this.#collector.add(rows, states, -1);
      return;
    }
    const args = call.aggregate.args.map(expr =>
      expr.kind === 'input' ? columns[expr.index]! : constantVector(this.#ctx, (expr as LiteralExpr).value, rows.count),
    );
    const { offset, aggregate } = call;
    call.overload.update(this.#ctx, { args, rows, states, statesMask: -1, offset, type: aggregate.type });
  }
}

/** An argument as an expression over the unit's rows. */
export function argumentOf({ call, columns }: FoldedCall, index: number): PhysicalExpr {
  const arg = call.aggregate.args[index]!;
  return arg.kind === 'input' ? columns[arg.index]! : arg;
}

/** The aggregate's ORDER BY over the unit's rows. */
export function orderOf({ call, columns }: FoldedCall): readonly PhysicalSortKey[] {
  const over = ({ expr, ...key }: PhysicalSortKey): PhysicalSortKey => ({
    ...key,
    expr: expr.kind === 'input' ? columns[expr.index]! : expr,
  });
  return (call.aggregate.orderBy ?? []).map(over);
}

/** The arguments' values of all rows of a unit. */
export function argColumns(folded: FoldedCall, unit: WindowUnit): Vector[] {
  return folded.call.aggregate.args.map((_, i) => unit.column(argumentOf(folded, i)));
}

/** Which rows of a unit an aggregate takes at all, as bytes; 0 for all of them. @param present arguments that must not be NULL */
export function includedRows(
  folded: FoldedCall,
  unit: WindowUnit,
  present: (argument: number) => boolean = () => folded.call.overload.skipsNulls,
): number {
  const { arena, kernels, memory } = unit.ctx;
  const { filter } = folded;
  const n = unit.count;
  const condition = filter === undefined ? undefined : unit.column(filter);
  const args = argColumns(folded, unit).filter((_, i) => present(i));
  const validity = combineValidity(unit.ctx, args, allRows(n));
  if (condition === undefined && validity === 0) return 0;
  const included = arena.alloc(n);
  memory.u8.fill(1, included, included + n);
  if (validity !== 0) kernels.window_include(included, n, 0, -1, validity);
  if (condition !== undefined) {
    const mask = condition.form === 'constant' ? 0 : -1;
    kernels.window_include(included, n, condition.data, mask, validityOf(unit.ctx, condition, allRows(n)));
  }
  return included;
}

/** The same rows as numbers; undefined for all of them. */
export function rowsAmong(unit: WindowUnit, included: number): RowsAmong | undefined {
  if (included === 0) return undefined;
  const { arena, kernels } = unit.ctx;
  const rows = arena.alloc(unit.count * 4);
  const before = arena.alloc((unit.count + 1) * 4);
  kernels.window_among(included, unit.count, rows, before);
  return { rows, before };
}
