import type { WindowPlaces } from '../../../functions/function.ts';
import type { VectorContext } from '../../../kernels/vectors.ts';
import type { WindowUnit } from './window-unit.ts';

/** Consecutive rows of a unit with their places; in a batch arena. */
export type PlacedRows = {
  readonly unit: WindowUnit;
  readonly from: number;
  readonly count: number;
  readonly places: WindowPlaces;
  /** Numbers of the rows' groups of peers in the unit, from 1. */
  readonly groups: number;
};

const STATE_BYTES = 24;

/** Finds the places of a unit's rows, from the first to the last. */
export class WindowPlacing {
  readonly #unit: WindowUnit;
  readonly #state: number;

  constructor(unit: WindowUnit) {
    this.#unit = unit;
    this.#state = unit.ctx.arena.allocZeroed(STATE_BYTES);
  }

  /** The next `count` rows, `from` being the first that was not placed yet. */
  next({ arena, kernels }: VectorContext, from: number, count: number): PlacedRows {
    const array = (): number => arena.alloc(count * 4);
    const places: WindowPlaces = {
      row: array(),
      partitionStart: array(),
      partitionEnd: array(),
      peerStart: array(),
      peerEnd: array(),
      peers: array(),
    };
    const groups = array();
    const { row, partitionStart, partitionEnd, peerStart, peerEnd, peers } = places;
    const { marks, count: n } = this.#unit;
    kernels.window_places(
      marks,
      n,
      from,
      count,
      this.#state,
      row,
      partitionStart,
      partitionEnd,
      peerStart,
      peerEnd,
      peers,
      groups,
    );
    return { unit: this.#unit, from, count, places, groups };
  }
}
