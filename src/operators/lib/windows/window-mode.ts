import type { Vector } from '../../../batch/vector.ts';
import type { Pieces } from '../../../common/pieces.ts';
import { gather } from '../../../kernels/vectors.ts';
import type { OpenContext } from '../../../protocol/context.ts';
import { argumentOf, type FramedCall, includedRows, rowsAmong } from './window-fold.ts';
import type { PlacedRows } from './window-placing.ts';
import type { WindowUnit } from './window-unit.ts';
import { ValueCounter } from './window-value-counter.ts';
import type { WindowValues } from './window-values.ts';

/** The most frequent value of each frame. */
export class ModeAggregate implements WindowValues {
  readonly #ctx: OpenContext;
  readonly #framed: FramedCall;
  readonly #counter: ValueCounter;

  constructor(ctx: OpenContext, framed: FramedCall) {
    this.#ctx = ctx;
    this.#framed = framed;
    const key = { expr: argumentOf(framed, 0), descending: false, nullsFirst: false };
    this.#counter = new ValueCounter(ctx, [key], framed.call.isDistinct ? 'first' : 'most-frequent');
  }

  prepare(unit: WindowUnit): Pieces {
    return this.#counter.prepare(unit, rowsAmong(unit, includedRows(this.#framed, unit)));
  }

  evaluate(placed: PlacedRows): Vector {
    const column = placed.unit.column(argumentOf(this.#framed, 0));
    return gather(this.#ctx, column, this.#counter.modesOf(placed, this.#framed.frame()), placed.count);
  }
}
