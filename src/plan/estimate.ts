import type { ColumnId } from './expr.ts';

/** What is expected of a column's values. */
export type ColumnEstimate = {
  /**
   * Different values that the column may have, before filters on other columns took rows away: what the selectivity
   * of an equality is computed from. At least 1.
   */
  readonly distinct: number;
  /** `distinct` is only an upper bound (a range's width, a count of rows), nobody counted. */
  readonly bound: boolean;
  /** Rows of the table that the column comes from, before filters. */
  readonly tableRows: number;
  /** On the line of `positionOfScalar`. */
  readonly min?: number | undefined;
  readonly max?: number | undefined;
  /** Part of the rows where it is NULL. */
  readonly nulls: number;
};

/** What is expected of a plan's result; columns without an entry are unknown. */
export type Estimate = { readonly rows: number; readonly columns: ReadonlyMap<ColumnId, ColumnEstimate> };

/** Different values among `rows` rows of a column with `distinct` values, drawn at random. */
export function distinctAmong(distinct: number, rows: number): number {
  if (rows <= 0) return 0;
  if (rows >= distinct * 8) return distinct;
  return Math.max(1, Math.min(rows, distinct * -Math.expm1(-rows / distinct)));
}

/** Combines selectivities of conditions that are rarely independent: each further one counts half as much as the one before. */
export function backOff(selectivities: readonly number[]): number {
  let exponent = 1;
  let product = 1;
  for (const s of [...selectivities].sort((a, b) => a - b)) {
    product *= s ** exponent;
    exponent /= 2;
  }
  return product;
}
