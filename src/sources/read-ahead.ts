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
/** One is worked on, and one is read into. */
const BUFFERS = 2;
/** They are to be a small part of the memory. */
const LEAST_MEMORY = 32 * BUFFERS * BUFFER_BYTES;

/** A piece: its buffer, where the record begins that goes on in it, where its own bytes do, and the address behind them. */
export type Piece = { readonly buffer: number; readonly at: number; readonly from: number; readonly end: number };

/**
 * A file piece by piece, to its end: another thread reads the next one while this one works on the one before. It may still
 * write to a buffer after `close`. So buffers have an owner of their own: who frees what a query holds does not free them.
 */
export class ReadAhead {
  readonly #memory: LinearMemory;
  readonly #source: ByteSource;
  readonly #buffers: readonly number[];
  /** The buffer of the piece that is worked on. */
  #worked: number;
  /** The file offset behind what has been asked for. */
  #offset: number;
  /** Reads under way or done, of the pieces that come next. */
  readonly #pieces: Promise<Piece>[] = [];
  #underWay = 0;
  #isClosed = false;

  private constructor(memory: LinearMemory, source: ByteSource, offset: number, buffers: readonly number[]) {
    this.#memory = memory;
    this.#source = source;
    this.#offset = offset;
    this.#buffers = buffers;
    this.#worked = buffers[0]!;
    for (const buffer of buffers.slice(1)) this.#read(buffer);
  }

  /** Begins to read from an offset on; undefined where that can't be done, or is not worth it. */
  static begin(memory: LinearMemory, source: ByteSource, offset: number): ReadAhead | undefined {
    if (source.readAside === undefined || source.size - offset <= PIECE_BYTES) return undefined;
    if (memory.limit < LEAST_MEMORY) return undefined;
    const owner = memory.newOwner();
    try {
      const buffers = Array.from({ length: BUFFERS }, () => memory.allocate(BUFFER_BYTES, owner));
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
    const piece = await this.#pieces.shift()!;
    if (this.#isClosed) return undefined;
    const kept = end - at;
    this.#memory.u8.copyWithin(piece.from - kept, at, end);
    const idle = this.#worked;
    this.#worked = piece.buffer;
    this.#read(idle);
    return { ...piece, at: piece.from - kept };
  }

  /** The buffers are freed as soon as none is written to. */
  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    if (this.#underWay === 0) this.#free();
  }

  /** Begins to read what comes next, if there is more. */
  #read(buffer: number): void {
    if (this.#offset === this.#source.size) return;
    const piece = this.#readPiece(buffer);
    // What goes wrong is told when the piece is asked for.
    piece.catch(() => {});
    this.#pieces.push(piece);
  }

  async #readPiece(buffer: number): Promise<Piece> {
    const offset = this.#offset;
    const length = Math.min(PIECE_BYTES - (offset % PIECE_BYTES), this.#source.size - offset);
    // Copying is quickest when lines of the cache begin where those of the file's pages do.
    const from = buffer + FRONT_BYTES + (offset & 63);
    this.#offset = offset + length;
    this.#underWay++;
    try {
      await this.#source.readAside!(offset, this.#memory.u8.subarray(from, from + length));
      return { buffer, at: from, from, end: from + length };
    } finally {
      this.#underWay--;
      if (this.#isClosed && this.#underWay === 0) this.#free();
    }
  }

  #free(): void {
    for (const buffer of this.#buffers) this.#memory.free(buffer);
  }
}
