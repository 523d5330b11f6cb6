import type { Vector } from '../../../batch/vector.ts';
import type { Pieces } from '../../../common/pieces.ts';
import type { OverFrames } from '../../../functions/function.ts';
import { gather, NO_ROW } from '../../../kernels/vectors.ts';
import type { PhysicalSortKey } from '../../../plan/expr.ts';
import type { OpenContext } from '../../../protocol/context.ts';
import { argumentOf, type FramedCall, includedRows, orderOf, rowsAmong } from './window-fold.ts';
import { FrameOrder } from './window-order.ts';
import type { PlacedRows } from './window-placing.ts';
import type { WindowUnit } from './window-unit.ts';
import type { WindowValues } from './window-values.ts';

type Picked = Extract<OverFrames, { readonly kind: 'picked' }>;

/** The value of one row of each frame by an order of its own: `any_value(x ORDER BY k)`, `arg_max(x, y ORDER BY k)`. */
export class PickedRow implements WindowValues {
  readonly #ctx: OpenContext;
  readonly #framed: FramedCall;
  readonly #picked: Picked;
  readonly #order: FrameOrder;

  constructor(ctx: OpenContext, framed: FramedCall, picked: Picked) {
    this.#ctx = ctx;
    this.#framed = framed;
    this.#picked = picked;
    const keys = orderOf(framed);
    const { isMax } = picked;
    const best = (): PhysicalSortKey => ({ expr: argumentOf(framed, 1), descending: isMax === 1, nullsFirst: false });
    this.#order = new FrameOrder(ctx, isMax === undefined ? keys : [best(), ...keys]);
  }

  prepare(unit: WindowUnit): Pieces {
    const { present } = this.#picked;
    return this.#order.prepare(
      unit,
      rowsAmong(
        unit,
        includedRows(this.#framed, unit, i => present.includes(i)),
      ),
    );
  }

  evaluate(placed: PlacedRows): Vector {
    const { arena, memory } = this.#ctx;
    const { unit, count } = placed;
    const frame = this.#framed.frame();
    const sizes = this.#order.countsOf(placed, frame) >>> 2;
    const ranks = arena.alloc(count * 4);
    for (let k = 0; k < count; k++) {
      const size = memory.u32[sizes + k]!;
      memory.u32[(ranks >>> 2) + k] = size === 0 ? NO_ROW : this.#picked.rank === 'last' ? size - 1 : 0;
    }
    const rows = this.#order.rowsOf(placed, frame, ranks);
    return gather(this.#ctx, unit.column(argumentOf(this.#framed, 0)), rows, count);
  }
}
