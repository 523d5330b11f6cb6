import { type FileHandle, mkdir, open, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';

/** A block in a file: for whom, where, and the checksum of its bytes. */
type ShuffleEntry = {
  readonly receiver: number;
  readonly checksum: number;
  readonly length: number;
  readonly offset: number;
};

/**
 * All that a task sends, as one file: the blocks as they came; an index of five u32 for each (receiver, checksum, length, and
 * both halves of the offset), by receivers; then three u32: the number of blocks, the checksum of the index, and a word that
 * says what the file is.
 */
export const ENTRY_WORDS = 5;
export const TRAILER_BYTES = 12;
export const MAGIC = 0x46535852;

/** Bytes that may wait to be written before a task is held up. */
const WAITING_BYTES = 16 * 2 ** 20;
/** Blocks are written together up to so many bytes: each write costs as much as some ten thousand of them. */
const TOGETHER_BYTES = 256 * 2 ** 10;

/** Writes a shuffle file; it has its name when it is complete. */
export class ShuffleFileWriter {
  readonly #folder: string;
  readonly #name: string;
  readonly #entries: ShuffleEntry[] = [];
  #file: FileHandle | undefined;
  #offset = 0;
  /** What is next to be written. */
  #together: Uint8Array[] = [];
  #togetherBytes = 0;
  /** Bytes that are being written. */
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
    this.#entries.sort((a, b) => a.receiver - b.receiver);
    const index = new Uint32Array(this.#entries.length * ENTRY_WORDS);
    for (const [i, { receiver, checksum, length, offset }] of this.#entries.entries()) {
      index.set([receiver, checksum, length, offset % 2 ** 32, Math.floor(offset / 2 ** 32)], i * ENTRY_WORDS);
    }
    const bytes = new Uint8Array(index.buffer);
    this.#write(bytes);
    this.#write(new Uint8Array(new Uint32Array([this.#entries.length, crc32(bytes), MAGIC]).buffer));
    this.#flush();
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
    try {
      this.#file = await open(this.#partial, 'w', 0o600);
    } catch {
      // The first of its query here. What is above goes with the server of files, and is not to come back.
      await mkdir(this.#folder, { mode: 0o700 }).catch((error: NodeJS.ErrnoException) => {
        if (error.code !== 'EEXIST') throw error;
      });
      this.#file = await open(this.#partial, 'w', 0o600);
    }
  }

  #write(bytes: Uint8Array): void {
    this.#offset += bytes.length;
    this.#together.push(bytes);
    this.#togetherBytes += bytes.length;
    if (this.#togetherBytes >= TOGETHER_BYTES) this.#flush();
  }

  #flush(): void {
    const [parts, bytes] = [this.#together, this.#togetherBytes];
    this.#together = [];
    this.#togetherBytes = 0;
    this.#waiting += bytes;
    this.#written = this.#written.then(async () => {
      await this.#file!.writeFile(parts.length === 1 ? parts[0]! : Buffer.concat(parts, bytes));
      this.#waiting -= bytes;
    });
    this.#written.catch(() => undefined);
  }
}
