import type { Rows } from '../../batch/batch.ts';
import type { Vector } from '../../batch/vector.ts';
import type { ChunkPages } from './chunk-pages.ts';
import type { ChunkPlace } from './read-environment.ts';

/** Reads one column of a row group, batch by batch. Vectors are valid until the next `read`, `start` or `finish`. */
export type ColumnReader = {
  /** One per leaf. */
  readonly pages: readonly ChunkPages[];
  /** Begins a row group; the inputs of `pages` were opened. */
  readonly start: (places: readonly ChunkPlace[]) => void;
  /**
   * The next rows, as many as were asked for. Where `chosen` says which of these are wanted, the others may hold
   * anything. @throws RayexecError `format`, `io`, `unsupported`, `memory` */
  readonly read: (rows: number, chosen?: Rows) => Vector;
  /** Passes over rows; costs nothing before the next `read`. */
  readonly skip: (rows: number) => void;
  /** Gives the row group's buffers back. */
  readonly finish: () => void;
};
