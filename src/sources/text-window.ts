import { BLOCK_BYTES } from '../memory/layout.ts';
import type { LinearMemory, Owner } from '../memory/linear-memory.ts';
import type { ByteSource } from '../platform/platform.ts';

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
  #source: ByteSource | undefined;
  #address = 0;
  #capacity = 0;
  /** File offset behind `end`. */
  #offset = 0;
  #to = 0;
  #isClosed = false;
  /** The first byte that was not read yet, and the address behind the text. */
  at = 0;
  end = 0;

  constructor(memory: LinearMemory, owner: Owner) {
    this.#memory = memory;
    this.#owner = owner;
  }

  /** Begins with a range of a file; nothing is read yet. */
  open(source: ByteSource, from: number, to: number): void {
    this.#source = source;
    this.#offset = from;
    this.#to = Math.min(to, source.size);
    this.at = this.#address;
    this.end = this.#address;
  }

  /** Whether the range's end is in the window. */
  get isFinal(): boolean {
    return this.#offset >= this.#to;
  }

  /** The file offset of an address in the window. */
  offsetOf(address: number): number {
    return this.#offset - (this.end - address);
  }

  /** Keeps [at, end) and reads more behind it: at once, or later for remote files. @throws RayexecError `memory`, `io` */
  fill(): void | Promise<void> {
    const source = this.#source!;
    const kept = this.end - this.at;
    this.#makeRoom(kept, source.isRemote === true ? REMOTE_BYTES : LOCAL_BYTES);
    const target = this.#address + kept;
    const length = Math.min(this.#capacity - kept, this.#to - this.#offset);
    const done = (): void => {
      this.#offset += length;
      this.end = target + length;
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
    if (this.#address !== 0) this.#memory.free(this.#address);
    this.#address = 0;
    this.#capacity = 0;
  }

  #makeRoom(kept: number, usual: number): void {
    if (this.#capacity < usual || kept > this.#capacity >> 1) {
      const wanted = Math.max(usual, this.#capacity * (this.#capacity < usual ? 1 : 2));
      const bytes = Math.ceil((wanted + SLACK) / BLOCK_BYTES) * BLOCK_BYTES;
      const address = this.#memory.allocate(bytes, this.#owner);
      this.#memory.u8.copyWithin(address, this.at, this.end);
      if (this.#address !== 0) this.#memory.free(this.#address);
      this.#address = address;
      this.#capacity = bytes - SLACK;
    } else {
      this.#memory.u8.copyWithin(this.#address, this.at, this.end);
    }
    this.at = this.#address;
    this.end = this.#address + kept;
  }
}
