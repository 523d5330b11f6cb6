import { RayexecError } from '../../common/errors.ts';
import type { Kernels } from '../../kernels/kernels.ts';
import type { LinearMemory } from '../../memory/linear-memory.ts';
import type { Platform } from '../../platform/platform.ts';
import type { PageBuffers } from './page-buffers.ts';
import type { PagePlaces } from './page-index.ts';

/** What the readers of one scan's columns share. */
export type ReadEnvironment = {
  readonly memory: LinearMemory;
  readonly kernels: Kernels;
  readonly platform: Platform;
  readonly buffers: PageBuffers;
  /** Rows of a batch at most. */
  readonly batchRows: number;
};

/** Where a column's pages of one row group are, and for people: in what. */
export type ChunkPlace = {
  readonly offset: number;
  readonly length: number;
  readonly codec: number;
  readonly values: number;
  /** Bytes of all pages together, without compression. */
  readonly uncompressed: number;
  /** The file's number in the page cache; 0: its pages are not cached. */
  readonly file: number;
  /** Where the data pages are, if the file tells, and that is known or worth a look to pass over so many rows. */
  readonly locate: (rows: number) => PagePlaces | undefined;
  readonly where: string;
};

/** The error for a page that can't be what its file says. */
export const damaged = (where: string, what: string): RayexecError =>
  new RayexecError('format', `damaged Parquet data: ${what}`, { where });
