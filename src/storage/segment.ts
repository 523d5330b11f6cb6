import type { VectorRef } from '../batch/vector-ref.ts';
import type { LinearMemory, Owner } from '../memory/linear-memory.ts';
import type { ColumnRange } from '../plan/logical-plan.ts';
import type { DataType } from '../types/data-type.ts';
import { columnRange, type StorageContext } from './column-range.ts';

/** Rows of a table, columnwise in linear memory; immutable. As JSON-safe data it is the state of a scan's split. */
export type Segment = {
  /** Positions, those of deleted rows too. */
  readonly rows: number;
  readonly columns: readonly VectorRef[];
  readonly ranges?: Readonly<Record<number, ColumnRange>> | undefined;
  /** Present when rows were deleted: the address of a bitmap, 1 = still there, and how many are. */
  readonly live?: { readonly bitmap: number; readonly count: number } | undefined;
};

export const liveRows = (segment: Segment): number => segment.live?.count ?? segment.rows;

/** Ranges of the rows still there: how many of those are NULL is not known where rows, and perhaps NULLs, were deleted. */
export function liveRanges({ live, ranges }: Segment): Segment['ranges'] {
  if (live === undefined || ranges === undefined) return ranges;
  return Object.fromEntries(
    Object.entries(ranges).map(([c, { nullCount, ...bounds }]) => [
      c,
      nullCount === 0 ? { ...bounds, nullCount } : bounds,
    ]),
  );
}

/** Whether the row at a position was not deleted. */
export const isLiveAt = (memory: LinearMemory, { live }: Segment, position: number): boolean =>
  live === undefined || ((memory.u8[live.bitmap + (position >> 3)]! >> (position & 7)) & 1) === 1;

/** A segment of these columns, with the ranges of their values. */
export function segmentOf(
  ctx: StorageContext,
  types: readonly DataType[],
  columns: readonly VectorRef[],
  rows: number,
): Segment {
  const ranges: Record<number, ColumnRange> = {};
  types.forEach((type, c) => {
    const range = columnRange(ctx, type, columns[c]!, rows);
    if (range !== undefined) ranges[c] = range;
  });
  return { rows, columns, ranges };
}

/** Segments that came together (one INSERT, one `from()`) and whose bytes have one owner; freed with the last user. */
export class SegmentGroup {
  readonly segments: readonly Segment[];
  readonly #memory: LinearMemory;
  readonly #owner: Owner;
  #users = 1;

  /** Takes over the owner's memory; the maker is the first user. */
  constructor(memory: LinearMemory, owner: Owner, segments: readonly Segment[]) {
    this.#memory = memory;
    this.#owner = owner;
    this.segments = segments;
  }

  retain(): void {
    this.#users++;
  }

  release(): void {
    if (--this.#users === 0) this.#memory.freeOwner(this.#owner);
  }
}
