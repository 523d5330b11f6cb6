import { allRows } from '../../../batch/batch.ts';
import type { Vector } from '../../../batch/vector.ts';
import type { WindowFrameRows, WindowOverload } from '../../../functions/function.ts';
import { builtinFunctions } from '../../../functions/registry.ts';
import { combineValidity, gather } from '../../../kernels/vectors.ts';
import type { PhysicalWindowCall } from '../../../plan/expr.ts';
import type { OpenContext } from '../../../protocol/context.ts';
import { windowAggregate } from './window-aggregate.ts';
import type { WindowFrames } from './window-frames.ts';
import { FrameOrder } from './window-order.ts';
import type { PlacedRows } from './window-placing.ts';
import type { WindowUnit } from './window-unit.ts';

/** Computes one function over windows, unit by unit. One clone's. */
export type WindowValues = {
  /** What has to be known before the first row of the unit; yields after each step of work. */
  readonly prepare: (unit: WindowUnit) => Iterable<undefined>;
  /** Rows to evaluate at a time at most: fewer where each takes long. Any number when absent. */
  readonly mostRows?: (unit: WindowUnit) => number;
  /** The values of rows, which come in order; in the batch arena. */
  readonly evaluate: (placed: PlacedRows) => Vector;
  readonly close?: () => void;
};

/** The code for a call. @param isOrdered the window has an ORDER BY */
export function windowValues(
  ctx: OpenContext,
  frames: WindowFrames,
  call: PhysicalWindowCall,
  isOrdered: boolean,
): WindowValues {
  if (builtinFunctions.window(call.fn) === undefined)
    return windowAggregate(ctx, frames.add(call.frame), call, isOrdered);
  const overload = builtinFunctions.windowOverload(call.fn, call.overload);
  if (call.orderBy !== undefined) return new OrderedFunction(ctx, overload, call, frames.add(call.frame));
  return new OwnFunction(ctx, overload, call, overload.usesFrame === true ? frames.add(call.frame) : undefined);
}

const NO_FRAME: WindowFrameRows = { start: 0, end: 0, exclude: 0 };

/** A function that is no aggregate. */
class OwnFunction implements WindowValues {
  readonly #ctx: OpenContext;
  readonly #overload: WindowOverload;
  readonly #call: PhysicalWindowCall;
  readonly #frame: (() => WindowFrameRows) | undefined;
  #nonNulls: { readonly rows: number; readonly before: number } | undefined;

  constructor(
    ctx: OpenContext,
    overload: WindowOverload,
    call: PhysicalWindowCall,
    frame: (() => WindowFrameRows) | undefined,
  ) {
    this.#ctx = ctx;
    this.#overload = overload;
    this.#call = call;
    this.#frame = frame;
  }

  prepare(unit: WindowUnit): Iterable<undefined> {
    this.#nonNulls = this.#call.ignoreNulls ? nonNullRows(unit, this.#call) : undefined;
    return [];
  }

  evaluate({ unit, from, count, places }: PlacedRows): Vector {
    const { args, type } = this.#call;
    return this.#overload.run(this.#ctx, {
      from,
      count,
      places,
      frame: this.#frame?.() ?? NO_FRAME,
      arg: index => unit.values(this.#ctx, args[index]!, from, count),
      gather: (rows, index = 0) => gather(this.#ctx, unit.column(args[index]!), rows, count),
      nonNulls: this.#nonNulls,
      type,
    });
  }
}

/** A function that sees its frame in an order of its own. */
class OrderedFunction implements WindowValues {
  readonly #ctx: OpenContext;
  readonly #overload: WindowOverload;
  readonly #call: PhysicalWindowCall;
  readonly #frame: () => WindowFrameRows;
  readonly #order: FrameOrder;

  constructor(ctx: OpenContext, overload: WindowOverload, call: PhysicalWindowCall, frame: () => WindowFrameRows) {
    this.#ctx = ctx;
    this.#overload = overload;
    this.#call = call;
    this.#frame = frame;
    this.#order = new FrameOrder(ctx, call.orderBy!);
  }

  prepare(unit: WindowUnit): Iterable<undefined> {
    return this.#order.prepare(unit, this.#call.ignoreNulls ? nonNullRows(unit, this.#call) : undefined);
  }

  evaluate(placed: PlacedRows): Vector {
    const { unit, from, count } = placed;
    const { args, type } = this.#call;
    const frame = this.#frame();
    const places = this.#order.placesOf(placed, frame);
    return this.#overload.run(this.#ctx, {
      from,
      count,
      places,
      frame: { start: places.partitionStart, end: places.partitionEnd, exclude: 0 },
      arg: index => unit.values(this.#ctx, args[index]!, from, count),
      gather: ranks => gather(this.#ctx, unit.column(args[0]!), this.#order.rowsOf(placed, frame, ranks), count),
      nonNulls: undefined,
      type,
    });
  }
}

/** See `WindowCall.nonNulls`; undefined when all rows are among them. */
function nonNullRows(
  unit: WindowUnit,
  call: PhysicalWindowCall,
): { readonly rows: number; readonly before: number } | undefined {
  const { arena, kernels } = unit.ctx;
  const n = unit.count;
  const args = builtinFunctions.window(call.fn)!.takesSortKey === true ? call.args : call.args.slice(0, 1);
  const validity = combineValidity(
    unit.ctx,
    args.map(a => unit.column(a)),
    allRows(n),
  );
  if (validity === 0) return undefined;
  const rows = arena.alloc(n * 4);
  const before = arena.alloc((n + 1) * 4);
  kernels.window_non_nulls(validity, n, rows, before);
  return { rows, before };
}
