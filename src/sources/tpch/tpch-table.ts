import type { Schema } from '../../types/data-type.ts';

/** The most rows that a batch has. */
export const TPCH_BATCH_ROWS = 2048;

/** The values of one column in a batch; the buffers may be longer than the batch, what lies behind it is undefined. */
export type TpchColumn =
  /** INTEGER, or DATE as days since 1970-01-01. */
  | { readonly kind: 'int32'; readonly values: Int32Array }
  /** BIGINT, or DECIMAL as a multiple of its unit: two words a row, the low one first. */
  | { readonly kind: 'int64'; readonly words: Int32Array }
  /** VARCHAR: the i-th value is `bytes[offsets[i] … offsets[i + 1]]`, ASCII. `offsets[0]` is 0. */
  | { readonly kind: 'utf8'; readonly offsets: Uint32Array; readonly bytes: Uint8Array };

/** Up to `TPCH_BATCH_ROWS` rows. The columns belong to the reader, which overwrites them with its next batch. */
export type TpchBatch = { readonly rows: number; readonly columns: readonly TpchColumn[] };

/** Generates a range of units one batch at a time. */
export type TpchReader = {
  /** The next rows, or `undefined` at the end; never an empty batch. */
  next(): TpchBatch | undefined;
};

/**
 * One of the eight tables. `scale` is TPC-H's scale factor: 1 makes about 1 GB of text. It must be 0 (no rows but those
 * of `region` and `nation`) or lie between 0.0001 and 10000, else all functions throw RayexecError 'invalid-argument'.
 *
 * A table is made of units: what can be generated without what stands before it. Any division of `0 … units(scale)`
 * into ranges gives, one range after the other, the same rows.
 */
export type TpchTable = {
  readonly name: string;
  readonly schema: Schema;
  /** Whether `rowCount` is exact (all tables but `lineitem`). */
  readonly exactRowCount: boolean;
  /** How many rows the table has; for `lineitem`, about (within 1 % from scale 0.01 on). */
  rowCount(scale: number): number;
  /** How many units the table has: orders for `lineitem`, parts for `partsupp`, rows for the others. */
  units(scale: number): number;
  /**
   * Reads the units `fromUnit … toUnit − 1`, `columns` being indexes into `schema`; a batch has its columns in the order
   * of `columns`. What is not asked for is not generated. Opening costs about 1 MB of buffers: open large ranges.
   * @throws RayexecError 'invalid-argument' if the units or columns don't exist.
   */
  open(scale: number, fromUnit: number, toUnit: number, columns: readonly number[]): TpchReader;
  /** Reads as `open` does, handing all batches to `sink`. */
  generate(
    scale: number,
    fromUnit: number,
    toUnit: number,
    columns: readonly number[],
    sink: (batch: TpchBatch) => void,
  ): void;
};
