import { Vector } from '../../../batch/vector.ts';
import type { Pieces } from '../../../common/pieces.ts';
import type { OverFrames } from '../../../functions/function.ts';
import { gather } from '../../../kernels/vectors.ts';
import type { PhysicalSortKey } from '../../../plan/expr.ts';
import type { OpenContext } from '../../../protocol/context.ts';
import { presentLists } from './window-counted.ts';
import { argumentOf, type FramedCall, includedRows, orderOf, rowsAmong, rowsOfLists } from './window-fold.ts';
import { FrameOrder } from './window-order.ts';
import type { PlacedRows } from './window-placing.ts';
import type { WindowUnit } from './window-unit.ts';
import { ValueCounter } from './window-value-counter.ts';
import type { WindowValues } from './window-values.ts';

type Best = Extract<OverFrames, { readonly kind: 'best' }>;

/** Lists up to this length are short. */
const SHORT = 64;

/**
 * Lists of the best values of frames, of `max(DISTINCT x, n)`, `arg_max(x, y, n ORDER BY k)` and their like: each value once,
 * or of all rows, where ORDER BY says which equal ones come first.
 */
export class BestValues implements WindowValues {
  readonly #ctx: OpenContext;
  readonly #framed: FramedCall;
  readonly #takesNulls: boolean;
  readonly #most: number;
  readonly #order: ValueCounter | FrameOrder;

  /** @param most how many values are wanted */
  constructor(ctx: OpenContext, framed: FramedCall, best: Best, most: number) {
    this.#ctx = ctx;
    this.#framed = framed;
    this.#takesNulls = best.takesNulls;
    this.#most = most;
    // By the argument before the last, NULLs come after all.
    const [key, ...others] = framed.call.aggregate.args
      .slice(0, -1)
      .map(
        (_, i): PhysicalSortKey => ({ expr: argumentOf(framed, i), descending: best.isMax === 1, nullsFirst: false }),
      )
      .reverse();
    const order = [key!, ...orderOf(framed)];
    this.#order = framed.call.isDistinct
      ? new ValueCounter(ctx, [key!, ...others], 'best', order.map(reversed))
      : new FrameOrder(ctx, order);
  }

  prepare(unit: WindowUnit): Pieces {
    return this.#order.prepare(
      unit,
      rowsAmong(
        unit,
        includedRows(this.#framed, unit, () => !this.#takesNulls),
      ),
    );
  }

  mostRows(unit: WindowUnit): number {
    return this.#most <= SHORT ? Number.POSITIVE_INFINITY : rowsOfLists(unit);
  }

  evaluate(placed: PlacedRows): Vector {
    const { lists, rows, total } = this.#order.topOf(placed, this.#framed.frame(), this.#most);
    const values = gather(this.#ctx, placed.unit.column(argumentOf(this.#framed, 0)), rows, total);
    const { type } = this.#framed.call.aggregate;
    return Vector.flat(type, placed.count, lists, presentLists(this.#ctx, lists, placed.count), [values]);
  }
}

const reversed = (key: PhysicalSortKey): PhysicalSortKey => ({
  ...key,
  descending: !key.descending,
  nullsFirst: !key.nullsFirst,
});
