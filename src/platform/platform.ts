import type { TemporaryFiles } from './temporary-files.ts';
import type { StartWorker } from './worker-host.ts';

/**
 * What the engine needs of its surroundings; the one place that differs between Node, Deno, Bun and browsers.
 * Paths are local paths or URLs.
 */
export type Platform = {
  readonly name: 'node' | 'browser';
  readonly startWorker: StartWorker;
  /** Whether a thread that runs a query on several may work on it as one of them: not the one that draws a page. */
  readonly callerTakesPart: boolean;
  /** Opens a file for reading by ranges. @throws RayexecError `io` that names the path */
  readonly open: (path: string) => Promise<ByteSource>;
  /** Paths that match a glob (`*`, `?`, `[…]`, `**`), sorted; a path without wildcards is itself, if it exists. */
  readonly glob: (pattern: string) => Promise<readonly string[]>;
  /** A new file, replaced when it exists; written to a temporary name and renamed when closed. */
  readonly create: (path: string) => Promise<ByteSink>;
  /** Paths of all files below a directory, sorted; none when there is no such directory. */
  readonly filesIn: (directory: string) => Promise<readonly string[]>;
  /** Makes a directory in one that is there, unless it is there already. @throws RayexecError `io` */
  readonly makeDirectory: (path: string) => Promise<void>;
  /** Removes a file, if it is there. @throws RayexecError `io` */
  readonly remove: (path: string) => Promise<void>;
  /**
   * Inflates whole buffers: gzip and brotli by the platform, where it has them.
   * @param limit bytes of output at most, where the caller knows
   * @throws RayexecError `format` when the data is damaged or its output larger than `limit`
   */
  readonly inflate: (
    codec: 'gzip' | 'zlib' | 'raw' | 'brotli',
    data: Uint8Array,
    limit?: number,
  ) => Uint8Array | Promise<Uint8Array>;
  /** Absent where there are none: queries must fit into memory then. */
  readonly temporary?: TemporaryFiles | undefined;
  /** The kernels, where they are a file beside the code: their text, which is there always, takes longer to load. */
  readonly kernels?: (() => Uint8Array<ArrayBuffer> | undefined) | undefined;
  /** Bytes of memory that this process may use, where that is known. */
  readonly memoryBytes: () => number | undefined;
};

/** A file's bytes. */
export type ByteSource = {
  readonly path: string;
  /** Bytes of the file. */
  readonly size: number;
  /** Differs whenever the content does; absent where that can't be told, as for a file that was changed just now. */
  readonly version?: string | undefined;
  /** When the file was changed last, in microseconds since 1970, where that is known. */
  readonly modified?: bigint | undefined;
  /** Reads return promises and cost a round trip each: readers ask for much at once, and ahead. */
  readonly isRemote?: boolean | undefined;
  /**
   * Reads `target.length` bytes from `offset` into `target` (a view of linear memory, or any buffer). Local files are
   * read at once and return nothing; others return a promise.
   * @throws RayexecError `io`, also when the file ends early
   */
  readonly read: (offset: number, target: Uint8Array) => void | Promise<void>;
  /**
   * Reads as `read` does, on another thread, while this one goes on: worth while for much at once, where this one has work to
   * do meanwhile. The target must stay what it is until the promise is settled, also after `close`. Absent where there is
   * nothing to be gained.
   */
  readonly readAside?: ((offset: number, target: Uint8Array) => Promise<void>) | undefined;
  readonly close: () => void;
};

export type ByteSink = {
  readonly write: (data: Uint8Array) => void | Promise<void>;
  /** Makes the file appear under its name. */
  readonly close: () => Promise<void>;
  /** Removes what was written. */
  readonly abort: () => Promise<void>;
};
