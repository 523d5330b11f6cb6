import { BLOCK_BYTES } from '../memory/layout.ts';
import type { LinearMemory, Owner } from '../memory/linear-memory.ts';
import type { ByteSource } from '../platform/platform.ts';
import { ReadAhead } from './read-ahead.ts';

/** Fits the caches; remote files are asked for more at once. */
const LOCAL_BYTES = 512 * 1024;
const REMOTE_BYTES = 4 << 20;
/** Bytes behind the text that kernels may read. */
const SLACK = 64;

/**
 * A part of a file's range in linear memory, [at, end), that moves on through it. Addresses are valid until `fill`.
 */
export class TextWindow {
  readonly #memory: LinearMemory;
  readonly #owner: Owner;
  readonly #readsAhead: boolean;
  #source: ByteSource | undefined;
  #ahead: ReadAhead | undefined;
  #address = 0;
  #capacity = 0;
  /** File offset behind `end`. */
  #offset = 0;
  #to = 0;
  /** The address behind what has been read: pieces that are read ahead may go on behind the range. */
  #loaded = 0;
  #isClosed = false;
  /** The first byte that was not read yet, and the address behind the text. */
  at = 0;
  end = 0;

  /** @param readsAhead whether one range follows the other, so that it is worth while to read on during work */
  constructor(memory: LinearMemory, owner: Owner, readsAhead: boolean) {
    this.#memory = memory;
    this.#owner = owner;
    this.#readsAhead = readsAhead;
  }

  /** Begins with a range of a file; nothing more is read yet. */
  open(source: ByteSource, from: number, to: number): void {
    this.#to = Math.min(to, source.size);
    if (this.#ahead !== undefined && source === this.#source && from === this.#offset) {
      this.at = this.end;
      this.#show(this.end);
      return;
    }
    this.#ahead?.close();
    this.#ahead = this.#readsAhead ? ReadAhead.begin(this.#memory, source, from) : undefined;
    this.#source = source;
    this.#offset = from;
    this.at = this.#address;
    this.end = this.#address;
    this.#loaded = this.#address;
  }

  /** Whether the range's end is in the window. */
  get isFinal(): boolean {
    return this.#offset >= this.#to;
  }

  /** The file offset of an address in the window. */
  offsetOf(address: number): number {
    return this.#offset - (this.end - address);
  }

  /** Keeps [at, end) and reads more behind it: at once, or later. @throws RayexecError `memory`, `io` */
  fill(): void | Promise<void> {
    const source = this.#source!;
    const kept = this.end - this.at;
    if (this.#ahead !== undefined && ReadAhead.fits(kept)) return this.#takePiece(this.#ahead);
    this.#makeRoom(kept, source.isRemote === true ? REMOTE_BYTES : LOCAL_BYTES);
    this.#ahead?.close();
    this.#ahead = undefined;
    const target = this.end;
    const length = Math.min(this.#address + this.#capacity - target, this.#to - this.#offset);
    const done = (): void => {
      this.#loaded = target + length;
      this.#show(target);
    };
    if (source.isRemote !== true) {
      const reading = source.read(this.#offset, this.#memory.u8.subarray(target, target + length));
      if (reading === undefined) return done();
      return reading.then(done);
    }
    // The memory may be freed before the answer comes.
    const bytes = new Uint8Array(length);
    const reading = source.read(this.#offset, bytes);
    const take = (): void => {
      if (this.#isClosed) return;
      this.#memory.u8.set(bytes, target);
      done();
    };
    return reading === undefined ? take() : reading.then(take);
  }

  close(): void {
    this.#isClosed = true;
    this.#ahead?.close();
    this.#ahead = undefined;
    if (this.#address !== 0) this.#memory.free(this.#address);
    this.#address = 0;
    this.#capacity = 0;
  }

  async #takePiece(ahead: ReadAhead): Promise<void> {
    const piece = await ahead.next(this.at, this.end);
    if (piece === undefined) return;
    this.at = piece.at;
    this.#loaded = piece.end;
    this.#show(piece.from);
  }

  /** Makes what has been read from an address on, the file's next bytes, a part of the window, as far as the range goes. */
  #show(from: number): void {
    const length = Math.min(this.#loaded - from, this.#to - this.#offset);
    this.#offset += length;
    this.end = from + length;
  }

  #makeRoom(kept: number, usual: number): void {
    // Copying is quickest when lines of the cache begin where those of the file's pages do.
    const shift = (this.#offset - kept) & 63;
    if (this.#capacity < usual || kept > this.#capacity >> 1) {
      const wanted = Math.max(usual, 4 * kept);
      const bytes = Math.ceil((wanted + SLACK) / BLOCK_BYTES) * BLOCK_BYTES;
      const address = this.#memory.allocate(bytes, this.#owner);
      this.#memory.u8.copyWithin(address + shift, this.at, this.end);
      if (this.#address !== 0) this.#memory.free(this.#address);
      this.#address = address;
      this.#capacity = bytes - SLACK;
    } else {
      this.#memory.u8.copyWithin(this.#address + shift, this.at, this.end);
    }
    this.at = this.#address + shift;
    this.end = this.at + kept;
  }
}
