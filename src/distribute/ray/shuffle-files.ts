import { statSync } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { ENTRY_WORDS, MAGIC, TRAILER_BYTES } from './shuffle-file.ts';

/** A block as it was sent; the checksum is its sender's. */
export type StoredBlock = { readonly bytes: Uint8Array; readonly checksum: number };

/** Bytes of indexes and small files that are kept for the next receivers. */
const KEPT_BYTES = 64 * 2 ** 20;
/** A file of at most so many bytes is kept whole. */
const SMALL_BYTES = 64 * 2 ** 10;

type Known = {
  /** What the file was when it was read: it may have been damaged since. */
  readonly stamp: string;
  readonly index: Uint32Array;
  /** All before the index, of a small file. */
  readonly bytes: Uint8Array | undefined;
};

/** Reads the shuffle files of a folder. Each is read by many, so their indexes are kept. */
export class ShuffleFiles {
  readonly #folder: string;
  /** Those used last at the end. */
  readonly #known = new Map<string, Known>();
  #bytes = 0;

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** A receiver's blocks in the order in which they were sent. @throws Error when the file is gone, cut off or damaged */
  async *blocks(name: string, receiver: number): AsyncGenerator<StoredBlock, void, undefined> {
    const path = join(this.#folder, name);
    const { index, bytes } = await this.#find(path);
    let file: FileHandle | undefined;
    try {
      for (let at = firstOf(index, receiver); index[at] === receiver; at += ENTRY_WORDS) {
        const [checksum, length, low, high] = index.subarray(at + 1, at + ENTRY_WORDS) as unknown as Four;
        const start = high * 2 ** 32 + low;
        if (bytes !== undefined) yield { checksum, bytes: bytes.subarray(start, start + length) };
        else {
          file ??= await open(path);
          yield { checksum, bytes: await bytesAt(file, start, length) };
        }
      }
    } finally {
      await file?.close();
    }
  }

  async #find(path: string): Promise<Known> {
    const { ino, size, mtimeMs } = statSync(path);
    const stamp = `${ino} ${size} ${mtimeMs}`;
    const before = this.#known.get(path);
    if (before !== undefined) this.#forget(path, before);
    const known = before?.stamp === stamp ? before : await read(path, size, stamp);
    // Another reader may have been as fast.
    const other = this.#known.get(path);
    if (other !== undefined) this.#forget(path, other);
    this.#known.set(path, known);
    this.#bytes += bytesOf(known);
    for (const [oldest, its] of this.#known) {
      if (this.#bytes <= KEPT_BYTES) break;
      this.#forget(oldest, its);
    }
    return known;
  }

  #forget(path: string, known: Known): void {
    this.#known.delete(path);
    this.#bytes -= bytesOf(known);
  }
}

type Four = readonly [number, number, number, number];

const bytesOf = ({ index, bytes }: Known): number => index.byteLength + (bytes?.length ?? 0) + 256;

async function read(path: string, size: number, stamp: string): Promise<Known> {
  const file = await open(path);
  try {
    const [count, checksum, magic] = wordsOf(await bytesAt(file, size - TRAILER_BYTES, TRAILER_BYTES));
    const start = size - TRAILER_BYTES - count! * ENTRY_WORDS * 4;
    if (magic !== MAGIC || start < 0) throw new Error('a shuffle file is cut off');
    const index = await bytesAt(file, start, count! * ENTRY_WORDS * 4);
    if (crc32(index) !== checksum) throw new Error('the index of a shuffle file is damaged');
    const bytes = size <= SMALL_BYTES ? await bytesAt(file, 0, start) : undefined;
    return { stamp, index: wordsOf(index), bytes };
  } finally {
    await file.close();
  }
}

/** Where a receiver's entries begin in an index, or would. */
function firstOf(index: Uint32Array, receiver: number): number {
  let low = 0;
  let high = index.length / ENTRY_WORDS;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (index[middle * ENTRY_WORDS]! < receiver) low = middle + 1;
    else high = middle;
  }
  return low * ENTRY_WORDS;
}

const wordsOf = ({ buffer }: Uint8Array): Uint32Array => new Uint32Array(buffer);

async function bytesAt(file: FileHandle, position: number, length: number): Promise<Uint8Array> {
  const bytes = new Uint8Array(length);
  if (position < 0 || (length > 0 && (await file.read(bytes, 0, length, position)).bytesRead < length)) {
    throw new Error('a shuffle file is cut off');
  }
  return bytes;
}
