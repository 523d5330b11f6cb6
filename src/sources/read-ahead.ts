import { RayexecError } from '../common/errors.ts';
import { BLOCK_BYTES } from '../memory/layout.ts';
import type { LinearMemory } from '../memory/linear-memory.ts';
import type { ByteSource } from '../platform/platform.ts';

/** Bytes that are read at once: each piece costs a turn of the event loop. */
const PIECE_BYTES = 4 << 20;
/** Room before a piece for the record that the one before ends in. */
const FRONT_BYTES = BLOCK_BYTES;
/** Room for the piece's first bytes to lie as they do in the file, and bytes behind it that kernels may read. */
const SLACK_BYTES = BLOCK_BYTES;
const BUFFER_BYTES = FRONT_BYTES + PIECE_BYTES + SLACK_BYTES;
/** Two buffers are to be a small part of the memory. */
const LEAST_MEMORY = 32 * 2 * BUFFER_BYTES;

/** Where the record begins that goes on in a piece, where the piece itself does, and the address behind it. */
export type Piece = { readonly at: number; readonly from: number; readonly end: number };

/**
 * A file piece by piece, to its end: another thread reads the next one while this one works on the one before. Of the two
 * buffers one is read into at any time, also after `close`: they have an owner of their own, so that whoever frees what a
 * query holds does not give others the memory that is being written to.
 */
export class ReadAhead {
  readonly #memory: LinearMemory;
  readonly #source: ByteSource;
  #idle: number;
  #target: number;
  /** The file offset behind what has been asked for. */
  #offset: number;
  #reading: Promise<Piece | undefined>;
  #isReading = true;
  #failure: unknown;
  #isClosed = false;

  private constructor(memory: LinearMemory, source: ByteSource, offset: number, buffers: readonly [number, number]) {
    this.#memory = memory;
    this.#source = source;
    this.#offset = offset;
    [this.#target, this.#idle] = buffers;
    this.#reading = this.#read();
  }

  /** Begins to read from an offset on; undefined where that can't be done, or is not worth it. */
  static begin(memory: LinearMemory, source: ByteSource, offset: number): ReadAhead | undefined {
    if (source.readAside === undefined || source.size - offset <= PIECE_BYTES) return undefined;
    if (memory.limit < LEAST_MEMORY) return undefined;
    const owner = memory.newOwner();
    try {
      const buffers = [memory.allocate(BUFFER_BYTES, owner), memory.allocate(BUFFER_BYTES, owner)] as const;
      return new ReadAhead(memory, source, offset, buffers);
    } catch (error) {
      memory.freeOwner(owner);
      if (error instanceof RayexecError && error.code === 'memory') return undefined;
      throw error;
    }
  }

  /** Whether so many bytes of a record find room before a piece. */
  static fits(bytes: number): boolean {
    return bytes <= FRONT_BYTES;
  }

  /**
   * The next piece, with the bytes [at, end) of the one before in front of it; that one is gone then. Undefined when closed
   * by then.
   * @throws RayexecError `io`
   */
  async next(at: number, end: number): Promise<Piece | undefined> {
    const piece = await this.#reading;
    if (this.#isClosed) return undefined;
    if (piece === undefined) throw this.#failure;
    const kept = end - at;
    this.#memory.u8.copyWithin(piece.from - kept, at, end);
    [this.#target, this.#idle] = [this.#idle, this.#target];
    if (this.#offset < this.#source.size) this.#reading = this.#read();
    return { ...piece, at: piece.from - kept };
  }

  /** The buffers are freed as soon as none is written to. */
  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    if (!this.#isReading) this.#free();
  }

  /** Reads the next piece; what goes wrong is told when it is asked for. */
  async #read(): Promise<Piece | undefined> {
    const offset = this.#offset;
    const length = Math.min(PIECE_BYTES - (offset % PIECE_BYTES), this.#source.size - offset);
    // Copying is quickest when lines of the cache begin where those of the file's pages do.
    const from = this.#target + FRONT_BYTES + (offset & 63);
    this.#offset = offset + length;
    this.#isReading = true;
    try {
      await this.#source.readAside!(offset, this.#memory.u8.subarray(from, from + length));
      return { at: from, from, end: from + length };
    } catch (error) {
      this.#failure = error;
      return undefined;
    } finally {
      this.#isReading = false;
      if (this.#isClosed) this.#free();
    }
  }

  #free(): void {
    this.#memory.free(this.#target);
    this.#memory.free(this.#idle);
  }
}
