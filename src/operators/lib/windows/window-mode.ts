import type { Vector } from '../../../batch/vector.ts';
import type { Pieces } from '../../../common/pieces.ts';
import type { WindowFrameRows } from '../../../functions/function.ts';
import { gather } from '../../../kernels/vectors.ts';
import type { OpenContext } from '../../../protocol/context.ts';
import { argumentOf, type FoldedCall, includedRows, rowsAmong } from './window-fold.ts';
import type { PlacedRows } from './window-placing.ts';
import type { WindowUnit } from './window-unit.ts';
import { ValueCounter } from './window-value-counter.ts';
import type { WindowValues } from './window-values.ts';

/** The most frequent value of each frame. */
export class ModeAggregate implements WindowValues {
  readonly #ctx: OpenContext;
  readonly #folded: FoldedCall;
  readonly #frame: () => WindowFrameRows;
  readonly #counter: ValueCounter;

  constructor(ctx: OpenContext, folded: FoldedCall, frame: () => WindowFrameRows) {
    this.#ctx = ctx;
    this.#folded = folded;
    this.#frame = frame;
    const key = { expr: argumentOf(folded, 0), descending: false, nullsFirst: false };
    this.#counter = new ValueCounter(ctx, [key], folded.call.isDistinct ? 'first' : 'most-frequent');
  }

  prepare(unit: WindowUnit): Pieces {
    return this.#counter.prepare(unit, rowsAmong(unit, includedRows(this.#folded, unit)));
  }

  mostRows(): number {
    return Number.POSITIVE_INFINITY;
  }

  evaluate(placed: PlacedRows): Vector {
    const column = placed.unit.column(argumentOf(this.#folded, 0));
    return gather(this.#ctx, column, this.#counter.modesOf(placed, this.#frame()), placed.count);
  }

  close(): void {}
}
