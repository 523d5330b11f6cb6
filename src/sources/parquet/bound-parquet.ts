import type { Json } from '../../common/json.ts';
import type { BoundSource, Split } from '../../plan/logical-plan.ts';
import type { Scalar } from '../../types/scalar.ts';
import type { ColumnLayout } from './column-layout.ts';
import type { IndexPlaces } from './file-metadata.ts';

/** What a scan of Parquet files needs to know, as plain data: no footer is read again. */
export type ParquetState = {
  readonly files: readonly ParquetFile[];
  /** By a file's `layout`, for each column of the source: where it is in the file; null when it is not. */
  readonly layouts: readonly (readonly (ColumnLayout | null)[])[];
  /** The column with the numbers of rows in their file. */
  readonly rowNumbers: number;
};

export type ParquetFile = {
  readonly path: string;
  readonly layout: number;
  /** Values that are the same for all rows of the file, by the source's column. */
  readonly constants: Readonly<Record<number, Scalar>>;
};

/** A row group, or the rows [from, from + rows) of one. */
export type RowGroupState = {
  readonly file: number;
  readonly group: number;
  /** Rows of the file before the row group. */
  readonly before: number;
  readonly from: number;
  readonly rows: number;
  /** By leaf: offset, length, codec, values, bytes without compression. */
  readonly chunks: readonly ChunkState[];
  /** Where the indexes of their pages are, by leaf; absent when no leaf has one. */
  readonly indexes?: readonly (IndexPlaces | null)[] | undefined;
};
type ChunkState = readonly [offset: number, length: number, codec: number, values: number, uncompressed: number];

// Both are JSON by construction, which the types of their optional parts can't show.
export const parquetState = (source: BoundSource): ParquetState => source.state as unknown as ParquetState;
export const rowGroupState = (split: Split): RowGroupState => split.state as unknown as RowGroupState;
export const toJson = (state: ParquetState | RowGroupState): Json => state as unknown as Json;
