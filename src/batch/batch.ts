import type { Vector } from './vector.ts';

/**
 * Positions of a batch by default. What operators do once per batch weighs much below that; above, columns of a batch
 * leave the second-level cache.
 */
export const BATCH_ROWS = 8192;

/**
 * The rows that count, of a batch with `count` positions: positions `selection[0 … selected)` in increasing order
 * (u16 at address `selection`), or all `count` when `selection` is 0.
 */
export type Rows = { readonly count: number; readonly selection: number; readonly selected: number };

/**
 * Columns of equal length, and which of their positions are rows. Immutable once handed on; its memory belongs to
 * the batch arena of the partition and is gone when the driver pulls the next source batch: keepers copy.
 */
export type Batch = Rows & {
  readonly columns: readonly Vector[];
  /** Position of the split among the scan's splits: keeps source order where results must. */
  readonly split: number;
};

export const allRows = (count: number): Rows => ({ count, selection: 0, selected: count });

/** A batch of some rows of columns. Every batch is made with the same members in the same order: engines are quick with these. */
export const batchOf = ({ count, selection, selected }: Rows, columns: readonly Vector[], split: number): Batch => ({
  count,
  selection,
  selected,
  columns,
  split,
});
