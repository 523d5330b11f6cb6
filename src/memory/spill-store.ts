import { RayexecError } from '../common/errors.ts';
import type { Platform } from '../platform/platform.ts';
import type { TemporaryFiles } from '../platform/temporary-files.ts';
import { BLOCK_BYTES, LAYOUT } from './layout.ts';
import type { LinearMemory } from './linear-memory.ts';

/** Where a query puts what memory has no room for. Plain data. */
export type SpillPlace = {
  /** The query's folder; made when first needed. */
  readonly folder: string;
  /** Address of the query's bytes in files, a u64, followed by a u32 that is 1 once it has had any. */
  readonly counter: number;
  /** Bytes that all queries of the database may have in temporary files. */
  readonly maxBytes?: number | undefined;
  /** Spill at every opportunity: for tests. */
  readonly forced?: boolean | undefined;
};

/** Who takes so much that memory is nearly full gives it back: first those above their share, then everybody. */
const HIGH = 0.7;
const CRITICAL = 0.8;
/** Giving back less than this is not worth it. */
const LEAST = 1 << 20;
const SMALLEST_BUFFER = BLOCK_BYTES;
const LARGEST_BUFFER = 4 * BLOCK_BYTES;

/**
 * What one operator's clone sees of memory pressure, and its way to temporary files. Memory is given back by those
 * who own it, between two batches: each asks `isPressing` before it takes more.
 */
export class SpillStore {
  readonly #memory: LinearMemory;
  readonly #files: TemporaryFiles | undefined;
  readonly #place: SpillPlace | undefined;
  readonly #platform: string;
  /** Bytes written through this store. */
  written = 0;

  constructor(memory: LinearMemory, platform: Pick<Platform, 'name' | 'temporary'>, place: SpillPlace | undefined) {
    const { name, temporary } = platform;
    this.#platform = name;
    this.#memory = memory;
    this.#files = temporary;
    this.#place = temporary === undefined ? undefined : place;
  }

  /** Whether there are temporary files at all. */
  get isPossible(): boolean {
    return this.#place !== undefined;
  }

  /** What to do when memory is not enough. */
  get advice(): string {
    if (this.isPossible) return 'raise memory_limit';
    return `raise memory_limit: rows cannot move to temporary files on this platform (${this.#platform})`;
  }

  get isForced(): boolean {
    return this.#place?.forced === true;
  }

  /**
   * Whether who holds `own` bytes, and needs `more` beside them, should give its memory back now. All that run at the
   * same time have equal shares of the limit; only who has more than half of its own is asked before memory is nearly
   * full.
   */
  isPressing(own: number, more = 0): boolean {
    if (this.#place === undefined || own === 0) return false;
    if (this.#place.forced === true) return true;
    const { limit, bytesInUse, childOwners } = this.#memory;
    const needed = bytesInUse + more;
    if (needed < HIGH * limit) return false;
    const share = limit / (2 * Math.max(1, childOwners));
    return own + more >= (needed < CRITICAL * limit ? share : Math.min(LEAST, share));
  }

  /** Bytes that can be had before anybody is pressed. */
  get available(): number {
    const { limit, bytesInUse } = this.#memory;
    return Math.max(0, HIGH * limit - bytesInUse);
  }

  /** Bytes of a buffer of rows on their way to a file. */
  get bufferBytes(): number {
    const wanted = Math.floor(this.#memory.limit / 1024 / BLOCK_BYTES) * BLOCK_BYTES;
    return Math.min(LARGEST_BUFFER, Math.max(SMALLEST_BUFFER, wanted));
  }

  /** The number of a new file of the query; it is made when first written. */
  newFile(): number {
    return Atomics.add(this.#memory.u32, LAYOUT.nextSpillFile >> 2, 1);
  }

  /** @throws RayexecError `io` when the disk is full or the folder can't be written, `memory` beyond the limit */
  append(file: number, parts: readonly Uint8Array[]): void {
    const bytes = parts.reduce((sum, p) => sum + p.length, 0);
    const place = this.#place!;
    const before = this.#count(place, BigInt(bytes));
    this.written += bytes;
    if (place.maxBytes !== undefined && Number(before) + bytes > place.maxBytes) {
      throw new RayexecError(
        'memory',
        `temporary files would take more than their limit of ${place.maxBytes} bytes (max_temp_directory_size)`,
        { hint: 'raise max_temp_directory_size, or memory_limit' },
      );
    }
    this.#files!.append(this.#path(file), parts);
  }

  /** @throws RayexecError `io` */
  read(file: number, offset: number, target: Uint8Array): void {
    this.#files!.read(this.#path(file), offset, target);
  }

  /** Says which bytes of a file are wrong. */
  damaged(file: number, offset: number): RayexecError {
    return new RayexecError('io', `the temporary file '${this.#path(file)}' is damaged at byte ${offset}`);
  }

  /** Removes a file that nobody needs any more. */
  remove(file: number, bytes: number): void {
    this.#files!.remove(this.#path(file));
    this.#count(this.#place!, BigInt(-bytes));
  }

  /** Returns how many bytes all queries had before. */
  #count({ counter }: SpillPlace, bytes: bigint): bigint {
    const { u64, u32 } = this.#memory;
    Atomics.store(u32, (counter + 8) >>> 2, 1);
    Atomics.add(u64, counter >>> 3, bytes);
    return Atomics.add(u64, LAYOUT.spilledBytes >> 3, bytes);
  }

  #path(file: number): string {
    return `${this.#place!.folder}/${file}.rows`;
  }
}

/** Removes all files of a query that has ended. */
export function removeSpilled(
  { u32, u64 }: LinearMemory,
  { temporary }: Pick<Platform, 'temporary'>,
  { folder, counter }: SpillPlace,
): void {
  if (u32[(counter + 8) >>> 2] === 0) return;
  Atomics.sub(u64, LAYOUT.spilledBytes >> 3, u64[counter >>> 3]!);
  temporary?.remove(folder);
}
