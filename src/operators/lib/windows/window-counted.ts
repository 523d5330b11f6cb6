import { Vector } from '../../../batch/vector.ts';
import type { Pieces } from '../../../common/pieces.ts';
import type { OverFrames, WindowFrameRows } from '../../../functions/function.ts';
import { bitmapBytes, gather } from '../../../kernels/vectors.ts';
import type { OpenContext } from '../../../protocol/context.ts';
import { FLOAT64, UINT64 } from '../../../types/data-type.ts';
import { childTypes } from '../../../types/physical.ts';
import { argumentOf, type FramedCall, includedRows, rowsAmong, rowsOfLists } from './window-fold.ts';
import type { PlacedRows } from './window-placing.ts';
import type { WindowUnit } from './window-unit.ts';
import { ValueCounter } from './window-value-counter.ts';
import type { WindowValues } from './window-values.ts';

type Counted = Extract<OverFrames, { readonly kind: 'counted' }>['what'];

const COUNTERS = { entropy: 'entropy', counts: 'present', top: 'most-frequent' } as const;

/** Of distinct values each counts once. */
const DISTINCT_COUNTERS = { entropy: 'present', counts: 'present', top: 'first' } as const;

/** What the counts of a frame's values give: their entropy, all of them, or the most frequent values. */
export class CountedAggregate implements WindowValues {
  readonly #ctx: OpenContext;
  readonly #framed: FramedCall;
  readonly #what: Counted;
  readonly #most: number;
  readonly #isDistinct: boolean;
  readonly #counter: ValueCounter;

  /** @param most how many of the most frequent values are wanted */
  constructor(ctx: OpenContext, framed: FramedCall, what: Counted, most: number) {
    this.#ctx = ctx;
    this.#framed = framed;
    this.#what = what;
    this.#most = most;
    const key = { expr: argumentOf(framed, 0), descending: false, nullsFirst: false };
    this.#isDistinct = framed.call.isDistinct;
    this.#counter = new ValueCounter(ctx, [key], (this.#isDistinct ? DISTINCT_COUNTERS : COUNTERS)[what]);
  }

  prepare(unit: WindowUnit): Pieces {
    return this.#counter.prepare(unit, rowsAmong(unit, includedRows(this.#framed, unit)));
  }

  mostRows(unit: WindowUnit): number {
    return this.#what === 'entropy' ? Number.POSITIVE_INFINITY : rowsOfLists(unit);
  }

  evaluate(placed: PlacedRows): Vector {
    const frame = this.#framed.frame();
    const { type } = this.#framed.call.aggregate;
    switch (this.#what) {
      case 'entropy':
        return Vector.flat(FLOAT64, placed.count, this.#entropies(placed, frame), 0);
      case 'counts': {
        const { lists, rows, counts, total } = this.#counter.valuesOf(placed, frame);
        if (this.#isDistinct) this.#ctx.memory.u64.fill(1n, counts >>> 3, (counts >>> 3) + total);
        const entries = [this.#values(placed, rows, total), Vector.flat(UINT64, total, counts, 0)];
        const child = Vector.flat(childTypes(type)[0]!, total, 0, 0, entries);
        return Vector.flat(type, placed.count, lists, presentLists(this.#ctx, lists, placed.count), [child]);
      }
      case 'top': {
        const { lists, rows, total } = this.#counter.topOf(placed, frame, this.#most);
        return Vector.flat(type, placed.count, lists, presentLists(this.#ctx, lists, placed.count), [
          this.#values(placed, rows, total),
        ]);
      }
    }
  }

  #entropies(placed: PlacedRows, frame: WindowFrameRows): number {
    if (!this.#isDistinct) return this.#counter.entropiesOf(placed, frame);
    const sizes = this.#counter.countsOf(placed, frame) >>> 2;
    const { arena, memory } = this.#ctx;
    const out = arena.alloc(placed.count * 8);
    for (let k = 0; k < placed.count; k++) memory.f64[(out >>> 3) + k] = Math.log2(Math.max(1, memory.u32[sizes + k]!));
    return out;
  }

  #values({ unit }: PlacedRows, rows: number, total: number): Vector {
    return gather(this.#ctx, unit.column(argumentOf(this.#framed, 0)), rows, total);
  }
}

/** Validity of lists {offset u32, length u32}: frames without values have none. */
export function presentLists({ arena, memory }: OpenContext, lists: number, count: number): number {
  const validity = arena.allocZeroed(bitmapBytes(count));
  for (let k = 0; k < count; k++)
    if (memory.u32[(lists >>> 2) + 2 * k + 1]! > 0) memory.u8[validity + (k >> 3)]! |= 1 << (k & 7);
  return validity;
}
