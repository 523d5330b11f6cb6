import type { ByteSource } from '../../platform/platform.ts';
import type { PageBuffer } from './page-buffers.ts';
import { type ChunkPlace, damaged, type ReadEnvironment } from './read-environment.ts';

/** Bytes read at a time from a local file. */
const WINDOW_BYTES = 512 * 1024;

/** A part of a chunk that lies at `address`, with slack behind it. */
export type AttachedPart = { readonly offset: number; readonly length: number; readonly address: number };

/**
 * The bytes of a column chunk, through a window in linear memory that moves ahead. Chunks of remote files are read
 * before (`attach`), as a page that is being decoded can't wait: as a whole, or the parts of them that are wanted.
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
  #parts: readonly AttachedPart[] = [];

  constructor(env: ReadEnvironment) {
    this.#env = env;
  }

  /** Reads a chunk of a local file as it is wanted. */
  open(source: ByteSource, place: ChunkPlace): void {
    this.#begin(place);
    this.#source = source;
    this.#to = place.offset;
  }

  /** Takes parts of a chunk, in order. */
  attach(parts: readonly AttachedPart[], place: ChunkPlace): void {
    this.#begin(place);
    this.#parts = parts;
    this.moveTo(parts[0]!.offset);
  }

  /** Goes on at a place further on in the file. */
  moveTo(offset: number): void {
    this.#at = offset;
    const part = this.#parts.findLast(p => p.offset <= offset);
    if (part === undefined) return;
    this.#address = part.address;
    this.#from = part.offset;
    this.#to = part.offset + part.length;
    this.#end = this.#to;
  }

  /** Where in the file the next byte is. */
  get at(): number {
    return this.#at;
  }

  /** Bytes that were not passed yet, of the part that it is in. */
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
    this.#parts = [];
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
