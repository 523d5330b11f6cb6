import type { Vector } from '../../../batch/vector.ts';
import type { Pieces } from '../../../common/pieces.ts';
import type { BinnedCall, EvalContext } from '../../../functions/function.ts';
import { gather } from '../../../kernels/vectors.ts';
import type { OpenContext } from '../../../protocol/context.ts';
import { argumentOf, type FramedCall, includedRows, rowsAmong } from './window-fold.ts';
import type { PlacedRows } from './window-placing.ts';
import type { WindowUnit } from './window-unit.ts';
import { ValueCounter } from './window-value-counter.ts';
import type { WindowValues } from './window-values.ts';

/** Counts of the distinct values of each frame that lie in ranges: `histogram(DISTINCT x, bins)`. */
export class BinnedAggregate implements WindowValues {
  readonly #ctx: OpenContext;
  readonly #framed: FramedCall;
  readonly #run: (ctx: EvalContext, call: BinnedCall) => Vector;
  readonly #counter: ValueCounter;

  constructor(ctx: OpenContext, framed: FramedCall, run: (ctx: EvalContext, call: BinnedCall) => Vector) {
    this.#ctx = ctx;
    this.#framed = framed;
    this.#run = run;
    const key = { expr: argumentOf(framed, 0), descending: false, nullsFirst: false };
    this.#counter = new ValueCounter(ctx, [key], 'present');
  }

  prepare(unit: WindowUnit): Pieces {
    return this.#counter.prepare(unit, rowsAmong(unit, includedRows(this.#framed, unit)));
  }

  evaluate(placed: PlacedRows): Vector {
    const { unit, from, count } = placed;
    const { rows, count: known } = this.#counter.known;
    const { argTypes, aggregate } = this.#framed.call;
    return this.#run(this.#ctx, {
      count,
      values: gather(this.#ctx, unit.column(argumentOf(this.#framed, 0)), rows, known),
      below: bounds => this.#counter.countsBelow(placed, this.#framed.frame(), bounds),
      bins: unit.values(this.#ctx, argumentOf(this.#framed, 1), from, count),
      argTypes,
      type: aggregate.type,
    });
  }
}
