import type { Rows } from '../../batch/batch.ts';
import type { Vector } from '../../batch/vector.ts';
import type { ChunkValues, PageEnd } from './chunk-values.ts';

/** Collects the rows of one column of a row group, for one chunk or, when it is nested, for one of each leaf. */
export type ColumnEncoder = {
  readonly leaves: readonly LeafChunk[];
  /** Takes rows of a batch, as many as a page should have at most. @throws RayexecError `unsupported`, `overflow`, `memory` */
  add(vector: Vector, rows: Rows): void;
  /** Begins a row group. */
  clear(): void;
};

/** What `write-chunk.ts` makes pages of. */
export type LeafChunk = {
  readonly values: ChunkValues;
  readonly rows: number;
  /** Values and the places where one is missing. */
  readonly entries: number;
  /** Whether pages have levels. */
  readonly hasLevels: boolean;
  /** Bytes that the levels of a page take at most. */
  levelBytes(from: PageEnd, to: PageEnd): number;
  /** Writes the levels of a page, as they stand in front of its values; returns where they end. */
  writeLevels(from: PageEnd, to: PageEnd, out: number): number;
};
