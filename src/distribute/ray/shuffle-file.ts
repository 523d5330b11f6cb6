import { type FileHandle, mkdir, open, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';

/** A block in a file: for whom, where, and the checksum of its bytes. */
export type ShuffleEntry = {
  readonly receiver: number;
  readonly checksum: number;
  readonly length: number;
  readonly offset: number;
};

/*
 * All that a task sends, as one file: the blocks as they came; five u32 for each (receiver, checksum, length, and both halves
 * of the offset); then three u32: the number of blocks, the checksum of this index, and a word that says what the file is.
 */
const ENTRY_WORDS = 5;
const TRAILER_BYTES = 12;
const MAGIC = 0x46535852;

/** Bytes that may wait to be written before a task is held up. */
const WAITING_BYTES = 16 * 2 ** 20;

/** Writes a shuffle file; it has its name when it is complete. */
export class ShuffleFileWriter {
  readonly #folder: string;
  readonly #name: string;
  readonly #entries: ShuffleEntry[] = [];
  #file: FileHandle | undefined;
  #offset = 0;
  #waiting = 0;
  #written: Promise<void>;

  constructor(folder: string, name: string) {
    this.#folder = folder;
    this.#name = name;
    this.#written = this.#open();
    this.#written.catch(() => undefined);
  }

  append(receiver: number, bytes: Uint8Array): void {
    this.#entries.push({ receiver, checksum: crc32(bytes), length: bytes.length, offset: this.#offset });
    this.#write(bytes);
  }

  /** Undefined when more may be appended now. */
  drained(): Promise<void> | undefined {
    return this.#waiting > WAITING_BYTES ? this.#written : undefined;
  }

  async finish(): Promise<void> {
    const index = new Uint32Array(this.#entries.length * ENTRY_WORDS);
    for (const [i, { receiver, checksum, length, offset }] of this.#entries.entries()) {
      index.set([receiver, checksum, length, offset % 2 ** 32, Math.floor(offset / 2 ** 32)], i * ENTRY_WORDS);
    }
    const bytes = new Uint8Array(index.buffer);
    this.#write(bytes);
    this.#write(new Uint8Array(new Uint32Array([this.#entries.length, crc32(bytes), MAGIC]).buffer));
    await this.#written;
    await this.close();
    await rename(this.#partial, join(this.#folder, this.#name));
  }

  async close(): Promise<void> {
    await this.#written.catch(() => undefined);
    const file = this.#file;
    this.#file = undefined;
    await file?.close();
  }

  get #partial(): string {
    return join(this.#folder, `${this.#name}.part`);
  }

  async #open(): Promise<void> {
    // What is above goes with the server of files, and is not to come back.
    await mkdir(this.#folder, { mode: 0o700 }).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'EEXIST') throw error;
    });
    this.#file = await open(this.#partial, 'w', 0o600);
  }

  #write(bytes: Uint8Array): void {
    this.#offset += bytes.length;
    this.#waiting += bytes.length;
    this.#written = this.#written.then(async () => {
      await this.#file!.writeFile(bytes);
      this.#waiting -= bytes.length;
    });
    this.#written.catch(() => undefined);
  }
}

/** The blocks of a file. @throws Error when it is cut off or damaged */
export async function readShuffleIndex(file: FileHandle): Promise<readonly ShuffleEntry[]> {
  const { size } = await file.stat();
  if (size < TRAILER_BYTES) throw new Error('a shuffle file is cut off');
  const [count, checksum, magic] = await wordsAt(file, size - TRAILER_BYTES, TRAILER_BYTES);
  const bytes = count! * ENTRY_WORDS * 4;
  const start = size - TRAILER_BYTES - bytes;
  if (magic !== MAGIC || start < 0) throw new Error('a shuffle file is cut off');
  const index = await wordsAt(file, start, bytes);
  if (crc32(new Uint8Array(index.buffer)) !== checksum) throw new Error('the index of a shuffle file is damaged');
  return Array.from({ length: count! }, (_, i) => {
    const [receiver, checksum, length, low, high] = index.subarray(i * ENTRY_WORDS, (i + 1) * ENTRY_WORDS);
    return { receiver: receiver!, checksum: checksum!, length: length!, offset: high! * 2 ** 32 + low! };
  });
}

async function wordsAt(file: FileHandle, position: number, bytes: number): Promise<Uint32Array> {
  const words = new Uint32Array(bytes / 4);
  const { bytesRead } = await file.read(new Uint8Array(words.buffer), 0, bytes, position);
  if (bytesRead < bytes) throw new Error('a shuffle file is cut off');
  return words;
}
