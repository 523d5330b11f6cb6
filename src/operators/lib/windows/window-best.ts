import { Vector } from '../../../batch/vector.ts';
import type { Pieces } from '../../../common/pieces.ts';
import type { OverFrames, WindowFrameRows } from '../../../functions/function.ts';
import { gather } from '../../../kernels/vectors.ts';
import type { PhysicalSortKey } from '../../../plan/expr.ts';
import type { OpenContext } from '../../../protocol/context.ts';
import { presentLists } from './window-counted.ts';
import { argumentOf, type FoldedCall, includedRows, rowsAmong } from './window-fold.ts';
import type { PlacedRows } from './window-placing.ts';
import type { WindowUnit } from './window-unit.ts';
import { ValueCounter } from './window-value-counter.ts';
import type { WindowValues } from './window-values.ts';

type Best = Extract<OverFrames, { readonly kind: 'best' }>;

/** In units with more rows than this, lists may be so long that few are evaluated at a time. */
const LARGE = 4096;
const FEW_ROWS = 128;
/** Lists up to this length are short. */
const SHORT = 64;

/** Lists of the best distinct values of frames: of `max(DISTINCT x, n)`, `arg_max(DISTINCT x, y, n)` and their like. */
export class BestValues implements WindowValues {
  readonly #ctx: OpenContext;
  readonly #folded: FoldedCall;
  readonly #frame: () => WindowFrameRows;
  readonly #takesNulls: boolean;
  readonly #most: number;
  readonly #counter: ValueCounter;

  /** @param most how many values are wanted */
  constructor(ctx: OpenContext, folded: FoldedCall, frame: () => WindowFrameRows, best: Best, most: number) {
    this.#ctx = ctx;
    this.#folded = folded;
    this.#frame = frame;
    this.#takesNulls = best.takesNulls;
    this.#most = most;
    // The key is the argument before the last: it puts the best values last, and NULLs before all.
    const keyed = folded.call.aggregate.args.slice(0, -1).map((_, i) => argumentOf(folded, i));
    const keys = keyed
      .reverse()
      .map((expr): PhysicalSortKey => ({ expr, descending: best.isMax === 0, nullsFirst: true }));
    this.#counter = new ValueCounter(ctx, keys, 'best');
  }

  prepare(unit: WindowUnit): Pieces {
    return this.#counter.prepare(unit, rowsAmong(unit, includedRows(this.#folded, unit, !this.#takesNulls)));
  }

  mostRows(unit: WindowUnit): number {
    return this.#most <= SHORT || unit.count <= LARGE ? Number.POSITIVE_INFINITY : FEW_ROWS;
  }

  evaluate(placed: PlacedRows): Vector {
    const { lists, rows, total } = this.#counter.topOf(placed, this.#frame(), this.#most);
    const values = gather(this.#ctx, placed.unit.column(argumentOf(this.#folded, 0)), rows, total);
    const { type } = this.#folded.call.aggregate;
    return Vector.flat(type, placed.count, lists, presentLists(this.#ctx, lists, placed.count), [values]);
  }

  close(): void {}
}
