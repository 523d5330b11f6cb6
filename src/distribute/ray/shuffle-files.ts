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

/** A file that was read: it never changes, as each attempt at a task has a name of its own. */
type Known = {
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

  /** A receiver's blocks in a file, in the order in which they were sent, if they are at hand. */
  known(name: string, receiver: number): readonly StoredBlock[] | undefined {
    const known = this.#known.get(name);
    if (known === undefined) return undefined;
    this.#known.delete(name);
    this.#known.set(name, known);
    const { index, bytes } = known;
    if (firstOf(index, receiver) === undefined) return [];
    return (
      bytes && [...entries(index, receiver)].map(e => ({ ...e, bytes: bytes.subarray(e.start, e.start + e.length) }))
    );
  }

  /** The same, read if it must be. @throws Error when the file is gone, cut off or damaged */
  async *blocks(name: string, receiver: number): AsyncGenerator<StoredBlock, void, undefined> {
    const path = join(this.#folder, name);
    const known = this.#known.get(name) ?? (await read(path));
    this.#keep(name, known);
    let file: FileHandle | undefined;
    try {
      for (const { checksum, length, start } of entries(known.index, receiver)) {
        if (known.bytes === undefined) file ??= await open(path);
        const bytes = known.bytes?.subarray(start, start + length) ?? (await bytesAt(file!, start, length));
        yield { checksum, bytes };
      }
    } finally {
      await file?.close();
    }
  }

  #keep(name: string, known: Known): void {
    // Another reader may have been as fast.
    if (this.#known.has(name)) return;
    this.#known.set(name, known);
    this.#bytes += sizeOf(known);
    for (const [oldest, its] of this.#known) {
      if (this.#bytes <= KEPT_BYTES) break;
      this.#known.delete(oldest);
      this.#bytes -= sizeOf(its);
    }
  }
}

const sizeOf = ({ index, bytes }: Known): number => index.byteLength + (bytes?.length ?? 0) + 256;

async function read(path: string): Promise<Known> {
  const file = await open(path);
  try {
    const { size } = await file.stat();
    const [count, checksum, magic] = wordsOf(await bytesAt(file, size - TRAILER_BYTES, TRAILER_BYTES));
    const start = size - TRAILER_BYTES - count! * ENTRY_WORDS * 4;
    if (magic !== MAGIC || start < 0) throw new Error('a shuffle file is cut off');
    const index = await bytesAt(file, start, count! * ENTRY_WORDS * 4);
    if (crc32(index) !== checksum) throw new Error('the index of a shuffle file is damaged');
    return { index: wordsOf(index), bytes: size <= SMALL_BYTES ? await bytesAt(file, 0, start) : undefined };
  } finally {
    await file.close();
  }
}

type Entry = { readonly checksum: number; readonly length: number; readonly start: number };

/** The entries of a receiver in an index, which has them by receivers. */
function* entries(index: Uint32Array, receiver: number): Generator<Entry, void, undefined> {
  for (let at = firstOf(index, receiver); at !== undefined && index[at] === receiver; at += ENTRY_WORDS) {
    yield { checksum: index[at + 1]!, length: index[at + 2]!, start: index[at + 4]! * 2 ** 32 + index[at + 3]! };
  }
}

/** Where a receiver's entries begin. */
function firstOf(index: Uint32Array, receiver: number): number | undefined {
  let low = 0;
  let high = index.length / ENTRY_WORDS;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (index[middle * ENTRY_WORDS]! < receiver) low = middle + 1;
    else high = middle;
  }
  return index[low * ENTRY_WORDS] === receiver ? low * ENTRY_WORDS : undefined;
}

const wordsOf = ({ buffer }: Uint8Array): Uint32Array => new Uint32Array(buffer);

async function bytesAt(file: FileHandle, position: number, length: number): Promise<Uint8Array> {
  const bytes = new Uint8Array(length);
  if (position < 0 || (length > 0 && (await file.read(bytes, 0, length, position)).bytesRead < length)) {
    throw new Error('a shuffle file is cut off');
  }
  return bytes;
}
