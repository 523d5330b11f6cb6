import type { ByteSource } from '../../platform/platform.ts';
import type { PageBuffer } from './page-buffers.ts';
import { type ChunkPlace, damaged, type ReadEnvironment } from './read-environment.ts';

/** Bytes read at a time from a local file. */
const WINDOW_BYTES = 512 * 1024;

/**
 * The bytes of a column chunk, through a window in linear memory that moves ahead. Chunks of remote files are read
 * before (`attach`), as a page that is being decoded can't wait.
 */
export class ChunkInput {
  readonly #env: ReadEnvironment;
  #source: ByteSource | undefined;
  #window: PageBuffer | undefined;
  #where = '';
  /** File offsets: of the next byte, of the chunk's end, of the window's first byte and its end. */
  #at = 0;
  #end = 0;
  #from = 0;
  #to = 0;
  #address = 0;

  constructor(env: ReadEnvironment) {
    this.#env = env;
  }

  /** Reads a chunk of a local file as it is wanted. */
  open(source: ByteSource, place: ChunkPlace): void {
    this.#begin(place);
    this.#source = source;
    this.#to = place.offset;
  }

  /** Takes a chunk that lies at `address` as a whole, with slack behind it. */
  attach(address: number, place: ChunkPlace): void {
    this.#begin(place);
    this.#address = address;
    this.#to = this.#end;
  }

  /** Where in the file the next byte is. */
  get at(): number {
    return this.#at;
  }

  /** Bytes that were not passed yet. */
  get left(): number {
    return this.#end - this.#at;
  }

  /** The address of the next `bytes` bytes, with slack behind them; valid until the next call. */
  peek(bytes: number): number {
    if (bytes > this.left) throw damaged(this.#where, 'a page reaches beyond its column chunk');
    if (this.#at + bytes > this.#to) this.#fill(bytes);
    return this.#address + (this.#at - this.#from);
  }

  advance(bytes: number): void {
    this.#at += bytes;
  }

  /** Gives the window back. */
  close(): void {
    if (this.#window !== undefined) this.#env.buffers.give(this.#window);
    this.#window = undefined;
    this.#source = undefined;
    this.#end = this.#at;
  }

  #begin({ offset, length, where }: ChunkPlace): void {
    this.close();
    this.#where = where;
    this.#at = offset;
    this.#from = offset;
    this.#end = offset + length;
  }

  #fill(bytes: number): void {
    const { memory, kernels, buffers } = this.#env;
    const kept = Math.max(0, this.#to - this.#at);
    const keptAt = this.#address + (this.#at - this.#from);
    const wanted = Math.min(this.left, Math.max(bytes, WINDOW_BYTES));
    const old = this.#window;
    const window = old !== undefined && old.bytes >= wanted ? old : buffers.take(wanted);
    if (kept > 0) kernels.move_bytes(window.address, keptAt, kept);
    if (old !== undefined && old !== window) buffers.give(old);
    this.#window = window;
    this.#address = window.address;
    this.#from = this.#at;
    this.#to = this.#at + kept;
    this.#source!.read(this.#to, memory.u8.subarray(window.address + kept, window.address + wanted));
    this.#to = this.#at + wanted;
  }
}
