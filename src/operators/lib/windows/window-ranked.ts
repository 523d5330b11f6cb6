import type { Vector } from '../../../batch/vector.ts';
import type { Pieces } from '../../../common/pieces.ts';
import type { EvalContext, RankedCall } from '../../../functions/function.ts';
import { gather } from '../../../kernels/vectors.ts';
import type { OpenContext } from '../../../protocol/context.ts';
import { argumentOf, type FramedCall, includedRows, rowsAmong } from './window-fold.ts';
import { FrameOrder } from './window-order.ts';
import type { PlacedRows } from './window-placing.ts';
import type { WindowUnit } from './window-unit.ts';
import { ValueCounter } from './window-value-counter.ts';
import type { WindowValues } from './window-values.ts';

/** An aggregate that follows from what stands where in the order of its frame (quantiles). */
export class RankedAggregate implements WindowValues {
  readonly #ctx: OpenContext;
  readonly #framed: FramedCall;
  readonly #run: (ctx: EvalContext, call: RankedCall) => Vector;
  /** Counts and finds rows in the order of the first argument. */
  readonly #order: FrameOrder | ValueCounter;

  constructor(ctx: OpenContext, framed: FramedCall, run: (ctx: EvalContext, call: RankedCall) => Vector) {
    this.#ctx = ctx;
    this.#framed = framed;
    this.#run = run;
    const key = { expr: argumentOf(framed, 0), descending: false, nullsFirst: false };
    this.#order = framed.call.isDistinct ? new ValueCounter(ctx, [key], 'present') : new FrameOrder(ctx, [key]);
  }

  prepare(unit: WindowUnit): Pieces {
    return this.#order.prepare(unit, rowsAmong(unit, includedRows(this.#framed, unit)));
  }

  evaluate(placed: PlacedRows): Vector {
    const { unit, from, count } = placed;
    const frame = this.#framed.frame();
    const column = unit.column(argumentOf(this.#framed, 0));
    const { argTypes, aggregate } = this.#framed.call;
    return this.#run(this.#ctx, {
      count,
      sizes: this.#order.countsOf(placed, frame),
      values: ranks => gather(this.#ctx, column, this.#order.rowsOf(placed, frame, ranks), count),
      arg: index => unit.values(this.#ctx, argumentOf(this.#framed, index), from, count),
      argTypes,
      type: aggregate.type,
    });
  }
}
